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
NARROW = 1.0  # how fast an example's say falls off with its distance
SMOOTH = 0.3  # how much a single example may be overruled by those around it
_AROUND = regex(
    r"\b(?:(?:which|what(?:'s)?|is|the|right|correct|cpt|billing|would|should|does|can|an?|pt|ot|slp"
    r"|i|we|you)\s+){0,6}(?:codes?|cpt|bill|charge)\b\s*"
    r"(?:(?:would|should|can|do|does) (?:an? )?(?:pts?|ots?|slps?|i|we|you)"
    r" (?:bill|use|charge)\s*)?(?:is|for|fits|applies to|when|if|as|under)?"
    r"|\b(?:how (?:do|should|would|can|to) (?:i |we |you )?(?:bill|code)(?: for)?"
    r"|medicare(?: part b)?|PT|OT|SLP)\b|[?!]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Like:
    """The intent that the examples lead to, and the nearest example of it.

    Attributes:
        intent: "" where the examples are near enough and none leads, so that a question is due.
    """

    intent: str
    example: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Worked examples with the limits that were fitted for them; see their file."""

    texts: tuple[str, ...]
    intents: tuple[str, ...]
    least_likeness: float
    least_lead: float


class Likeness:
    """Judges by likeness; loads the embedder and the examples when first asked.

    Args:
        examples: the file of worked examples.
        data: the folder that holds the exported embedder.
    """

    def __init__(self, examples: Path, data: Path) -> None:
        self._file = examples
        self.folder = data
        self.find = lru_cache(maxsize=1024)(self._find)

    def _find(self, text: str) -> Like | None:
        """What the activity is like; None where it is like nothing enough, or no embedder is."""
        words = self.words(text)
        if not words or self.embedder is None:
            return None
        near = self.vectors @ self.embedder.embed([words])[0]
        nearest = int(near.argmax())
        if near[nearest] < self._examples.least_likeness:
            return None
        names, weights, share = self._fitted
        says = _kernel(near) @ weights + share
        second, best = (int(n) for n in says.argsort()[-2:])
        if names[best] == OPEN or says[best] - says[second] < self._examples.least_lead:
            return Like("", self._examples.texts[nearest])
        alike = [n for n, intent in enumerate(self._examples.intents) if intent == names[best]]
        return Like(names[best], self._examples.texts[max(alike, key=lambda n: float(near[n]))])

    def words(self, text: str) -> str:
        """The text without what only asks for a code; "" where no word is left."""
        words = " ".join(_AROUND.sub(" ", text).split())
        return words if re.search(r"[a-z]{3}", words, re.I) else ""

    @cached_property
    def _fitted(self) -> tuple[tuple[str, ...], Vectors, Vectors]:
        """Intents, what each example says for each of them, and their shares: kernel ridge."""
        import numpy as np

        names = tuple(sorted(set(self._examples.intents)))
        is_of = np.array([[one == name for name in names] for one in self._examples.intents], float)
        share = is_of.mean(axis=0)
        alike = _kernel(self.vectors @ self.vectors.T)
        weights = np.linalg.solve(alike + SMOOTH * np.eye(len(alike)), is_of - share)
        return names, weights, share

    @cached_property
    def _examples(self) -> Examples:
        return read_examples(yaml.load(self._file.read_text(encoding="utf-8"), yaml.CSafeLoader))

    @cached_property
    def embedder(self) -> Embedder | None:
        """The embedding model, where one is set up."""
        from assistant.library.embedder import open_embedder

        try:
            return open_embedder(self.folder)
        except LibraryError:
            return None

    @property
    def texts(self) -> tuple[str, ...]:
        """The examples."""
        return self._examples.texts

    @cached_property
    def vectors(self) -> Vectors:
        """Of the examples, one row each."""
        from assistant.library.others import kept_vectors

        assert self.embedder is not None
        return kept_vectors(self.folder, self.embedder, "worked", self._examples.texts)


def _kernel(likeness: Vectors) -> Vectors:
    """How much texts of such a likeness (cosine) have to say about each other, up to 1."""
    import numpy as np

    said: Vectors = np.exp(2 * NARROW * (likeness - 1))
    return said


def read_examples(raw: Mapping[str, Any]) -> Examples:
    """The examples of a file's content.

    Raises:
        KnowledgeError: a key is missing or unknown, or a limit is no share.
    """
    keys = {"least_likeness", "least_lead", "examples"}
    if set(raw) != keys:
        raise KnowledgeError(f"flowcharts/examples: the keys must be {', '.join(sorted(keys))}.")
    pairs = [(text, intent) for intent, texts in raw["examples"].items() for text in texts]
    limits = (float(raw["least_likeness"]), float(raw["least_lead"]))
    if not pairs or not all(0 < limit < 1 for limit in limits):
        raise KnowledgeError("flowcharts/examples: no examples, or a limit not between 0 and 1.")
    texts, intents = zip(*pairs, strict=True)
    return Examples(texts, intents, *limits)
