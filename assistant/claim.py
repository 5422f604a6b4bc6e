"""The nouns of a claim: who treated, what, for how long, and what is billed for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from assistant.evidence import Reason


class Discipline(StrEnum):
    """Whose plan of care the visit belongs to."""

    PT = "PT"
    OT = "OT"
    SLP = "SLP"


class Setting(StrEnum):
    """Which of the two edit tables applies to the biller."""

    PRACTITIONER = "practitioner"
    OUTPATIENT_HOSPITAL = "outpatient_hospital"


class Clinician(StrEnum):
    """Who gave the minutes. Minutes of therapist and assistant together are the therapist's."""

    THERAPIST = "therapist"
    ASSISTANT = "assistant"
    STUDENT = "student"
    AIDE = "aide"


class CountingRule(StrEnum):
    """How minutes become units."""

    CMS = "cms"  # the day's timed minutes pooled (Medicare)
    AMA = "ama"  # each code on its own, by the midpoint of its unit


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of clock time, in minutes after midnight."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Length in whole minutes."""
        return self.end - self.start

    def overlaps(self, other: Block) -> bool:
        """Whether the two share at least a minute; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return "-".join(f"{t // 60}:{t % 60:02d}" for t in (self.start, self.end))


@dataclass(frozen=True, slots=True)
class Service:
    """Minutes of one code by one clinician; a code given by two people is two services.

    Attributes:
        minutes: whole one-to-one minutes; None where a timed code came without any.
        activity: the user's words for what was done, "" where only the code was named.
    """

    code: str
    minutes: int | None = None
    by: Clinician = Clinician.THERAPIST
    block: Block | None = None
    activity: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One patient, one date of service, one discipline.

    Attributes:
        counting_rule: how the payer counts, where the user said so.
        separate: whether the user says that the codes' minutes were separate and not shared:
            True, False, or None where nothing was said.
        allowed_before: Medicare-allowed dollars since January 1, this visit excluded.
        visit_allowed: Medicare-allowed dollars of this visit, where the user gives them.
        total_treatment_minutes: timed and untimed treatment minutes, where known.
    """

    services: tuple[Service, ...]
    date_of_service: date
    payer: str | None = None
    discipline: Discipline | None = None
    setting: Setting = Setting.PRACTITIONER
    counting_rule: CountingRule | None = None
    separate: bool | None = None
    allowed_before: Decimal | None = None
    visit_allowed: Decimal | None = None
    total_treatment_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A line as it goes on the claim; modifiers in billing order."""

    code: str
    units: int
    modifiers: tuple[str, ...] = ()
    minutes: int | None = None
    why: tuple[Reason, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Unbilled:
    """Minutes that earn no unit, and why."""

    code: str
    minutes: int
    reason: str
