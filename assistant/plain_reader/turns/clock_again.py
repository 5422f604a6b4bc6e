"""«No, it ended 9:35», «PTA went until 8:53»: one end of a clock block told anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.claim import Block, Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.mentions.clock import NOON
from assistant.plain_reader.mentions.mention import CodeMention

_TIME = (
    r"(?<![\d:/])(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)(?:\s*(?P<half>[ap])\.?m\b\.?)?(?![\d:])"
)
_ANY_TIME = regex(_TIME, re.I)
_END = regex(
    r"\b(?:(?:un)?till?|'til|ended|ends|end|finished|finish|stopped|stop|done|out|over|left|through"
    r"|wrapped up|(?:went|ran|lasted|stayed) (?:on )?to)\b"
    rf"(?:\s+(?:time|was|is|at|to|by|around)){{0,2}}\W{{1,3}}{_TIME}",
    re.I,
)
_START = regex(
    r"\b(?:started|starts|start|began|begins|came in|in|from|took over)\b"
    rf"(?:\s+(?:time|was|is|at|around)){{0,2}}\W{{1,3}}{_TIME}",
    re.I,
)


_I = regex(r"\bi\b", re.I)
_THEN = regex(r"\b(?:start\w*|beg[au]n\w*|from)\s+(?:then|there|right after)\b", re.I)
_NTH = regex(r"\b(first|second|third|last)\s+(?:one|code|block|part)\b", re.I)
_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}


def moved(
    services: Sequence[Service], named: Sequence[CodeMention], focus: Sequence[str], text: str
) -> list[Service]:
    """The services with that block longer or shorter; none where the message says no such.

    Args:
        named: the codes that the message names; focus: those spoken of last.
    """
    if len(_ANY_TIME.findall(text)) != 1:
        return []
    end = _END.search(text)
    match = end or _START.search(text)
    timed = [s for s in services if s.block is not None]
    if match is None or not timed:
        return []
    near = [m for m in named if m.end <= match.start()] or list(named)
    meant = _meant(timed, near[-1].codes if near else (), focus, text)
    target = meant[-1] if end else meant[0]
    block = _block(target, match, is_end=end is not None)
    if block is None:
        return []
    new = {id(target): replace(target, minutes=block.minutes, block=block)}
    after = timed[timed.index(target) + 1 :]
    if end and _THEN.search(text) and after:
        moved_on = _block(after[0], match, is_end=False)
        if moved_on is None:
            return []
        new[id(after[0])] = replace(after[0], minutes=moved_on.minutes, block=moved_on)
    return [new.get(id(s), s) for s in services]


def _meant(
    timed: Sequence[Service], codes: Sequence[str], focus: Sequence[str], text: str
) -> Sequence[Service]:
    """Of the code that is named, else of the person, else of the code spoken of last, else all."""
    nth = _NTH.search(text)
    if nth and _PLACES[nth[1].lower()] < len(timed):
        return [timed[_PLACES[nth[1].lower()]]]
    who = {p.clinician for p in people.find(text)}
    who |= {Clinician.THERAPIST} if _I.search(text) and len({s.by for s in timed}) > 1 else set()
    for found in (
        [s for s in timed if s.code in codes],
        [s for s in timed if s.by in who],
        [s for s in timed if len(focus) == 1 and s.code in focus],
    ):
        if found:
            return found
    return timed


def _block(service: Service, match: re.Match[str], *, is_end: bool) -> Block | None:
    at = int(match["h"]) * 60 + int(match["m"])
    if (match["half"] or "").lower() == "p" and at < NOON:
        at += NOON
    was = service.block
    if was is None:
        return None
    if at + NOON // 2 < was.start:
        at += NOON  # «1:35» of a block told as 13:00-13:30
    start, stop = (was.start, at) if is_end else (at, was.end)
    return Block(start, stop) if start < stop else None
