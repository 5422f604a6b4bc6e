"""How near a question comes to the ways of asking that a passage lists, code names understood."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from assistant.library.field import stem
from assistant.library.jargon import JARGON
from assistant.library.nouns import Passage
from assistant.library.words import STOP_WORDS, meant_in, words_in

_BY_OTHER_WORDS = 0.7  # of a word that the line says in other words
_SPELT = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
_NUMBERS = {word: str(number) for number, word in enumerate(_SPELT, start=1)}
_OTHERS: Mapping[str, frozenset[str]] = {
    stem(word): frozenset(stem(one) for text in also for one in text.split())
    for word, also in JARGON.items()
}


def gist(text: str, names: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """What a question says: its stems, a code instead of its name, numbers as figures."""
    found = [one for one, _ in meant_in(words_in(text), names)]
    return frozenset(
        _NUMBERS.get(one) or (one if one.isdigit() else stem(one))
        for one in found
        if one not in STOP_WORDS
    )


class Phrasings:
    """The ways of asking that passages list, ready to compare with.

    Args:
        passages: those that list some.
        names: what people call the codes, lower case.
    """

    def __init__(self, passages: Iterable[Passage], names: Mapping[str, tuple[str, ...]]) -> None:
        self._names = names
        lines = {
            one.id: {gist(line, names) for line in (one.title, *one.asked_as)} - {frozenset()}
            for one in passages
            if one.asked_as
        }
        held = Counter(word for said in lines.values() for word in frozenset().union(*said))
        self._rarity = {word: math.log(1 + len(lines) / n) for word, n in held.items()}
        self._rarest = math.log(1 + 2 * len(lines))
        self._lines = {
            key: [(line, sum(map(self._weight, line))) for line in said]
            for key, said in lines.items()
        }

    def likeness(self, question: str, ids: Collection[str]) -> dict[str, float]:
        """For each of these passages that lists some: 1 where a line says just this, 0 nothing."""
        said = gist(question, self._names)
        weights = {word: self._weight(word) for word in said}
        others = {word: _OTHERS[word] for word in said & _OTHERS.keys()}
        total = sum(weights.values())

        def alike(line: frozenset[str], line_total: float) -> float:
            common = sum(weights[word] for word in said & line)
            for word, also in others.items():
                if word not in line and not line.isdisjoint(also):
                    common += _BY_OTHER_WORDS * weights[word]
            return min(1.0, 2 * common / (total + line_total))

        return {
            key: max((alike(*line) for line in self._lines[key]), default=0.0)
            for key in self._lines.keys() & ids
        }

    def _weight(self, word: str) -> float:
        return self._rarity.get(word, self._rarest)
