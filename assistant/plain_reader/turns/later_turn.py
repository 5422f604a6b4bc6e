"""A later message that says as a whole what becomes of the services told before."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions.mention import CodeMention
from assistant.plain_reader.reading import Reading, SharedName, Subset
from assistant.plain_reader.turns import (
    clock_again,
    corrections,
    follow_up,
    fragments,
    minutes_alone,
    part_again,
    part_of_it,
    resized,
    restored,
    undone,
    who_gave,
)


def at_once(
    before: Facts,
    facts: Facts,
    text: str,
    named: Sequence[CodeMention],
    *,
    alone: bool,
    ways: int,
) -> bool:
    """Whether the message is one of these, taken into the facts.

    Args:
        named: the codes that the message names.
        alone: whether nothing else in it speaks of who gave what.
        ways: in how many ways the units may be billed.
    """
    if _given(before, facts, text, named) or _parts(before, facts, text, _without(text, named)):
        return True
    if _option(before, facts, text, ways):
        return True
    focus = facts.codes or (before.focus if len(before.focus) == 1 else ())
    services: Sequence[Service] = resized.resized(before.services, focus, text)
    services = services or corrections.set_to(before.services, facts.codes, text)
    services = services or clock_again.moved(before.services, named, before.focus, text)
    if not services and alone and before.activities:
        services = corrections.only_these(before.services, named, text, beside=True)
        facts.activities = [] if services else facts.activities
    if not services and alone:
        services = corrections.only_these(before.services, named, text) or (
            corrections.in_place(before.services, facts.codes, numbered(text, named))
        )
    return _taken(facts, services)


def undoes(before: Facts, text: str) -> bool:
    """Whether the message takes back a change: none that came before one that changed nothing."""
    stood = before.before_said
    idle = before.refused or (stood is not None and not before.differs_from(stood))
    return undone.undoes(text) and not (before.refused or (idle and undone.lets_go(text)))


def told_again(before: Facts, facts: Facts, text: str, named: Sequence[CodeMention]) -> bool:
    """Whether the message makes codes longer or shorter, brings one back, or parts one anew."""
    focus = facts.codes or (before.focus if len(before.focus) == 1 else ())
    again = (
        part_of_it.without_idle(before.services, facts.codes, focus, text)
        or resized.resized(before.services, facts.codes, numbered(text, named))
        or restored.restored(before, facts.codes, text)
        or who_gave.own_part(before.services, facts.codes, before.focus, text)
        or part_of_it.moved(before.services, facts.codes, before.focus, numbered(text, named))
    )
    if again:
        facts.services, facts.new_services = list(again), True
    return bool(again)


def adds_a_code(
    before: Facts, reading: Reading, text: str, named: Sequence[CodeMention], timed: Set[str]
) -> bool:
    """Whether the message names a code, without minutes yet, beside those told: «and manual»."""
    new = {s.code for s in reading.services} - {s.code for s in before.services}
    more = follow_up.adds(text) or fragments.joins_untimed(text, new, timed)
    more = more or fragments.joins_name(text, [(m.start, m.end) for m in named])
    return bool(new) and before.tells_a_visit and more


def placed(before: Facts, parts: Sequence[Subset]) -> list[Subset]:
    """The parts of what was told before, each of a code: of the one spoken of last, or the only.

    «the first 10» of two codes stays out: of which, is asked.
    """
    codes = {s.code for s in before.services if s.minutes}
    focus = before.focus[0] if len(before.focus) == 1 and before.focus[0] in codes else ""
    if len(codes) < 2:
        return list(parts)
    named = [s if s.code or s.whole else replace(s, code=focus) for s in parts]
    return [s for s in named if s.code or s.whole]


def numbered(text: str, named: Sequence[CodeMention]) -> str:
    """The text, each code that it names for certain by its number."""
    for mention in sorted(named, key=lambda m: m.start, reverse=True):
        if len(mention.codes) == 1:
            text = f"{text[: mention.start]}{mention.codes[0]}{text[mention.end :]}"
    return text


def _without(text: str, named: Sequence[CodeMention]) -> str:
    for mention in sorted(named, key=lambda m: m.start, reverse=True):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


def _given(before: Facts, facts: Facts, text: str, named: Sequence[CodeMention]) -> bool:
    """Who gave what, in the words of `who_gave`."""
    who = facts.giver or before.giver or only_helper(before)
    earlier = before.previous.services if before.previous else []
    services = (
        who_gave.taken_over(before.services, who, named, text)
        or who_gave.together(before.services, who, facts.codes, text)
        or who_gave.none_of_it(before.services, who, text)
        or who_gave.mine(before.services, who, text)
        or who_gave.of_the_therapist(before.services, facts.codes, numbered(text, named))
        or who_gave.rest_too(before.services, who, text)
        or who_gave.was_alone(before.services, earlier, who, text)
    )
    if services:
        facts.giver = who
    return _taken(facts, services)


def only_helper(facts: Facts) -> Clinician | None:
    """Who else than the therapist gave anything, where it is one kind."""
    helpers = {s.by for s in facts.services} - {Clinician.THERAPIST}
    return helpers.pop() if len(helpers) == 1 else None


def _parts(before: Facts, facts: Facts, text: str, bare: str) -> bool:
    """Who gave which part, said of the one that the message before named."""
    was = before.previous.services if before.previous else []
    who = facts.giver or before.giver
    services = part_again.without_giver(before.services, text)
    services = services or part_again.all_but(before.services, who, facts.codes, bare)
    services = services or part_again.given_again(
        before.services, facts.giver or before.giver, facts.codes, bare,
        bare=bool(was or facts.giver),
    )  # fmt: skip
    services = services or part_again.only_given(before.services, before.giver, facts.codes, bare)
    if services:
        facts.giver = who
    return _taken(facts, services)


def _option(before: Facts, facts: Facts, text: str, ways: int) -> bool:
    """«option 2»: one of the ways that were offered."""
    timed = [s for s in before.services if s.minutes is not None]
    several = len(timed) == len(before.services) and len({s.code for s in timed}) > 1
    chosen = part_again.option(text, bare=several) if several else 0
    chosen = chosen if chosen <= ways and ways > 1 else 0
    if chosen:
        facts.tie_option, facts.tie_choice = chosen, ()
    return bool(chosen)


_UNATTENDED = regex(r"\b(?:unattended|not attended|unsupervised|pre-?mod|pads on)\b", re.I)
ATTENDED, UNATTENDED = "97032", ("97014", "G0283")


def left_alone(before: Facts, facts: Facts, text: str) -> bool:
    """Whether the message says that the stimulation told before was the unattended kind."""
    told = [s for s in before.services if s.code == ATTENDED]
    if len(told) != 1 or not _UNATTENDED.search(text) or re.search(r"\d\s*min", text, re.I):
        return False
    if set(facts.codes) - {ATTENDED, *UNATTENDED}:
        return False
    stood = told[0]
    facts.services = [s for s in before.services if s is not stood]
    facts.choices = [
        *before.choices,
        SharedName(UNATTENDED, "unattended stimulation", "", stood.minutes, stood.by),
    ]
    facts.new_services = True
    return True


_REST = regex(r"\b(?:the )?(?:rest|remainder|remaining|balance|others?)\b", re.I)


def takes_the_rest(before: Facts, facts: Facts, reading: Reading, text: str) -> bool:
    """Whether a code told without minutes takes what is left of the whole: «rest 97535»."""
    new = [s for s in reading.services if s.minutes is None]
    told = [s.minutes for s in before.services]
    whole = before.treatment_total or before.stated_total
    if len(new) != 1 or not _REST.search(text) or whole is None:
        return False
    left = whole - sum(minutes or 0 for minutes in told)
    if left <= 0 or new[0].code in {s.code for s in before.services}:
        return False
    facts.services = [*before.services, replace(new[0], minutes=left)]
    facts.new_services, facts.focus = True, (new[0].code,)
    return True


def gives_part(before: Facts, facts: Facts, text: str) -> bool:
    """Whether the message says who else gave some minutes of those told: «assistant did 12»."""
    who = facts.giver or (before.giver if minutes_alone.bare_minutes(text) else None)
    if who is None or follow_up.adds_more(text):
        return False
    if facts.giver is None and any(s.by is who for s in before.services):
        return False  # «12» after «40, the tech had 15 of it»: of which, is asked
    focus = facts.codes or before.focus
    able = [s for s in before.services if s.by is Clinician.THERAPIST and s.minutes]
    near = [s for s in able if len(focus) == 1 and s.code in focus] or able[-1:]
    minutes = part_again.amount(text, near[0].minutes or 0, bare=True) if near else None
    if minutes is None or (len(able) > 1 and not (len(focus) == 1 and near[0].code in focus)):
        return False
    subset = Subset(who, minutes, near[0].code)
    return _taken(facts, follow_up.carved(list(before.services), subset))


def _taken(facts: Facts, services: Sequence[Service]) -> bool:
    if services:
        was = {c: [s for s in facts.services if s.code == c] for c in _codes_of(facts.services)}
        now = {c: [s for s in services if s.code == c] for c in _codes_of(services)}
        changed = [code for code in now if now[code] != was.get(code)]
        facts.focus = tuple(changed) if len(changed) == 1 else facts.focus
        facts.services, facts.new_services = list(services), True
    return bool(services)


def _codes_of(services: Sequence[Service]) -> dict[str, None]:
    return dict.fromkeys(s.code for s in services)
