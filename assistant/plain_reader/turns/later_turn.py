"""A later message that says as a whole what becomes of the services told before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import codes, disciplines
from assistant.plain_reader.mentions.mention import CodeMention
from assistant.plain_reader.reading import Reading, SharedName, Subset
from assistant.plain_reader.turns import clock_again, corrections, follow_up, fragments, part_again


def at_once(
    before: Facts, facts: Facts, text: str, named: Sequence[CodeMention], *, alone: bool
) -> bool:
    """Whether the message is one of these, taken into the facts.

    Args:
        named: the codes that the message names.
        alone: whether nothing else in it speaks of who gave what.
    """
    if _parts(before, facts, text, _without(text, named)) or _option(before, facts, text):
        return True
    focus = facts.codes or (before.focus if len(before.focus) == 1 else ())
    services: Sequence[Service] = part_again.resized(before.services, focus, text)
    services = services or corrections.set_to(before.services, facts.codes, text)
    services = services or clock_again.moved(before.services, named, before.focus, text)
    if not services and alone and before.activities:
        services = corrections.only_these(before.services, named, text, beside=True)
        facts.activities = [] if services else facts.activities
    if not services and alone:
        services = corrections.only_these(before.services, named, text) or (
            corrections.in_place(before.services, facts.codes, text)
        )
    return _taken(facts, services)


def _without(text: str, named: Sequence[CodeMention]) -> str:
    for mention in sorted(named, key=lambda m: m.start, reverse=True):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


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


def _option(before: Facts, facts: Facts, text: str) -> bool:
    """«option 2»: one of the ways that were offered."""
    timed = [s for s in before.services if s.minutes is not None]
    several = len(timed) == len(before.services) and len({s.code for s in timed}) > 1
    chosen = part_again.option(text, bare=several) if several else 0
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


def is_anothers(before: Facts, codes: Sequence[str], text: str) -> bool:
    """«the OT did the TA»: some of the codes told are another discipline's visit."""
    told = {s.code for s in before.services}
    some = bool(codes) and set(codes) < told
    return some and disciplines.anothers(text, before.discipline)


def takes_out(before: Facts, facts: Facts, text: str) -> bool:
    """Whether the message takes out a code or something done that was told, «no group then»."""
    others = is_anothers(before, facts.codes, text)
    if not (others or follow_up.removes(text) or _NOT_BILLED.search(text)):
        return False
    words = {w.lower() for w in re.findall(r"[A-Za-z]{4,}", text)} - _REMOVING
    kept = [a for a in before.activities if not words & set(a.text.lower().split())]
    told = {s.code for s in before.services}
    named = set(facts.codes) or (codes.by_letters(text) & told)
    if not named and len(kept) == len(before.activities):
        return False
    facts.activities = before.activities if named else kept
    facts.services = [s for s in before.services if s.code not in named]
    facts.choices = [c for c in before.choices if not set(c.codes) & named]
    facts.new_services = True
    return True


_NOT_BILLED = regex(
    r"\b(?:was|were|is)\b.*\b(?:alone|on (?:his|her|their) own|by (?:him|her)self|unsupervised"
    r"|unskilled"
    r"|not skilled|un-?billable|not billable|warm[- ]?up|not (?:one[- ]on[- ]one|1:1))\b",
    re.I,
)
_REMOVING = frozenset(
    ("remove", "drop", "take", "leave", "skip", "scratch", "never", "mind", "forget", "cancel",
     "with", "then", "that", "this", "without", "delete", "training", "work", "practice")
)  # fmt: skip


def chosen_anew(
    before: Facts,
    facts: Facts,
    text: str,
    is_activity: Callable[[str], bool],
    code_of: Callable[[str, Sequence[str]], str | None],
) -> bool:
    """Whether the message says what the one thing done was instead: «no, it was gait»."""
    only = before.activities[0] if len(before.activities) == 1 and not before.replies else None
    if only is None or not follow_up.is_correction(text):
        return False
    told = text if is_activity(text) else f"{corrections.without_purpose(only.text)}, {text}"
    was, now = code_of(only.text, ()), code_of(told, ())
    if was is None or now in (None, was):
        return False
    facts.activities, facts.replies = [replace(only, text=told)], []
    facts.new_services = True
    return True


def gives_part(before: Facts, facts: Facts, text: str) -> bool:
    """Whether the message says who else gave some minutes of those told: «assistant did 12»."""
    if facts.giver is None or follow_up.adds_more(text):
        return False
    focus = facts.codes or before.focus
    able = [s for s in before.services if s.by is Clinician.THERAPIST and s.minutes]
    near = [s for s in able if len(focus) == 1 and s.code in focus] or able[-1:]
    minutes = part_again.amount(text, near[0].minutes or 0, bare=True) if near else None
    if minutes is None or (len(able) > 1 and not (len(focus) == 1 and near[0].code in focus)):
        return False
    subset = Subset(facts.giver, minutes, near[0].code)
    return _taken(facts, follow_up.carved(list(before.services), subset))


def tells_minutes(before: Facts, facts: Facts, reading: Reading, text: str) -> None:
    """Take minutes that stand alone: for what has none yet, or in place of those told."""
    if fragments.is_wish(text):
        return
    more = follow_up.more_minutes(text)
    if more and len(facts.services) == 1:
        reading.loose_minutes = [max((facts.services[0].minutes or 0) + more, 0)]
    known = bool(facts.services) and all(s.minutes is not None for s in facts.services)
    minutes = reading.loose_minutes or follow_up.bare_minutes(text)
    if known and not more and not follow_up.takes_back_minutes(text):
        minutes = []
    if known and follow_up.are_units(text, minutes):
        minutes = []
    every = follow_up.with_minutes(facts.services, minutes, each=follow_up.says_each(text))
    filled = every or corrections.of_focus(facts.services, minutes, before.focus)
    if filled:
        facts.services, facts.new_services = filled, True
    elif len(minutes) == 1 and len(before.activities) == 1 and not before.services:
        facts.activities = [replace(before.activities[0], minutes=minutes[0])]
        facts.new_services = True
    else:
        facts.loose_minutes = minutes


_BACK = regex(
    r"\b(?:back|keep|kept|restore|after all|re-?add|again|leave .{0,20}\bin|did happen|stays?)\b",
    re.I,
)


def brings_back(text: str) -> bool:
    """Whether the message may put in again what was taken out: «keep the eval»."""
    return bool(_BACK.search(text))


def ever_told(facts: Facts) -> list[Service]:
    """The services that stand, and those that earlier messages told."""
    found, codes = list(facts.services), {s.code for s in facts.services}
    earlier = facts.previous
    while earlier is not None:
        found += [s for s in earlier.services if s.code not in codes]
        codes |= {s.code for s in earlier.services}
        earlier = earlier.previous
    return found


def restored(before: Facts, codes: Sequence[str], text: str) -> Sequence[Service]:
    """«put the gait back in»: with the services of that code as they last were; else none."""
    told = {s.code for s in before.services}
    if not codes or told & set(codes) or not brings_back(text) or re.search(r"\d\s*min", text):
        return ()
    earlier = before.previous
    while earlier is not None:
        again = [s for s in earlier.services if s.code in codes]
        if {s.code for s in again} == set(codes):
            replaced = len(earlier.services) == len(before.services)
            return earlier.services if replaced else [*before.services, *again]
        earlier = earlier.previous
    return ()


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


def settled(before: Facts, text: str, code_of: Callable[[str, Sequence[str]], str | None]) -> Facts:
    """What was done as services, where their codes are settled and the message parts them."""
    if not before.activities or not (part_again.giver(text) or follow_up.more_minutes(text)):
        return before
    replies = before.replies if len(before.activities) == 1 else []
    coded = [
        Service(code, a.minutes, a.by, a.block, a.text)
        for a in before.activities
        if a.minutes is not None and (code := code_of(a.text, replies))
    ]
    if len(coded) < len(before.activities):
        return before
    return replace(before, services=[*before.services, *coded], activities=[], replies=[])
