"""Slips of the finger in a short later turn: «teh PTA», «adn 8 MT», «acutally 20», «P T A»."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.patterns import regex
from assistant.plain_reader.words.text import NUMBER_WORD, number
from assistant.privacy.words import lists

MOST_LETTERS = 200  # of it
LONGEST = 12  # words of a turn that is mended
FEWEST = 4  # letters of a word that may miss one or have one too many; fewer may only be turned
_TURN_WORDS = (
    "the and was with not did add both only just drop undo back that this then them from over "
    "remove delete scratch without actually sorry change changed switch swap make should rather "
    "never mind forgot forget instead another minutes minute separate everything therapist "
    "assistant student first second third last less more extra keep start stay wrong "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty"
)
_WORDS_OF_TURNS = frozenset(_TURN_WORDS.split())
_WORD = regex(r"(?<![\w'.-])[a-z]{3,12}(?![\w'-])", re.I)
_SPELT_OUT = regex(r"(?<![\w.])(?:(?:P[ .]T|C[ .]O[ .]T|O[ .]T)[ .]A\b\.?)(?!\w)", re.I)

_NUMBER = regex(rf"(?<![\w-]){NUMBER_WORD}(?![\w-])", re.I)
LEAST = 5  # minutes in words; fewer count codes, units, visits


class Mender:
    """Sets such slips right; built once.

    Args:
        names: names of codes and payers, whose words are right as they are.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._known = _WORDS_OF_TURNS | {
            w for name in names for w in re.findall(r"[a-z]+", name.lower())
        }
        self._right = lru_cache(maxsize=1024)(self._nearest)

    def mended(self, text: str) -> str:
        """The turn with its small words spelt right; a long one as it is."""
        if len(text) > MOST_LETTERS or len(text.split()) > LONGEST:
            return text
        text = _SPELT_OUT.sub(lambda m: re.sub(r"[ .]", "", m.group()), text)
        return _WORD.sub(lambda m: self._right(m.group()), text)

    def _nearest(self, word: str) -> str:
        low = word.lower()
        if word.isupper() or low in self._known or lists().is_word(low):
            return word
        near = [w for w in _WORDS_OF_TURNS if _is_slip(low, w)]
        return near[0] if len(near) == 1 else word


def in_figures(text: str) -> str:
    """The turn, numbers in words that are no count of codes or units in figures: «forty five»."""
    return _NUMBER.sub(_figure, text)


def _figure(match: re.Match[str]) -> str:
    value = number(match.group())
    return str(int(value)) if value is not None and (value == 0 or value >= LEAST) else match[0]


def _is_slip(word: str, right: str) -> bool:
    """Whether two letters are turned, or one is missing, doubled or another's."""
    if sorted(word) == sorted(right):
        return OSA.distance(word, right) == 1
    return min(len(word), len(right)) >= FEWEST and word[0] == right[0] and _one_off(word, right)


def _one_off(word: str, right: str) -> bool:
    return OSA.distance(word, right, score_cutoff=1) == 1
