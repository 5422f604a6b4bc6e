"""A table with a column for each person: its rows told person by person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.patterns import regex

_DELIMITERS = (r"\|", r"\t", ";", ",", r"\s{2,}", r"\s")
_CODE = regex(r"\W*(?:cpt|hcpcs|codes?|procedures?|services?)(?:\s+codes?)?\W*", re.I)
_PERSON = regex(
    r"\W*(?P<who>PTA|C?OTA|PT|OTR|OT|therapist|assistant|student|aide)s?"
    r"(?:\W+(?:min(?:ute)?s?|time))?\W*",
    re.I,
)
_RULE = regex(r"[\s|:+=-]*")
_SPENT = regex(r"\s*(?P<n>\d{1,3})?\s*(?:min(?:ute)?s?|m|')?\s*|\s*-+\s*", re.I)


def told(text: str) -> str:
    """The text, «code | PT | PTA» and the rows below told as «97110: PT 10 min, PTA 15 min»."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:-1]):
        for delimiter in _DELIMITERS:
            if people := _people(re.split(delimiter, line.strip("| \t"))):
                rows = [_row(one, delimiter, people) for one in lines[at + 1 :]]
                return "\n".join([*lines[:at], *rows])
    return text


def _people(heads: Sequence[str]) -> list[str]:
    """Who each column behind the code's is; nobody where the line is no such heading."""
    if len(heads) < 3 or not _CODE.fullmatch(heads[0]):
        return []
    named = [_PERSON.fullmatch(head) for head in heads[1:]]
    people = [match["who"] for match in named if match]
    return people if len(people) == len(named) == len(set(people)) else []


def _row(line: str, delimiter: str, people: Sequence[str]) -> str:
    if _RULE.fullmatch(line):
        return ""
    cells = re.split(delimiter, line.strip("| \t"))
    spent = [_SPENT.fullmatch(cell) for cell in cells[1:]]
    if len(spent) > len(people) or not spent or not all(spent):
        return line
    told = [f"{who} {m['n']} min" for who, m in zip(people, spent, strict=False) if m and m["n"]]
    given = [one for one in told if not re.search(r" 0+ min", one)]
    return f"{cells[0].strip()}: {', '.join(given)};" if given else ""
