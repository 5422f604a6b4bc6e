"""Whether what was found has to do with the question at all."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assistant.library.field import stems
from assistant.library.known import Known
from assistant.library.store import Store
from assistant.library.words import Wanted

WORDS = 0.7  # of the share of the question's words that a passage holds, rare ones counting more
ENOUGH = 0.9  # strength of an added document's passage, which may be about anything
ENOUGH_BY_WORDS = 0.45  # the same where there is no search by meaning
BESIDE_THE_BEST = 0.4  # share of the best passage's evidence that the others need


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign says about a question, for it (positive) or against; see `Signs`."""

    cosine: float
    words: float
    phrasing: float
    unknown: float
    our_code: float
    our_short_form: float
    ours: float
    theirs: float
    their_cosine: float
    start: float


# A logistic regression over the open questions of benchmarks/retrieval, rounded; the sealed ones
# measure it.
FUSED = Weights(4.0, 2.5, 3.5, -2.0, 1.5, 0.3, 4.5, -2.0, -2.5, -4.95)
LEXICAL = Weights(0.0, 3.0, 4.0, -2.0, 2.0, 0.3, 5.0, -2.5, 0.0, -4.5)


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against that a question is one of ours; shares and cosines.

    Attributes:
        cosine: of the nearest passage; None without a search by meaning.
        words: share of the question's words that one passage holds.
        phrasing: how near it is to a way of asking that a passage lists.
        unknown: share of its words that no passage holds.
        our_code: it names a code that we hold, or calls it by a name of the field.
        our_short_form: it uses a short form of the field.
        ours: share of its words that our field says.
        theirs: share of its words that only other fields say.
        their_cosine: of the nearest question of another field.
    """

    cosine: float | None
    words: float
    phrasing: float
    unknown: float
    our_code: bool
    our_short_form: bool
    ours: float
    theirs: float
    their_cosine: float

    @property
    def sum(self) -> float:
        """Above 0 where the question is one of ours."""
        weights = LEXICAL if self.cosine is None else FUSED
        return (
            weights.start
            + weights.cosine * (self.cosine or 0.0)
            + weights.words * self.words
            + weights.phrasing * self.phrasing
            + weights.unknown * self.unknown
            + weights.our_code * self.our_code
            + weights.our_short_form * self.our_short_form
            + weights.ours * self.ours
            + weights.theirs * self.theirs
            + weights.their_cosine * self.their_cosine
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found before it was weighed: passage ids with how near they are.

    Attributes:
        near: cosine; None without a search by meaning.
        lexical: BM25 score.
        alike: likeness to a way of asking that the passage lists.
        their_cosine: of the nearest question of another field.
    """

    near: dict[str, float] | None
    lexical: dict[str, float]
    alike: dict[str, float]
    their_cosine: float

    @property
    def keys(self) -> set[str]:
        """All passages found."""
        return {*self.lexical, *(self.near or ())}


def signs_of(
    wanted: Wanted,
    codes: Iterable[str],
    found: Found,
    known: Known,
    shares: Mapping[str, float],
    unknown: float,
) -> Signs:
    """What speaks for and against a question.

    Args:
        wanted: the question.
        codes: that it is about.
        found: what a search for it found.
        known: the words and codes of our field.
        shares: by passage, the share of the question's words in it.
        unknown: the share of its words that no passage holds.
    """
    said = stems(wanted.text)
    return Signs(
        cosine=None if found.near is None else max(found.near.values(), default=0.0),
        words=max(shares.values(), default=0.0),
        phrasing=max(found.alike.values(), default=0.0),
        unknown=unknown,
        our_code=not known.codes.isdisjoint(codes),
        our_short_form=any(term.also for term in wanted.terms),
        ours=known.field.ours(said),
        theirs=known.field.theirs(said),
        their_cosine=found.their_cosine,
    )


def strengths(
    near: Mapping[str, float] | None, shares: Mapping[str, float], alike: Mapping[str, float]
) -> dict[str, float]:
    """How near each passage is to the question, by meaning and by words."""
    cosines = near or {}
    return {
        key: cosines.get(key, 0.0) + WORDS * max(share, alike.get(key, 0.0))
        for key, share in shares.items()
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
    wanted: Wanted, keys: Collection[str], store: Store
) -> tuple[dict[str, float], float]:
    """Each passage's share of the question's words, and the share that nobody holds."""
    shares, total, unknown = dict.fromkeys(keys, 0.0), 0.0, 0.0
    held = store.count()
    for term in wanted.terms:
        having = store.passages_with(term.match)
        rarity = math.log((held + 1) / (having + 0.5))
        total += rarity
        if not having:
            unknown += rarity
            continue
        for key in store.holding(term.match, keys):
            shares[key] += rarity
    if not total:
        return shares, 1.0
    return {key: share / total for key, share in shares.items()}, unknown / total
