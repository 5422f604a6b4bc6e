"""One visit, all rules: the lines to bill, and what to warn of or to ask."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.claim import ClaimLine, CountingRule, Unbilled, Visit
from assistant.conversation import Question
from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.knowledge import Code, Knowledge, Payer
from assistant.rules import assistants, checks, edits, modifiers, pairs, threshold, visit_facts
from assistant.rules.counting import Counted, count


@dataclass(frozen=True, slots=True)
class VisitReview:
    """A visit as it should be billed.

    Attributes:
        alternatives: other sets of lines that the counting rule permits equally.
        other_units: units by the other counting rule, where they differ; None otherwise.
        threshold: the patient's standing against the KX amount, where the dollars are known.
    """

    visit: Visit
    rule: CountingRule
    counted: Counted
    lines: tuple[ClaimLine, ...]
    alternatives: tuple[tuple[ClaimLine, ...], ...]
    unbilled: tuple[Unbilled, ...]
    steps: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    assumptions: tuple[str, ...]
    pairs: tuple[Ruling[edits.PairRuling], ...]
    other_units: dict[str, int] | None
    threshold: modifiers.ThresholdProgress | None


def review(visit: Visit, knowledge: Knowledge) -> VisitReview:
    """Count, split, modify and check one visit.

    Raises:
        CodingError: the visit cannot be counted as given; the message says what to do.
    """
    visit_facts.check(visit, knowledge)
    payer = knowledge.payer(visit.payer or "medicare")
    rule, rule_notes = counting_rule(visit, payer)
    counted = count(visit, rule, knowledge)
    notes = _Notes(list(rule_notes), list(counted.findings), [])
    effect = pairs.effect(counted.alternatives, visit, payer, knowledge)
    notes.findings += effect.findings
    notes.questions += effect.questions
    choices = [
        _lines(units, counted, visit, payer, effect.distinct(units), knowledge, notes)
        for units in counted.alternatives
    ]
    standings = [threshold.standing(visit, lines, payer, knowledge) for lines in choices]
    for standing in standings:
        notes.assumptions += standing.assumptions
        notes.findings += standing.findings
    choices = [
        threshold.with_kx(lines, standing, payer, visit)
        for lines, standing in zip(choices, standings, strict=True)
    ]
    notes.findings += checks.findings(counted, visit, payer, knowledge)
    other = counted.other if counted.other != counted.units else None
    notes.questions += checks.questions(visit, payer, counted, other, knowledge)
    return VisitReview(
        visit=visit,
        rule=rule,
        counted=counted,
        lines=choices[0],
        alternatives=tuple(choices[1:]),
        unbilled=counted.unbilled,
        steps=(*counted.steps, *standings[0].reasons),
        findings=tuple(dict.fromkeys(notes.findings)),
        questions=tuple(notes.questions),
        assumptions=tuple(dict.fromkeys(notes.assumptions)),
        pairs=effect.checked,
        other_units=other,
        threshold=standings[0].progress,
    )


@dataclass(slots=True)
class _Notes:
    """What the steps of one review have to say besides the lines."""

    assumptions: list[str]
    findings: list[Finding]
    questions: list[Question]


def counting_rule(visit: Visit, payer: Payer) -> tuple[CountingRule, tuple[str, ...]]:
    """How the visit's payer counts, and what had to be assumed for it."""
    if visit.counting_rule is not None:
        return visit.counting_rule, ()
    if visit.payer is None:
        return CountingRule.CMS, ("Payer not named: Medicare counting used.",)
    known = payer.on("counting_rule", visit.date_of_service)
    if known is None:
        return CountingRule.CMS, (
            f"How {payer.name} counts units is not known here: Medicare counting used.",
        )
    if known.certainty.is_settled:
        return CountingRule(known.value), ()
    rule = "Medicare's total time" if known.value == "cms" else "each code alone"
    return CountingRule(known.value), (
        f"{payer.name} is taken to count by {rule} (from memory of the field, not seen written).",
    )


def _lines(
    units: dict[str, int],
    counted: Counted,
    visit: Visit,
    payer: Payer,
    distinct: dict[str, Reason],
    knowledge: Knowledge,
    notes: _Notes,
) -> tuple[ClaimLine, ...]:
    lines: list[ClaimLine] = []
    for code, n in units.items():
        entry = knowledge.code(code)
        split = _split(entry, n, counted, visit, payer, knowledge)
        if visit.discipline is None and split.result.by_assistant:
            notes.findings.append(_modifier_open(code, split.result))
            split = Ruling(assistants.Split(n, 0), split.because, split.findings)
        own = modifiers.discipline_modifier(entry, visit.discipline)
        wanted = payer.on("discipline_modifiers", visit.date_of_service)
        if wanted is not None and wanted.value is False and not entry.locked:
            own = Ruling(None)
        notes.findings += [*split.findings, *own.findings]
        shared = [m for m in (own.result,) if m]
        reasons = [*own.because]
        if code in distinct:
            shared.append("59")
            reasons.insert(0, distinct[code])
        lines += _split_lines(entry, split, counted, shared, reasons, visit, payer, knowledge)
    return tuple(lines)


def _modifier_open(code: str, split: assistants.Split) -> Finding:
    """The assistant's units, where the plan of care that names their modifier is not known."""
    units = split.plain + split.by_assistant
    verb = "is" if split.by_assistant == 1 else "are"
    return Finding(
        f"assistant-modifier-open-{code}",
        Severity.WARNING,
        f"{split.by_assistant} of {units} units of {code} {verb} the assistant's and billed on a "
        "separate line: with CQ under a PT plan, with CO under an OT plan.",
        code,
        "cq-co-pairs-with-gp-go",
    )


def _split(
    code: Code, n: int, counted: Counted, visit: Visit, payer: Payer, knowledge: Knowledge
) -> Ruling[assistants.Split]:
    shares = counted.shares.get(code.code, assistants.Shares(0, 0))
    has_modifier = visit.discipline is None or visit.discipline in assistants.MODIFIER
    if code.code not in counted.assisted or not has_modifier:
        return Ruling(assistants.Split(n, 0))
    if not _wants_assistant_modifier(visit, payer, knowledge):
        return Ruling(assistants.Split(n, 0))
    if code.clock == "fifteen":
        return assistants.split_units(
            code.code, n, shares, on=visit.date_of_service, knowledge=knowledge
        )
    if shares.therapist == 0:
        reason = Reason(f"The assistant gave all of {code.code}.", "cq-co-untimed")
        return Ruling(assistants.Split(0, n), (reason,))
    one = assistants.one_service(code.code, shares, on=visit.date_of_service, knowledge=knowledge)
    whole = assistants.Split(0, n) if one.result.by_assistant else assistants.Split(n, 0)
    return Ruling(whole, one.because, one.findings)


def _wants_assistant_modifier(visit: Visit, payer: Payer, knowledge: Knowledge) -> bool:
    if not assistants.modifier_required(visit.date_of_service, knowledge):
        return False
    value = payer.on("assistant_modifiers", visit.date_of_service)
    return payer.is_medicare or value is None or bool(value.value)


def _split_lines(
    code: Code,
    split: Ruling[assistants.Split],
    counted: Counted,
    shared: list[str],
    reasons: list[Reason],
    visit: Visit,
    payer: Payer,
    knowledge: Knowledge,
) -> list[ClaimLine]:
    shares = counted.shares.get(code.code, assistants.Shares(0, 0))
    both = split.result.plain and split.result.by_assistant
    modifier = assistants.MODIFIER.get(visit.discipline) if visit.discipline else None
    lines = []
    for n, assisted in ((split.result.plain, False), (split.result.by_assistant, True)):
        if not n:
            continue
        minutes: int | None = shares.therapist + shares.assistant
        if both:
            minutes = shares.assistant if assisted else shares.therapist
        if minutes == 0 and not code.is_timed:
            minutes = None
        extra = [modifier] if assisted and modifier else []
        counted_as = Reason(_counted_as(code, n, minutes, counted.rule), _carries(code, counted))
        lines.append(
            ClaimLine(
                code=code.code,
                units=n,
                modifiers=modifiers.ordered([*shared, *extra], payer, visit.date_of_service),
                minutes=minutes,
                why=(counted_as, *split.because, *reasons),
            )
        )
    return lines


def _counted_as(code: Code, n: int, minutes: int | None, rule: CountingRule) -> str:
    units = "1 unit" if n == 1 else f"{n} units"
    if not code.is_timed:
        return f"{code.code} ({code.label}): untimed, {units}."
    how = "in the day's total" if rule is CountingRule.CMS else "on its own"
    if code.clock == "own":
        how = "by its own clock"
    return f"{code.code} ({code.label}): {minutes} minutes, {units} {how}."


def _carries(code: Code, counted: Counted) -> str:
    if not code.is_timed:
        return "units-untimed-one"
    if code.clock == "own":
        return "units-own-clock"
    if counted.rule is CountingRule.AMA:
        return "units-midpoint-rule"
    return "units-total-sets-count"
