"""What Medicare allows, for the payment locality that the message names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.claim import ClaimLine
from assistant.errors import CodingError
from assistant.evidence import Ruling
from assistant.patterns import regex
from assistant.plain_reader.parts import Parts
from assistant.rules.dollars import Estimate
from assistant.tools import BillingTools
from assistant.worksheet import Worksheet

_NAMED = regex(
    r"\b(?i:locality)\s*(?i:is|:|=|#|no\.?|number|code)?\s*"
    r"(?P<name>\d{5}[\s/-]?\d{2}|[A-Z]{2}[\s-]?\d{2}|[A-Z][A-Za-z.]+(?:[ -][A-Z][A-Za-z.]+){0,3})"
    r"|(?P<before>\d{5}[\s/-]\d{2}|[A-Z]{2}[\s-]\d{2})\s+(?i:locality)"
)
_PLACE = regex(r"\b(?i:in|near)\s+(?P<name>[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,3})(?!\s*\d)")


@dataclass(frozen=True, slots=True)
class NamedLocality:
    """A payment locality as written; `sure` where it is called one, not only a place."""

    name: str
    sure: bool


def locality(text: str) -> NamedLocality | None:
    """The locality that a text names: «locality 13202-01», «CA 18 locality», «in Houston»."""
    if named := _NAMED.search(text):
        return NamedLocality(_spaced(named["name"] or named["before"]), sure=True)
    place = _PLACE.search(text)
    return NamedLocality(place["name"], sure=False) if place else None


def _spaced(name: str) -> str:
    """Contractor or state and the number apart, as the tables are asked for them."""
    return re.sub(r"^(\d{5}|[A-Z]{2})[\s/-]?(\d{2})$", r"\1 \2", name)


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
