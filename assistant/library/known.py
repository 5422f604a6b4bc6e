"""What follows from the passages as they are now, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.knowledge import Knowledge
from assistant.library.field import Field, build_field
from assistant.library.phrasing import Phrasings
from assistant.library.store import Store


@dataclass(frozen=True, slots=True)
class Known:
    """What follows from the passages as they are now.

    Attributes:
        content: the state of the passages.
        words: every word in them, lower case.
        codes: every procedure code that our own are about.
        field: the words of our field, and those of others.
        phrasings: the ways of asking that they list.
    """

    content: int
    words: frozenset[str]
    codes: frozenset[str]
    field: Field
    phrasings: Phrasings


def read_known(store: Store, knowledge: Knowledge) -> Known:
    """Work it out."""
    return Known(
        store.content(),
        store.known_words(),
        store.known_codes(),
        build_field(knowledge),
        Phrasings(store.passages_asked(), knowledge.code_names),
    )
