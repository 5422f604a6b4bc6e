"""Services of a later message beside those told: added, in their place, or a part of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace

from assistant.patterns import regex
from assistant.plain_reader.binding import loose_ends
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import context
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.turns import follow_up, fragments, part_again, removals


@dataclass(frozen=True, slots=True)
class Words:
    """What the knowledge base says of words: the codes they name, payers, which codes are timed."""

    codes_of: Callable[[str], tuple[str, ...]]
    names_payer: Callable[[str], bool]
    timed: Set[str]


_JUST = regex(r"\b(?:just|only)\b", re.I)


def _only_then(before: Facts, facts: Facts, text: str) -> bool:
    """«and on 10/4 just gait 23»: another day, with these alone."""
    return facts.day != before.day and facts.day is not None and bool(_JUST.search(text))


def take(before: Facts, facts: Facts, reading: Reading, text: str, words: Words) -> None:
    """Put the services, activities and shared names of the reading into the facts."""
    fresh = loose_ends.filled(follow_up.whole(reading), reading, words.timed)
    added, asked = False, set(words.codes_of(before.rule_question))
    if not before.has_minutes and asked and {s.code for s in before.services} <= asked:
        before = replace(before, services=[])  # asked about, not told
    if before.services and removals.removes(text):
        gone = {s.code for s in fresh if s.minutes is None}
        before = replace(before, services=[s for s in before.services if s.code not in gone])
        fresh = [s for s in fresh if s.code not in gone]
        added = bool(gone)
    fresh = follow_up.as_told(before.services, fresh)
    facts.new_services, facts.loose_minutes = True, reading.loose_minutes
    bit_by_bit = before.payer is None and not words.names_payer(text)
    joined = follow_up.joins(text, before.services, fresh, going_on=bit_by_bit)
    joined = joined or fragments.joins_untimed(text, {s.code for s in fresh}, words.timed)
    anew = follow_up.restates(text, before.services, fresh)
    added = added or (follow_up.adds(text) and not anew) or joined
    if parts := follow_up.parts_of(before.services, fresh):
        facts.services = list(before.services)
        for part in parts:
            facts.services = follow_up.carved(follow_up.undivided(facts.services, part), part)
    elif added and (before.tells_a_visit or before.choices):
        facts.services = [*before.services, *fresh]
        facts.activities = [*before.activities, *reading.activities]
        facts.choices = [*before.choices, *reading.choices]
    elif not _only_then(before, facts, text) and follow_up.corrects(
        before, fresh, text, words.names_payer(text)
    ):
        told = follow_up.replaced(before.services, fresh)
        facts.services = part_again.by_the_same(before.services, told, text)
    else:
        if follow_up.is_correction(text):
            fresh = part_again.by_the_same(before.services, fresh, text)
        facts.services, facts.activities = fresh, list(reading.activities)
        facts.choices = list(reading.choices)
        facts.replies, facts.tie_choice, facts.tie_option = [], (), 0
        if before.services or before.activities:
            facts.separate = context.separate(text)
            facts.stated_total = reading.stated_total
            facts.treatment_total = reading.treatment_total
    several = len({s.code for s in facts.services}) > 1
    in_turn = context.in_turn(text) or follow_up.in_turn_by_clock(facts.services)
    if facts.separate is None and several and in_turn:
        facts.separate = True
