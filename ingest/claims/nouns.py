"""What a text can claim that a tool of ours can work out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement of a document: its characters `start` to `end`.

    Attributes:
        year: the year that it speaks of, or None where it names none.
        names_medicare: whether it speaks of Medicare by name, and so not of one payer's own rule.
    """

    start: int
    end: int
    year: int | None = None
    names_medicare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Claim):
    """Minutes that are said to be so many units.

    Attributes:
        minutes: code to minutes; "" stands for any 15-minute code.
        units: code to units, or empty where only the total is said.
        tops: whether the units are said to go to the longest services.
    """

    minutes: Mapping[str, int]
    units: Mapping[str, int] = field(default_factory=dict)
    total: int | None = None
    tops: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(Claim):
    """So many minutes are said to be so many units, from the first minute to the last.

    Attributes:
        last: None where only the first minute is said ("two units need at least 23 minutes").
    """

    first: int
    last: int | None
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOfThumb(Claim):
    """A rule said in words, which the example of a dispute of the ledger refutes."""

    dispute: str


class Together(StrEnum):
    """What is said of two codes on one day."""

    NEEDS_59 = "need modifier 59"
    NEVER = "cannot be billed together"
    FREE = "need no modifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Claim):
    """What is said of codes on one day; of more than two, of every pair.

    Attributes:
        marked: the code that 59 is put on, or "".
    """

    codes: tuple[str, ...]
    together: Together
    marked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Claim):
    """A yearly amount, or a conversion factor, that parameters of ours hold."""

    parameters: tuple[str, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Claim):
    """A percentage of one parameter, or what it leaves of a hundred."""

    parameter: str
    percents: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Claim):
    """What Medicare is said to pay for one unit.

    Attributes:
        high: the other end of a range; the same as `low` where there is none.
        about: whether it is said to be approximate.
    """

    code: str
    low: Decimal
    high: Decimal
    about: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidAlike(Claim):
    """Two codes are said to pay about the same."""

    codes: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval(Claim):
    """So many days or visits are said to be the limit that a parameter holds."""

    parameter: str
    count: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLimit(Claim):
    """At most so many units of a code are said to be paid a day."""

    code: str
    units: int


class Ended(StrEnum):
    """A rule that has ended, said as if it held."""

    THERAPY_CAP = "therapy cap"
    DIRECT_SUPERVISION = "direct supervision in private practice"
    AMOUNT_PER_CLAIM = "KX amount for each claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated(Claim):
    """A rule that has ended, or never was, is said to hold."""

    rule: Ended
