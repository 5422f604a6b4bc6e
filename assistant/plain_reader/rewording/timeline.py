"""«14:00 gait; 14:17 ther ex; 14:40 end»: times at which things began, told as clock blocks."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.patterns import regex

_TIME = regex(
    r"(?<![\d$.:/-])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?:\s*(?P<half>[ap])\.?m?\.?(?![a-z]))?"
    r"(?![\d:]|\s*(?:-|to\b|until\b|till?\b|'til\b|thru\b|through\b))",
    re.I,
)
_ENDS_AFTER = regex(
    r"\W*(?:end(?:ed)?|stop(?:ped)?|done|finish(?:ed)?|out|left|complete[d]?|d/c|discharged?"
    r"|session (?:over|ended)|all done)\b",
    re.I,
)
_ENDS_BEFORE = regex(
    r"(?:\b(?:end(?:ed|ing)?|stop(?:ped)?|done|finish(?:ed)?|out|left|until|till?)(?:\s+(?:at|by))?"
    r"\W*)$",
    re.I,
)
_STARTS = regex(
    r"^\W*(?:(?:start(?:ed|ing)?|began|begin|switch(?:ed)?|moved|mov(?:e|ing)|changed?|went|on"
    r"|in(?!\w)|then|and|next|to|with|onto|over|into)\b\W*)+",
    re.I,
)
_AT = regex(r"\W*\b(?:at|from|@|in)?\W*$", re.I)
_NAMED = regex(r"[A-Za-z]{2}|\d{5}")
_WORDS_LAST = regex(r"(?:.*[.;\n]\s*|.*:\s+)", re.S)


_MOVED_TO = regex(  # «…, moved to gait at 10:28»
    r"[\s,;]*\b(?:and\s+|then\s+)*(?:moved|switched|went|changed|transitioned)\s+(?:on\s+|over\s+)?"
    r"(?:to|into)\s+(?P<what>[^\d,;.\n]{2,40}?)\s+at\s+(?P<time>\d{1,2}:\d\d(?:\s*[ap]m?\b)?)",
    re.I,
)
_STARTED = regex(r"\b(?:got\s+)?(?:start(?:ed|ing)?|began|begin(?:ning)?)\W*(?:at\W*)?$", re.I)
_TILL = regex(r"[\s,]*\b(?:until|till?|'til|up to)\W*$", re.I)
_BEGIN = regex(r"\b(?:start(?:ed|ing)?|began|begin(?:ning)?|from|in)\W*(?:at\W*)?$", re.I)


def told(text: str) -> str:
    """The text, such a log told as blocks; it stays as it is where the times are no such log."""
    first = _TIME.search(text)
    if first and _STARTED.search(text, 0, first.start()):  # «started at 10:05 with TE, moved …»
        text = _MOVED_TO.sub(r", \g<time> \g<what>", text)
    times = list(_TIME.finditer(text))
    if len(times) < 3 or not _ascend(times):
        return text
    between = [text[a.end() : b.start()] for a, b in pairwise(times)]
    if all(_TILL.search(words) and _NAMED.search(_TILL.sub("", words)) for words in between):
        head, rest = _BEGIN.sub("", text[: times[0].start()]), text[times[-1].end() :]
        return f"{head}{_blocks(times, [_TILL.sub('', words) for words in between])}{rest}"
    if _ENDS_AFTER.match(text, times[-1].end()) and all(map(_NAMED.search, between)):
        end = _ENDS_AFTER.match(text, times[-1].end())
        head, rest = text[: times[0].start()], text[end.end() if end else times[-1].end() :]
        return f"{head}{_blocks(times, between)}{rest}"
    if not _ENDS_BEFORE.search(between[-1]):
        return text
    after = [*between[:-1], _ENDS_BEFORE.sub("", between[-1])]
    if _STARTED.search(text, 0, times[0].start()) and all(map(_NAMED.search, after)):
        head = _STARTED.sub("", text[: times[0].start()])
        return f"{head}{_blocks(times, after)}{text[times[-1].end() :]}"
    lead = _WORDS_LAST.match(text[: times[0].start()])
    at = lead.end() if lead else 0
    before = [text[at : times[0].start()], *between[:-1]]
    if not all(map(_NAMED.search, before)):
        return text
    return f"{text[:at]}{_blocks(times, before)}{text[times[-1].end() :]}"


def _blocks(times: list[re.Match[str]], words: list[str]) -> str:
    done = (_AT.sub("", _STARTS.sub("", w)).strip(" ,;.-:\n") for w in words)
    told = zip(pairwise(times), done, strict=True)
    return "; ".join(f"{a.group()}-{b.group()} {what}" for (a, b), what in told)


def _ascend(times: list[re.Match[str]]) -> bool:
    """Whether each is later than the one before it; «12:45 … 1:05» goes over noon."""
    clock = [int(t["h"]) * 60 + int(t["m"]) for t in times]
    steps = [(b - a) % (12 * 60) for a, b in pairwise(clock)]
    return all(0 < step <= 180 for step in steps)
