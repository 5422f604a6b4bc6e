"""Which modifiers a claim line carries, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.claim import Discipline
from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.knowledge import Code, Knowledge, Payer, value_id
from assistant.rules.visit_facts import check_dollars

DISCIPLINE_MODIFIER = {Discipline.PT: "GP", Discipline.OT: "GO", Discipline.SLP: "GN"}
_BY_MODIFIER = {modifier: discipline for discipline, modifier in DISCIPLINE_MODIFIER.items()}

# No publication fixes one order. Common practice: what changes payment before what informs.
ORDER = ("59", "XE", "XP", "XS", "XU", "CQ", "CO", "GP", "GO", "GN", "KX", "GA", "GX", "GY", "GZ")


def ordered(modifiers: Iterable[str], payer: Payer, on: date) -> tuple[str, ...]:
    """The modifiers in billing order: the payer's own where its profile has one."""
    own = payer.on("modifier_order", on)
    order = list(own.value) if own else list(ORDER)
    return tuple(sorted(modifiers, key=lambda m: order.index(m) if m in order else len(order)))


def discipline_modifier(code: Code, discipline: Discipline | None) -> Ruling[str | None]:
    """GP, GO or GN by the plan of care; None where the discipline is not known or not needed.

    A code that belongs to one discipline carries that discipline's modifier.
    Source: CMS therapy code list ("always" and "sometimes" therapy).
    """
    if code.therapy == "no":
        return Ruling(None)
    if code.locked:
        owner = _BY_MODIFIER[code.locked]
        reason = Reason(
            f"{code.code} belongs to {owner}: {code.locked}.", "discipline-locked-codes"
        )
        if discipline in (None, owner):
            return Ruling(code.locked, (reason,))
        return Ruling(code.locked, (reason,), (_wrong_discipline(code, owner, discipline),))
    if discipline is None:
        return Ruling(None)
    modifier = DISCIPLINE_MODIFIER[discipline]
    kind = "always" if code.therapy == "always" else "sometimes"
    return Ruling(
        modifier,
        (
            Reason(
                f"{modifier}: the line is furnished under {_a_plan(discipline)} of care.",
                f"discipline-modifier-{kind}-therapy",
            ),
        ),
    )


def _a_plan(discipline: Discipline) -> str:
    return f"{'a' if discipline is Discipline.PT else 'an'} {discipline} plan"


def _wrong_discipline(code: Code, owner: Discipline, given: Discipline | None) -> Finding:
    return Finding(
        f"discipline-{code.code}",
        Severity.ERROR,
        f"{code.code} is billed under {_a_plan(owner)} with {code.locked}, not under {given}.",
        code.code,
        "discipline-locked-codes",
    )


@dataclass(frozen=True, slots=True)
class ThresholdProgress:
    """Where a patient stands against the year's KX amount.

    Attributes:
        before: Medicare-allowed dollars since January 1, this visit excluded.
        visit: allowed dollars of this visit, or None where not known.
        review_amount: above it Medicare may select claims for a targeted review.
    """

    bucket: str
    threshold: Decimal
    before: Decimal
    visit: Decimal | None
    review_amount: Decimal

    @property
    def total(self) -> Decimal:
        """The year's total, this visit included as far as it is known."""
        return self.before + (self.visit or Decimal(0))

    @property
    def remaining(self) -> Decimal:
        """Dollars left below the amount before this visit; nought once it is passed."""
        return max(self.threshold - self.before, Decimal(0))

    @property
    def passed(self) -> bool:
        """Whether the year's total, this visit included, is above the amount."""
        return self.total > self.threshold

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data; dollars as text with two decimals."""
        after = None if self.visit is None else f"{self.before + self.visit:.2f}"
        return {
            "bucket": self.bucket,
            "threshold": f"{self.threshold:.2f}",
            "before": f"{self.before:.2f}",
            "visit": None if self.visit is None else f"{self.visit:.2f}",
            "after": after,
            "remaining_before_visit": f"{self.remaining:.2f}",
            "kx": self.passed,
            "review_amount": f"{self.review_amount:.2f}",
            "may_be_reviewed": self.total > self.review_amount,
        }


def kx(
    discipline: Discipline,
    before: Decimal,
    visit: Decimal | None,
    *,
    on: date,
    knowledge: Knowledge,
) -> Ruling[ThresholdProgress]:
    """Whether this visit brings the patient above Medicare's annual amount.

    Args:
        discipline: PT and SLP share one amount; OT has its own.
        before: Medicare-allowed dollars since January 1, this visit excluded.
        visit: this visit's allowed dollars, or None where they are not known.

    Raises:
        ImpossibleFact: an amount is negative, or no plain number of dollars.
        NotInForce: we hold no threshold for that day.

    Source: Social Security Act §1833(g)(7)(A). CMS sets the amount each year.
    """
    check_dollars("dollars allowed before this visit", before)
    check_dollars("dollars allowed for this visit", visit)
    bucket = "ot" if discipline is Discipline.OT else "pt_slp"
    name = f"medicare/kx_threshold_{bucket}"
    value = knowledge.dated(name, on=on)
    review = knowledge.dated(_REVIEW, on=on)
    progress = ThresholdProgress(
        bucket, Decimal(str(value.value)), before, visit, Decimal(str(review.value))
    )
    because = _kx_reasons(progress, on, value_id(name, value))
    return Ruling(progress, because, tuple(_may_be_reviewed(progress, value_id(_REVIEW, review))))


_REVIEW = "medicare/targeted_review_threshold"


def _may_be_reviewed(progress: ThresholdProgress, cited: str) -> Iterator[Finding]:
    if progress.total > progress.review_amount:
        yield Finding(
            "kx-targeted-review",
            Severity.INFO,
            f"${progress.total:,.2f} allowed this year is above ${progress.review_amount:,.2f}: "
            "Medicare may select the claim for a targeted review.",
            None,
            cited,
        )


def _kx_reasons(progress: ThresholdProgress, on: date, cited: str) -> tuple[Reason, ...]:
    shared = "OT" if progress.bucket == "ot" else "PT and SLP together"
    amount = f"the {on.year} amount for {shared}, ${progress.threshold:,.2f}"
    total = progress.total
    if progress.visit is None:
        where = "above" if progress.passed else "not above"
        return (Reason(f"${progress.before:,.2f} allowed this year is {where} {amount}.", cited),)
    sums = f"${progress.before:,.2f} + ${progress.visit:,.2f} = ${total:,.2f}"
    if not progress.passed:
        return (Reason(f"{sums} is not above {amount}: no KX.", cited),)
    if progress.remaining > 0:
        start = (
            f"the first ${progress.remaining:,.2f} of this visit reach the amount: KX goes on the "
            "line that passes it and on every later one"
        )
    else:
        start = "KX goes on every line"
    return (
        Reason(f"{sums} is above {amount}.", cited),
        Reason(f"{start[0].upper()}{start[1:]}.", "kx-from-crossing-line"),
    )


def kx_lines(progress: ThresholdProgress, allowed: Sequence[Decimal]) -> tuple[bool, ...]:
    """For each line in claim order, whether the running total has passed the amount by then."""
    running, flags = progress.before, []
    for amount in allowed:
        running += amount
        flags.append(running > progress.threshold)
    return tuple(flags)
