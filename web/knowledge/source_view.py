"""The sources as their page lists them: weight, age, and what is held of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.evidence import Authority, Source
from assistant.knowledge import Knowledge
from web.knowledge.guide_view import guides_by_source

_PUBLISHED = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?!\d)")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source and what is held of it.

    Attributes:
        age: how long ago it was published, in words; "" where no day is known.
        statements: how many facts we hold it to say.
        values: how many dated values rest on it.
        guides: how many guides cite it.
        disputes: how many of its statements the authority contradicts.
    """

    source: Source
    age: str
    statements: int
    values: int
    guides: int
    disputes: int


def source_rows(
    knowledge: Knowledge, today: date, words: str = "", authority: str = ""
) -> list[SourceRow]:
    """The sources that hold every word, the weightiest first.

    Args:
        knowledge: what is held.
        today: the day to which their age is counted.
        words: of the title, publisher or id; none for every source.
        authority: only those of this weight, where one is given.
    """
    wanted = words.lower().split()
    counts = _counts(knowledge)
    weight = {one: rank for rank, one in enumerate(Authority)}
    chosen = [
        one
        for one in knowledge.sources.values()
        if authority in ("", one.authority)
        and all(word in f"{one.title} {one.publisher} {one.id}".lower() for word in wanted)
    ]
    chosen.sort(key=lambda one: (weight[one.authority], one.title.lower()))
    guides = guides_by_source(knowledge)
    return [
        SourceRow(one, age(one.published, today), *counts[one.id], len(guides.get(one.id, ())),
                  sum(each.source == one.id or one.id in each.also for each in knowledge.disputes))
        for one in chosen
    ]  # fmt: skip


class _Counts(dict[str, tuple[int, int]]):
    """Statements and dated values of each source; none of one that is not there."""

    def __missing__(self, source: str) -> tuple[int, int]:
        return 0, 0


def _counts(knowledge: Knowledge) -> _Counts:
    said = Counter(one.source for one in knowledge.statements.values())
    values = _values(knowledge)
    return _Counts({one: (said[one], values[one]) for one in {*said, *values}})


@lru_cache(maxsize=2)
def _values(knowledge: Knowledge) -> Counter[str]:
    return Counter(_cited(knowledge))


def _cited(knowledge: Knowledge) -> Iterator[str]:
    for name in knowledge.parameter_names:
        yield from (value.source for value in knowledge.parameter(name).values)
    for payer in knowledge.payers.values():
        for values in payer.values.values():
            yield from (value.source for value in values)


def authorities_held(knowledge: Knowledge) -> dict[str, int]:
    """How many sources there are of each weight, the weightiest first."""
    held = Counter(one.authority for one in knowledge.sources.values())
    return {one.value: held[one] for one in Authority if held[one]}


def age(published: str, today: date) -> str:
    """How long ago a source was published, in words; "" where its day is not known.

    Args:
        published: as the source says: a day, a month, a year, or words that begin with one.
        today: the day to which it is counted.
    """
    found = _PUBLISHED.match(published)
    if not found:
        return ""
    year, month = int(found[1]), int(found[2] or 0)
    if not month:
        years = today.year - year
        return "this year" if years <= 0 else f"{years} {'year' if years == 1 else 'years'}"
    months = max(0, (today.year - year) * 12 + today.month - month)
    if months < 1:
        return "this month"
    if months < 24:
        return f"{months} {'month' if months == 1 else 'months'}"
    return f"{months // 12} years"
