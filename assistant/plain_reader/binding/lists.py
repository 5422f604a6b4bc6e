"""«A, B and C: 10, 12 and 8 min»: a list of codes and a list of times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.patterns import regex
from assistant.plain_reader.binding import each
from assistant.plain_reader.mentions.mention import (
    CodeMention,
    Mention,
    Some,
    TimeMention,
    WhoMention,
)
from assistant.plain_reader.reading import Reading

_X = r"\s*(?:\(?(?:x\s*\d{1,2}(?:\s*units?)?|\d{1,2}\s*units?)\)?\s*)?"
_GAP = regex(
    rf"{_X}(?:,|/|&|\+|and|,\s*and)\s*(?:\d{{1,2}}\s*units?\s*(?:of\s*)?)?"
    r"|\s*\d{1,2}\s*units?\s*(?:of\s*)?",  # «3 units TE 1 unit MT»
    re.I,
)
_LINK = regex(
    rf"{_X}(?:respectively\s*)?(?::|=|-|for|x|were|was|at|lasted|took|ran|with|,|\("
    r"|(?:(?:were|was)\s+)?(?:documented|recorded|noted|charted|provided|performed|given|done)"
    r"(?:\s+(?:as|at|with))?)\s*(?:for\s*)?",
    re.I,
)
_OF = regex(r"\s*(?:respectively\s*)?(?:of|on|for)\s*", re.I)


LEAST_LISTED = 7  # the most of a list of minutes; lower numbers are units, sets or goals
LONGEST_LISTED = 300  # minutes
_LISTED_GAP = regex(r"\s*(?:,|/|&|\+|and|,\s*and)\s*", re.I)
_LEADS_IN = regex(  # between the codes and the numbers: modifiers, units, «documented», «for»
    r"(?:\W|x?\du?(?!\w)|\b(?:x|GP|GO|GN|KX|CQ|CO|59|units?|minutes?|mins?|times?|timed|total|log|logged"
    r"|notes?|says?|documented|recorded|charted|spent|treated|for|with|at|of|were|was|is|are|did|the"
    r"|and|but|respectively|in|that|order|actual|each|medicare|mcr|pt|ot)\b)*",
    re.I,
)


def lined_up(
    part: str, codes: Sequence[CodeMention], times: Sequence[TimeMention]
) -> list[TimeMention]:
    """«97110 (2), 97140 (1): 24 and 15»: as many numbers as codes, in one list behind them all."""
    named = len(codes)
    if named < 2 or len({c.codes for c in codes}) < named:
        return []
    if any(t.end <= codes[-1].start and (t.sure or t.minutes > LEAST_LISTED) for t in times):
        return []
    behind = [t for t in times if t.start >= codes[-1].end and t.block is None]
    for at in range(len(behind) - named + 1):
        run = behind[at : at + named]
        gaps = (part[a.end : b.start] for a, b in pairwise(run))
        if all(map(_LISTED_GAP.fullmatch, gaps)) and _LEADS_IN.fullmatch(
            part, codes[-1].end, run[0].start
        ):
            ends = at + named == len(behind) or not _LISTED_GAP.fullmatch(
                part, run[-1].end, behind[at + named].start
            )
            values = [t.minutes for t in run]
            fits = max(values) >= LEAST_LISTED and max(values) <= LONGEST_LISTED
            return run if ends and fits else []
    return []


def paired(part: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, each time of a list of times moved to stand beside its code."""
    named = [m for m in mentions if isinstance(m, CodeMention)]
    codes = _run(part, named)
    every = [m for m in mentions if isinstance(m, TimeMention)]
    if run := lined_up(part, named, every):
        return _moved(mentions, named, run)
    if len(codes) < 2:
        return list(mentions)
    later = _run(part, [m for m in every if m.start >= codes[-1].end])
    earlier = [m for m in every if m.end <= codes[0].start]
    first = _run(part, earlier)
    for times, link in ((later, _after(part, codes, later)), (first, _before(part, codes, first))):
        if len(times) == len(codes) and link:
            return _moved(mentions, codes, times)
    return list(mentions)


def _moved(
    mentions: Sequence[Mention], codes: Sequence[CodeMention], times: Sequence[TimeMention]
) -> list[Mention]:
    moved = [replace(t, start=c.end - 1, end=c.end - 1) for c, t in zip(codes, times, strict=True)]
    kept = [m for m in mentions if m not in times]
    return sorted([*kept, *moved], key=lambda m: m.start)


def _after(part: str, codes: Sequence[CodeMention], times: Sequence[TimeMention]) -> bool:
    if not times:
        return False
    gap = part[codes[-1].end : times[0].start]
    return bool(_LINK.fullmatch(gap)) or (_in_slashes(part, times) and not gap.strip())


def _in_slashes(part: str, times: Sequence[TimeMention]) -> bool:
    return len(times) > 1 and part[times[0].end : times[1].start] == "/"


def _before(part: str, codes: Sequence[CodeMention], times: Sequence[TimeMention]) -> bool:
    if not times:
        return False
    gap = part[times[-1].end : codes[0].start]
    return bool(_OF.fullmatch(gap)) or (_in_slashes(part, times) and not gap.strip())


def _run(part: str, mentions: Sequence[Some]) -> list[Some]:
    """The first mentions with nothing but list separators between them."""
    run = list(mentions[:1])
    for mention in mentions[1:]:
        if not _GAP.fullmatch(part[run[-1].end : mention.start]):
            break
        run.append(mention)
    return run


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
_POINT = regex(r"[-–—:,;(\n]")
_COLON = regex(r"\s*(?:\([^)]*\)\s*)?:")


def without_sum(part: str, mentions: Sequence[Mention], found: Reading) -> list[Mention]:
    """The mentions without a time that only adds up the others of its sentence."""
    times = [m for m in mentions if isinstance(m, TimeMention)]
    codes = [m for m in mentions if isinstance(m, CodeMention)]
    total = sum(t.minutes for t in times)
    givers = len({m.clinician for m in mentions if isinstance(m, WhoMention)})
    single = len({m.codes for m in codes}) == 1 and not _IN_TURN.search(part)
    for n, time in enumerate(times):
        adds_up = n > 1 and time.minutes == sum(t.minutes for t in times[:n])
        if adds_up and givers < 2 and _names_all(part, times[: n + 1], codes):
            return [m for m in mentions if m not in times[:n]]
        if adds_up and _EQUALS.search(part[: time.start]):
            if time is times[-1]:  # else it adds up only what stands before it
                found.treatment_total = int(time.minutes)
            return [m for m in mentions if m is not time]
    if times and _is_the_visit(part, times, codes):
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
        if heads or (_SUM_AFTER.match(part, time.end) and _sums_next(times[n:], codes)):
            return without_sum(part, [m for m in mentions if m is not time], found)
    for time in (times[0], times[-1]) if len(times) > 2 else ():
        if 2 * time.minutes != total or time.block is not None:
            continue
        before = _SUM_BEFORE.search(part, max(0, time.start - 30), time.start)
        if any(not part[c.end : time.start].strip(" =:") for c in codes if c.end <= time.start):
            before = None  # «97110 = 25»
        after = _SUM_AFTER.match(part, time.end) or _heads(part, time, times, codes)
        aside = _apart(part, time, times, codes) or _leads(part, time, times, codes)
        if before or single or after or aside:
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


def _heads(
    part: str, time: TimeMention, times: Sequence[TimeMention], codes: Sequence[CodeMention]
) -> bool:
    """«seen 53 min: TE 23, …»: a colon behind it, no code before it, no colon behind the others."""
    if not _COLON.match(part, time.end) or any(c.start < time.start for c in codes):
        return False
    return not any(_COLON.match(part, t.end) for t in times if t is not time)
