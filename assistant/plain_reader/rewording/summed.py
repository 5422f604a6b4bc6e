"""«45 minutes: 15 quad strengthening, 15 …, 15 …»: bare numbers that add up to the minutes told."""

from __future__ import annotations

import re

from assistant.patterns import regex

_TOTAL = regex(
    r"(?<![\w.$:-])(?P<n>\d{1,3})\s*-?\s*(?:min(?:ute)?s?\b\.?|m\b|')(?!\s*(?:each|per))", re.I
)
_BARE = regex(
    r"(?:^|(?<=[,;:.(\n])\s*|(?<=\band )|(?<=[&+] ))(?P<ahead>\d{1,2})"
    r"(?=\s+(?:of\s+|on\s+|for\s+|was\s+|were\s+)?(?!(?:min|m|reps?|sets?|x|lbs?|pounds?|feet|ft"
    r"|steps?|units?|times|sec\w*|hours?|hrs?|am|pm|patients?|pts?|people|visits?|days?|weeks?|years?|yo|y/o|cones?"
    r"|inch\w*|stairs?|degrees?|%|of\s+(?:it|them|those|these|which|that|the\s+\d|\d))\b)[a-z])"
    r"|(?<=[a-z)] )(?<!x )(?<!#)(?P<behind>\d{1,2})(?=\s*(?:[,;.\n)]|\s(?:and|&|\+)\s|$))",
    re.I,
)
LEAST_ITEM = 3  # minutes
LONGEST = 1_000  # characters; a longer text is no list under one total


_EQUALS = regex(
    r"[\s,;]*=\s*(?P<n>\d{2,3})(?:\s*(?:min(?:ute)?s?|total|timed|m))*\s*(?=[.,;)\n]|$)", re.I
)


def told(text: str) -> str:
    """The text with such numbers as minutes, and without the sum of all others at its end.

    Unchanged where they add up to nothing told.
    """
    if len(text) > LONGEST:
        return text
    text = _without_sum(text)
    totals = list(_TOTAL.finditer(text))
    if len(totals) != 1:
        return text
    total = totals[0]
    bare = [m for m in _BARE.finditer(text) if m.end() <= total.start() or m.start() >= total.end()]
    values = [int(m["ahead"] or m["behind"]) for m in bare]
    if len(bare) < 2 or min(values) < LEAST_ITEM or sum(values) != int(total["n"]):
        return text
    for match in reversed(bare):
        text = f"{text[: match.end()]} min{text[match.end() :]}"
    return text


def _without_sum(text: str) -> str:
    """«24 min; …, 8 min = 55»: what adds up everything before it."""
    equals = list(_EQUALS.finditer(text))
    if len(equals) != 1:
        return text
    spent = [int(m["n"]) for m in _TOTAL.finditer(text, 0, equals[0].start())]
    if len(spent) < 2 or sum(spent) != int(equals[0]["n"]):
        return text
    return f"{text[: equals[0].start()]}{text[equals[0].end() :]}"
