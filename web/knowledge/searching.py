"""The search over all passages, with what the person asked it to leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from assistant.answering import Assistant
from assistant.errors import ImpossibleFact
from assistant.evidence import Authority
from assistant.library import Kind, Passage, Search
from assistant.library.found import Only
from web.citing import reading_address
from web.codes.pairs import found_in

MOST_FOUND = 40  # no more passages than these are weighed by one search
SHOWN = 12
LONGEST = 420  # characters of a passage in the list
NOTHING = Search((), "lexical")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for, and what a passage must be to be found."""

    words: str
    only: Only

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked yet."""
        return not self.words.strip()


def asked(words: str, codes: str = "", payer: str = "", authority: str = "", on: str = "") -> Asked:
    """The search that a form or a program asks for.

    Raises:
        ImpossibleFact: the authority or the day cannot be read; says what to give.
    """
    return Asked(
        words,
        Only(
            tuple(found_in(codes)),
            (payer.strip(),) if payer.strip() else (),
            tuple(_authorities(authority)),
            _day(on),
        ),
    )


def _authorities(written: str) -> Iterator[Authority]:
    for name in written.replace(",", " ").split():
        try:
            yield Authority(name)
        except ValueError:
            names = ", ".join(Authority)
            raise ImpossibleFact(
                "authority", name, f"Give the authority as one of {names}."
            ) from None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip()) if written.strip() else None
    except ValueError:
        raise ImpossibleFact("date of service", written, "Give the day as 2026-11-21.") from None


def search(assistant: Assistant, wanted: Asked, most: int = SHOWN) -> Search:
    """The passages found, the best first; identifiers in the words are masked first."""
    if wanted.is_empty:
        return NOTHING
    words = assistant.mask(wanted.words.strip()).text
    return assistant.search(words, k=most, only=wanted.only)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, its beginning, and where it is read."""

    passage: Passage
    text: str
    address: str


def hits(found: Search) -> list[Hit]:
    """The passages found, ready to be listed."""
    return [Hit(one, _shortened(one.text), address_of(one)) for one in found.passages]


def _shortened(text: str) -> str:
    """A passage's beginning, at the end of a word."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"


def address_of(passage: Passage) -> str:
    """Where a passage is read: in its guide or document, or a fact by itself."""
    if passage.kind is Kind.STATEMENT:
        return f"/statements/{quote(passage.id.partition(':')[2])}"
    return reading_address(passage.document, passage.id, is_guide=passage.kind is Kind.GUIDE)
