"""Stretches of text that identify a person, and stretches that must never be masked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.patterns import regex

# Codes of therapy and of its neighbours, with what billers glue to them; amounts; minutes; clocks.
_CODE = (
    r"(?:970[1-3]\d|971[1-7]\d|975[345]\d|97[56]\d\d|977\d\d|978\d\d|925\d\d|926[0-3]\d|961\d\d"
    r"|9585[1-7]|9090[1-9]|9091[1-3]|9897\d|9898[0-5]|992\d\d|2056[01]|64550|[A-CEGHJ-MPQSTV]\d{4}"
    r"|\d{4}[FTU])"
)
CODE = regex(rf"{_CODE}(?:[-.,/ ]?[A-Z]{{2}}|[-.,/ ]\d{{2}})*")
_STAYS = regex(
    rf"(?<![\w$.-]){_CODE}(?![\w])"
    r"|\$\s?\d[\d,]*(?:\.\d+)?k?"
    r"|(?<![\w./-])\d{1,3}(?:\.\d+)?\s?(?:-\s?)?(?:min(?:ute)?s?\b|mins?\b|m\b|units?\b|u\b"
    r"|x\b|'(?!\d)|\u2032)",
    re.I,
)
_HOUR = r"(?:[01]?\d|2[0-3])[:.]?[0-5]\d"
_CLOCK = regex(
    rf"(?<![\w-]){_HOUR}\s?(?:[ap]\.?m?\.?)?\s?(?:-|–|—|to|until)\s?{_HOUR}(?![\w-])", re.I
)
PLACEHOLDER = regex(r"\[[a-z][a-z -]{2,40}\]")


_PLACE = "address"  # a ZIP code may look like a procedure code
_LEAST = 4  # signs of an identifier that is cut
_LIKE_CLOCKS = ("telephone number", _PLACE)  # their patterns tell themselves apart


@dataclass(frozen=True, slots=True)
class Span:
    """An identifier: where it stands, and of what kind it is."""

    start: int
    end: int
    kind: str


def is_code(text: str) -> bool:
    """Whether a text is a procedure code, modifiers glued to it included."""
    return bool(CODE.fullmatch(text.strip(" .,;:")))


def matches(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """What a pattern finds: its group «it», or all of the match."""
    for match in pattern.finditer(text):
        group = "it" if "it" in pattern.groupindex else 0
        if match.end(group) > match.start(group) and (kind == _PLACE or not is_code(match[group])):
            yield Span(match.start(group), match.end(group), kind)


class Signed:
    """Patterns that find nothing in a text without their sign.

    They are long, and a message seldom holds the sign: without it they are neither searched for
    nor compiled.

    Args:
        sign: stands in whatever one of them finds; cheap to search for.
        patterns: pairs of kind and pattern.
    """

    def __init__(self, sign: str, patterns: Iterable[tuple[str, str]], flags: int = 0) -> None:
        self.sign = re.compile(sign, flags)
        self._written = tuple(patterns)
        self._flags = flags

    @cached_property
    def compiled(self) -> list[tuple[str, re.Pattern[str]]]:
        """The patterns with their kinds."""
        return [(kind, re.compile(pattern, self._flags)) for kind, pattern in self._written]

    def find(self, text: str) -> Iterator[Span]:
        """What they find."""
        if self.sign.search(text):
            for kind, pattern in self.compiled:
                yield from matches(kind, pattern, text)


def kept_apart(spans: Iterable[Span], text: str) -> list[Span]:
    """The spans in order, none overlapping; of two that overlap the longer stands.

    A span that would take a code, an amount, minutes or a clock block along ends before it; one
    that begins with it, or lies in a placeholder, is left out.
    """
    stays = _merged(m.span() for m in (*_STAYS.finditer(text), *PLACEHOLDER.finditer(text)))
    clocks = [m.span() for m in _CLOCK.finditer(text)]
    taken: list[Span] = []
    for span in sorted(set(spans), key=_order):
        if taken and span.start < taken[-1].end:
            if span.end - span.start > taken[-1].end - taken[-1].start:
                taken[-1] = span
            continue
        taken.append(span)
    cut: list[Span] = []
    for span in taken:
        end = span.end if span.kind == _PLACE else _end_before(span, stays)
        end = end if span.kind in _LIKE_CLOCKS else min(end, _end_before(span, clocks))
        if end > span.start and (end == span.end or len(text[span.start : end].strip()) >= _LEAST):
            kept = (
                text[span.start : end].rstrip(" ,;:-(")
                if end < span.end
                else text[span.start : end]
            )
            cut.append(Span(span.start, span.start + len(kept), span.kind))
    return cut


def _order(span: Span) -> tuple[int, int, bool, str]:
    """The earlier first, then the longer; of equal ones the kind that says more."""
    return span.start, -span.end, span.kind.startswith("other"), span.kind


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _end_before(span: Span, stays: list[tuple[int, int]]) -> int:
    """Where the span ends so that it takes nothing that stays; its start where nothing is left."""
    at = bisect_right(stays, (span.start, 0))
    if at and stays[at - 1][1] > span.start:
        return span.start
    if at < len(stays) and stays[at][0] < span.end:
        return max(span.start, stays[at][0])
    return span.end
