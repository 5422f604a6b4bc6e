"""What Medicare allows for the lines of a claim, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.claim import ClaimLine
from assistant.errors import CodingError
from assistant.evidence import Ruling
from assistant.knowledge import Knowledge
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.mentions.localities import NamedLocality
from assistant.plain_reader.mentions.payers_named import NamedPayer, is_medicare
from assistant.rules.dollars import Estimate
from assistant.tools import BillingTools
from assistant.worksheet import Worksheet


def estimate(
    lines: Sequence[ClaimLine],
    day: date,
    where: NamedLocality | None,
    tools: BillingTools,
    worksheet: Worksheet,
) -> tuple[Ruling[Estimate], str]:
    """The estimate, and why it is national where a locality was named that cannot be priced."""
    given = {"lines": tuple(lines), "date_of_service": day}
    if where is not None:
        try:
            return worksheet.call(tools.estimate_payment, **given, locality=where.name), ""
        except CodingError as error:
            why = f"Locality {where.name}: {error} National amounts are shown."
            return worksheet.call(tools.estimate_payment, **given), why if where.sure else ""
    return worksheet.call(tools.estimate_payment, **given), ""


def priced(
    parts: Parts,
    lines: Sequence[ClaimLine],
    day: date,
    where: NamedLocality | None,
    tools: BillingTools,
) -> Ruling[Estimate]:
    """The estimate of lines; what was taken for granted is added to the answer."""
    found, why = estimate(lines, day, where, tools, parts.worksheet)
    parts.assumptions += [why] if why else []
    return found


def money(estimate: Estimate, worksheet: Worksheet) -> str:
    """What Medicare would allow and pay for the lines, in one sentence."""
    assisted = [line for line in estimate.lines if line.has_assistant]
    cut = ""
    if assisted:
        codes = ", ".join(dict.fromkeys(line.code for line in assisted))
        cut = (
            f" Medicare pays its share of the lines with CQ or CO ({codes}) at 85 %"
            f"{worksheet.mark('cq-co-85-percent-2022')}."
        )
    return (
        f"Medicare estimate ({estimate.locality}, before deductible): allowed "
        f"${estimate.total_allowed:,.2f}, of which Medicare pays ${estimate.medicare_pays:,.2f} "
        f"and the patient ${estimate.patient_pays:,.2f}, sequestration taken off"
        f"{worksheet.mark('payment-formula')}.{cut}{_without_amount(estimate)}"
    )


def _without_amount(estimate: Estimate) -> str:
    told = "; ".join(f"{line.code}: {line.reason.rstrip('.')}" for line in estimate.refused)
    return f" Not in it: {told}." if told else ""


def say_of_plan(parts: Parts, payer: NamedPayer | None, knowledge: Knowledge) -> None:
    """That what a plan pays is in its contract, where a payer other than Medicare is named."""
    if payer is None or is_medicare(payer):
        return
    known = knowledge.payers.get(payer.id)
    name = known.name if known else payer.words
    parts.say(
        f"**What {name} pays is not held here**: ask the plan, or look in its contract. "
        "For comparison, Medicare's amounts:"
    )
