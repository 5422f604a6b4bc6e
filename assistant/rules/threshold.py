"""The annual KX amount within a visit: where the patient stands and which lines carry KX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.claim import ClaimLine, Visit
from assistant.evidence import Finding, Reason
from assistant.knowledge import Knowledge, Payer
from assistant.rules import modifiers, payment

KINDS = ("medicare", "medicare-advantage")  # the kinds of payer that go by the amount


@dataclass(frozen=True, slots=True)
class Standing:
    """A patient's standing with this visit.

    Attributes:
        progress: None where the dollars, the discipline or the payer do not call for it.
        allowed: each line's allowed dollars in claim order, nought for a line without an amount;
            empty where no line has one.
    """

    progress: modifiers.ThresholdProgress | None = None
    allowed: tuple[Decimal, ...] = ()
    reasons: tuple[Reason, ...] = ()
    assumptions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def standing(
    visit: Visit, lines: tuple[ClaimLine, ...], payer: Payer, knowledge: Knowledge
) -> Standing:
    """The patient's standing against the year's amount, this visit included.

    Where the visit's own dollars are not given they are estimated from the fee schedule, and
    that is said. A line without an amount there leaves them at least what the others come to.

    Raises:
        NotInForce: we hold no amount for the year.
    """
    if visit.allowed_before is None or visit.discipline is None or payer.kind not in KINDS:
        return Standing()
    allowed = _estimated(lines, visit, knowledge)
    given = visit.visit_allowed
    amount = given if given is not None else (sum(allowed, Decimal(0)) if allowed else None)
    ruling = modifiers.kx(
        visit.discipline,
        visit.allowed_before,
        amount,
        on=visit.date_of_service,
        knowledge=knowledge,
    )
    return Standing(
        ruling.result,
        allowed,
        ruling.because,
        tuple(_assumed(ruling.result, lines, allowed)),
        ruling.findings,
    )


def _assumed(
    progress: modifiers.ThresholdProgress,
    lines: tuple[ClaimLine, ...],
    allowed: tuple[Decimal, ...],
) -> Iterator[str]:
    unpriced = [line.code for line, amount in zip(lines, allowed, strict=False) if not amount]
    if unpriced:
        yield (
            f"The fee schedule has no amount for {' and '.join(unpriced)}: KX is judged by what "
            "the other lines come to, the least that this visit can be."
        )
    if allowed and progress.passed and progress.remaining > 0:
        yield (
            "Each line's allowed amount is the national fee-schedule estimate; your remittance "
            "decides which line passes the KX amount."
        )
    if progress.visit is None and not progress.passed:
        yield (
            "This visit's own allowed dollars are not known: KX is judged by the year's total "
            "before it."
        )


def _estimated(
    lines: tuple[ClaimLine, ...], visit: Visit, knowledge: Knowledge
) -> tuple[Decimal, ...]:
    if not lines:
        return ()
    estimate = payment.estimate(lines, on=visit.date_of_service, knowledge=knowledge).result
    priced = list(estimate.lines)
    if not priced:
        return ()
    found = tuple(
        priced.pop(0).allowed
        if priced and (priced[0].code, priced[0].modifiers) == (line.code, line.modifiers)
        else Decimal(0)
        for line in lines
    )
    if visit.visit_allowed is None:
        return found
    total = sum(found, Decimal(0))
    return tuple(amount * visit.visit_allowed / total for amount in found) if all(found) else ()


def with_kx(
    lines: tuple[ClaimLine, ...], found: Standing, payer: Payer, visit: Visit
) -> tuple[ClaimLine, ...]:
    """The lines with KX on the one that passes the amount and on every later one."""
    progress = found.progress
    if progress is None or not progress.passed:
        return lines
    flags = modifiers.kx_lines(progress, found.allowed)
    if len(flags) != len(lines) or progress.remaining <= 0:
        flags = (True,) * len(lines)
    why = Reason("KX: the year's total passes the amount with this line.", "kx-from-crossing-line")
    return tuple(
        replace(
            line,
            modifiers=modifiers.ordered((*line.modifiers, "KX"), payer, visit.date_of_service),
            why=(*line.why, why),
        )
        if flag
        else line
        for line, flag in zip(lines, flags, strict=True)
    )
