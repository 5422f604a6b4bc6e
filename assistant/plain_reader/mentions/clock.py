"""Clock times in any form people write them, as blocks."""

from __future__ import annotations

import re

from assistant.claim import Block
from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import Mention, TimeMention, beside

NOON, DAY = 12 * 60, 24 * 60
LONGEST = 11 * 60  # a longer block is an end before its start
_HALF_DAY = r"(?:\s*(?P<{0}a>[ap])(?:\.?m\b\.?|(?![a-z])))?"
_TIME = rf"(?P<{{0}}h>[01]?\d|2[0-3])[:.h](?P<{{0}}m>[0-5]\d){_HALF_DAY}"
_HOUR_ONLY = rf"(?P<{{0}}h>1[0-2]|[1-9]){_HALF_DAY}"
_UNTIL = r"(?:then\s+|and\s+)?(?:until|till?|'til)"
_FROM = r"(?<![\d$.:/])(?:from\s+|(?<![A-Za-z])(?:time\s+)?in(?:\s+at)?:?\s*|at\s+)?"
_TO = (
    rf"\s*(?:-+|to|{_UNTIL}|thr(?:u|ough)|[,;/]?\s*(?:and\s+)?"
    r"(?:(?:ended|stopped|finished|done|ending)(?:\s+at)?|(?:(?:time|clock)\s+)?out\b(?:\s+at)?:?"
    r"|(?:end|stop)(?:\s+time)?:?))\s*"
)
_FULL = regex(rf"{_FROM}{_TIME.format('a')}{_TO}{_TIME.format('b')}(?!\d|:\d)", re.I)
_LOOSE = regex(
    rf"{_FROM}{_HOUR_ONLY.format('a')}{_TO}{_TIME.format('b')}(?!\d|:\d)"
    rf"|{_FROM}{_TIME.format('c')}{_TO}{_HOUR_ONLY.format('d')}(?![\d:/.])",
    re.I,
)
_FOUR = regex(
    r"(?<![\d$.:/-])(?P<ah>[01]\d|2[0-3])(?P<am>[0-5]\d)\s*(?:hrs?\b\s*)?(?:-|to|until)\s*"
    r"(?P<bh>[01]\d|2[0-3])(?P<bm>[0-5]\d)(?:\s*hrs?\b)?(?![\d/-])",
    re.I,
)
_ENDS = regex(rf"\b{_UNTIL}\s+{_TIME.format('b')}(?!\d|:\d)", re.I)
_NO_TIME = r"(?<![\d:$/.])(?:(?:2[4-9]|[3-9]\d):[0-5]\d|\d?\d:[6-9]\d)(?![\d:])"
_IMPOSSIBLE = regex(rf"{_NO_TIME}(?=\s*(?:-|to\b|until\b))|(?<=[:.]\d\d-){_NO_TIME}")


_BETWEEN = regex(rf"(\bbetween\s+{_TIME.format('a')}\s+)and(?=\s+{_TIME.format('b')})", re.I)
_NOON = regex(r"\bnoon\b(?=\s*(?:-|to|until|till?)\s*\d)|(?<=to )noon\b|(?<=-)noon\b", re.I)


_IN_AND_OUT = regex(  # «in 9:00 out 9:40 TE 25 MT 15»: how long the visit was
    rf"(?P<both>\b(?:time\s+)?in:?\s+(?:at\s+)?{_TIME.format('a')}[,;]?\s+(?:and\s+)?(?:time\s+)?"
    rf"out:?\s+(?:at\s+)?{_TIME.format('b')})(?=\s+[A-Za-z\d])",
    re.I,
)


def in_figures(text: str) -> str:
    """The text, its clock times in words told in figures: «from noon», «between 9:00 and 9:25»."""
    text = _IN_AND_OUT.sub(r"\g<both>;", text)
    return _BETWEEN.sub(r"\1to", _NOON.sub("12:00 pm", text))


def find(text: str) -> list[TimeMention]:
    """The clock blocks of a text, in order.

    Raises:
        ImpossibleFact: a block ends before it starts, or the clock has no such time.
    """
    wrong = _IMPOSSIBLE.search(text)
    if wrong:
        raise ImpossibleFact(
            "clock times", wrong.group(), f"{wrong.group()} is no time of the clock; correct it."
        )
    found: list[TimeMention] = []
    for pattern in (_FULL, _FOUR, _LOOSE):
        matches = {m.start(): m for m in pattern.finditer(text)}
        free = beside([Mention(m.start(), m.end()) for m in matches.values()], found)
        found += [_block_of(matches[place.start]) for place in free]
    return _with_open_starts(text, sorted(found, key=lambda m: m.start))


def _with_open_starts(text: str, found: list[TimeMention]) -> list[TimeMention]:
    """«9:00-9:15 MT, then TE til 9:40»: such a block starts where the one before it ended."""
    matches = {m.start(): m for m in _ENDS.finditer(text)}
    for place in beside([Mention(m.start(), m.end()) for m in matches.values()], found):
        before = [m.block for m in found if m.end <= place.start and m.block]
        if not before:
            continue
        start = {"ah": str(before[-1].end // 60), "am": f"{before[-1].end % 60:02d}"}
        groups = matches[place.start].groupdict() | start
        block = _block(groups, "a", "b", matches[place.start].group())
        found.append(TimeMention(place.start, place.end, float(block.minutes), block))
        found.sort(key=lambda m: m.start)
    return found


def _block_of(match: re.Match[str]) -> TimeMention:
    groups = match.groupdict()
    first, second = ("a", "b") if groups.get("bm") else ("c", "d")
    block = _block(groups, first, second, match.group())
    return TimeMention(match.start(), match.end(), float(block.minutes), block)


def _block(groups: dict[str, str | None], first: str, second: str, written: str) -> Block:
    start, end = _clock(groups, first), _clock(groups, second)
    start_half, end_half = _half(groups, first), _half(groups, second)
    if end_half == "p" and not start_half and start + NOON < end:
        start += NOON  # «1:18-1:30 pm»
    if end <= start and not end_half and end < NOON:
        end += NOON  # «11:50-12:10», «12:45-1:15», «1:50 pm - 2:10»
    if end <= start or end - start > LONGEST:
        raise ImpossibleFact(
            "clock times",
            written,
            f"{written.strip()}: the end is not after the start; correct it.",
        )
    return Block(start, min(end, DAY))


def _clock(groups: dict[str, str | None], name: str) -> int:
    hour = int(groups.get(f"{name}h") or 0)
    half = _half(groups, name)
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return hour * 60 + int(groups.get(f"{name}m") or 0)


def _half(groups: dict[str, str | None], name: str) -> str:
    return (groups.get(f"{name}a") or "")[:1].lower()
