"""From facts to a billed visit: the reader's half of «what do I bill?»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from assistant.claim import Discipline, Service, Setting, Visit
from assistant.conversation import AnswerKind, Claim, Question
from assistant.errors import CodingError, ImpossibleFact, NotInForce
from assistant.evidence import Finding, Severity
from assistant.knowledge import Knowledge
from assistant.plain_reader.answers import (
    claims,
    disputed,
    held_against,
    left_out,
    missing,
    pricing,
    warm_up,
    whose_amount,
)
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import students
from assistant.plain_reader.mentions.localities import NamedLocality
from assistant.rules.modifiers import DISCIPLINE_MODIFIER
from assistant.rules.visit import VisitReview
from assistant.tools import BillingTools
from assistant.worksheet import Worksheet


def visit_of(
    facts: Facts, services: list[Service], today: date, knowledge: Knowledge
) -> tuple[Visit, list[str]]:
    """The visit that the facts describe, and what was taken for granted.

    Raises:
        ImpossibleFact: the date of service lies ahead.
    """
    assumed: list[str] = []
    day = facts.day.day if facts.day else today
    if facts.day is None:
        assumed.append(f"Date of service not given: today, {today}, is used.")
    elif facts.day.assumption:
        assumed.append(facts.day.assumption)
    if day > today:
        raise ImpossibleFact(
            "date of service",
            day,
            f"{day} lies in the future (today is {today}). Give the day on which the visit was.",
        )
    discipline = facts.discipline or _by_code(services, knowledge)
    if facts.discipline is None and discipline is not None:
        assumed.append(f"The codes belong to {discipline}: a {discipline} plan of care is taken.")
    if facts.students_own:
        assumed.append(students.TAKEN)
    assumed += facts.assumed
    if facts.stated_total is not None:
        summed = sum(s.minutes or 0 for s in services if knowledge.code(s.code).is_timed)
        if summed != facts.stated_total:
            assumed.append(
                f"The parts add up to {summed} timed minutes, not to the {facts.stated_total} "
                "written as their total: the parts are used. Check which is right."
            )
    visit = Visit(
        services=tuple(services),
        date_of_service=day,
        payer=facts.payer.id if facts.payer else None,
        discipline=discipline,
        setting=facts.setting or Setting.PRACTITIONER,
        counting_rule=facts.rule,
        separate=facts.separate,
        allowed_before=facts.dollars.before,
        visit_allowed=facts.dollars.visit,
        total_treatment_minutes=facts.treatment_total,
    )
    return visit, assumed


def _by_code(services: list[Service], knowledge: Knowledge) -> Discipline | None:
    owners = {knowledge.code(s.code).disciplines for s in services}
    single = {o[0] for o in owners if len(o) == 1}
    return Discipline(single.pop()) if len(single) == 1 else None


def bill(
    facts: Facts,
    services: list[Service],
    today: date,
    tools: BillingTools,
    knowledge: Knowledge,
    worksheet: Worksheet,
) -> Parts:
    """The claim for one visit, in words and fields.

    Raises:
        CodingError: it cannot be counted as described.
    """
    visit, assumed = visit_of(facts, services, today, knowledge)
    missing.refuse(services, knowledge, facts.stated_total, sum(facts.claimed.values()))
    review = _chosen(_reviewed(visit, tools, worksheet), facts)
    held = held_against.findings(facts, review, knowledge)
    asks_59 = "59" in facts.modifiers
    parts = _told(
        review, tools, knowledge, worksheet, held, asked_of_59=asks_59, where=facts.locality
    )
    parts.assumptions[:0] = assumed
    left_out.say(parts, facts)
    warm_up.ask(parts, facts)
    whose_amount.say(parts, facts, visit, tools)
    return parts


def bill_visit(visit: Visit, tools: BillingTools, knowledge: Knowledge) -> Parts:
    """The claim for a visit that came as fields: from a form, a program or a file.

    Raises:
        CodingError: it cannot be counted as given.
    """
    worksheet = Worksheet(knowledge)
    missing.refuse(list(visit.services), knowledge)
    return _told(_reviewed(visit, tools, worksheet), tools, knowledge, worksheet)


def _reviewed(visit: Visit, tools: BillingTools, worksheet: Worksheet) -> VisitReview:
    review: VisitReview = worksheet.call(tools.review_visit, visit_to_review=visit)
    for pair in review.pairs:
        one, other = pair.result.codes
        given = {
            "code_one": one,
            "code_two": other,
            "date_of_service": visit.date_of_service,
            "setting": visit.setting,
        }
        worksheet.record("check_edit_pair", given, pair)
    return review


def _told(
    review: VisitReview,
    tools: BillingTools,
    knowledge: Knowledge,
    worksheet: Worksheet,
    held: Sequence[Finding] = (),
    *,
    asked_of_59: bool = False,
    where: NamedLocality | None = None,
) -> Parts:
    """A reviewed visit in fields and words."""
    parts = Parts(worksheet, AnswerKind.CLAIM)
    estimate = None
    if _is_priced(review):
        day = review.visit.date_of_service
        found = pricing.priced(parts, review.lines, day, where, tools).result
        estimate = found if found.lines else None
    claim = claims.to_claim(review, estimate, worksheet)
    parts.claims.append(claim)
    parts.assumptions += review.assumptions
    parts.questions += review.questions
    parts.findings += worksheet.warned([*review.findings, *held])
    parts.say(claims.headline(claim, knowledge))
    parts.say("**Why**", *claims.sentences(claim, review, worksheet))
    if estimate is not None:
        parts.say(pricing.money(estimate, worksheet))
    disputed.show(parts, review, knowledge, asked_of_59=asked_of_59)
    return parts


def _chosen(review: VisitReview, facts: Facts) -> VisitReview:
    """The clinician's own choice between tied codes, where the conversation made it."""
    lines = (review.lines, *review.alternatives)
    if len(lines) < 2 or not (facts.tie_choice or facts.tie_option):
        return review
    if facts.tie_option > len(lines):
        return review
    best = facts.tie_option - 1 if facts.tie_option > 0 else -1
    if facts.tie_choice:
        ways = _closest(review.counted.alternatives, set(facts.tie_choice))
        if len(ways) > 1:
            return _narrowed(review, ways)
        best = ways[0]
    return replace(
        review,
        lines=lines[best],
        alternatives=(),
        questions=tuple(q for q in review.questions if q.id != "tie"),
        assumptions=(*review.assumptions, "The clinician chose which tied code takes the unit."),
    )


def _narrowed(review: VisitReview, ways: Sequence[int]) -> VisitReview:
    """The review with these of its ways alone: the codes chosen leave the tie open."""
    lines = (review.lines, *review.alternatives)
    kept = [lines[n] for n in ways]
    questions = [
        replace(q, options=[q.options[n] for n in ways])
        if q.id == "tie" and len(q.options) == len(lines)
        else q
        for q in review.questions
    ]
    return replace(review, lines=kept[0], alternatives=tuple(kept[1:]), questions=tuple(questions))


def _closest(every: Sequence[Mapping[str, int]], wanted: set[str]) -> list[int]:
    """Which of the ways bill just these codes, else most of them."""
    exact = [n for n, units in enumerate(every) if set(units) == wanted]
    most = [sum(units.get(code, 0) for code in wanted) for units in every]
    return exact[:1] or [n for n, units in enumerate(most) if units == max(most)]


def _is_priced(review: VisitReview) -> bool:
    """Whether Medicare's amounts can be shown: its own lines, and no modifier still open."""
    visit = review.visit
    if visit.payer not in (None, "medicare") or not review.lines:
        return False
    if visit.payer is None and visit.counting_rule is not None:
        return False
    return not any(f.id.startswith("assistant-modifier-open") for f in review.findings)


def clarify(error: CodingError, worksheet: Worksheet) -> Parts:
    """The answer to a message that cannot be counted: what is wrong and what to do."""
    parts = Parts(worksheet, AnswerKind.CLARIFY)
    field = getattr(error, "field", "")
    text = str(error)
    parts.say(text)
    if not isinstance(error, NotInForce):
        slug = field.replace(" ", "-") if field else "missing"
        asked = text[: text.find("?") + 1] or text
        parts.questions.append(Question(slug, asked, [], field or "claim"))
        parts.paragraphs.clear()
        parts.say(f"I cannot count this yet: {text}")
    return parts


def add_threshold_claim(parts: Parts, facts: Facts, today: date, tools: BillingTools) -> None:
    """A visit of which only the dollars are told: no lines, but where it stands against KX."""
    ruling = tools.check_kx(
        facts.discipline or Discipline.PT,
        facts.dollars.before or Decimal(0),
        facts.dollars.visit,
        facts.day.day if facts.day else today,
    )
    progress = ruling.result
    modifier = DISCIPLINE_MODIFIER[facts.discipline or Discipline.PT]
    parts.kind = AnswerKind.CLAIM
    if progress.passed:
        text = f"KX goes on those lines beside {modifier}; it never takes its place."
        mark = parts.worksheet.mark("kx-added-not-substituted")
        parts.paragraphs.insert(0, f"**KX is needed**, with {modifier}: {text}{mark}")
        parts.findings += parts.worksheet.warned(
            [
                Finding(
                    "kx-needed",
                    Severity.INFO,
                    f"KX is needed, with {modifier}. {text}",
                    None,
                    "kx-from-crossing-line",
                )
            ]
        )
    elif progress.visit is not None:
        parts.paragraphs.insert(0, f"**No KX yet**; {modifier} alone.")
    if facts.day is None:
        parts.assumptions.append(f"Date of service not given: today, {today}, is used.")
    if facts.payer is None:
        parts.assumptions.append("Payer not named: Medicare is taken, whose amount KX is about.")
    parts.claims.append(
        Claim(
            payer=facts.payer.id if facts.payer else None,
            counting_rule="cms",
            date_of_service=(facts.day.day if facts.day else today).isoformat(),
            discipline=facts.discipline.value if facts.discipline else None,
            lines=[],
            total_timed_minutes=0,
            total_treatment_minutes=None,
            timed_units=0,
            threshold=progress.to_dict(),
        )
    )
