"""Misspelt words of the trade set right, with the way back to where they stand in the message."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.patterns import regex
from assistant.privacy.words import lists

SHORTEST = 6  # letters of a word that may be misspelt
_WORD = regex(rf"[A-Za-z][a-z]{{{SHORTEST - 1},}}|[A-Z]{{{SHORTEST},}}")
_HEARD_ALIKE = regex(r"\b(?:gate(?=\s+tr)|manuel(?=\s+th)|there(?=\s+ex\b))", re.I)
_ALIKE = {"gate": "gait", "manuel": "manual", "there": "ther"}


class Speller:
    """Corrects words that are nearly a word of the names it was built with.

    Args:
        known: other words of the field, which are right as they are: «friction» is no «function».
    """

    def __init__(self, names: Iterable[str], known: Iterable[str] = ()) -> None:
        words = _long_words(names)
        self._words = sorted(words)
        self._known = words | _long_words(known)
        self.correct = lru_cache(maxsize=4096)(self._correct)

    def _correct(self, word: str) -> str:
        """The word as it should be; itself where it is known, or like none."""
        if word in self._known or word.rstrip("s") in self._known or f"{word}s" in self._known:
            return word
        if lists().is_word(word):  # «chemotherapy» is no «cryotherapy»
            return word
        allowed = 1 if len(word) < 8 else 2 if len(word) < 11 else 3
        near = process.extractOne(
            word, self._words, scorer=DamerauLevenshtein.distance, score_cutoff=allowed
        )
        return near[0] if near is not None and near[0][0] == word[0] else word

    def read(self, text: str) -> Corrected:
        """The text with its misspelt words set right."""
        pieces, at = [], 0
        shifts = [(0, 0)]
        found = [*_WORD.finditer(text), *_HEARD_ALIKE.finditer(text)]
        for match in sorted(found, key=lambda m: m.start()):
            word = match.group().lower()
            right = _ALIKE.get(word) or self.correct(word)
            if right == word or match.start() < at:
                continue
            pieces += [text[at : match.start()], right]
            at = match.end()
            end = sum(map(len, pieces))
            shifts.append((end, at - end))
        return Corrected("".join([*pieces, text[at:]]), tuple(shifts))


def _long_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(w for t in texts for w in re.findall(r"[a-z]+", t) if len(w) >= SHORTEST)


class Corrected:
    """A corrected text; `place` leads from a position in it back to the message."""

    def __init__(self, text: str, shifts: tuple[tuple[int, int], ...]) -> None:
        self.text = text
        self._starts = [start for start, _ in shifts]
        self._shifts = [shift for _, shift in shifts]

    def place(self, position: int) -> int:
        """Where a position of the corrected text stands in the message."""
        return position + self._shifts[bisect_right(self._starts, position) - 1]
