"""Codes told without minutes and minutes told without a code, put together where it is sure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from assistant.claim import Service
from assistant.patterns import regex
from assistant.plain_reader.mentions.people import AIDE, ASSISTANT, STUDENT
from assistant.plain_reader.reading import Reading, Subset

_PERSON = regex(  # «10 min was with the tech»
    rf"(?:(?:was|were|is|done|spent|with|w/|by|the|an?|my|our|for)\s+)*(?:{ASSISTANT}|{STUDENT}|{AIDE})",
    re.I,
)


def filled(services: list[Service], reading: Reading, timed: Set[str]) -> list[Service]:
    """The services, the one timed code without minutes with the one time without a code."""
    open_codes = [s for s in services if s.minutes is None and s.block is None and s.code in timed]
    if len(open_codes) != 1 or len(reading.loose_minutes) != 1:
        return services
    minutes = reading.loose_minutes.pop()
    return [replace(s, minutes=minutes) if s is open_codes[0] else s for s in services]


def loose(services: Sequence[Service], reading: Reading) -> list[int]:
    """Minutes told apart from their codes: of the only one, or one for each that has none."""
    still = sum(s.minutes is None for s in services)
    alone = len(services) == 1 or still == len(reading.loose_minutes)
    return reading.loose_minutes if alone else []


def of_the_named(subsets: Sequence[Subset], codes: Sequence[str]) -> list[Subset]:
    """The parts, of the one code that the message names where it does not say of which."""
    if len(codes) != 1:
        return list(subsets)
    return [replace(s, code=codes[0]) if s.by is None and not s.code else s for s in subsets]


def drop_talk(reading: Reading, is_activity: Callable[[str], bool]) -> None:
    """«it's one minute short» in a later turn is no activity; its minutes stand alone."""
    for activity in list(reading.activities):
        if not is_activity(activity.text) or _PERSON.fullmatch(activity.text.strip()):
            reading.activities.remove(activity)
            reading.loose_minutes += [m for m in [activity.minutes] if m is not None]
