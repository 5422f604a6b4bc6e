"""Whether a message tells of something done: by its likeness to examples, and by its cues."""

from __future__ import annotations

import contextlib
import math
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from assistant.knowledge import Knowledge
from assistant.library.embedder import FOLDER
from assistant.library.guides import content_hash
from assistant.library.other_fields import OTHER_FIELDS
from assistant.library.others import kept, other_vectors
from assistant.plain_reader.activities.likeness import Likeness
from assistant.plain_reader.activities.mentioned import share_of_cues

if TYPE_CHECKING:
    from assistant.library.embedder import Vectors

PLAIN = 0.5  # share of a message's words in cues, from which no other judge is asked
_ON_TREATMENT = frozenset(
    ("code_choice", "cognition", "evaluation", "modalities", "orthotics", "slp", "wheelchair")
)  # topics of guides whose ways of asking tell what was done
SMOOTH = 0.001
# Logistic regression over the phrases of the tests and the open questions of benchmarks/retrieval.
# At this start 99 % of 1,389 phrases with cues are told, and 30 % of 135 questions with cues.
LIKENESS, CUES, START = 5.0, 5.4, -1.2


class Told:
    """Tells what was done from a question on a rule and from what belongs to another field.

    Args:
        likeness: to the worked examples, which tell of things done.
        knowledge: whose guides list how people ask of rules.
    """

    def __init__(self, likeness: Likeness, knowledge: Knowledge) -> None:
        self._likeness = likeness
        self._knowledge = knowledge
        self._chart = knowledge.flowchart()
        self.sum = lru_cache(maxsize=1024)(self._sum)

    def tells(self, text: str, least: float = 0.0) -> bool:
        """Whether it tells of something done; true where there is no embedder to ask.

        Args:
            least: how sure it must be, as a logarithm of odds.
        """
        words = self._likeness.words(text)
        return share_of_cues(words, self._chart) >= PLAIN or self.sum(words) > least

    def _sum(self, words: str) -> float:
        embedder = self._likeness.embedder
        if embedder is None or not words:
            return math.inf
        like = float(self._direction[:-1] @ embedder.embed([words])[0] + self._direction[-1])
        return LIKENESS * like + CUES * share_of_cues(words, self._chart) + START

    @cached_property
    def _direction(self) -> Vectors:
        """From what is asked (-1) to what is told (1); as a build left it, or made now."""
        import numpy as np

        folder = self._likeness.folder / FOLDER
        for file in folder.glob(f"{self._name}-*.npy"):
            with contextlib.suppress(OSError, ValueError, EOFError):
                held: Vectors = np.load(file, allow_pickle=False)
                return held
        return self.make_ready()

    @property
    def _name(self) -> str:
        assert self._likeness.embedder is not None
        return f"told-{self._likeness.embedder.card.fingerprint}"

    def make_ready(self) -> Vectors:
        """The same, made anew where the examples or the guides' ways of asking have changed."""
        assert self._likeness.embedder is not None
        digest = content_hash(*self._likeness.texts, *self._ways_of_asking(), *OTHER_FIELDS)
        shape = (self._likeness.embedder.card.dimensions + 1,)
        return kept(self._likeness.folder, self._name, digest, shape, self._fit)

    def _ways_of_asking(self) -> list[str]:
        """How people ask of rules."""
        guides = (g for g in self._knowledge.guides if _ON_TREATMENT.isdisjoint(g.topics))
        return [line for g in guides for line in (g.title, *g.asked_as)]

    def _fit(self) -> Vectors:
        """Ridge regression, in which both sides weigh alike."""
        import numpy as np

        told, asked = self._likeness.vectors, self._asked()
        every = np.vstack([told, asked])
        rows = np.hstack([every, np.ones((len(every), 1), every.dtype)])
        sides = np.repeat([1.0, -1.0], [len(told), len(asked)])
        weights = np.repeat([0.5 / len(told), 0.5 / len(asked)], [len(told), len(asked)])
        weighed = (rows * weights[:, None]).T
        found = np.linalg.solve(weighed @ rows + SMOOTH * np.eye(rows.shape[1]), weighed @ sides)
        return found.astype(np.float32)

    def _asked(self) -> Vectors:
        """What people ask of rules and of other fields."""
        import numpy as np

        embedder = self._likeness.embedder
        assert embedder is not None
        rules = embedder.embed(self._ways_of_asking())
        found: Vectors = np.vstack([rules, other_vectors(self._likeness.folder, embedder)])
        return found
