"""«38 timed minutes», «TTT 45»: totals beside the codes, taken out before minutes are bound."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.reading import Reading

_N = r"(?<![\w.$:/-])(?P<n>\d{1,3})(?![\d.:]|/\d)"
_MIN = r"(?:\s*-?\s*(?:minutes?|mins?\b\.?|m\b|'))"
_WHAT = (
    r"(?:\s+(?:codes?|cpts?|treatments?|tx|therapy|services?|procedures?|minutes?|mins?|time"
    r"|total))"
)
_IS = r"\s*(?:was|is|were|are|of|:|=|-|\()*\s*"
_OF_A_CODE = r"(?!\s*(?:of|on|for|doing)\b|\s*(?:units?|u|codes?|services?|x)\b)"
_TIMED = (
    regex(
        rf"\(?{_N}(?:{_MIN}\s*(?:of\s+)?(?:total\s+)?timed(?:{_WHAT})*"
        rf"|\s+(?:total\s+)?timed\s+(?:code\s+|treatment\s+|tx\s+)*(?:minutes?|mins?|min)\b"
        rf"|\s+timed\b(?!{_WHAT})|{_MIN}?\s+(?:of\s+(?:those|them|which)\s+)?(?:were|was|are|is)"
        rf"\s+timed\b(?!{_WHAT}))(?:\s+total)?\)?{_OF_A_CODE}",
        re.I,
    ),
    regex(
        rf"\(?\b(?:total\s+)?(?:direct\s+)?timed(?:[\s-]+based)?(?:{_WHAT})*{_IS}{_N}{_MIN}?\)?{_OF_A_CODE}",
        re.I,
    ),
    regex(
        rf"(?<!were )(?<!was )\bbillable(?:{_WHAT})*{_IS}{_N}{_MIN}?(?!\s+[A-Za-z]){_OF_A_CODE}",
        re.I,
    ),
    regex(rf"{_N}{_MIN}?\s+billable\b(?!\s*(?:units?|codes?|minutes? (?:of|on|for)))", re.I),
    regex(rf"\b(?-i:TCT|TCM|TTCM|TTCT|TTM)\b{_IS}{_N}{_MIN}?{_OF_A_CODE}", re.I),
)
_WHOLE = (
    regex(
        rf"\b(?:(?:total|tot\.?)\s+(?:(?:treatment|tx|session|visit|therapy|skilled)\s*)?"
        rf"(?:time|minutes?|mins?)|(?:treatment|tx|session|visit)\s+time|(?-i:TTT))"
        rf"{_IS}{_N}{_MIN}?{_OF_A_CODE}",
        re.I,
    ),
    regex(rf"(?<=[\s/,;|])total{_IS}{_N}{_MIN}?{_OF_A_CODE}(?!\s*timed)", re.I),
)
LEAST = 8  # minutes; fewer are a count of something


def take(text: str, found: Reading) -> str:
    """The text, of the same length, without its one total of timed minutes and of the visit.

    Nothing is taken where several stretches look like one: then each is a code's own.
    """
    timed = [m for pattern in _TIMED for m in pattern.finditer(text)]
    spans = {m.span("n"): m for m in timed if int(m["n"]) >= LEAST}
    if len(spans) != 1:
        return text
    (match,) = spans.values()
    found.stated_total = int(match["n"])
    text = _blanked(text, match)
    for pattern in _WHOLE:
        whole = list(pattern.finditer(text))
        if len(whole) == 1 and found.treatment_total is None:
            found.treatment_total = int(whole[0]["n"])
            text = _blanked(text, whole[0])
    return text


def is_total(found: Reading) -> bool:
    """Whether the total fits what else is told: all codes have minutes of their own, or none."""
    told: dict[str, int] = {}
    for service in found.services:
        told[service.code] = told.get(service.code, 0) + (service.minutes or 0)
    if len(told) < 2 or found.loose_minutes:
        return False
    minutes = list(told.values())
    return all(minutes) or not any(minutes) or sum(minutes) == found.stated_total


def _blanked(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
