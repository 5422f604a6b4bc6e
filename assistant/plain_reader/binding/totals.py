"""Minutes that are no service of their own: totals, the visit's length, rest and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.patterns import regex
from assistant.plain_reader.binding.items import TOTAL, Item
from assistant.plain_reader.mentions.mention import TimeMention
from assistant.plain_reader.reading import Reading

_TIMED = regex(r"\btimed\b|\bone[- ]on[- ]one\b|\b1:1\b", re.I)
_NO_WORK = regex(
    r"\brest(?:ed|ing)?\b(?!\s*(?:of|position))|\bbreaks?\b|\bset[- ]?up\b|\bwait(?:ing|ed)\b"
    r"|\bdocument(?:ation|ing|ed)\b|\bchart(?:ing|ed)\b|\bno[- ]show\b|\blate\b|\bbathroom\b"
    r"|\bpaperwork\b|\b(?:min(?:ute)?s?|for|of|on|writing|wrote|typing|finish\w+|doing)\s+"
    r"(?:(?:of|my|the|up|her|his|daily|progress|soap|writing)\s+)*notes?\b(?!\s*:)|\bscheduling\b|\bunattended\b|\bunsupervised\b|\bunskilled\b"
    r"|(?<!\bto )(?<!\bcan )(?<!\bwalk )\bindependently\b"
    r"(?!\s+(?:\w+ing|of|furnish\w*|provid\w*|deliver\w*|giv\w*|gave|treat\w*)\b)"
    r"|\b(?:on (?:his|her|their) own|by (?:him|her)self)\b"
    r"|\b(?:pt|patient|client|s?he)\s+(?:did|rode|walked|was)\b[^,.;]{1,30}\balone\b"
    r"|\b(?:not (?:billed|charged)|un-?billed|non-?billable|no charge)\b",
    re.I,
)
_IDLE_BEHIND = regex(  # «10 documentation», «10 of charting»
    r"\s+(?:(?:of|for|on)\s+)?(?:doing\s+|writing\s+)?(?:the\s+|my\s+)?(?:rest(?:ing)?(?!\s*(?:of|breaks)\b)|break\b"
    r"|set[- ]?up|waiting|documentation|documenting|charting|notes?|paperwork|scheduling)\b",
    re.I,
)
LEAST_IDLE, LONGEST_IDLE = 3, 60  # minutes
_OF_ALL_MINUTES = regex(
    r"(?<=\d)(?:\s*min\w*)?(?P<of>\s+(?:out\s+)?of\s+(?:(?:the|our|his|her|a)\s+)?(?:total\s+)?"
    r"(?P<n>\d{1,3})[\s-]*min\w*(?:\s+(?:session|visit|total|appointment|appt|slot|treatment|encounter|block))?)"
    r"(?=\s*(?:[,.;\n]|$)|\s+(?:was|were|went)\b)",
    re.I,
)


def take_whole(text: str, found: Reading) -> str:
    """«ther ex took 30 of the 45 min»: the 45 are the visit's."""
    for match in _OF_ALL_MINUTES.finditer(text):
        found.treatment_total = int(match["n"])
        start, end = match.span("of")
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def is_idle(part: str, bare: TimeMention) -> bool:
    """«10 documentation»: a bare number, and behind it what is no treatment."""
    return LEAST_IDLE <= bare.minutes <= LONGEST_IDLE and bool(_IDLE_BEHIND.match(part, bare.end))


_TOGETHER_AFTER = regex(
    r"\s*(?:total|in total|combined|altogether|together|in all|all told)\b", re.I
)


def _of_all(part: str, item: Item, items: Sequence[Item]) -> bool:
    """«manual and ther ex for 38 minutes total»: the minutes of both, not of the last one."""
    if len(item.times) != 1 or item.times[0].block is not None:
        return False
    if not _TOGETHER_AFTER.match(part, item.times[0].end):
        return False
    codes = sum(len(i.codes) for i in items)
    return codes > 1 and all(not i.times for i in items if i is not item)


_SEEN = regex(r"\b(?:saw|seen|session|visit|appointment|appt|tx|treatment|treated|total)\b", re.I)
_IN_AND_OUT = regex(r"\b(?:start\w*|time in|in|arrived)\b.*\b(?:end\w*|out|left|stop\w*)\b", re.I)


def _is_presence(words: str, item: Item, items: Sequence[Item]) -> bool:
    """«seen 8:00-8:53», «start 8:00 end 8:53» beside codes with minutes: how long the visit was."""
    blocks = [t for t in item.times if t.block]
    spans = [t.minutes for t in item.times if not t.block]  # «0800-0853 (53 min)»
    if item.codes or len(blocks) != 1 or spans not in ([], [blocks[0].minutes]):
        return False
    if _SEEN.search(words):
        return True
    others = [i for i in items if i is not item and i.codes]
    apart = len(others) > 1 or all(i.times for i in others)
    return bool(others and apart and _IN_AND_OUT.search(words))


def _of_claimed(items: Sequence[Item]) -> bool:
    """«97110 x2 97140 x1, 45 min»: every code has its units, and one time stands for all."""
    told = [c.codes for i in items for c in i.codes]
    times = [t for i in items for t in i.times if not t.block]
    units = sum(len(i.units) for i in items)
    return len(times) == 1 and 1 < len(set(told)) == len(told) == units


_JUST_TOTAL = regex(r"\W*\d{1,3}\s*min\w*\s+total\W*", re.I)


def _of_one_code(words: str, items: Sequence[Item]) -> bool:
    """«97112 tandem 30 sec x 3, foam, 18 min total»: the only minutes, of the only code."""
    if not _JUST_TOTAL.fullmatch(words):
        return False
    codes = {c.codes for i in items for c in i.codes}
    return len(codes) == 1 and sum(len(i.times) for i in items) == 1


def take(part: str, items: Sequence[Item], found: Reading) -> None:
    """Take out minutes that are a total, the visit's length, or no treatment."""
    of_claimed = _of_claimed(items)
    for item in items:
        words = part[item.start : item.end]
        spent = [t for t in item.times if t.block is None]
        if _is_presence(words, item, items):
            found.treatment_total = sum(t.block.minutes for t in item.times if t.block)
            item.times.clear()
            item.done = True
            continue
        if spent and (of_claimed or (item.codes and _of_all(part, item, items))):
            found.stated_total = int(item.times.pop().minutes)
            continue
        if item.codes or len(spent) != 1:
            continue
        value = int(spent[0].minutes)
        if _NO_WORK.search(words):
            found.unbilled_minutes.append((value, words.strip()))
        elif _of_one_code(words, items):
            continue
        elif TOTAL.search(words):
            if _TIMED.search(words):
                found.stated_total = value
            else:
                found.treatment_total = value
        else:
            continue
        item.times.remove(spent[0])
        item.done = True
