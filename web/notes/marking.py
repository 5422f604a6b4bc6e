"""The note with the words marked that show what a code needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.rules.documentation import NoteReview, Shown


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the note; `shows` are the elements that it shows, none for other text."""

    text: str
    shows: tuple[Shown, ...] = ()

    @property
    def in_words(self) -> str:
        """What the stretch shows."""
        return "; ".join(dict.fromkeys(_told(shown) for shown in self.shows))


def _told(shown: Shown) -> str:
    return shown.text if shown.code == "*" else f"{shown.code}: {shown.text}"


def stretches(note: str, review: NoteReview) -> list[Stretch]:
    """The note cut where marked words begin and end, nothing lost."""
    shown = [element for element in review.elements if element.quote is not None]
    return list(_cut(note, shown))


def _cut(note: str, shown: Sequence[Shown]) -> Iterator[Stretch]:
    spans = [(s.quote.start, s.quote.end, s) for s in shown if s.quote is not None]
    edges = sorted({0, len(note), *(at for start, end, _ in spans for at in (start, end))})
    for start, end in pairwise(edges):
        here = tuple(element for first, last, element in spans if first <= start and end <= last)
        yield Stretch(note[start:end], here)
