"""What the knowledge base holds, once read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assistant.claim import Setting
from assistant.errors import NotInForce
from assistant.evidence import Certainty


@dataclass(frozen=True, slots=True)
class Dated:
    """A value with the days on which it holds and where it is written."""

    value: Any
    start: date | None
    until: date | None
    source: str
    locator: str = ""
    certainty: Certainty = Certainty.VERIFIED
    note: str = ""
    as_of: str = ""  # when a payer's value was seen, where no start is known

    def holds(self, on: date) -> bool:
        """Whether the value is in force on that day; an unknown start counts as long ago."""
        return (self.start is None or self.start <= on) and (self.until is None or on <= self.until)


def value_id(name: str, value: Dated) -> str:
    """How a reason cites a dated value: its parameter and its first day."""
    return f"{name}@{value.start or value.as_of}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number or list that changes over the years."""

    name: str
    label: str
    unit: str
    values: tuple[Dated, ...]

    def on(self, day: date) -> Dated:
        """The value in force on that day.

        Raises:
            NotInForce: we hold none for it; the message says which days we do hold.
        """
        for value in self.values:
            if value.holds(day):
                return value
        spans = "; ".join(
            f"{first} to {last or 'today'}" for first, last in _stretches(self.values)
        )
        raise NotInForce(f"We hold no {self.label} for {day}; we hold it for {spans}.")


def _stretches(values: Sequence[Dated]) -> list[tuple[date | None, date | None]]:
    """First and last days held, values that follow one another taken together."""
    found: list[tuple[date | None, date | None]] = []
    for value in values:
        last = found[-1][1] if found else None
        if last is not None and value.start == last + timedelta(days=1):
            found[-1] = (found[-1][0], value.until)
        else:
            found.append((value.start, value.until))
    return found


@dataclass(frozen=True, slots=True)
class Code:
    """A procedure code as billing sees it; the label is our own plain wording.

    Attributes:
        disciplines: who commonly bills it, of PT, OT, SLP; empty for codes of other fields.
        locked: the one discipline modifier the code may carry ("GP", "GO", "GN"), or "".
        therapy: "always", "sometimes" or "no" (Medicare's therapy code list).
        clock: "fifteen" (in the pool), "own" (first and further minutes), "untimed".
        first_code: for an add-on code, the code that carries the first minutes, else "".
        earned_by: "midpoint" or "full": when a unit of an own-clock code is earned.
    """

    code: str
    label: str
    disciplines: tuple[str, ...]
    locked: str
    therapy: str
    clock: str
    first_minutes: int
    further_minutes: int
    earned_by: str
    first_code: str
    note: str
    certainty: Certainty
    source: str

    @property
    def is_pooled(self) -> bool:
        """Whether its minutes enter the day's pool of timed minutes."""
        return self.clock == "fifteen"

    @property
    def is_timed(self) -> bool:
        """Whether minutes decide how many units it earns."""
        return self.clock != "untimed"


@dataclass(frozen=True, slots=True)
class Modifier:
    """A two-character modifier in our own plain words; `group` is what it is about."""

    modifier: str
    group: str
    meaning: str
    statement: str


@dataclass(frozen=True, slots=True)
class EditPair:
    """A row of the NCCI table: the second code denies beside the first."""

    column1: str
    column2: str
    indicator: int
    start: date | None
    end: date | None
    table: Setting
    certainty: Certainty
    source: str
    note: str = ""

    @property
    def is_void(self) -> bool:
        """Entered and withdrawn as of the same day: it never applied."""
        return self.indicator == 9

    def in_force(self, on: date) -> bool:
        """Whether the edit applies on that day, as far as the row's dates say."""
        if self.is_void:
            return False
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class UnitLimit:
    """The most units of one code a day that normally pay (MUE), with its adjudication indicator."""

    code: str
    setting: Setting
    units: int
    mai: str
    start: date | None
    end: date | None
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class Rvu:
    """Relative values of one unit in one year."""

    code: str
    status: str
    work: Decimal
    pe: Decimal
    pe_facility: Decimal | None
    mp: Decimal
    multiple_procedure: str
    start: date
    end: date
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class Locality:
    """A payment locality's geographic indices in one year.

    Attributes:
        contractor: the Medicare contractor's five digits.
        number: the locality's two digits, unique within a contractor.
    """

    contractor: str
    state: str
    number: str
    name: str
    work: Decimal
    pe: Decimal
    mp: Decimal
    start: date
    end: date
    source: str


@dataclass(frozen=True, slots=True)
class Payer:
    """What we know of one payer; a key that is absent is not known."""

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    values: Mapping[str, tuple[Dated, ...]] = field(default_factory=dict)
    note: str = ""

    def on(self, key: str, day: date) -> Dated | None:
        """The payer's value on that day, or None where we know none."""
        return next((v for v in self.values.get(key, ()) if v.holds(day)), None)

    @property
    def is_medicare(self) -> bool:
        """Whether Medicare's own rules bind it."""
        return self.kind == "medicare"


@dataclass(frozen=True, slots=True)
class Element:
    """Something a note must or should show.

    Attributes:
        present_when: regular expressions, lower case, that show it in a note.
        pattern: a sentence to complete, with brackets for what only the therapist knows.
    """

    id: str
    text: str
    statement: str
    present_when: tuple[str, ...]
    pattern: str


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the note must show for one code ("*" for every visit)."""

    code: str
    conditions: tuple[Element, ...]
    good_practice: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """A question on the way from a code to its claim line, with what each answer brings."""

    question: str
    answers: tuple[tuple[str, str], ...]
    statement: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A published statement that the authority contradicts, and our ruling."""

    id: str
    topic: str
    source: str
    locator: str
    claims: str
    says_short: str
    ruling: str
    statements: tuple[str, ...]
    certainty: str
    check: Mapping[str, Any] = field(default_factory=dict)
    applies: Mapping[str, Any] = field(default_factory=dict)
    seed: str = ""
    also: tuple[str, ...] = ()  # other sources that say the same


@dataclass(frozen=True, slots=True)
class Guide:
    """A short note of ours that answers one question."""

    id: str
    title: str
    asked_as: tuple[str, ...]
    payers: tuple[str, ...]
    codes: tuple[str, ...]
    topics: tuple[str, ...]
    checked: date
    start: date | None
    until: date | None
    certainty: Certainty
    body: str
