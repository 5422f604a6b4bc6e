"""What a message names, and where: codes, minutes, clock times, units, people."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from assistant.claim import Block, Clinician


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the message."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CodeMention(Mention):
    """A code, or a name that several codes share."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeMention(Mention):
    """Minutes, or a clock block.

    Attributes:
        minutes: as written, so that 15.5 can be refused; a block's are its length.
        sure: False for a bare number that counts as minutes only beside a code.
    """

    minutes: float
    block: Block | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class UnitsMention(Mention):
    """Units that the writer bills or means to bill."""

    units: int


@dataclass(frozen=True, slots=True)
class WhoMention(Mention):
    """Somebody who treats."""

    clinician: Clinician


class Stretch(Protocol):
    """Anything with a place in the message."""

    @property
    def start(self) -> int:
        """The place of its first character."""

    @property
    def end(self) -> int:
        """The place behind its last character."""


Some = TypeVar("Some", bound=Stretch)


def without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in order; of two that overlap the longer one stays, then the earlier."""
    kept: list[Mention] = []
    taken = bytearray(max((m.end for m in mentions), default=0))
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if taken.find(1, mention.start, mention.end) < 0:
            kept.append(mention)
            _mark(taken, mention)
    return sorted(kept, key=lambda m: m.start)


def near(found: Sequence[Some], start: int, end: int) -> Sequence[Some]:
    """Those that begin between two places; `found` stands in the order of the message."""
    first = bisect_left(found, start, key=lambda m: m.start)
    return found[first : bisect_right(found, end, lo=first, key=lambda m: m.start)]


def beside(found: Sequence[Some], others: Sequence[Stretch]) -> list[Some]:
    """Those of the first that share no character with any of the second."""
    every: list[Stretch] = [*found, *others]
    taken = bytearray(max((m.end for m in every), default=0))
    for other in others:
        _mark(taken, other)
    return [m for m in found if taken.find(1, m.start, m.end) < 0]


def _mark(taken: bytearray, mention: Stretch) -> None:
    taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
