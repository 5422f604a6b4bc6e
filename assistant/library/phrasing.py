"""How near a question comes to the ways of asking that a passage lists, code names understood."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import chain

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
        every = [(key, line) for key, said in lines.items() for line in sorted(said, key=sorted)]
        self._listing = frozenset(lines)
        self._lines = [(key, line, sum(map(self._weight, sorted(line)))) for key, line in every]
        self._holding: dict[str, list[int]] = defaultdict(list)  # lines by their words
        for number, (_, line) in enumerate(every):
            for word in line:
                self._holding[word].append(number)

    def likeness(self, question: str, ids: Collection[str]) -> dict[str, float]:
        """For each of these passages that lists some: 1 where a line says just this, 0 nothing."""
        said = gist(question, self._names)
        common: dict[int, float] = defaultdict(float)
        for word in sorted(said):
            for number in self._holding.get(word, ()):
                common[number] += self._weight(word)
            for number in self._in_other_words(word):
                common[number] += _BY_OTHER_WORDS * self._weight(word)
        total = sum(map(self._weight, sorted(said)))
        found = dict.fromkeys(self._listing & set(ids), 0.0)
        for number, weight in common.items():
            key, _, line_total = self._lines[number]
            if key in found:
                found[key] = max(found[key], min(1.0, 2 * weight / (total + line_total)))
        return found

    def _in_other_words(self, word: str) -> set[int]:
        """The lines that say a word only in other words."""
        lines = (self._holding.get(other, ()) for other in _OTHERS.get(word, ()))
        return {number for number in chain(*lines) if word not in self._lines[number][1]}

    def _weight(self, word: str) -> float:
        return self._rarity.get(word, self._rarest)
