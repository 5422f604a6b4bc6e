"""Minutes that the words leave to reckon: «15 min x 2», «two 20-minute blocks», «8 + 7 + 10»."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import TimeMention, beside
from assistant.plain_reader.words.text import NUMBER_WORD, number

LEAST_REPEATED = 5  # minutes; «1 min x 3» is how an exercise is dosed
_TIMES_OVER = regex(
    r"(?<![\w.$:/])(?P<n>\d{1,3})\s*(?:minutes?|mins?\b\.?|m\b|')\s*(?:each\s+)?(?:"
    r"(?:x|times|for)\s*(?P<times>[2-6])(?![\d./%])(?:\s*(?:sessions?|bouts?|rounds?|times|blocks?|treatments?"
    r"|intervals?))?(?!\s*(?:units?|u\b|wks?|weeks?|days?|/|per|reps?|sets?|visits?|a\s))|(?P<twice>twice)(?!\s+(?:this|last|an?|per|each)\s+(?:week|day)))"
    r"|(?<![\w.$:/])(?P<first>[2-6])\s*(?:x|times|(?:sessions?|bouts?|rounds?|blocks?|stretches)\s+of)\s*"
    r"(?P<m>\d{1,3})\s*(?:minutes?|mins?\b|')(?!\w)",
    re.I,
)
_SESSIONS = regex(  # «2 sessions today, 20 each»
    r"(?<![\w.$:/-])(?:(?P<times>[2-4]|two|three|four)\s*(?:sessions|bouts|rounds|blocks|times)|twice)"
    r"(?:\s+(?:today|on the same day|in one day|same day))?\s*[,:;(@-]?\s*(?:of\s+|for\s+|at\s+)?"
    r"(?P<n>\d{1,3})\s*(?:minutes?|mins?\b\.?|m\b|')?\s*(?:each|apiece|ea|per session)\b",
    re.I,
)
_BLOCKS = regex(
    rf"(?<![\w.$:/-])(?P<times>[1-6]|{NUMBER_WORD}|an?)\s+(?P<n>\d{{1,2}})[- ]?min(?:ute)?s?\s+"
    r"(?:blocks?|stretch(?:es)?|bouts?|segments?|stints?|sessions?|rounds?)(?=\s+(?:of|on)\s+(?!time))",
    re.I,
)
_TWICE = regex(
    r"(?<![\w.$:/])(?P<n>\d{1,3})\s*(?:minutes?|mins?\b\.?)(?=\s+(?:of\s+)?[A-Za-z][\w -]{1,30}?\s"
    r"(?:twice|two times)\b(?!\s*(?:a|per|/|each|this|last|in a)\s*w|\s*weekly))",
    re.I,
)
_SUM = regex(
    r"(?<![\w.$:/+-])(?P<parts>\d{1,3}(?:\s*\+\s*\d{1,3}){1,5})(?:\s*(?:minutes?|mins?\b|m\b|'))?"
    r"(?:\s*=\s*(?P<sum>\d{1,3})(?!\d)(?:\s*(?:minutes?|mins?\b|m\b|'))?)?(?![\d+]|\s*\+)",
    re.I,
)
_SPACED_SUM = regex(  # «TE 8 + 7 + 10, MT 12»: behind its own code, and nothing else's
    r"(?:(?:^|[\n;]|\d(?:\s*min)?,)\s*(?:[A-Z]{2,4}|\d{5})\s*[:=]?\s*)"
    r"(?P<parts>\d{1,3}(?:\s\+\s\d{1,3}){1,5})(?=\s*(?:[,;.\n)]|min|$))",
)


def repeated(text: str) -> list[TimeMention]:
    """Minutes told as so many times so many, as what they make together."""
    found = [m for match in _TIMES_OVER.finditer(text) if (m := _over(match))]
    sessions = [
        TimeMention(m.start(), m.end(), (number(m["times"] or "two") or 2) * int(m["n"]))
        for m in _SESSIONS.finditer(text)
    ]
    found += beside(sessions, found)
    blocks = [
        TimeMention(m.start(), m.end(), (number(m["times"]) or 1) * int(m["n"]))
        for m in _BLOCKS.finditer(text)
    ]
    found += beside(blocks, found)
    twice = [TimeMention(m.start(), m.end(), 2.0 * int(m["n"])) for m in _TWICE.finditer(text)]
    return [*found, *beside(twice, found)]


def summed(text: str) -> list[TimeMention]:
    """Minutes told as a sum, as what it makes."""
    found = [m for match in _SUM.finditer(text) if (m := _summed(match))]
    spaced = [
        TimeMention(m.start("parts"), m.end(), float(_sum(m["parts"])))
        for m in _SPACED_SUM.finditer(text)
    ]
    return [*found, *beside(spaced, found)]


def _sum(parts: str) -> int:
    return sum(int(n) for n in re.findall(r"\d+", parts))


def _over(match: re.Match[str]) -> TimeMention | None:
    """«15 min x 2 sessions»."""
    each = int(match["n"] or match["m"])
    times = 2 if match["twice"] else int(match["times"] or match["first"])
    whole = each * times
    return TimeMention(match.start(), match.end(), float(whole)) if each >= LEAST_REPEATED else None


def _summed(match: re.Match[str]) -> TimeMention | None:
    """«30 + 15 = 45 minutes» and «97110=15+8»; a sum that is wrong is left to be asked about."""
    whole = _sum(match["parts"])
    says = match["sum"]
    if says is not None and int(says) != whole:
        return None
    tight = " " not in match["parts"]
    if says is None and not tight:
        return None
    return TimeMention(match.start(), match.end(), float(whole), sure=says is not None)
