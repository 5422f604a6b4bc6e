"""«A, B and C: 10, 12 and 8 min»: a list of codes and a list of times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import (
    CodeMention,
    Mention,
    Some,
    TimeMention,
)

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
    r"|and|but|split|was|respectively|in|that|order|actual|each|medicare|mcr|pt|ot)\b)*",
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
    behind = [t for t in behind if not (part[t.start] in "xX" and t.minutes < LEAST_LISTED)]
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
