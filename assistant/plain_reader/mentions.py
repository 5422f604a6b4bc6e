"""What a message names, and where: codes, minutes, clock times, people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a mention is."""

    CODE = auto()
    MINUTES = auto()
    BLOCK = auto()
    WHO = auto()
    UNITS = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the message and what it says.

    Attributes:
        value: a tuple of possible codes, minutes as a number, a Block, a Clinician, or units.
        sure: False for a bare number that counts as minutes only beside a code.
    """

    kind: Kind
    start: int
    end: int
    value: object
    sure: bool = True

    def overlaps(self, other: Mention) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def without_overlaps(mentions: list[Mention]) -> list[Mention]:
    """The mentions in order; of two that overlap the longer one stays, then the earlier."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if not any(mention.overlaps(other) for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)
