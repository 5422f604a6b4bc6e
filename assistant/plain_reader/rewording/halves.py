"""«30 min: half on A, half on B»: shares of a whole told as minutes."""

from __future__ import annotations

import re

from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions import minutes
from assistant.plain_reader.mentions.people import AIDE, ASSISTANT, STUDENT, THERAPIST

_ANYONE = rf"(?:{ASSISTANT}|{THERAPIST}|{STUDENT}|{AIDE}|PT\b|OT\b|me\b)"
_HALF = (
    r"(?:\bhalf|(?<![\d/])1/2|\u00bd)(?!\s*-?\s*(?:of\s+)?(?:an?[- ]|the\s+)?(?:hour|hr|unit))"
    r"(?:\s+of\s+(?:it|that|them|this|the\s+(?:time|session|visit|minutes|treatment)))?"
    r"(?:\s+(?:was|were|on|for|of|doing|spent|in|as|went|to|devoted|working|the))*\s*[:=-]?\s+"
)
_TWO = regex(
    rf"(?P<one>(?:the\s+)?(?:first\s+)?{_HALF})(?P<what>[A-Za-z\d][^.;\n]{{1,60}}?)"
    rf"(?P<gap>\s*[,;/+&]?\s*(?:and\s+|then\s+)*)"
    rf"(?P<two>(?:the\s+)?(?:other\s+|second\s+|last\s+)?{_HALF})(?=[A-Za-z\d])",
    re.I,
)
_BY_SOMEBODY = regex(rf"\s*(?:by|with|from)\b|\s*(?:the\s+|a\s+|my\s+)?{_ANYONE}", re.I)


def told(text: str) -> str:
    """The text, each of two halves told with its own minutes.

    It stays as it is where the whole is not told once, is odd, or the halves are people's.
    """
    match = _TWO.search(text)
    if match is None or any(_BY_SOMEBODY.match(text, match.end(name)) for name in ("one", "two")):
        return text
    try:
        wholes = [m for m in minutes.find(text) if m.sure and not _within(m.start, match)]
    except ImpossibleFact:
        return text
    if len(wholes) != 1 or wholes[0].minutes % 2 or wholes[0].start > match.start():
        return text
    each = f"{int(wholes[0].minutes) // 2} min "
    halved = f"{each}{match['what']}, {each}"
    before = f"{text[: wholes[0].start]} {text[wholes[0].end : match.start()]}"
    return f"{before}{halved}{text[match.end() :]}"


def _within(at: int, match: re.Match[str]) -> bool:
    """Whether the place is in the halves themselves: «1/2 hour» is no whole beside them."""
    return match.start() <= at < match.end()
