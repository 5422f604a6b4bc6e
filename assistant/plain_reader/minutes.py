"""Minutes and clock times in any form people write them."""

from __future__ import annotations

import re

from assistant.claim import Block
from assistant.errors import ImpossibleFact
from assistant.plain_reader.mentions import Kind, Mention
from assistant.plain_reader.text import NUMBER_WORD, number

_NUM = rf"(?:\d+(?:\.\d+)?|{NUMBER_WORD})"
_MIN = r"(?:minutes?|mins?|min\b\.?|mnts?|minuets?|minuts?|m(?=[\s,.;:)+/]|$))"
_HOUR = r"(?:hours?|hrs?\b|h\b)"

_MINUTES = re.compile(
    rf"(?<![\w.$:/])(?P<n>-?{_NUM})\s*-?\s*(?:one[- ]on[- ]one\s+|timed\s+|total\s+|skilled\s+)*"
    rf"(?:{_MIN}|'(?=[\s,.;)+:]|$))",
    re.I,
)
_HOURS = re.compile(
    rf"(?<![\w.$:/])(?P<h>{_NUM}|an?|one)\s*-?\s*{_HOUR}"
    rf"(?:(?:\s+and)?\s+(?:(?P<m>{_NUM})\s*{_MIN}|(?P<part>an?\s+(?:half|quarter))))?",
    re.I,
)
_PARTS = re.compile(
    r"(?P<half>\bhalf[- ](?:an?[- ])?hour\b|\b1/2\s*(?:an?\s*)?(?:hour|hr)\b)"
    r"|(?P<three>\bthree[- ]quarters? of an hour\b)"
    r"|(?P<quarter>\b(?:a[- ])?quarter[- ](?:of an[- ]|of[- ]an[- ]|an[- ])?hour\b)",
    re.I,
)
_NOT_DURATION = re.compile(
    r"\s*-?\s*(?:rules?\b|units?\b|increments?\b|codes?\b|blocks? of time|intervals?|threshold"
    r"|mark\b|cutoff|minimum\b|window|drive|walk test|\s*guideline)",
    re.I,
)
_BEFORE_NOT = re.compile(r"(?:every|per|each|least|under|than|minimum of|at|within)\s*$", re.I)

_TIME = r"(?:(?P<{0}h>[01]?\d|2[0-3])(?P<{0}s>[:.h])(?P<{0}m>[0-5]\d)\s*(?P<{0}a>[ap]\.?m\.?)?)"
_HOUR_ONLY = r"(?:(?P<{0}h>1[0-2]|[1-9])\s*(?P<{0}a>[ap]\.?m\.?)?)"
_TO = r"\s*(?:-|to|until|till|thru|through)+\s*"
_CLOCK = re.compile(
    rf"(?<![\d$.:/])(?:from\s+)?{_TIME.format('a')}{_TO}{_TIME.format('b')}(?![\d:])", re.I
)
_FOUR = re.compile(
    r"(?<![\d$.:/-])(?P<ah>[01]\d|2[0-3])(?P<am>[0-5]\d)\s*(?:hrs?\s*)?(?:-|to|until)\s*"
    r"(?P<bh>[01]\d|2[0-3])(?P<bm>[0-5]\d)(?:\s*hrs?)?(?![\d/-])",
    re.I,
)
_LOOSE = re.compile(
    rf"(?<![\d$.:/])(?:from\s+)?{_HOUR_ONLY.format('a')}{_TO}{_TIME.format('b')}(?![\d:])"
    rf"|(?<![\d$.:/])(?:from\s+)?{_TIME.format('c')}{_TO}{_HOUR_ONLY.format('d')}(?![\d:/])",
    re.I,
)
_LISTED = re.compile(
    r"(?<![\w.$:/])(\d{1,3})(?=(?:\s*(?:,|/|and|&)+\s*\d{1,3})+\s*(?:minutes?|mins?\b|m\b))", re.I
)
_BARE = re.compile(r"(?<![\w.$:/%#-])(?P<x>x\s*)?(?P<n>\d{1,4})(?![\w%/:]|\.\d|-\d)", re.I)
_BARE_NOT = re.compile(
    r"\s*(?:%|x\b|reps?\b|sets?\b|lbs?\b|pounds?|kg|feet|ft\b|steps?|stairs?|visits?|years?|yo\b|"
    r"y/o|weeks?|days?|degrees?|deg\b|units?\b|treatment days|sessions?|times\b|/\s*\d|'|minute rule|"
    r"patients?|people|codes?|hours?|hrs?\b|inch|cm\b|meters?|m\b|of those\b|of which\b|of the\b|am\b|pm\b)",
    re.I,
)


def find(text: str) -> list[Mention]:
    """Every stretch of minutes and every clock block; bare numbers come as unsure minutes.

    Raises:
        ImpossibleFact: a clock block ends before it starts.
    """
    blocks = _blocks(text)
    found = [*blocks, *_durations(text)]
    for match in _LISTED.finditer(text):
        mention = Mention(Kind.MINUTES, match.start(), match.end(), float(match[1]))
        if not any(mention.overlaps(m) for m in found):
            found.append(mention)
    taken = list(found)
    for match in _BARE.finditer(text):
        mention = Mention(
            Kind.MINUTES, match.start(), match.end("n"), float(match["n"]), sure=False
        )
        if _BARE_NOT.match(text, match.end()) or any(mention.overlaps(m) for m in taken):
            continue
        found.append(mention)
    return sorted(found, key=lambda m: m.start)


def _durations(text: str) -> list[Mention]:
    found = []
    for match in _PARTS.finditer(text):
        value = 30.0 if match["half"] else 45.0 if match["three"] else 15.0
        found.append(Mention(Kind.MINUTES, match.start(), match.end(), value))
    for match in _HOURS.finditer(text):
        found.append(Mention(Kind.MINUTES, match.start(), match.end(), _hours(match)))
    for match in _MINUTES.finditer(text):
        value = number(match["n"])
        if value is None or _is_a_rule(text, match):
            continue
        found.append(Mention(Kind.MINUTES, match.start(), match.end(), value))
    return [m for m in found if not any(m is not o and _inside(m, o) for o in found)]


def _inside(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end


def _hours(match: re.Match[str]) -> float:
    word = match["h"].lower()
    hours = 1.0 if word in ("a", "an", "one") else (number(word) or 0.0)
    more = number(match["m"]) if match["m"] else 0.0
    if match["part"]:
        more = 30.0 if "half" in match["part"].lower() else 15.0
    return hours * 60 + (more or 0.0)


def _is_a_rule(text: str, match: re.Match[str]) -> bool:
    """«the 8-minute rule», «every 15 minutes», «15-minute units» are no time spent."""
    if _NOT_DURATION.match(text, match.end()):
        return True
    return bool(_BEFORE_NOT.search(text, max(0, match.start() - 14), match.start()))


def _blocks(text: str) -> list[Mention]:
    found: list[Mention] = []
    for pattern, names in ((_CLOCK, "ab"), (_FOUR, "ab"), (_LOOSE, "")):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            first, second = names or ("ab" if groups.get("bm") else "cd")
            block = _block(groups, first, second, match.group())
            mention = Mention(Kind.BLOCK, match.start(), match.end(), block)
            if block is not None and not any(mention.overlaps(m) for m in found):
                found.append(mention)
    return found


def _block(groups: dict[str, str | None], first: str, second: str, written: str) -> Block | None:
    start = _clock(groups, first)
    end = _clock(groups, second)
    start_half, end_half = _half(groups, first), _half(groups, second)
    if end_half and not start_half and start < 12 * 60:
        start += 12 * 60 if end_half == "p" and end >= 12 * 60 and start + 720 < end + 1 else 0
    if end <= start and not end_half and end + 12 * 60 > start:
        end += 12 * 60
    if end == start + 12 * 60 and not end_half:
        end = start
    if end <= start:
        raise ImpossibleFact(
            "clock times",
            written,
            f"{written.strip()}: the end is not after the start; correct it.",
        )
    return Block(start, end)


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
