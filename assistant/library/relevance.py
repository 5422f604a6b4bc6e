"""Whether what was found has to do with the question at all."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.library.store import Store
from assistant.library.words import Wanted

# Set by hand on all questions of benchmarks/retrieval, answerable and not: its figures are those of
# the questions they were set on. New questions measure; these do not prove.
WORDS = 0.7  # of the share of the question's words that a passage holds, rare ones counting more
UNKNOWN = 0.2  # of the share of its words that no passage holds
OUR_CODE = 0.2  # it names a code that we hold, or calls it by a name of the field
OUR_WORD = 0.1  # it uses a short form of the field
ENOUGH = 0.6
ENOUGH_BY_WORDS = 0.2  # the same where there is no search by meaning
BESIDE_THE_BEST = 0.4  # share of the best passage's evidence that the others need


@dataclass(frozen=True, slots=True)
class Evidence:
    """How near the passages are to a question.

    Attributes:
        by_passage: cosine and share of words together.
        unknown: share of the question's words that no passage holds.
        is_ours: whether it speaks the field's language: 0, `OUR_WORD`, `OUR_CODE` or both.
        by_meaning: whether there was a search by meaning.
    """

    by_passage: Mapping[str, float]
    unknown: float
    is_ours: float
    by_meaning: bool

    @property
    def best(self) -> float:
        """How near the nearest passage is, the question's own words considered."""
        nearest = max(self.by_passage.values(), default=0.0)
        return nearest - UNKNOWN * self.unknown + self.is_ours

    def relevant(self) -> set[str]:
        """The passages that have to do with the question; none where even the best has not."""
        if self.best < (ENOUGH if self.by_meaning else ENOUGH_BY_WORDS):
            return set()
        least = BESIDE_THE_BEST * max(self.by_passage.values(), default=0.0)
        return {key for key, near in self.by_passage.items() if near >= least}


def weigh(
    wanted: Wanted,
    near: Mapping[str, float] | None,
    keys: Collection[str],
    store: Store,
    our_codes: Sequence[str],
) -> Evidence:
    """How near these passages are to the question.

    Args:
        wanted: the question.
        near: passage ids with their cosine; None without a search by meaning.
        keys: the passages.
        store: where they are.
        our_codes: codes the question is about that our own passages are about too.
    """
    shares, unknown = _word_shares(wanted, keys, store)
    cosines = near or {}
    field_words = any(term.also for term in wanted.terms)
    return Evidence(
        by_passage={key: cosines.get(key, 0.0) + WORDS * shares[key] for key in keys},
        unknown=unknown,
        is_ours=OUR_CODE * bool(our_codes) + OUR_WORD * field_words,
        by_meaning=near is not None,
    )


def _word_shares(
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
