"""A table with a column of patients or dates: its rows grouped by them, one visit a group."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.patterns import regex

_DELIMITERS = ("|", "\t", ";", ",")
_CODE = regex(r"^\W*(?:(?:cpt|hcpcs|billing|procedure)\s*)?(?:codes?|cpt|procedures?)\b", re.I)
_WHO = regex(r"^\W*(?:patients?|pts?|clients?|names?|member|visits?|case)\b", re.I)
_STAFF = regex(r"^\W*(?:PTA|C?OTA)\b", re.I)
_PT = regex(r"^\W*PT(?:\W+(?:min(?:ute)?s?|time))?\W*$", re.I)
_DAY = regex(r"^\W*(?:dos|date(?: of service)?|service date|day)\W*$", re.I)
_RULE = regex(r"[\s|:+=-]*")


def grouped(text: str) -> list[tuple[str, str]]:
    """Each patient's day with the heading and its own rows; none where fewer than two are told."""
    lines = text.split("\n")
    for delimiter in _DELIMITERS:
        for at, line in enumerate(lines):
            columns = _columns(line.split(delimiter)) if delimiter in line else []
            if columns:
                return _groups(lines, at, delimiter, columns)
    return []


def _columns(heads: Sequence[str]) -> list[int]:
    """Which columns tell visits apart; none where the line is no heading of a table of codes."""
    if any(re.search(r"\d{3}|^\W*\d", head) for head in heads) or not any(map(_CODE.search, heads)):
        return []
    staff = any(map(_STAFF.search, heads))  # beside a column «PTA» the column «PT» is no patient's
    who = [
        n for n, head in enumerate(heads) if _WHO.search(head) and not (staff and _PT.search(head))
    ]
    return sorted({*who, *(n for n, head in enumerate(heads) if _DAY.search(head))})


def _groups(
    lines: Sequence[str], at: int, delimiter: str, columns: Sequence[int]
) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    around = list(lines[:at])
    width = lines[at].count(delimiter)
    label = ""
    for line in lines[at + 1 :]:
        if _RULE.fullmatch(line):
            continue
        cells = [cell.strip(' "') for cell in line.split(delimiter)]
        if len(cells) <= width:
            around.append(line)
            continue
        label = ", ".join(filter(None, (cells[n] for n in columns))) or label
        found.setdefault(label, []).append(line)
    if len(found) < 2:
        return []
    shared = "\n".join(around)
    return [(who, "\n".join([shared, lines[at], *own])) for who, own in found.items()]
