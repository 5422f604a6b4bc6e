"""A code with its units and minutes in a few signs: «97110 x2 = 30», «97110*25», «TE25»."""

from __future__ import annotations

import re

from assistant.patterns import regex

MOST_UNITS = 8  # of one line; a larger number beside it is minutes
_GLUED = regex(
    r"(?<![\w-])(TE|TA|MT|GT|NMR|NMRE|ADL|US)(\d{1,2})(?![\w%-]|/(?![A-Z]{2}))"
)  # «TE25»
_TIME_BELOW = regex(
    r"\n\s*(?:min(?:ute)?s?|time(?: spent)?|duration)\s*[:=]\s*(\d{1,3})(?:\s*min\w*)?\s*(?=\n|\Z)",
    re.I,
)
_TIME_BEHIND = regex(  # «CPT: 97110 Min: 24»
    r"(?<=[\w)])[ ,;|-]+(?:minutes?|mins?|time|duration)\s*[:=]\s*(\d{1,3})"
    r"(?![\d:]|\s*(?:,\s*\d{1,3}(?!\d)|min|m\b))",
    re.I,
)
_CPT_LABEL = regex(r"\b(?:cpt|hcpcs)(?: codes?)?\s*[:=#]+\s*(?=\d{5}|G\d{4})", re.I)
_UNITS_AND_TIME = regex(  # «97110 x2 = 30», «97110x2 (30)», «97110 - 2 (30)», «97110 x 2 for 30»
    r"(?<=\d{5})\s*(?:x\s*(?P<x>[1-6])\s*(?:=|for\b|@|:|\()\s*(?P<n>\d{1,3})\)?"
    r"|[-\s]\s*(?P<u>[1-6])\s*\((?P<m>\d{2,3})\))(?!\d|\s*(?:units?|min|m\b|'|visits?|days?|weeks?))"
    r"|(?<=\d{5})\s*[:-]?\s*(?P<c>[1-6])\s*"  # «97110: 2 (31 min)»
    r"[(\[](?P<t>\d{1,3})\s*(?:min\w*|m|')\s*[)\]]",
    re.I,
)
_SLASHED = regex(r"(?<![\w/])(?!PT|OT|BP|HR)([A-Z]{2,4})/(\d{1,3})(?=\s*(?:[,;\n-]|\Z))")  # «TE/15»
_STAR = regex(r"(?<=\d{5})\s*\*\s*(?P<n>\d{1,3})(?!\d)")
_CODE_NEXT = regex(r"\s+\(?\d{5}\b")
_ANY_CODE = regex(r"\b\d{5}\b")
_CODE_TOTAL = regex(
    r"(\b\d{5}\)?)\s*[-:,]?\s*total\s+(?:minutes?|mins?|time)\s*[:=]\s*(\d{1,3})"
    r"(?!\d)(?:\s*min\w*)?",
    re.I,
)
_UNDERSCORE = regex(r"(?<=\d{5})_+(?=\d{1,3}(?!\d))")  # «97110_16»
_THREE = regex(r"(?<=\d{5})/(\d{1,3})/\d(?!\d)")  # «97112/15/1»
_MIN_BEHIND = regex(r"(?<=\d{5})\s+min(?:ute)?s?\s+(\d{1,3})(?=\s*(?:units?\b|[;,\n]|$))", re.I)
_RUN_ON = regex(r"(\d\s?(?:minutes?|mins?))(?=\d{5})", re.I)  # «25min97140»
_UNITS_FIRST = regex(r"(?<![\w.])([1-6])\s?x\s?(?=\d{5}\b)", re.I)  # «2x97110»
_UNITS_SLASH = regex(r"(?P<u>\b[1-8]\s?u(?:nits?)?)\s*/\s*(?=\d)", re.I)  # «2u/31'»
_CODE_SLASH = regex(r"(?<=\d{5})/(\d{1,2})(?=[\s,;]|$)", re.M)
LEAST_MODIFIER = 50
_QUANTITY = regex(  # «97530 QTY 2 MIN 25»
    r"[ ,;|/]+(?:qty|quantity|units?)\s*[:=]?\s*(?P<x>[1-8])[ ,;|/]+"
    r"(?:minutes?|mins?|time)\s*[:=]?\s*(?P<n>\d{1,3})(?![\d:]|\s*min)",
    re.I,
)
_UNITS_OPEN = regex(  # «97110 / 24 / ?»
    r"(?<=\d{5})\s*[/|]\s*(\d{1,3})(?:\s*min\w*)?\s*[/|]\s*(?:\?+|_+|-+|tbd)(?=\s*(?:[;,.\n|]|\Z))",
    re.I,
)


def told(text: str) -> str:
    """The text, such signs told as words: «97110 x2, 30 min»."""
    text = _MIN_BEHIND.sub(r": \1 min", _THREE.sub(r": \1 min", text))
    text = _RUN_ON.sub(r"\1 ", text)
    text = _UNITS_FIRST.sub(r"\1 units ", _UNDERSCORE.sub(" ", text))
    text = _QUANTITY.sub(r" x\g<x>, \g<n> min", text)
    text = _SLASHED.sub(r"\1 \2", text) if len(_SLASHED.findall(text)) > 1 else text
    text = _after_slashes(_UNITS_SLASH.sub(r"\g<u>, ", text))
    text = _UNITS_AND_TIME.sub(_counted, _STAR.sub(_times, text))
    text = _TIME_BEHIND.sub(_if_alone, _of_its_total(_CPT_LABEL.sub("", text)))
    text = _UNITS_OPEN.sub(r": \1 min", _TIME_BELOW.sub(r": \1 min", text))
    return _GLUED.sub(r"\1 \2", text)


def _of_its_total(text: str) -> str:
    """«(97110) TOTAL MINUTES: 25 (97140) TOTAL MINUTES: 15»: each code's, where all have one."""
    own = _CODE_TOTAL.findall(text)
    return (
        _CODE_TOTAL.sub(r"\1: \2 min", text) if len(own) == len(_ANY_CODE.findall(text)) else text
    )


def _counted(match: re.Match[str]) -> str:
    units = match["x"] or match["u"] or match["c"]
    parts = ";" if _CODE_NEXT.match(match.string, match.end()) else ""
    return f" x{units}, {match['n'] or match['m'] or match['t']} min{parts}"


def _after_slashes(text: str) -> str:
    """«97110/16 97112/14»: minutes, where one of the numbers can be neither units nor modifier."""
    told = [int(n) for n in _CODE_SLASH.findall(text)]
    if len(told) < 2 or not any(MOST_UNITS < n < LEAST_MODIFIER for n in told):
        return text
    return _CODE_SLASH.sub(r": \1 min", text)


def _times(match: re.Match[str]) -> str:
    """«97110*25» are minutes, «97110*2» units."""
    minutes = int(match["n"]) > MOST_UNITS
    return f": {match['n']} min" if minutes else f" x{match['n']}"


def _if_alone(match: re.Match[str]) -> str:
    """The minutes beside the code in front of them; a total's stay as they are."""
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    own = re.search(r"\d{5}\)?[^,;|\d]{0,40}\Z", line) and not re.search(
        r"\btotal\b|\btimed\b", line, re.I
    )
    return f": {match[1]} min" if own else match.group()
