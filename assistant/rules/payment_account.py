"""How a payment estimate was reached, and what it takes for granted, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.claim import ClaimLine
from assistant.evidence import Reason
from assistant.knowledge import Knowledge, Rvu
from assistant.rules.dollars import ASSISTANT, Estimate, Gpci, Terms

ORDER_FROM_MEMORY = (
    "The practice-expense cut is taken before CQ/CO: the field's usual order, which we have not "
    "seen written."
)
ROUNDING = (
    "Each unit's amounts are rounded to the cent, half up; a contractor that rounds by line can "
    "differ by a cent or two."
)
DEDUCTIBLE_MET = "The year's deductible is taken as met."
SAME_DAY = (
    "The reduction counts every always-therapy unit of the patient's day with the same provider, "
    "other disciplines' too; only the lines given here are counted."
)
EVEN_RANK = (
    "Lines with and without CQ/CO tie for the unit paid in full; the first one listed is taken."
)
EARLIER_RELEASE = (
    "The relative values come from a later release of the same year; the one in force on that day "
    "was not read in."
)
RESTRICTED = "Medicare covers a code of these lines with restrictions; the contractor decides."


def notes(
    priced: Sequence[tuple[ClaimLine, Rvu]],
    leaders: Sequence[int],
    gpci: Gpci,
    deductible_left: Decimal,
) -> tuple[str, ...]:
    """What the estimate takes for granted.

    Args:
        priced: the lines that have an amount.
        leaders: places of the lines that tie for the unit paid in full.
        gpci: the locality's factors.
        deductible_left: dollars of the deductible still open.
    """
    if not priced:
        return ()
    by_assistant = [not ASSISTANT.isdisjoint(line.modifiers) for line, _ in priced]
    said = {
        f"Medicare physician fee schedule, {gpci.locality}, practice expense outside a facility; "
        "a contract with another payer is not this.": True,
        ROUNDING: True,
        DEDUCTIBLE_MET: not deductible_left,
        SAME_DAY: bool(leaders),
        EVEN_RANK: len({by_assistant[place] for place in leaders}) > 1,
        ORDER_FROM_MEMORY: bool(leaders) and any(by_assistant),
        EARLIER_RELEASE: any(not rvu.certainty.is_settled for _, rvu in priced),
        RESTRICTED: any(rvu.status == "R" for _, rvu in priced),
    }
    return tuple(text for text, applies in said.items() if applies)


def reasons(result: Estimate, in_full: str | None, terms: Terms) -> tuple[Reason, ...]:
    """The steps from relative values to Medicare's payment.

    Args:
        result: the estimate.
        in_full: the code whose first unit is paid in full, where any could be reduced.
        terms: the day's percentages and conversion factor.
    """
    if not result.lines:
        return ()
    halved = sum(unit.reduced for line in result.lines for unit in line.units)
    by_assistant = any(line.has_assistant for line in result.lines)
    steps = [
        Reason(
            f"Relative values x locality factors ({result.locality}) x the conversion factor "
            f"{terms.conversion_factor}: ${result.total_allowed:,.2f} allowed.",
            "payment-formula",
        )
    ]
    if halved:
        steps.append(_reduction(in_full, halved))
    if by_assistant:
        steps.append(
            Reason(
                f"CQ/CO: Medicare pays {terms.assistant_share:.0%} of its share of those lines; "
                "the coinsurance stays.",
                "payment-assistant-share",
            )
        )
    if by_assistant and halved:
        steps.append(Reason(ORDER_FROM_MEMORY, "payment-mppr-before-assistant"))
    return (*steps, *_shares(result, terms))


def read_in(values: Sequence[Rvu], gpci: Gpci, knowledge: Knowledge) -> tuple[Reason, ...]:
    """Which of CMS's own files carry the values and the locality's factors."""
    held = knowledge.cms.statements
    sources = dict.fromkeys(rvu.source for rvu in values if rvu.source in held)
    found = [Reason(f"Relative values of CMS's file {s.rpartition('-')[2]}.", s) for s in sources]
    if gpci.statement in held:
        found.append(
            Reason(
                f"Factors of {gpci.locality}: work {gpci.work}, practice expense {gpci.pe}, "
                f"malpractice {gpci.mp}.",
                gpci.statement,
            )
        )
    return tuple(found)


def _reduction(in_full: str | None, halved: int) -> Reason:
    return Reason(
        f"Multiple procedures (MPPR): {in_full} has the day's highest practice expense, so one "
        f"unit of it is paid in full; practice expense is halved for {halved} other "
        f"{'unit' if halved == 1 else 'units'}.",
        "payment-mppr",
    )


def _shares(result: Estimate, terms: Terms) -> tuple[Reason, Reason]:
    return (
        Reason(
            f"The patient's share is ${result.patient_pays:,.2f}: deductible and "
            f"{1 - terms.medicare_share:.0%} coinsurance.",
            "payment-coinsurance",
        ),
        Reason(
            f"Sequestration takes {terms.sequestration:.0%} of what Medicare would then pay: "
            f"${result.medicare_pays:,.2f} is left.",
            "payment-sequestration",
        ),
    )
