"""Whether what was found has to do with the question at all."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.library.field import stems
from assistant.library.found import Found
from assistant.library.known import Known
from assistant.library.store import Store
from assistant.library.words import Wanted

WORDS = 0.7  # of the share of the question's words that a passage holds, rare ones counting more
ENOUGH = 0.9  # strength of an added document's passage, which may be about anything
ENOUGH_BY_WORDS = 0.45  # the same where there is no search by meaning
FEW = 1000  # passages, among which a word is looked for however common it is
COMMON = 0.1  # share of more passages from which a word says nothing about any of them
_LONG = 10  # words of a long question
BESIDE_THE_BEST = 0.4  # share of the best passage's evidence that the others need


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign says about a question, for it (positive) or against; see `Signs`."""

    cosine: float
    near_ours: float
    words: float
    held: float
    phrasing: float
    unknown: float
    our_code: float
    our_short_form: float
    ours: float
    theirs: float
    their_cosine: float
    near_theirs: float
    start: float


# A logistic regression over the open questions of benchmarks/retrieval and the sealed ones without
# an answer; five folds of them chose which signs are looked at, and the fresh ones measure it.
FUSED = Weights(6.7, 4.7, 2.7, 8.6, 1.8, 2.1, 3.0, 0.1, 7.1, -7.5, -9.2, -5.0, -9.1)
LEXICAL = Weights(0.0, 0.0, 4.2, 9.5, 4.1, 2.2, 2.9, 0.5, 6.6, -6.5, 0.0, 0.0, -11.9)


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against that a question is one of ours; shares and cosines.

    Attributes:
        cosine: of the nearest passage; None without a search by meaning.
        near_ours: mean cosine of the five nearest entries.
        words: share of the question's words that one passage holds.
        held: the same, times the number of its words up to ten: in a long question that many
            words stand in one passage by chance less easily.
        phrasing: how near it is to a way of asking that a passage lists.
        unknown: share of its words that no passage holds.
        our_code: it names a code that we hold, or calls it by a name of the field.
        our_short_form: it uses a short form of the field.
        ours: share of its words that our field says.
        theirs: share of its words that only other fields say.
        their_cosine: of the nearest question of another field.
        near_theirs: mean cosine of the three nearest of them.
    """

    cosine: float | None
    near_ours: float
    words: float
    held: float
    phrasing: float
    unknown: float
    our_code: bool
    our_short_form: bool
    ours: float
    theirs: float
    their_cosine: float
    near_theirs: float

    @property
    def sum(self) -> float:
        """Above 0 where the question is one of ours."""
        weights = LEXICAL if self.cosine is None else FUSED
        said = ((name, getattr(self, name) or 0.0) for name in self.__slots__)
        total: float = weights.start + sum(getattr(weights, name) * value for name, value in said)
        return total


def signs_of(wanted: Wanted, codes: Iterable[str], found: Found, known: Known) -> Signs:
    """What speaks for and against a question.

    Args:
        wanted: the question.
        codes: that it is about.
        found: what a search for it found.
        known: the words and codes of our field.
    """
    said = stems(wanted.text)
    near = found.near
    words = max(found.shares.values(), default=0.0)
    return Signs(
        cosine=None if near is None else max(near.best.values(), default=0.0),
        near_ours=near.ours if near else 0.0,
        words=words,
        held=words * min(len(stems(wanted.asked)), _LONG) / _LONG,
        phrasing=max(found.alike.values(), default=0.0),
        unknown=found.unknown,
        our_code=not known.codes.isdisjoint(codes),
        our_short_form=any(term.also for term in wanted.terms),
        ours=known.field.ours(said),
        theirs=known.field.theirs(said),
        their_cosine=found.theirs[0],
        near_theirs=found.theirs[1],
    )


def strengths(found: Found) -> dict[str, float]:
    """How near each passage is to the question, by meaning and by words."""
    cosines = found.near.best if found.near else {}
    return {
        key: cosines.get(key, 0.0) + WORDS * max(share, found.alike.get(key, 0.0))
        for key, share in found.shares.items()
    }


def near_the_best(strong: Mapping[str, float]) -> set[str]:
    """The passages that are not far behind the best."""
    least = BESIDE_THE_BEST * max(strong.values(), default=0.0)
    return {key for key, strength in strong.items() if strength >= least}


def near_enough(strong: Mapping[str, float], by_meaning: bool) -> set[str]:
    """The passages that a question of any field at all is about."""
    least = ENOUGH if by_meaning else ENOUGH_BY_WORDS
    return {key for key, strength in strong.items() if strength >= least}


def word_shares(
    having: Mapping[str, Sequence[int]], keys: Collection[str], store: Store
) -> tuple[dict[str, float], float]:
    """Each passage's share of the question's words, and the share that nobody holds.

    Args:
        having: the numbers of the passages that hold a word, by the query for that word.
        keys: ids of the passages.
        store: where they stand.
    """
    shares, total, unknown = dict.fromkeys(keys, 0.0), 0.0, 0.0
    held, ids = store.count(), store.numbers(keys)
    for numbers in having.values():
        rarity = math.log((held + 1) / (len(numbers) + 0.5))
        total += rarity
        if not numbers:
            unknown += rarity
        for number in ids.keys() & numbers:
            shares[ids[number]] += rarity
    if not total:
        return shares, 1.0
    return {key: share / total for key, share in shares.items()}, unknown / total


def telling(having: Mapping[str, Sequence[int]], held: int) -> str:
    """The full-text query for the words that tell passages apart; for all, among few passages.

    Args:
        having: the numbers of the passages that hold a word, by the query for that word.
        held: how many passages there are.
    """
    most = max(FEW, int(held * COMMON))
    rare = [match for match, numbers in having.items() if len(numbers) <= most]
    return " OR ".join(rare or having)
