"""The year's allowed dollars, day by day as they are known, against Medicare's KX amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.conversation import Claim

ROOM = Decimal("1.2")  # above the largest amount
BUCKETS = {"pt_slp": "PT and SLP together", "ot": "OT"}
QUARTERS = {1: "Jan", 4: "Apr", 7: "Jul", 10: "Oct"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Dollars on the day of a visit; places in percent, `x` from the left, the rest from below.

    Attributes:
        before: allowed since January 1, the visit excluded.
        visit: the visit's own, None where they are not known.
    """

    day: date
    before: Decimal
    visit: Decimal | None
    x: float
    before_at: float
    after_at: float

    @property
    def after(self) -> Decimal:
        """The year's total, the visit included as far as it is known."""
        return self.before + (self.visit or 0)


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year's dollars against its amounts.

    Attributes:
        visits: those told of in the conversation, in order of their days.
        own: the visit asked about, one of them.
        review: above it Medicare may select claims for a targeted review.
        months: a quarter's first month and its place.
    """

    bucket: str
    threshold: Decimal
    review: Decimal
    visits: tuple[Standing, ...]
    own: Standing
    threshold_at: float
    review_at: float
    months: tuple[tuple[str, float], ...]

    @property
    def left(self) -> Decimal:
        """Dollars to the KX amount, the visit included; below nought once it is passed."""
        return self.threshold - self.own.after

    @property
    def in_words(self) -> str:
        """The picture's content as a sentence."""
        own = self.own
        visit = f", this visit ${own.visit:,.2f}" if own.visit is not None else ""
        return (
            f"Allowed in {own.day.year} for {self.bucket}: ${own.before:,.2f} before this visit"
            f"{visit}; the KX amount is ${self.threshold:,.2f}, and claims above "
            f"${self.review:,.2f} may be reviewed."
        )


def year(claim: Claim, earlier: Sequence[Claim] = ()) -> Year | None:
    """The picture of a claim's year, None where its dollars are not known.

    Args:
        claim: the visit asked about.
        earlier: claims of the conversation before it. Their visits join the picture where they
            can be of the same year and patient: no other day may have more dollars before it.
    """
    if not claim.threshold or not claim.date_of_service:
        return None
    threshold, review = (Decimal(claim.threshold[name]) for name in ("threshold", "review_amount"))
    own = _amounts(claim)
    known = {own[0]: own}
    for other in sorted(filter(_same_amount(claim), reversed(earlier)), key=_day, reverse=True):
        told, later = _amounts(other), known[min(known)]
        if told[0] < later[0] and told[1] + (told[2] or 0) <= later[1]:
            known[told[0]] = told
    top = max(threshold, review, own[1] + (own[2] or 0)) * ROOM
    visits = {day: _standing(*amounts, top) for day, amounts in sorted(known.items())}
    return Year(
        bucket=BUCKETS.get(claim.threshold["bucket"], claim.threshold["bucket"]),
        threshold=threshold,
        review=review,
        visits=tuple(visits.values()),
        own=visits[own[0]],
        threshold_at=_percent(threshold, top),
        review_at=_percent(review, top),
        months=tuple((name, _place(date(own[0].year, n, 1))) for n, name in QUARTERS.items()),
    )


Amounts = tuple[date, Decimal, Decimal | None]


def _amounts(claim: Claim) -> Amounts:
    """A claim's day, the dollars before it, and its own."""
    given = claim.threshold or {}
    visit = Decimal(given["visit"]) if given["visit"] is not None else None
    return date.fromisoformat(_day(claim)), Decimal(given["before"]), visit


def _day(claim: Claim) -> str:
    return claim.date_of_service or ""


def _same_amount(claim: Claim) -> Callable[[Claim], bool]:
    """Tells whether another claim counts towards the same amount of the same year."""

    def does(other: Claim) -> bool:
        mine, its = claim.threshold or {}, other.threshold or {}
        same_year = _day(other)[:4] == _day(claim)[:4]
        return same_year and bool(its) and its["bucket"] == mine["bucket"]

    return does


def _standing(day: date, before: Decimal, visit: Decimal | None, top: Decimal) -> Standing:
    after = before + (visit or 0)
    return Standing(day, before, visit, _place(day), _percent(before, top), _percent(after, top))


def _percent(amount: Decimal, of: Decimal) -> float:
    return round(float(100 * amount / of), 3)


def _place(day: date) -> float:
    """How much of its year is over."""
    days = (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
    return round(100 * (day.timetuple().tm_yday - 1) / days, 3)
