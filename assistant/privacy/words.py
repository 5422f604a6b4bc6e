"""Lists of names and of words that are none; read when the first text is masked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_ENDINGS = (
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""),
    ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e"), ("est", ""), ("ied", "y"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lists:
    """What is known of single words, all in lower case.

    Attributes:
        first: first names that are nothing else, however they are written.
        first_capitalised: first names only where written with a capital.
        also_words: first names that are ordinary words too, such as «grace» or «mark».
        last: last names.
        last_also_words: last names that are words, places or the like too.
        words: words of the language and of the field.
        proper: proper nouns that name no person where nothing else says so.
    """

    first: frozenset[str]
    first_capitalised: frozenset[str]
    also_words: frozenset[str]
    last: frozenset[str]
    last_also_words: frozenset[str]
    words: frozenset[str]
    proper: frozenset[str]

    def is_word(self, word: str) -> bool:
        """Whether it is a word that names no person, in any form of it."""
        low = word.lower()
        if low in self.words or low in self.proper:
            return True
        for ending, instead in _ENDINGS:
            if low.endswith(ending):
                stem = low[: -len(ending)] + instead
                if stem in self.words or _undoubled(stem) in self.words:
                    return True
        return False


def _undoubled(stem: str) -> str:
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


@cache
def lists() -> Lists:
    """The lists: US Census of 1990 for names, SCOWL and our own texts for words (see NOTICE)."""
    proper = _read("proper_nouns.txt")
    return Lists(
        first=_read("first_names.txt") - proper,
        first_capitalised=_read("first_names_capitalised.txt") - proper,
        also_words=_read("first_names_also_words.txt") | {"june"},
        last=_read("last_names.txt") - proper,
        last_also_words=_read("last_names_also_words.txt") | (_read("last_names.txt") & proper),
        words=_read("words.txt"),
        proper=proper,
    )


def _read(name: str) -> frozenset[str]:
    return frozenset((_HERE / name).read_text(encoding="utf-8").split())
