"""«Mrs B: same», «… and the same on 11/04», «visit 3: no show»: visits told by another's words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from assistant.patterns import regex
from assistant.plain_reader.mentions import dated

_SAME_AS = (
    r"(?:the\s+)?(?:(?:very|exact(?:ly)?)\s+)?(?:same|identical|ditto)\b"
    r"(?:\s+(?:thing|visit|treatment|tx|codes?|minutes?|services?|session|again|exact"
    r"|as (?:above|before|\w+(?: \w+)?)))*"
)
_SAME = regex(rf"\W*(?:(?:had|got|did|received|was)\s+)?{_SAME_AS}(?=\s*(?:[.;,\n]|\Z))", re.I)
_NONE = regex(
    r"\W*(?:was (?:a )?|is |pt |patient |visit )*(?:no[- ]?show\w*|cancel\w*|cx\b|absent|missed"
    r"|did(?:n'?t| not) (?:come|show)|not seen|held\b|refused)",
    re.I,
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
_DAY = (
    rf"(?:{dated.DATE}|\d{{1,2}}/\d{{1,2}}(?!\s*(?:min|of\b)|[\d/])"
    rf"|{dated.MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|(?:last\s+)?{_WEEKDAY}|yesterday|today)"
)
_JOINT = r"(?:\s*(?:,|&|\+|and|,\s*and)\s*(?:on\s+)?)"
_SAME_ON = regex(
    rf"[\s,;.]*(?:(?:and|then|also|did|had|got|we|i|he|she|pt)\s+)*{_SAME_AS}\s+(?:on\s+|for\s+)?"
    rf"(?P<days>{_DAY}(?:{_JOINT}{_DAY})*)",
    re.I,
)
_ANY_DAY = regex(_DAY, re.I)


def is_untold(words: str) -> bool:
    """Whether a visit's words only say that it was as the one before, or that it was not held."""
    return bool(_SAME.match(words) or _NONE.match(words))


def filled(bodies: Sequence[str]) -> list[str]:
    """The visits' words, «same» replaced by those of the visit before it."""
    told: list[str] = []
    for words in bodies:
        same = _SAME.match(words)
        told.append(f"{told[-1].rstrip(' ,.;')}.{words[same.end() :]}" if same and told else words)
    return told


_ONLY_TIME = regex(
    r"\W*(?:(?:for|and|then|just|only|another|about|did|had|was|x|again)\W+)*\d{1,3}\s*(?:min\w*|m|')?\W*",
    re.I,
)
_ONE_CODE = regex(r"\d{5}|\b[A-Z]{2,4}\b")


def with_its_code(days: dict[str, str]) -> dict[str, str]:
    """The days' words; minutes alone are of the one code that the day before them names."""
    told: dict[str, str] = {}
    before = ""
    for day, words in days.items():
        named = set(_ONE_CODE.findall(before))
        alone = len(named) == 1 and _ONLY_TIME.fullmatch(words)
        told[day] = before = f"{named.pop()} {words}" if alone else words
    return told


_DAY_SAME = regex(rf"(?P<day>{_DAY})\s*[:,-]?\s*{_SAME_AS}", re.I)


_MONTH_ONCE = regex(
    rf"\b(?P<month>{dated.MONTH}) (?P<day>\d{{1,2}}(?:st|nd|rd|th)?)"
    r"(?P<gap>\s*(?:,|&|and|,\s*and)\s*)"
    r"(?:the\s+)?(?P<other>\d{1,2}(?:st|nd|rd|th))(?!\w)",
    re.I,
)


def spelled_out(text: str) -> str:
    """«Nov 9 97110 30 min, Nov 11 same»: each such day with the words of the one before it."""
    text = _MONTH_ONCE.sub(r"\g<month> \g<day>\g<gap>\g<month> \g<other>", text)
    days = list(_ANY_DAY.finditer(text))
    ends = [m.end() for m in days]
    told, start = "", 0
    for match in _DAY_SAME.finditer(text):
        at = bisect_right(ends, match.start())
        before = at and days[at - 1].start() >= start
        words = text[ends[at - 1] : match.start()].strip(" ,;.:\n") if before else ""
        if re.search(r"\d", words):
            told += f"{text[start : match.end('day')]}: {words}"
            start = match.end()
    return told + text[start:]


def on_days(text: str) -> dict[str, str]:
    """Each day with the same words, where one visit is told and «the same» of other days."""
    match = _SAME_ON.search(text)
    if match is None:
        return {}
    before, behind = text[: match.start()], text[match.end() :]
    named = list(_ANY_DAY.finditer(before))
    if len({m.group().lower() for m in named}) > 1 or not re.search(r"\d", before):
        return {}
    first = named[0].group() if named else "the first day"
    bare = re.sub(rf"(?:\bon\s+)?{re.escape(first)}\s*:?", " ", before) if named else before
    words = f"{bare.strip()}. {behind.strip(' .;,')}"
    return dict.fromkeys([first, *(m.group() for m in _ANY_DAY.finditer(match["days"]))], words)
