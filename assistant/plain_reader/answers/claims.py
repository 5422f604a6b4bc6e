"""A reviewed visit as the contract's claim, and as sentences."""

from __future__ import annotations

from assistant.claim import ClaimLine, CountingRule, Visit
from assistant.conversation import Claim, Line, UnbilledMinutes
from assistant.knowledge import Knowledge
from assistant.rules.dollars import Estimate
from assistant.rules.visit import VisitReview
from assistant.worksheet import Worksheet

RULE_NAMES = {
    CountingRule.CMS: "Medicare total time: the day's timed minutes together",
    CountingRule.AMA: "each code alone, by its midpoint",
}


def to_claim(review: VisitReview, estimate: Estimate | None, worksheet: Worksheet) -> Claim:
    """The review in the answer's fields, every reason with its citation."""
    visit = review.visit
    return Claim(
        payer=visit.payer,
        counting_rule=review.rule.value,
        date_of_service=visit.date_of_service.isoformat(),
        discipline=visit.discipline.value if visit.discipline else None,
        lines=[_line(line, worksheet) for line in review.lines],
        total_timed_minutes=review.counted.timed_minutes,
        total_treatment_minutes=visit.total_treatment_minutes,
        timed_units=review.counted.timed_units,
        unbilled=[UnbilledMinutes(u.code, u.minutes, u.reason) for u in review.unbilled],
        alternatives=[[_line(line, worksheet) for line in lines] for lines in review.alternatives],
        payment=estimate.to_dict() if estimate is not None else None,
        steps=worksheet.why(review.steps),
        threshold=review.threshold.to_dict() if review.threshold else None,
        other_rule=_other_rule(review),
        blocks=_blocks(visit),
    )


def _line(line: ClaimLine, worksheet: Worksheet) -> Line:
    return Line(line.code, line.units, list(line.modifiers), line.minutes, worksheet.why(line.why))


def _other_rule(review: VisitReview) -> dict[str, object] | None:
    if review.other_units is None:
        return None
    other = CountingRule.AMA if review.rule is CountingRule.CMS else CountingRule.CMS
    return {"counting_rule": other.value, "units": dict(review.other_units)}


def _blocks(visit: Visit) -> list[dict[str, object]]:
    return [
        {
            "code": s.code,
            "start": s.block.start if s.block else None,
            "end": s.block.end if s.block else None,
            "minutes": s.minutes,
            "by": s.by.value,
        }
        for s in visit.services
    ]


def headline(claim: Claim, knowledge: Knowledge) -> str:
    """What to bill, in one sentence."""
    payer = knowledge.payer(claim.payer).name if claim.payer else "payer not named"
    where = ", ".join(filter(None, [payer, claim.discipline, claim.date_of_service]))
    if not claim.lines:
        timed = _units(claim.timed_units)
        if claim.total_timed_minutes and not claim.unbilled:
            return f"**{claim.total_timed_minutes} timed minutes are {timed}** ({where})."
        return f"**No unit to bill** ({where})."
    lines = "; ".join(_shown(line) for line in claim.lines)
    return f"**Bill {lines}** ({where})."


def _shown(line: Line) -> str:
    modifiers = f" with {', '.join(line.modifiers)}" if line.modifiers else ""
    return f"{line.code} × {line.units}{modifiers}"


def _units(n: int) -> str:
    return "1 unit" if n == 1 else f"{n} units"


def sentences(claim: Claim, review: VisitReview | None, worksheet: Worksheet) -> list[str]:
    """Why, in Markdown list items with the numbers of their citations."""
    items = [f"- {w.text}{worksheet.marked(w.citation)}" for w in claim.steps]
    said = {w.text for w in claim.steps}
    for line in claim.lines:
        for why in line.why[1:]:
            if why.text not in said:
                said.add(why.text)
                items.append(f"- {why.text}{worksheet.marked(why.citation)}")
    for unbilled in claim.unbilled:
        items.append(
            f"- Not billed: {unbilled.minutes} minutes of {unbilled.code}: {unbilled.reason}."
        )
    if len(claim.alternatives):
        options = " or ".join("; ".join(_shown(x) for x in lines) for lines in claim.alternatives)
        items.append(f"- Equally allowed: {options}.")
    if claim.other_rule is not None:
        shown = ", ".join(f"{c} × {n}" for c, n in claim.other_rule["units"].items()) or "no unit"
        name = RULE_NAMES[CountingRule(claim.other_rule["counting_rule"])]
        items.append(f"- A payer that counts the other way ({name}) would give {shown}.")
    if review is not None and claim.lines and _counts_by_fifteen(review):
        missing = review.counted.to_next_unit
        items.append(f"- One more unit would need {missing} more timed minutes.")
    return items


def _counts_by_fifteen(review: VisitReview) -> bool:
    """Whether any 15-minute code was counted; other clocks have no «next unit» in the total."""
    counting = ("units-total-sets-count", "units-midpoint-rule")
    return any(step.statement in counting for step in review.counted.steps)
