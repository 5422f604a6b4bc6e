"""What comes in and what goes out: the answer contract's types, field by field."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class AnswerKind(StrEnum):
    """How an answer ended."""

    CLAIM = "claim"
    CODE_CHOICE = "code_choice"
    GUIDANCE = "guidance"
    CLARIFY = "clarify"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The messages of one conversation so far; the last one is to be answered.

    Attributes:
        today: the day on which it is asked; only the entrances know it.
        discipline: the asker's own discipline, where their account says it ("PT", "OT", "SLP").
        payer: payer id taken when the conversation names none, where a setting says it.
    """

    messages: tuple[str, ...]
    today: date
    discipline: str | None = None
    payer: str | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """One reason; `citation` is the number of the citation that carries it."""

    text: str
    citation: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A claim line as billed."""

    code: str
    units: int
    modifiers: list[str]
    minutes: int | None
    why: list[Why] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UnbilledMinutes:
    """Minutes that earned no unit."""

    code: str
    minutes: int
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One visit as it should be billed. `payment` and `threshold` are plain JSON objects."""

    payer: str | None
    counting_rule: str
    date_of_service: str | None
    discipline: str | None
    lines: list[Line]
    total_timed_minutes: int
    total_treatment_minutes: int | None
    timed_units: int
    unbilled: list[UnbilledMinutes] = field(default_factory=list)
    alternatives: list[list[Line]] = field(default_factory=list)
    payment: dict[str, Any] | None = None
    steps: list[Why] = field(default_factory=list)  # how the units were counted
    threshold: dict[str, Any] | None = None  # the year's KX amount and where this visit stands
    other_rule: dict[str, Any] | None = None  # what the other counting rule would give
    blocks: list[dict[str, Any]] = field(default_factory=list)  # clock blocks, where given


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the flowchart and how the user's words answer it."""

    question: str
    answer: str
    evidence: str


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """The code for one activity, or the codes that are still open."""

    activity: str
    code: str | None
    path: list[Step]
    candidates: list[str]
    why: list[Why] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Question:
    """Something still needed from the user."""

    id: str
    text: str
    options: list[str]
    about: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A finding as the answer carries it (contract: Finding)."""

    id: str
    severity: str
    text: str
    code: str | None
    citation: int | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered place in a source.

    Attributes:
        quote: the passage as ingested; our own words where the source is a manual or a page we
            may not copy, the document's words where the clinic added the document itself.
        certainty: how we know it (verified, computed, inferred, memory).
        note: how the source was read, or why it counts for less.
        passage: id of the stored passage, for opening it; "" where it is a statement of ours.
    """

    n: int
    source: str
    title: str
    locator: str
    url: str
    quote: str
    authority: str
    effective: str | None
    certainty: str = "verified"
    note: str = ""
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, the same for every entrance."""

    kind: AnswerKind
    text: str
    claims: list[Claim] = field(default_factory=list)
    code_choices: list[CodeChoice] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    findings: list[Warned] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    trace: list[dict[str, Any]] = field(default_factory=list)
    engine: str = "embedded"
    changes: list[str] = field(default_factory=list)  # what this turn changed in the claim before
    model: dict[str, Any] | None = None  # what a language model read, called and used

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON data, with the contract's field names."""
        return asdict(self)
