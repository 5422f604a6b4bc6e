"""A heading with the list of what was done under it: the list's minutes are the heading's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.patterns import regex

_TIME = regex(r"(?<![\w.$:/])(\d{1,3})\s*(?:minutes?\b|mins?\b\.?|m\b|')", re.I)
_BULLET = regex(r"^(?:\s{2,}|\s*[-*>+]\s*|\s*[a-z][.)]\s+|\t)\S")
_HEADED = regex(r"^(?P<head>[^:\n]{2,60}):(?P<rest>.*)$")

Names = Callable[[str], Sequence[str]]


def told(text: str, codes_of: Names) -> str:
    """The text, each list of parts under one code told as that code's minutes once.

    Args:
        codes_of: the codes that a stretch of text names without doubt.
    """
    if text.count("min") + text.count("'") < 2:
        return text
    return "\n".join(_within_a_line(line, codes_of) for line in _gathered(text, codes_of))


def _gathered(text: str, codes_of: Names) -> list[str]:
    """The lines; bullets that name no code and time their parts are taken into their heading."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and _BULLET.match(lines[end]) and not codes_of(lines[end]):
            end += 1
        parts = lines[at + 1 : end]
        whole = _whole(lines[at], parts, codes_of) if parts else None
        kept += lines[at:end] if whole is None else [whole]
        at = end
    return kept


def _whole(head: str, parts: Sequence[str], codes_of: Names) -> str | None:
    """The heading with the minutes of its parts; None where it is no such heading."""
    if len(codes_of(head)) != 1 or _BULLET.match(head):
        return None
    spent = [_minutes(part) for part in parts]
    told = _minutes(head)
    timed = [minutes for minutes in spent if len(minutes) == 1]
    if not timed or any(len(minutes) > 1 for minutes in spent) or len(told) > 1:
        return None
    whole = sum(minutes[0] for minutes in timed)
    if told:
        return head if told[0] == whole else None
    return f"{head.rstrip(' :-')}: {whole} min"


def _within_a_line(line: str, codes_of: Names) -> str:
    """«TherEx: bike 10 min, SLR 5 min, 15 min total»: the total alone stays."""
    match = _HEADED.match(line)
    if match is None or len(codes_of(match["head"])) != 1 or _TIME.search(match["head"]):
        return line
    spent = _minutes(match["rest"])
    if len(spent) < 3 or 2 * max(spent[0], spent[-1]) != sum(spent):
        return line
    if set(codes_of(match["rest"])) - set(codes_of(match["head"])):
        return line
    return f"{match['head']}: {max(spent[0], spent[-1])} min"


def _minutes(text: str) -> list[int]:
    return [int(m[1]) for m in _TIME.finditer(text)]
