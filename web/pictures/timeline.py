"""The visit by the clock, with the minutes that two codes share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

STEP = 15  # minutes between two marks of the clock


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of clock time; lengths in percent of the width."""

    label: str
    start: int
    end: int
    x: float
    width: float
    pattern: int = 0

    @property
    def in_words(self) -> str:
        """The stretch by the clock."""
        return f"{clock(self.start)}-{clock(self.end)}"

    @property
    def minutes(self) -> int:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Timeline:
    """The blocks in the order of the clock, what overlaps, and the clock's marks."""

    spans: tuple[Span, ...]
    overlaps: tuple[Span, ...]
    marks: tuple[tuple[str, float], ...]

    @property
    def in_words(self) -> str:
        """The picture's content as a sentence."""
        said = "; ".join(f"{span.label} {span.in_words}" for span in self.spans)
        shared = ", ".join(span.in_words for span in self.overlaps)
        return f"{said}. " + (f"Overlap: {shared}." if shared else "Nothing overlaps.")


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock shows them."""
    return f"{minutes // 60 % 24}:{minutes % 60:02d}"


def timeline(blocks: Sequence[Mapping[str, Any]]) -> Timeline | None:
    """The picture of blocks `{code, start, end}`, in minutes after midnight or as "10:05"."""
    given = sorted((_minutes(b["start"]), _minutes(b["end"]), str(b["code"])) for b in blocks)
    if not given:
        return None
    first = given[0][0] // STEP * STEP
    last = -(-max(end for _, end, _ in given) // STEP) * STEP

    def span(label: str, start: int, end: int, pattern: int = 0) -> Span:
        length = last - first
        x, width = 100 * (start - first) / length, 100 * (end - start) / length
        return Span(label, start, end, round(x, 3), round(width, 3), pattern)

    patterns = {code: n for n, code in enumerate(dict.fromkeys(code for *_, code in given))}
    shared = {
        (max(a[0], b[0]), min(a[1], b[1]))
        for a, b in combinations(given, 2)
        if max(a[0], b[0]) < min(a[1], b[1])
    }
    step = STEP * (1 + (last - first) // 120)
    return Timeline(
        tuple(span(code, start, end, patterns[code]) for start, end, code in given),
        tuple(span("overlap", start, end) for start, end in sorted(shared)),
        tuple(
            (clock(at), round(100 * (at - first) / (last - first), 3))
            for at in range(first, last + 1, step)
        ),
    )


def uncounted(trace: Sequence[Mapping[str, Any]]) -> Iterator[Timeline]:
    """The pictures of visits that could not be counted, as where their times overlap.

    Args:
        trace: an answer's tool calls.
    """
    for call in trace:
        visit = call["input"].get("visit_to_review") or {}
        blocks = [
            {"code": service["code"], **service["block"]}
            for service in visit.get("services", ())
            if service.get("block")
        ]
        if made := timeline(blocks):
            yield made


def _minutes(value: Any) -> int:
    if isinstance(value, str):
        hours, _, minutes = value.partition(":")
        return int(hours) * 60 + int(minutes)
    return int(value)
