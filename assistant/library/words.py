"""A question as words to search for: its codes, its terms, and what people call the codes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.library.jargon import JARGON, SPELLED
from assistant.library.other_fields import OTHER_FIELDS
from assistant.patterns import regex

MOST_CHARACTERS = 2000  # of a question; what follows is not searched for
MOST_TERMS = 48
SHORTEST_MENDED = 5  # letters; shorter words are too easily taken for one another
LIKENESS = 0.75  # of a misspelt word to the one that is meant

_CODE = regex(r"(?<![\w$.,])([0-9]{4}[0-9FT]|[A-V][0-9]{4})(?![\w]|[.,]\d)")
_RANGE = regex(r"(?<![\w$.,])(\d{5})\s?(?:-|–|to|through)\s?(\d{5})(?!\w)")
_WIDEST_RANGE = 20
_WORD = regex(r"[^\W_]+(?:'[^\W_]+)?")
_SPELLED = regex(rf"(?i)\b(?:{'|'.join(SPELLED)})\b")
_LONGEST_NAME = 5  # words

STOP_WORDS = frozenset(
    _WORD.findall(
        """
        a about after all also am an and any are as at be because been before being both but by can
        cannot could did do does doing don done each else ever for from get gets give go going got
        had has have having he her here hers him his how i if im in into is isn it its just know let
        like make me might mine more most much must my need needs no not now of off ok on only or
        other our ours out own people please possible put really say says she should so some still
        such take tell than that thanks the their theirs them then there these they this those to
        too up us use used using very want was way we were what whats when where whether which who
        whom whose why will with within without would yes you your yours"""
    )
)


def codes_in(text: str) -> tuple[str, ...]:
    """The procedure codes a text names, each once, in order; a short range names all it spans."""
    found = dict.fromkeys(match[1] for match in _CODE.finditer(text))
    for match in _RANGE.finditer(text):
        first, last = int(match[1]), int(match[2])
        if 0 < last - first <= _WIDEST_RANGE:
            found |= dict.fromkeys(f"{code:05d}" for code in range(first, last + 1))
    return tuple(found)


def words_in(text: str) -> list[str]:
    """Its words, lower case."""
    return _WORD.findall(text.replace("’", "'").lower())


_OF_OTHERS = frozenset(word for line in OTHER_FIELDS for word in words_in(line))  # not misspelt


@dataclass(frozen=True, slots=True)
class Term:
    """A word to find, or other words for it."""

    word: str
    also: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """The full-text query for it: quoted, so that nothing in it is an operator."""
        return " OR ".join(f'"{_plain(one)}"' for one in (self.word, *self.also))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question looks for.

    Attributes:
        asked: the question as it was asked.
        text: the question with misspelt words mended and short forms explained, for the search
            by meaning.
        terms: words to find, without stop words.
        named: codes written as numbers.
        meant: codes that only a name stands for ("theract").
    """

    asked: str
    text: str
    terms: tuple[Term, ...]
    named: tuple[str, ...]
    meant: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes it is about."""
        return tuple(dict.fromkeys((*self.named, *self.meant)))

    @property
    def match(self) -> str:
        """The full-text query: any of the terms will do."""
        return " OR ".join(term.match for term in self.terms)


def parse_question(
    question: str,
    names: Mapping[str, tuple[str, ...]],
    known: Collection[str],
    english: Collection[str] = frozenset(),
) -> Wanted:
    """What a question looks for.

    Args:
        question: as it was asked.
        names: what people call the codes, lower case.
        known: every word that stands in a passage, lower case.
        english: words that are spelt right although no passage holds them.
    """
    text = question[:MOST_CHARACTERS].encode("utf-8", "ignore").decode()  # no lone surrogates
    text = _SPELLED.sub(lambda match: SPELLED[match[0].lower()], text)
    if english:
        for word in dict.fromkeys(words_in(text)):
            right = word in english or word in JARGON or word in _OF_OTHERS
            if not right and (better := _mended(word, known)):
                text = re.sub(rf"(?i)\b{re.escape(word)}\b", better, text)
    words = words_in(text)
    kept = dict.fromkeys(_plain(word) for word in words if word not in STOP_WORDS)
    terms = [Term(word, JARGON.get(word, ())) for word in kept if word][:MOST_TERMS]
    meant = tuple(dict.fromkeys(code for code, named in meant_in(words, names) if named))
    explained = [other for term in terms for other in term.also]
    return Wanted(
        asked=question[:MOST_CHARACTERS],
        text=f"{text} ({', '.join(dict.fromkeys(explained))})" if explained else text,
        terms=(*terms, *(Term(code) for code in meant)),
        named=codes_in(text.upper()),
        meant=meant,
    )


def _plain(word: str) -> str:
    """Without a possessive, and without what would end a quotation."""
    return re.sub(r"'.*|\"", "", word)


def meant_in(
    words: Sequence[str], names: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, bool]]:
    """The words in order, a run that is the one name of a code replaced by it and so marked.

    Of names within names, the longest counts.
    """
    position = 0
    while position < len(words):
        for length in range(_LONGEST_NAME, 0, -1):
            run = " ".join(words[position : position + length])
            codes = names.get(run, ())
            if len(codes) == 1 and run not in STOP_WORDS:
                yield codes[0], True
                position += length
                break
        else:
            yield words[position], False
            position += 1


def _mended(word: str, known: Collection[str]) -> str | None:
    """The known word that a misspelt one must mean, or None where it is known or unlike all."""
    if len(word) < SHORTEST_MENDED or word in known or not word.isalpha():
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = sorted(  # so that of equally near words the same one is taken every time
        other for other in known if abs(len(other) - len(word)) <= 2 and other[0] == word[0]
    )
    found = process.extractOne(word, near, scorer=OSA.normalized_similarity, score_cutoff=LIKENESS)
    return str(found[0]) if found else None
