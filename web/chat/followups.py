"""What one may ask next: questions that this very answer leaves room for, made by rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.claim import CountingRule
from assistant.conversation import Answer, Claim
from assistant.rules.units import MIDPOINT, UNIT_MINUTES

MOST = 4
ASSISTANTS = {"PT": "PTA", "OT": "OTA"}
BY_ASSISTANT = frozenset(("CQ", "CO"))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question as a button: a short label, and the text that is asked."""

    label: str
    text: str


def follow_ups(answer: Answer) -> list[Suggestion]:
    """At most four questions to go on with, none that the answer itself still asks."""
    made = _of_claim(answer.claims[0]) if len(answer.claims) == 1 else _of_choices(answer)
    return list(islice(made, MOST))


def _of_claim(claim: Claim) -> Iterator[Suggestion]:
    codes = list(dict.fromkeys(line.code for line in claim.lines))
    if not codes:
        return
    yield from _one_more(claim)
    yield from _treated(claim)
    yield from _paid(claim)
    if len(codes) == 2:
        yield _asked(f"Can {codes[0]} and {codes[1]} be billed on the same day?", "Is 59 needed?")
    told = f"What must the note show for {' and '.join(codes[:2])}?"
    yield _asked(told, "What must the note show?")


def _one_more(claim: Claim) -> Iterator[Suggestion]:
    """Why not one more unit: the same visit with the minutes that would earn it."""
    lines = [line for line in claim.lines if line.minutes]
    if claim.counting_rule != CountingRule.CMS or len(lines) != len(claim.lines):
        return
    minutes = {line.code: line.minutes or 0 for line in lines}
    if len(minutes) != len(lines) or sum(minutes.values()) != claim.total_timed_minutes:
        return
    missing = MIDPOINT + claim.timed_units * UNIT_MINUTES - claim.total_timed_minutes
    code, spent = next(iter(minutes.items()))
    if missing > 0:
        yield _asked(f"What if {spent + missing} min of {code}?", "What would earn one more unit?")


def _treated(claim: Claim) -> Iterator[Suggestion]:
    helper = ASSISTANTS.get(claim.discipline or "")
    if helper is None:
        return
    if any(BY_ASSISTANT & set(line.modifiers) for line in claim.lines):
        yield _asked("What if the therapist did all of it?")
    else:
        yield _asked(f"What if the {helper} did all of it?")


def _paid(claim: Claim) -> Iterator[Suggestion]:
    if claim.counting_rule == CountingRule.CMS:
        yield _asked("What if the payer counts each code alone?")
    else:
        yield _asked("What if the payer is Medicare?")


def _of_choices(answer: Answer) -> Iterator[Suggestion]:
    chosen = [choice.code for choice in answer.code_choices if choice.code]
    for code in dict.fromkeys(chosen):
        yield _asked(f"What must the note show for {code}?")


def _asked(text: str, label: str = "") -> Suggestion:
    return Suggestion(label or text, text)
