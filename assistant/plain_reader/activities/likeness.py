"""What an activity was for, judged by its likeness to worked examples of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from assistant.errors import KnowledgeError, LibraryError
from assistant.patterns import regex

if TYPE_CHECKING:
    from assistant.library.embedder import Embedder, Vectors

OPEN = "open"  # examples for which a question is due
WEIGHT = 4  # power of the likeness with which a neighbour votes
_AROUND = regex(
    r"\b(?:which|what(?:'s)?|the|right|correct|cpt|billing)?\s*codes?\s*"
    r"(?:is|for|fits|applies to)?\b"
    r"|\b(?:how (?:do|should|would) (?:i|we) (?:bill|code)|medicare(?: part b)?|PT|OT|SLP)\b|[?!]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Like:
    """The intent that an activity's nearest examples share, and the nearest of them.

    Attributes:
        intent: "" where the examples are near enough and do not agree, so that a question is due.
    """

    intent: str
    example: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Worked examples with the limits that were fitted for them; see their file."""

    texts: tuple[str, ...]
    intents: tuple[str, ...]
    neighbours: int
    least_likeness: float
    least_share: float


class Likeness:
    """Judges by likeness; loads the embedder and the examples when first asked.

    Args:
        examples: the file of worked examples.
        data: the folder that holds the exported embedder.
    """

    def __init__(self, examples: Path, data: Path) -> None:
        self._file = examples
        self._data = data
        self.find = lru_cache(maxsize=1024)(self._find)

    def _find(self, text: str) -> Like | None:
        """What the activity is like; None where it is like nothing enough, or no embedder is."""
        words = " ".join(_AROUND.sub(" ", text).split())
        if not re.search(r"[a-z]{3}", words, re.I) or self._embedder is None:
            return None
        near = self._vectors @ self._embedder.embed([words])[0]
        examples = self._examples
        order = sorted(range(len(near)), key=lambda n: (-float(near[n]), n))[: examples.neighbours]
        if near[order[0]] < examples.least_likeness:
            return None
        votes: dict[str, float] = {}
        for n in order:
            weight = max(float(near[n]), 0.0) ** WEIGHT
            votes[examples.intents[n]] = votes.get(examples.intents[n], 0.0) + weight
        best = max(votes, key=lambda name: votes[name])
        if best == OPEN or votes[best] < examples.least_share * sum(votes.values()):
            return Like("", examples.texts[order[0]])
        return Like(best, next(examples.texts[n] for n in order if examples.intents[n] == best))

    @cached_property
    def _examples(self) -> Examples:
        return read_examples(yaml.load(self._file.read_text(encoding="utf-8"), yaml.CSafeLoader))

    @cached_property
    def _embedder(self) -> Embedder | None:
        from assistant.library.embedder import open_embedder

        try:
            return open_embedder(self._data)
        except LibraryError:
            return None

    @cached_property
    def _vectors(self) -> Vectors:
        assert self._embedder is not None
        return self._embedder.embed(self._examples.texts)


def read_examples(raw: Mapping[str, Any]) -> Examples:
    """The examples of a file's content.

    Raises:
        KnowledgeError: a key is missing or unknown, or a limit is no share.
    """
    keys = {"neighbours", "least_likeness", "least_share", "examples"}
    if set(raw) != keys:
        raise KnowledgeError(f"flowcharts/examples: the keys must be {', '.join(sorted(keys))}.")
    pairs = [(text, intent) for intent, texts in raw["examples"].items() for text in texts]
    limits = (float(raw["least_likeness"]), float(raw["least_share"]))
    if not pairs or not all(0 < limit < 1 for limit in limits):
        raise KnowledgeError("flowcharts/examples: no examples, or a limit not between 0 and 1.")
    texts, intents = zip(*pairs, strict=True)
    return Examples(texts, intents, int(raw["neighbours"]), *limits)
