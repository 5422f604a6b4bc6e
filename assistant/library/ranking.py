"""Two rankings into one: fused, weighed by who speaks, folded where two say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.evidence import Authority
from assistant.library.found import Found
from assistant.library.nouns import Kind, Passage
from assistant.library.words import words_in
from assistant.patterns import regex

# What each sign weighs in a passage's score, all on a scale of 0 to 1. Fitted to the open questions
# of benchmarks/retrieval (a softmax over the passages found) and rounded; the sealed ones measure.
BEST = 1.0  # cosine of its nearest entry
SEVERAL = 1.0  # mean cosine of its three nearest entries
LEXICAL = 0.85  # share of the best BM25 score
PHRASING = 0.8  # a listed way of asking that says the same as the question
WORDS = 0.85  # share of the question's words that it holds, rare ones counting more
_UNLISTED = 0.5  # of the words' share, in place of the phrasing where it lists no ways of asking
_ALONE = 0.8  # of the best cosine, in place of the several where it has but one entry
_LEAST_COSINE = 0.1  # of a passage that only its words found
MOST = 24  # passages that are worth comparing with one another
ALIKE = 0.6  # share of word runs in common from which two passages are one
_RUN = 4  # words

# How a text that states a rule speaks, and how one that only talks about it does.
_STATES = regex(
    r"(?i)\b(?:must|shall|may not"
    r"|(?:is|are) (?:not )?(?:required|paid|payable|covered|denied|allowed)"
    r"|requires?|effective|no (?:more|fewer) than|at (?:least|most)|up to|per (?:day|visit|date))\b"
)
_TALKS = regex(
    r"(?i)\b(?:in this (?:article|post|blog|guide)|let's|we'll|we're|you'll|stay tuned|read on"
    r"|(?:this|the following) (?:letter|notice|article|guide) (?:explains|describes|covers)"
    r"|did you know|great question|good news|as (?:we|you) (?:all )?know|i think|in my experience"
    r"|sign up|subscribe|contact us|schedule a demo|click|confus(?:ed|ing)"
    r"|wonder(?:ed|ing)?)\b|[?!]"
)

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
_CHAT = 0.9  # a page that talks about the matter and states nothing
_ALL_CODES = 1.15
_NO_CODE = 0.9
_PAYER = 1.15
_PAYERS_OWN = 1.5  # its own letter before what we say of payers in general
_OTHER_PAYER = 0.8
_TOPIC = 1.1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about, besides its words."""

    codes: tuple[str, ...] = ()
    payer: str | None = None
    topics: tuple[str, ...] = ()


def fuse(found: Found) -> dict[str, float]:
    """Passage ids with their scores: a sum of what the meaning, the words and the phrasing say.

    Measured on our questions this is better than adding reciprocal ranks, which forget how far
    the first passage is ahead (benchmarks/retrieval shows both).
    """
    near = found.near.best if found.near else {}
    several = found.near.several if found.near else {}
    most = max(found.lexical.values(), default=0.0) or 1.0

    def score(key: str) -> float:
        best = max(near.get(key, 0.0), _LEAST_COSINE)
        lists = key in found.alike
        words = found.lexical.get(key, 0.0) / most
        return (
            BEST * best
            + SEVERAL * (several.get(key, _LEAST_COSINE) if lists else _ALONE * best)
            + LEXICAL * words
            + PHRASING * (found.alike[key] if lists else _UNLISTED * words)
            + WORDS * found.shares.get(key, 0.0)
        )

    return {key: score(key) for key in found.keys}


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
    if passage.kind is Kind.DOCUMENT and chats(passage.text):
        found *= _CHAT
    return found * _by_codes(passage, asked) * _by_payer(passage, asked) * _by_topic(passage, asked)


@lru_cache(maxsize=4096)
def chats(text: str) -> bool:
    """Whether a text talks about its matter more than it states what holds."""
    return len(_TALKS.findall(text)) > len(_STATES.findall(text))


def _by_codes(passage: Passage, asked: Asked) -> float:
    if not asked.codes:
        return 1.0
    share = sum(code in passage.codes for code in asked.codes) / len(asked.codes)
    return _NO_CODE + (_ALL_CODES - _NO_CODE) * share


def _by_payer(passage: Passage, asked: Asked) -> float:
    if asked.payer is None or not passage.payers:
        return 1.0
    if asked.payer in passage.payers:
        return _PAYERS_OWN if passage.kind is Kind.DOCUMENT else _PAYER
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
