"""«take 5 min off the 97140», «drop one min from each»: codes told, longer or shorter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.claim import Service
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.turns import fragments, part_of_it
from assistant.plain_reader.words.text import NUMBER_WORD, number

_LESS = regex(
    r"\b(?:take|subtract|knock|shave|deduct|minus|trim)\b(?!.*\bto \d)|\b(?:less|fewer|shorter)\b"
    r"(?! than)|\b(?:reduc|decreas|short|cut|drop|lower)\w*\b.*\bby\b",
    re.I,
)
_LONGER = regex(
    r"\b(?:longer|more(?! like\b| than \d)|extra|additional)\b"
    r"|\b(?:increas|extend|lengthen|bump|rais)\w*\b.*\bby\b|\b(?:ran|went|run|goes)\b.*\bover\b",
    re.I,
)
_NUMBER = regex(rf"(?<![\w$.,/:-])(?:\d{{1,3}}|{NUMBER_WORD})(?![\w%/:]|[.,]\d)", re.I)

_ANOTHER = regex(r"\banother min(?:ute)?\b|\b(?:a|one) (?:more|extra) min(?:ute)?\b", re.I)
_ONE_MINUTE = regex(r"\bone (?:\w+ )?min(?:ute)?\b", re.I)


_NOW = regex(r"\b(?:longer|shorter|less|more)\s*[,:;-]\s*(?:like\s+|about\s+)?\d")  # «longer, 21»


def resized(services: Sequence[Service], codes: Sequence[str], text: str) -> list[Service]:
    """«take 5 min off the 97140», «97110 was 5 minutes longer»: that one longer or shorter."""
    if handed := _handed_over(services, text):
        return handed
    text = _ANOTHER.sub("1 more minute", text)
    said = [] if fragments.is_wish(text) else _NUMBER.findall(text)
    told = [s for s in services if s.code in codes]
    if len(said) == 1 and not codes and _OF_EACH.search(text):
        return _each_resized(services, int(number(said[0]) or 0), text)
    if [w.lower() for w in said] == ["one"] and not _ONE_MINUTE.search(text):
        return []  # «which one should get the unit?»
    if len(said) != 1 or len(codes) != 1 or len(told) != 1 or people.find(text):
        return []
    less, longer = _LESS.search(text), _LONGER.search(text)
    if longer and part_of_it.is_idle(text):
        return []  # «3 more minutes of set-up»
    if told[0].minutes is None or bool(less) == bool(longer):
        return []
    by = int(number(said[0]) or 0)
    minutes = by if _NOW.search(text) else told[0].minutes + (by if longer else -by)
    if minutes <= 0:
        return []
    return [replace(s, minutes=minutes, block=None) if s is told[0] else s for s in services]


_FROM_TO = regex(
    r"\b(?:take|move|shift|transfer|switch|put|give)\s+(?P<n>\d{1,3})\s*(?:min\w*\s+)?"
    r"(?:from|off|of|out of)\s+(?:the\s+)?(?P<one>\d{5})\b[^?\d]{1,30}?\b(?:to|onto|into|on)\s+"
    r"(?:the\s+)?(?P<other>\d{5})\W*$",
    re.I,
)


def _handed_over(services: Sequence[Service], text: str) -> list[Service]:
    """«take 5 from 97110 and give it to 97112»: one shorter, the other longer by as much."""
    match = None if fragments.is_wish(text) else _FROM_TO.search(text)
    if match is None:
        return []
    pair = [[s for s in services if s.code == match[name]] for name in ("one", "other")]
    by = int(match["n"])
    if any(len(own) != 1 or own[0].minutes is None for own in pair):
        return []
    was = [own[0].minutes or 0 for own in pair]
    new = {match["one"]: was[0] - by, match["other"]: was[1] + by}
    if min(new.values()) <= 0:
        return []
    return [replace(s, minutes=new.get(s.code, s.minutes), block=None) for s in services]


_OF_EACH = regex(r"\b(?:(?:from|off|to|on|for) (?:each|all|both|them all|every\w*)|each)\b", re.I)


def _each_resized(services: Sequence[Service], by: int, text: str) -> list[Service]:
    """«drop one min from each»: every code so much shorter or longer."""
    less, longer = _LESS.search(text) or _DROPS.search(text), _LONGER.search(text)
    told = [s.minutes for s in services if s.minutes is not None]
    if bool(less) == bool(longer) or not by or min(told, default=0) <= by:
        return []
    more = -by if less else by
    return [
        s if s.minutes is None else replace(s, minutes=s.minutes + more, block=None)
        for s in services
    ]


_DROPS = regex(r"\b(?:drop|remove|lose|off)\b", re.I)
