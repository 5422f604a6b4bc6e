"""What a later message said beside what it changed, and that left no trace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.claim import Clinician, Service
from assistant.plain_reader.asked.intent import is_question
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import people

FEWEST = 5  # smaller numbers are more often units, sets or parts of a name


def numbers(unplaced: Sequence[str], before: Facts, after: Facts) -> list[str]:
    """The words around numbers that are minutes of nothing before or now, nor a difference."""
    if not after.differs_from(before):
        return []
    held = {*_minutes(before), *_minutes(after)}
    was, now = _by_code(before.services), _by_code(after.services)
    held |= {abs(now[code] - was[code]) for code in {*was, *now}}
    return [words for words in unplaced if not _numbers(words) & held]


def helpers(before: Facts, after: Facts, text: str) -> bool:
    """Whether the message names who else treated, changes something, and not who gave what."""
    if not (before.has_minutes and after.differs_from(before)) or is_question(text):
        return False
    named = {p.clinician for p in people.find(text)} - {Clinician.THERAPIST}
    given = {s.by for s in after.services} | {a.by for a in after.activities}
    return bool(named - given) and _givers(before) == _givers(after)


def _numbers(words: str) -> set[int]:
    return {int(n) for n in re.findall(r"(?<![\d.])\d{1,3}(?![\d.])", words) if int(n) >= FEWEST}


def _minutes(facts: Facts) -> set[int]:
    told = [s.minutes for s in facts.services] + [a.minutes for a in facts.activities]
    told += [c.minutes for c in facts.choices] + [n for n, _ in facts.unbilled_minutes]
    told += [facts.treatment_total, facts.stated_total, *facts.loose_minutes]
    return {n for n in told if n is not None} | set(_by_code(facts.services).values())


def _by_code(services: Sequence[Service]) -> Counter[str]:
    found: Counter[str] = Counter()
    for service in services:
        found[service.code] += service.minutes or 0
    return found


def _givers(facts: Facts) -> set[Clinician]:
    return {s.by for s in facts.services}
