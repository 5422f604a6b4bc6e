"""Bills as the items write them: `97110 x2 GP CQ, 97140 x1 GP`; `none` is no line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Line = tuple[str, int, frozenset[str]]
Bill = frozenset[tuple[Line, int]]  # each line and how often it stands there
_LINE = re.compile(r"(?P<code>[A-Z0-9]{5}) x(?P<units>\d+)(?P<modifiers>(?: [A-Z0-9]{2})*)")


def bill(lines: Iterable[Line]) -> Bill:
    """A bill whose lines have no order."""
    return frozenset(Counter(lines).items())


def parse(text: str) -> Bill:
    """The bill that an item writes.

    Raises:
        ValueError: a line is not written as `code xunits modifiers`.
    """
    if text.strip() == "none":
        return bill(())
    lines: list[Line] = []
    for part in text.split(","):
        match = _LINE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{part!r} is no line of a bill, such as '97110 x2 GP'")
        modifiers = frozenset(match["modifiers"].split())
        lines.append((match["code"], int(match["units"]), modifiers))
    return bill(lines)


def of_answer(lines: Iterable[Mapping[str, Any]]) -> Bill:
    """The bill of an answer's lines, in the contract's field names."""
    return bill((n["code"], int(n["units"]), frozenset(n["modifiers"])) for n in lines)


def show(one: Bill) -> str:
    """The bill as the items write it."""
    lines = sorted((code, units, sorted(m)) for (code, units, m), n in one for _ in range(n))
    return ", ".join(" ".join([code, f"x{units}", *m]) for code, units, m in lines) or "none"
