"""Which codes are level for a leftover unit, and which of them a message chooses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set

from assistant.claim import CountingRule, Service
from assistant.patterns import regex
from assistant.rules import units

_NOT = regex(r"^\W*(?:(?:ok|okay|but|just|maybe|definitely)\W+)*(?:not|anything but|skip)\b", re.I)
_NO_THE_OTHER = regex(r"^\W*(?:no|nope|actually|wait|sorry)\b", re.I)


def tied(services: Sequence[Service], timed: Set[str], rule: CountingRule | None) -> set[str]:
    """The codes of which the clinician may choose who gets the unit; none where all is sure."""
    found = _ways(services, timed, rule)
    codes = {code for way in found for code in way}
    return {code for code in codes if len({way.get(code, 0) for way in found}) > 1}


def ways(services: Sequence[Service], timed: Set[str], rule: CountingRule | None) -> int:
    """In how many ways the units may be billed; 1 where all is sure."""
    return max(len(_ways(services, timed, rule)), 1)


def _ways(
    services: Sequence[Service], timed: Set[str], rule: CountingRule | None
) -> Sequence[Mapping[str, int]]:
    spent: Counter[str] = Counter()
    for service in services:
        if service.code in timed:
            spent[service.code] += service.minutes or 0
    if rule is CountingRule.AMA or not 0 < sum(spent.values()) <= units.DAY_MINUTES:
        return ()
    return units.by_total_time(dict(spent)).result.alternatives


_OVER = regex(
    r"(\d{5})\s+(?:gets it\s+)?(?:over|instead of|rather than|and not|not)\s+(?:the\s+)?(\d{5})",
    re.I,
)


def chosen(
    named: Sequence[str], level: Set[str], text: str, earlier: Sequence[str] = ()
) -> tuple[str, ...]:
    """The level codes that the message chooses, «not the exercise» all others; none else.

    Args:
        text: the message, codes by their numbers; earlier: the codes chosen before.
    """
    if (over := _OVER.search(text)) and over[1] in level:
        return tuple(dict.fromkeys([over[1], *(c for c in earlier if c != over[2])]))
    if not level & set(named):
        return ()
    if _NOT.search(text):
        return tuple(sorted(level - set(named)))
    return tuple(named)


def chooses_again(text: str) -> bool:
    """«no neuro», said of a choice between level codes: the other one, and none taken out."""
    return bool(_NO_THE_OTHER.match(text))
