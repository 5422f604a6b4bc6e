"""«the second one», «the first two»: codes that a later message counts off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.claim import Service
from assistant.patterns import regex

_NTH = regex(
    r"\b(?:the\s+)?(?P<nth>first|1st|second|2nd|third|3rd|last|latter|former)\s+"
    r"(?:one|code|service|line|activity|part|procedure)\b",
    re.I,
)
_ORDINAL = regex(
    r"(?:\bthe\s+)?\b(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th|former|latter)"
    r"(?!\s*\d|\s+(?:two|three|few|half|part|bit|time|min))(?:\s+(?:one|code|line|service|item))?\b",
    re.I,
)
_N_OF_NTH = regex(  # «should be 19 for the first»
    r"^\W*(?:(?:no|ok|and|but|sorry|actually|wait|it|should be|was|make it|make that|only)\W+)*"
    r"(?P<n>\d{1,3})\s*(?:min\w*\s*)?(?:for|on)\s+the\s+"
    r"(?P<nth>first|1st|second|2nd|third|3rd|last)(?: one| code)?\W*$",
    re.I,
)
_NTH_TO = regex(  # «make the first 22», «and the second 16»
    r"^\W*(?:(?:no|ok|but|sorry|actually|wait|then)\W+)*(?:make|change|put|set|and)\s+the\s+"
    r"(?P<nth>first|1st|second|2nd|third|3rd|last)\s+(?:(?:to|at|was|is|should be|only|really)\s+)*"
    r"(?P<n>\d{1,3})\s*(?:min\w*)?\W*$",
    re.I,
)
_SEVERAL = regex(
    r"\b(?:the\s+)?(?P<nth>first|last)\s+(?P<n>two|three|2|3)\b(?:\s+(?:codes|ones|services|lines))?"
    r"(?!\s*(?:min|unit|hour|week|visit|of))",
    re.I,
)
_TWO = regex(
    r"\b(?:the\s+)?(?P<one>first|second|third|last)\s+(?:one\s+)?(?:and|&|\+)\s+(?:the\s+)?"
    r"(?P<other>second|third|fourth|last)(?:\s+ones?|\s+codes?)?(?=\W|$)(?!\s*(?:min|unit|visit|pat))",
    re.I,
)
_FROM_TO = regex(  # «take 5 from the first and give it to the second»
    r"(?:(?<=from )|(?<=off )|(?<=to )|(?<=on ))the (?P<nth>first|second|third|fourth|last)\b"
    r"(?=\W*$|\s+(?:and|to|onto)\b)",
    re.I,
)
_PLACES = {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2,
    "fourth": 3, "4th": 3, "last": -1, "latter": -1,
}  # fmt: skip


def told(text: str, services: Sequence[Service]) -> str:
    """The text, codes that it counts off by their numbers: «make the first 22»."""
    row = in_order(services)
    text = _FROM_TO.sub(lambda m: _nth(row, m), text)
    text = _TWO.sub(lambda m: _two(row, m), text)
    text = _NTH.sub(lambda m: _nth(row, m), text)
    placed = _NTH_TO.match(text) or _N_OF_NTH.match(text)
    if len(row) > 1 and placed:
        text = f"{_nth(row, placed)} was {placed['n']} min"
    return _SEVERAL.sub(lambda m: _several(row, m), text)


def counted(text: str, codes: Sequence[str]) -> str:
    """The text, «the second one» as the second of the codes."""
    return _ORDINAL.sub(lambda m: _nth(codes, m), text)


def in_order(services: Sequence[Service]) -> list[str]:
    """The codes that «the second one» counts; none where untimed ones may be counted too."""
    if any(s.minutes is None for s in services):
        return []
    return list(dict.fromkeys(s.code for s in services))


def _two(codes: Sequence[str], match: re.Match[str]) -> str:
    places = [_PLACES.get(match[n].lower(), len(codes) - 1) for n in ("one", "other")]
    if len(codes) < 3 or max(places) >= len(codes):
        return match.group()
    return " and ".join(codes[at] for at in places)


def _several(codes: Sequence[str], match: re.Match[str]) -> str:
    n = 2 if match["n"].lower() in ("two", "2") else 3
    if n >= len(codes):
        return match.group()
    return " and ".join(codes[:n] if match["nth"].lower() == "first" else codes[-n:])


def _nth(codes: Sequence[str], match: re.Match[str]) -> str:
    at = _PLACES[match["nth"].lower()]
    return codes[at] if len(codes) > 1 and at < len(codes) else match.group()
