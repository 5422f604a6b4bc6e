"""«97110 23 min, 9:00-9:23»: one stretch told in minutes and by the clock."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.binding import each
from assistant.plain_reader.binding.items import Item, stretches, total_of

AGAIN = regex(
    r"\b(?:(?:before|after) (?:lunch|noon|dinner|breakfast|(?:the |a )?break)"
    r"|afternoon|morning|later|again|more|another|second time|pm|am)\b",
    re.I,
)
_AND = regex(r"(?:\band|\bthen|\bplus|[&+])\W*\Z", re.I)


def is_told(part: str, before: Item, item: Item, words: str, *, is_activity: bool) -> bool:
    """Whether the item's clock is that of the minutes told just before it.

    Args:
        part: the sentence; words: the item's own, without its times.
        is_activity: whether the words name something done.

    Raises:
        ImpossibleFact: both are of one stretch, and it is not equally long by them.
    """
    if not (before.codes and before.times):
        return False
    said = part[item.start : item.end]
    apart = words or AGAIN.search(said) or _AND.search(part, max(0, item.start - 12), item.start)
    clocked = all(t.block for t in item.times) and not any(t.block for t in before.times)
    if each.CLOCK_SAYS.search(said) or (clocked and not apart):
        stretches([*before.times, *item.times])
    again = AGAIN.search(said) or not clocked
    return not (again or is_activity) and total_of(before.times) == sum(
        t.minutes for t in item.times
    )
