"""Where a fact is written, how sure we are of it, and a ruling with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


class Authority(StrEnum):
    """Who speaks in a source, the weightiest first."""

    LAW = "law"
    CMS_MANUAL = "cms-manual"
    CMS_PAGE = "cms-page"
    CONTRACTOR = "contractor"
    PAYER = "payer"
    SOCIETY = "society"
    INDUSTRY = "industry"
    LOCAL = "local"


class Certainty(StrEnum):
    """How we know a statement; anything but the first two is said to the reader."""

    VERIFIED = "verified"  # seen in the source
    COMPUTED = "computed"  # calculated here from verified values
    INFERRED = "inferred"  # follows from the source, is not said there
    MEMORY = "memory"  # common knowledge of the field that nobody here has seen written

    @property
    def is_settled(self) -> bool:
        """Whether the statement may be enforced without a caution."""
        return self in (Certainty.VERIFIED, Certainty.COMPUTED)


class Severity(StrEnum):
    """What a finding means for the claim."""

    ERROR = "error"  # would be denied, or is not allowed
    WARNING = "warning"  # at risk
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Source:
    """A document we cite."""

    id: str
    title: str
    publisher: str
    url: str
    authority: Authority
    published: str = ""
    seen_through: str = ""  # how we read it, where that was not the publisher's own page
    weak: bool = False  # a pointer only: never the sole support of an enforced rule


@dataclass(frozen=True, slots=True)
class Statement:
    """What we hold a source to say at one place, in our own words."""

    id: str
    says: str
    source: str
    locator: str
    certainty: Certainty
    start: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an argument: a sentence about this case, and the statement that carries it."""

    text: str
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a careful biller would be warned of.

    Attributes:
        id: stable slug, such as ``ncci-97530-97140``.
        code: the procedure code it concerns, if one.
        statement: id of the statement that carries it.
    """

    id: str
    severity: Severity
    text: str
    code: str | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling(Generic[T]):
    """A rule's result with the reasons that lead to it, in order."""

    result: T
    because: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
