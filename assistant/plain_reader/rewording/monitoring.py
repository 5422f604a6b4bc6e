"""«RTM: 18 days of data, 25 min of management»: a month of remote monitoring, told by its codes."""

from __future__ import annotations

import re

from assistant.patterns import regex

_RTM = regex(r"\bRTM\b|\bremote therapeutic monitoring\b", re.I)
_CODED = regex(r"(?<!\d)989\d\d(?!\d)")
_ASKS_OF_DAYS = regex(
    r"\bhow (?:many|much|long|often)\b|\b(?:minimum|require[ds]?|at least)\b", re.I
)
_EARLIER = regex(r"\b(?:201\d|202[0-5])\b")  # 98979 and the short ones are of 2026
_SPAN = (
    r"(?:\s*(?:/|of|out of|in|over)\s*(?:the |a )?(?:last |past )?30(?:[- ]days?(?: period)?)?)?"
)
_DAYS = regex(
    rf"(?<![\d-])(?P<n>\d{{1,2}})(?:\s*days?{_SPAN}|{_SPAN}\s*days?)"
    r"(?:\s+(?:of|with))?\s+(?:\w+ ){0,2}?(?:data|monitoring|transmissions?|readings|entries)\b"
    r"(?:\s+(?:in|over|of|within)\s+(?:the |a )?(?:last |past )?30(?:[- ]days?(?: period)?)?)?"
    r"|\b(?:transmit\w*|record\w*|logg\w*|sent|data|monitored|engaged|used)\b[^.;\d]{0,30}?"
    rf"(?:\bon|\bfor)\s+(?P<m>\d{{1,2}})(?:\s*days?{_SPAN}|{_SPAN}\s*days?|\s+of(?: the)? 30\b)",
    re.I,
)
_MINUTES = regex(
    r"(?<![\d.])(?P<n>\d{1,3})\s*(?:minutes?|mins?\b)\s+(?:(?:of|on|in|for|was|were|spent|this|the|month)\s+)*"
    r"(?:[a-z]+ ){0,2}?(?:management|monitoring|reviews?|reviewing|rtm|interactive)\b"
    r"|\b(?:management|monitoring time|review(?:ing)?(?: time)?)\b[^.;,\d]{0,24}?"
    r"(?P<m>\d{1,3})\s*(?:minutes?|mins?\b)",
    re.I,
)
_KINDS = (
    (regex(r"\bmusculoskeletal|\bMSK\b|\b(?:knee|hip|shoulder|back|neck|ankle|joint|TKA|THA|ortho)\b"
           r"|\b(?:home )?exercise|\bHEP\b", re.I), ("98977", "98985")),
    (regex(r"\brespirat|\bCOPD\b|\basthma|\blung", re.I), ("98976", "98984")),
    (regex(r"\bcognitive[- ]behavio", re.I), ("98978", "98986")),
)  # fmt: skip
LEAST_DAYS, LONG_DAYS = 2, 16
LEAST_MINUTES, LONG_MINUTES = 10, 20


def told(text: str) -> str:
    """The text, its days of data and its month's minutes as the codes that they are.

    It stays as it is where a code is named, a rule is asked about, or the year is before 2026.
    """
    rtm = _RTM.search(text)
    if not rtm or _CODED.search(text) or _ASKS_OF_DAYS.search(text) or _EARLIER.search(text):
        return text
    days, minutes = _DAYS.search(text), _MINUTES.search(text)
    if not (days or minutes):
        return text
    named = [(m, new) for m, new in ((days, _supply(days, text)), (minutes, _care(minutes))) if m]
    if not all(new for _, new in named):
        return text
    for match, new in sorted(named, key=lambda pair: -pair[0].start()):
        text = f"{text[: match.start()]} {new} {text[match.end() :]}"
    return _RTM.sub(" ", text)


def _supply(days: re.Match[str] | None, text: str) -> str:
    """The device code of so many days; a name that several share where nothing tells the kind."""
    count = int(days["n"] or days["m"]) if days else 0
    if count < LEAST_DAYS:
        return ""
    kinds = [codes for pattern, codes in _KINDS if pattern.search(text)]
    is_short = count < LONG_DAYS
    if len(kinds) == 1:
        return kinds[0][is_short]
    return "monitoring device under 16 days" if is_short else "monitoring device from 16 days"


def _care(minutes: re.Match[str] | None) -> str:
    """The management code of so many minutes in the month, with them."""
    count = int(minutes["n"] or minutes["m"]) if minutes else 0
    if count < LEAST_MINUTES:
        return ""
    code = "98979" if count < LONG_MINUTES else "98980"
    return f"{code} {count} min"
