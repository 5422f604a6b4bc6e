"""An added document for reading: its text in parts, cut where its passages begin and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.library import Document, Passage

PASSAGES_A_PART = 40  # of a long document at once


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of a document; `passage` is None where no passage was made of it."""

    text: str
    passage: Passage | None = None

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table, row by row; none where the text is no table."""
        lines = [line.strip() for line in self.text.strip().splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.startswith("|") and line.endswith("|") for line in lines):
            return []
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        return cells if len({len(row) for row in cells}) == 1 else []

    @property
    def lines(self) -> list[tuple[bool, str]]:
        """Its lines, each with whether it is a heading; empty ones are left out."""
        shown = [line.strip() for line in self.text.splitlines() if line.strip()]
        return [(line.startswith("#"), line.lstrip("# ")) for line in shown]


@dataclass(frozen=True, slots=True)
class Reading:
    """One part of a document.

    Attributes:
        part: its number, from 1.
        parts: how many there are.
    """

    stretches: tuple[Stretch, ...]
    part: int
    parts: int


def reading(
    document: Document, passages: Sequence[Passage], *, cited: str = "", part: int = 0
) -> Reading:
    """The part that holds the passage asked for; otherwise the part of that number, or the first.

    Nothing of the text is lost: what no passage was made of stands between them.
    """
    ordered = sorted(passages, key=lambda one: (one.start, one.end))
    parts = max(1, -(-len(ordered) // PASSAGES_A_PART))
    place = next((n for n, one in enumerate(ordered) if one.id == cited), None)
    if place is not None:
        part = place // PASSAGES_A_PART + 1
    part = min(max(part, 1), parts)
    first = (part - 1) * PASSAGES_A_PART
    chosen = ordered[first : first + PASSAGES_A_PART]
    start = chosen[0].start if chosen and part > 1 else 0
    end = ordered[first + PASSAGES_A_PART].start if part < parts else len(document.text)
    return Reading(tuple(_stretches(document.text, chosen, start, end)), part, parts)


def _stretches(text: str, passages: Sequence[Passage], start: int, end: int) -> Iterator[Stretch]:
    at = start
    for passage in passages:
        if passage.start > at:
            yield Stretch(text[at : passage.start])
        begins = max(passage.start, at)  # the header of a table belongs to each of its passages
        if passage.end > begins:
            yield Stretch(text[begins : passage.end], passage)
        at = max(at, passage.end)
    if end > at:
        yield Stretch(text[at:end])
