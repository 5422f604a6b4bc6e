"""A time that only adds up the others of its sentence, or is how long the visit was."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate

from assistant.patterns import regex
from assistant.plain_reader.binding import each
from assistant.plain_reader.mentions.mention import CodeMention, Mention, TimeMention, WhoMention
from assistant.plain_reader.reading import Reading

_SUM_BEFORE = regex(
    r"(?:\btotal(?:ing|s|ling)?(?: of)?(?: \w+){0,3}:?|=|\bequals|\baltogether|\bin all"
    r"|\bsum of)\W*$",
    re.I,
)
_SUM_AFTER = regex(
    r"\W*(?:total\b|altogether\b|in all\b|overall\b|\((?=[^)]*\d)|=|split\b|divided\b|session\b"
    r"|made up of|(?:of|worth of) (?:skilled |direct |one-on-one |1:1 |timed |total )*"
    r"(?:therapy|treatment|tx|care|services|time|contact|minutes|one[- ]on[- ]one|1:1)\b"
    r"(?!\s+(?:exerc|activ)))",
    re.I,
)


_TOTAL_AFTER = regex(r"\W*(?:total|altogether|in all|overall)\b", re.I)
_EQUALS = regex(r"(?:=|\bequals|\btotal(?:ing|s)?)\s*\Z", re.I)
_IN_TURN = regex(r"\b(?:then|again|later|another|plus|rest|breaks?|after)\b", re.I)
_VISIT_BEFORE = regex(
    r"\b(?:saw|seen|spent|session|visit|appointment|appt|treated|treatment|tx)\b"
    r"(?:\s+(?:was|is|of|for|with|the|my|this|a|pt|pts?|patient|client|him|her|them|about|over))*\s*$",
    re.I,
)
_VISIT_AFTER = regex(
    r"[\s-]*(?:(?:long|total|treatment|tx|pt|ot|therapy)[\s-]+)*(?:session|visit|appointment|appt)\b"
    r"|\s*with (?:the |my |a )?(?:pt|patient|client|him|her|them)\b",
    re.I,
)
_LABELLED = regex(r"[A-Za-z][A-Za-z ]{2,30}\s*[:=]\s*\Z")
_WHOLE_LABEL = regex(
    r"\b(?:total|time|minutes?|mins?|tx|treatment|session|visit|duration|seen|timed|today|note|pt|ot)\b",
    re.I,
)
_POINT = regex(r"[-–—:,;(\n]")
_COLON = regex(r"\s*(?:\([^)]*\)\s*)?:")


def without_sum(
    part: str, mentions: Sequence[Mention], found: Reading, is_activity: Callable[[str], bool]
) -> list[Mention]:
    """The mentions without a time that only adds up the others of its sentence."""
    times = [m for m in mentions if isinstance(m, TimeMention)]
    codes = [m for m in mentions if isinstance(m, CodeMention)]
    total = sum(t.minutes for t in times)
    givers = len({m.clinician for m in mentions if isinstance(m, WhoMention)})
    single = len({m.codes for m in codes}) == 1 and not _IN_TURN.search(part)
    sums = list(accumulate((t.minutes for t in times), initial=0.0))
    for n, time in enumerate(times):
        adds_up = n > 1 and time.minutes == sums[n]
        if adds_up and givers < 2 and _names_all(part, times[: n + 1], codes):
            return [m for m in mentions if m not in times[:n]]
        if adds_up and _EQUALS.search(part[: time.start]):
            if time is times[-1]:  # else it adds up only what stands before it
                found.treatment_total = int(time.minutes)
            return [m for m in mentions if m is not time]
    if times and (_is_the_visit(part, times, codes) or _opens(part, times, codes)):
        found.treatment_total = int(times[0].minutes)
        return [m for m in mentions if m is not times[0]]
    if len(times) == 2 and len(codes) > 1 and _is_sum_of_each(part, times, codes):
        return [m for m in mentions if m is not times[1]]
    if len(times) > 2 and _is_wrong_sum(part, times, codes):
        found.stated_total = int(times[-1].minutes)
        return [m for m in mentions if m is not times[-1]]
    for n, time in enumerate(times):
        heads = _WORTH.match(part, time.end) and n + 1 < len(times) and time.block is None
        heads = heads and time.minutes > times[n + 1].minutes and not _told_before(codes, time)
        if heads and sum(t.minutes for t in times[n + 1 :]) <= time.minutes:
            found.treatment_total = int(time.minutes)
        points = _SUM_AFTER.match(part, time.end) or _points_to_parts(part, times[n:], codes)
        if heads or (points and _sums_next(times[n:], codes)):
            return without_sum(part, [m for m in mentions if m is not time], found, is_activity)
    for n, time in enumerate((times[0], times[-1]) if len(times) > 2 else ()):
        if 2 * time.minutes != total or time.block is not None:
            continue
        before = _SUM_BEFORE.search(part, max(0, time.start - 30), time.start)
        if any(not part[c.end : time.start].strip(" =:") for c in codes if c.end <= time.start):
            before = None  # «97110 = 25»
        after = _SUM_AFTER.match(part, time.end) or _heads(part, time, times, codes)
        aside = _apart(part, time, times, codes) or _leads(part, time, times, codes)
        own = single and is_activity(part[time.end : times[1].start] if n == 0 else "")
        if before or (single and not own) or after or aside:
            if not (single and givers > 1):  # else it is one code's, beside its people's parts
                found.treatment_total = int(time.minutes)
            return [m for m in mentions if m is not time]
    return list(mentions)


_WORTH = regex(  # «1 hour of treatment to a patient: …»
    r"\s*of (?:skilled |direct |timed )*(?:therapy|treatment|tx|care|time|one[- ]on[- ]one|1:1)\b"
    r"(?!\s+(?:exerc|activ))[^:;.\d]{0,40}:",
    re.I,
)


def _is_sum_of_each(part: str, times: Sequence[TimeMention], codes: Sequence[CodeMention]) -> bool:
    """«7 min each of A and B = 14 min»."""
    sums = _EQUALS.search(part, 0, times[1].start) and times[0].end <= codes[-1].start
    return bool(sums and each.EACH.search(part))


def _is_wrong_sum(part: str, times: Sequence[TimeMention], codes: Sequence[CodeMention]) -> bool:
    """«A 25 min, B 10 min = 40 min total»: said to be the sum, whatever the parts add up to."""
    last = times[-1]
    apart = len({c.codes for c in codes}) == len(times) - 1 and codes[-1].end <= times[-2].start
    equals = _EQUALS.search(part, times[-2].end, last.start)
    return bool(equals) and apart and last.block is None and last.minutes > times[-2].minutes


def _told_before(codes: Sequence[CodeMention], time: TimeMention) -> bool:
    return any(c.start < time.start for c in codes)


def _sums_next(times: Sequence[TimeMention], codes: Sequence[CodeMention]) -> bool:
    """«38 min of treatment: 20 min A & 18 min B, then C 15 min»: what follows it adds up to it."""
    whole, spent = times[0], 0.0
    if whole.block is not None:
        return False
    for n, time in enumerate(times[1:], 1):
        spent += time.minutes
        if spent >= whole.minutes:
            own = [c for c in codes if whole.end <= c.start]
            return n > 1 and spent == whole.minutes and len(own) > 1
    return False


def _names_all(part: str, times: Sequence[TimeMention], codes: Sequence[CodeMention]) -> bool:
    """«bike 8 min, leg press 7 min (ther ex 15 total)»: the code stands with the sum alone."""
    before = [c for c in codes if c.start < times[-1].start]
    behind = all(c.start >= times[-2].end for c in before)
    return bool(before) and behind and bool(_TOTAL_AFTER.match(part, times[-1].end))


def _apart(
    part: str, time: TimeMention, times: Sequence[TimeMention], codes: Sequence[CodeMention]
) -> bool:
    """«… and 97530 10 min (30 min)»: alone in brackets, behind the last code's own minutes."""
    alone = part[: time.start].rstrip().endswith("(") and part[time.end :].lstrip().startswith(")")
    return alone and time is times[-1] and 1 < len(codes) < len(times)


def _leads(
    part: str, time: TimeMention, times: Sequence[TimeMention], codes: Sequence[CodeMention]
) -> bool:
    """«saw pt for 53 min - 28 TE, 25 manual»: before the codes, and one more time than they."""
    if time is not times[0] or not codes or len(times) != len(codes) + 1:
        return False
    label = _LABELLED.search(part, 0, time.start)
    if label and not _WHOLE_LABEL.search(label.group()):
        return False  # «Exercise: 25 min»
    until = min(codes[0].start, times[1].start)
    return time.end <= until and bool(_POINT.search(part, time.end, until))


def _is_the_visit(part: str, times: Sequence[TimeMention], codes: Sequence[CodeMention]) -> bool:
    """«saw pt for 55 min - 28 TE, 13 manual»: longer than its parts, and said to be the visit."""
    first = times[0]
    longer = first.block is None and 2 * first.minutes > sum(t.minutes for t in times)
    if not longer or len(times) < 3 or not _leads(part, first, times, codes):
        return False
    before, behind = part[max(0, first.start - 30) : first.start], part[first.end :]
    return bool(_VISIT_BEFORE.search(before) or _VISIT_AFTER.match(behind))


_OPENS = regex(
    r"\s*(?:(?:of\s+)?(?:total|tx|treatment|session|visit|appt|appointment|slot|pt|ot|therapy|today)\s*)*"
    r"(?: -+\s|[:=]\s)",
    re.I,
)
_REST = regex(r"\b(?:rest|remainder|remaining)\b", re.I)


def _opens(part: str, times: Sequence[TimeMention], codes: Sequence[CodeMention]) -> bool:
    """«45 min: TE 20, MT 15», «1 hr tx - 97110 40, rest 97530»: the whole before any name."""
    first, others = times[0], times[1:]
    led = re.search(r"\w", part[: first.start]) or not _OPENS.match(part, first.end)
    if led or first.block or not others or len({c.codes for c in codes}) < 2:
        return False
    if max(t.minutes for t in others) > first.minutes or codes[0].start < first.end:
        return False
    told = len(others) + bool(_REST.search(part, first.end)) >= len(codes)
    return told and _points_to_parts(part, times, codes)


def _points_to_parts(part: str, times: Sequence[TimeMention], codes: Sequence[CodeMention]) -> bool:
    """«38 min - A 20, B 18»: a point behind the first time, and each name with its own behind it.

    Not «20 min - A, 18 min - B».
    """
    if len(times) < 2 or not codes or not _OPENS.match(part, times[0].end):
        return False
    first, behind = codes[0], times[1]
    if first.start < times[0].end:  # «A: 19 min - B: 11 min - C: 8 min»
        return False
    if behind.start < first.start:
        return True
    return not re.search(r"[,;\n]|\band\b", part[first.end : behind.start])


def _heads(
    part: str, time: TimeMention, times: Sequence[TimeMention], codes: Sequence[CodeMention]
) -> bool:
    """«seen 53 min: TE 23, …»: a colon behind it, no code before it, no colon behind the others."""
    if not _COLON.match(part, time.end) or any(c.start < time.start for c in codes):
        return False
    return not any(_COLON.match(part, t.end) for t in times if t is not time)
