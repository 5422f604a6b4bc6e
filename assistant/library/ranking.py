"""Two rankings into one: fused, weighed by who speaks, folded where two say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.evidence import Authority
from assistant.library.nouns import Kind, Passage
from assistant.library.words import words_in

LEXICAL = 0.5  # weight of the words beside the cosine; 0.3 to 0.7 measured alike
PHRASING = 0.8  # weight of a listed way of asking that says the same as the question
_UNLISTED = 0.5  # of the words' share, in place of that where a passage lists no ways of asking
_LEAST_COSINE = 0.1  # of a passage that only its words found
MOST = 24  # passages that are worth comparing with one another
ALIKE = 0.6  # share of word runs in common from which two passages are one
_RUN = 4  # words

# How much a passage counts by who speaks. Our guides stand with law and CMS: they cite it.
WEIGHTS = {
    Authority.LAW: 1.0,
    Authority.CMS_MANUAL: 1.0,
    Authority.CMS_PAGE: 1.0,
    Authority.CONTRACTOR: 0.97,
    Authority.PAYER: 0.95,
    Authority.LOCAL: 0.95,
    Authority.SOCIETY: 0.92,
    Authority.INDUSTRY: 0.85,
}
_STATEMENT = 0.85  # a fact alone comes after the guide that explains it
_SECTION = 0.9  # a guide's further sections come after its answer
_ALL_CODES = 1.15
_NO_CODE = 0.9
_PAYER = 1.15
_OTHER_PAYER = 0.8
_TOPIC = 1.1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about, besides its words."""

    codes: tuple[str, ...] = ()
    payer: str | None = None
    topics: tuple[str, ...] = ()


def fuse(
    near: Mapping[str, float] | None, lexical: Mapping[str, float], alike: Mapping[str, float]
) -> dict[str, float]:
    """Passage ids with their scores: cosine, the share of the best BM25 score, the phrasing.

    Measured on our questions this is better than adding reciprocal ranks, which forget how far
    the first passage is ahead (benchmarks/retrieval shows both).
    """
    best = max(lexical.values(), default=0.0) or 1.0
    cosines = near or {}
    return {
        key: max(cosines.get(key, 0.0), _LEAST_COSINE)
        + LEXICAL * lexical.get(key, 0.0) / best
        + PHRASING * alike.get(key, _UNLISTED * lexical.get(key, 0.0) / best)
        for key in {**cosines, **lexical}
    }


def ranked(
    scores: Mapping[str, float], passages: Mapping[str, Passage], asked: Asked
) -> list[Passage]:
    """The passages, the best first; of those that say the same, the first."""
    weighed = {key: scores[key] * weight(one, asked) for key, one in passages.items()}
    best = sorted(weighed, key=lambda key: (-weighed[key], key))[:MOST]
    return _ours_first(list(folded(passages[key] for key in best)))


def weight(passage: Passage, asked: Asked) -> float:
    """How much a passage counts for this question by who speaks and what it is about."""
    found = 1.0 if passage.kind is Kind.GUIDE else WEIGHTS[passage.authority]
    if passage.kind is Kind.STATEMENT:
        found *= _STATEMENT
    if passage.kind is Kind.GUIDE and passage.heading:
        found *= _SECTION
    return found * _by_codes(passage, asked) * _by_payer(passage, asked) * _by_topic(passage, asked)


def _by_codes(passage: Passage, asked: Asked) -> float:
    if not asked.codes:
        return 1.0
    share = sum(code in passage.codes for code in asked.codes) / len(asked.codes)
    return _NO_CODE + (_ALL_CODES - _NO_CODE) * share


def _by_payer(passage: Passage, asked: Asked) -> float:
    if asked.payer is None or not passage.payers:
        return 1.0
    if asked.payer in passage.payers:
        return _PAYER
    return 1.0 if "medicare" in passage.payers else _OTHER_PAYER


def _by_topic(passage: Passage, asked: Asked) -> float:
    return _TOPIC if set(asked.topics) & set(passage.topics) else 1.0


def folded(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Without those that repeat one before them."""
    seen: list[frozenset[str]] = []
    for passage in passages:
        runs = _runs(passage.text)
        if not any(_likeness(runs, other) > ALIKE for other in seen):
            seen.append(runs)
            yield passage


@lru_cache(maxsize=4096)
def _runs(text: str) -> frozenset[str]:
    words = words_in(text)
    return frozenset(" ".join(words[n : n + _RUN]) for n in range(max(1, len(words) - _RUN + 1)))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the shorter one's word runs that the other has too."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _ours_first(passages: Sequence[Passage]) -> list[Passage]:
    """An industry page never comes before the first guide that was found."""
    guide = next((n for n, one in enumerate(passages) if one.kind is Kind.GUIDE), None)
    if guide is None or passages[0].authority is not Authority.INDUSTRY:
        return list(passages)
    return [passages[guide], *passages[:guide], *passages[guide + 1 :]]
