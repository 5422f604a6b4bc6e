"""What a file says and how it is cut, worked out in a process with bounds."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.documents import Apart, Text, Unreadable, read_document
from assistant.documents.apart import MEMORY, SECONDS
from ingest.cutting import Cut, cut
from ingest.masking import masked

MOST_CHARACTERS = 5_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and where its passages stand in it."""

    text: Text
    cuts: list[Cut]


def reading(content: bytes, suffix: str) -> Reading:
    """What a document says without patients' identifiers, cut into passages.

    Raises:
        Unreadable: as `read_document` does, or it is too long.
    """
    text = read_document(content, suffix)
    if len(text.text) > MOST_CHARACTERS:
        raise Unreadable(f"says more than {MOST_CHARACTERS // 1_000_000} million characters")
    text = masked(text, suffix)
    return Reading(text, cut(text.text))


def reader_apart(seconds: float = SECONDS, memory: int = MEMORY) -> Apart[Reading]:
    """Reads one file after another, apart; close it at the end."""
    return Apart(reading, seconds=seconds, memory=memory)
