"""A visit of which one code is still open: the lines that hold whichever code it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from math import prod

from assistant.claim import Clinician, Service
from assistant.conversation import AnswerKind, Claim, Line
from assistant.errors import CodingError
from assistant.evidence import Finding, Severity
from assistant.knowledge import Knowledge
from assistant.plain_reader.answers import billing, claims, missing
from assistant.plain_reader.answers.choosing import Chosen
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts
from assistant.plain_reader.reading import SharedName
from assistant.rules.visit import VisitReview
from assistant.tools import BillingTools

MOST_TRIED = 24  # ways to code what is open; more say little


@dataclass(frozen=True, slots=True)
class Open:
    """Something done whose code is not decided yet, in the user's words.

    Attributes:
        sure: whether it earns one of the codes; else it may turn out to be no treatment.
    """

    words: str
    minutes: int | None
    codes: tuple[str, ...]
    by: Clinician
    sure: bool

    def ways(self) -> list[Service | None]:
        """What it may be on the claim; None for no line."""
        coded = [Service(code, self.minutes, self.by) for code in self.codes]
        return [*coded] if self.sure else [*coded, None]

    def __str__(self) -> str:
        minutes = "" if self.minutes is None else f" ({self.minutes} min)"
        return f"«{self.words}»{minutes}"


@dataclass(frozen=True, slots=True)
class _Way:
    """The visit as one choice of the open codes makes it."""

    whole: bool  # whether all that is open earns a line
    review: VisitReview
    claim: Claim


def opens(chosen: Sequence[Chosen], names: Sequence[SharedName]) -> list[Open]:
    """What a code is still to be chosen for."""
    undecided = [(c.activity, c.ruling.result.candidates) for c in chosen if not c.is_settled]
    found = [Open(a.text, a.minutes, codes, a.by, False) for a, codes in undecided]
    return found + [Open(n.words, n.minutes, n.codes, n.by, True) for n in names]


def bill(
    parts: Parts,
    facts: Facts,
    services: Sequence[Service],
    undecided: Sequence[Open],
    today: date,
    tools: BillingTools,
    knowledge: Knowledge,
) -> None:
    """Add the claim with the lines that no choice changes; nothing where there is none."""
    if prod(len(one.ways()) for one in undecided) > MOST_TRIED:
        return
    if not services or not all(_is_timed(one, knowledge) for one in undecided):
        return
    try:
        ways = _ways(parts, facts, services, undecided, today, tools, knowledge)
        _, assumed = billing.visit_of(facts, list(services), today, knowledge)
    except CodingError:
        return
    lines = [line for line in ways[0].claim.lines if _holds(line, ways)]
    if lines:
        parts.assumptions += assumed
        _say(parts, ways, lines, undecided, knowledge)
    elif total := _total(ways):
        text = (
            f"The timed minutes are {total[0]} together, {total[1]} "
            f"{'unit' if total[1] == 1 else 'units'}; which lines they go on depends on "
            f"the code of {' and '.join(map(str, undecided))}."
        )
        parts.findings += parts.worksheet.warned([Finding("total-so-far", Severity.INFO, text)])


def _is_timed(one: Open, knowledge: Knowledge) -> bool:
    """Whether its minutes are told, or no code that it may earn needs any."""
    held = [knowledge.code(c) for c in one.codes if c in knowledge.codes]
    if len(held) < len(one.codes):
        return False
    return one.minutes is not None or not any(code.is_timed for code in held)


def _ways(
    parts: Parts,
    facts: Facts,
    services: Sequence[Service],
    undecided: Sequence[Open],
    today: date,
    tools: BillingTools,
    knowledge: Knowledge,
) -> list[_Way]:
    found: list[_Way] = []
    for way in product(*(one.ways() for one in undecided)):
        every = [*services, *(s for s in way if s is not None)]
        missing.refuse(every, knowledge)
        visit, _ = billing.visit_of(facts, every, today, knowledge)
        review = parts.worksheet.call(tools.review_visit, visit_to_review=visit)
        claim = claims.to_claim(review, None, parts.worksheet)
        found.append(_Way(None not in way, review, claim))
    return found


def _holds(line: Line, ways: Sequence[_Way]) -> bool:
    """Whether the line stands the same in every way to bill the visit."""
    sets = [lines for way in ways for lines in (way.claim.lines, *way.claim.alternatives)]
    same = (line.code, line.units, line.modifiers)
    return all(same in [(n.code, n.units, n.modifiers) for n in lines] for lines in sets)


def _say(
    parts: Parts,
    ways: Sequence[_Way],
    lines: list[Line],
    undecided: Sequence[Open],
    knowledge: Knowledge,
) -> None:
    claim = _common(ways, lines)
    parts.kind = AnswerKind.CLAIM
    parts.claims.append(claim)
    parts.say(claims.headline(claim, knowledge).replace("**Bill", "**So far, bill", 1))
    parts.say("**Why**", *claims.sentences(claim, None, parts.worksheet))
    reviews = [way.review for way in ways]
    parts.questions += [
        q for q in reviews[0].questions if all(q in review.questions for review in reviews)
    ]
    parts.assumptions += [
        a for a in reviews[0].assumptions if all(a in review.assumptions for review in reviews)
    ]
    text = (
        f"The claim is not complete: {' and '.join(map(str, undecided))} has no code yet. The "
        "lines shown are the same whichever it gets; what depends on it waits for the answer."
    )
    own = [f for f in reviews[0].findings if all(f in review.findings for review in reviews)]
    warned = Finding("line-open", Severity.WARNING, text)
    parts.findings += parts.worksheet.warned([warned, *own])


def _total(ways: Sequence[_Way]) -> tuple[int, int] | None:
    """The timed minutes and units where every code leads to the same; else None."""
    told = {(w.claim.total_timed_minutes, w.claim.timed_units) for w in ways if w.whole}
    return told.pop() if len(told) == 1 else None


def _common(ways: Sequence[_Way], lines: list[Line]) -> Claim:
    """The claim with these lines, and the total where every code leads to the same."""
    told = [way.claim for way in ways if way.whole]
    counted = sum(line.minutes or 0 for line in lines), sum(line.units for line in lines)
    minutes, units = _total(ways) or counted
    return replace(
        ways[0].claim,
        lines=lines,
        total_timed_minutes=minutes,
        timed_units=units,
        steps=[s for s in told[0].steps if all(s in claim.steps for claim in told)],
        alternatives=[],
        unbilled=[],
        other_rule=None,
        threshold=None,
        blocks=[],
    )
