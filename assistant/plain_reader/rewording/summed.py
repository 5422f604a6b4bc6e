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


def told(text: str) -> str:
    """The text with such numbers as minutes; unchanged where they add up to nothing told."""
    if len(text) > LONGEST:
        return text
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
