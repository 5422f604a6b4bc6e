"""What our results say clause by clause, so that a figure is not moved from one thing to another.

«Within 30 days …; a verbal order counts if signed within 14 days»: both figures are held, yet
«a verbal order counts if signed within 30 days» is false. A claim's figures are bound to its codes
instead; this is for what is explained without a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.llm_agent.figures import Figure
from assistant.llm_agent.word_lists import common_words
from assistant.patterns import regex

if TYPE_CHECKING:
    from assistant.llm_agent.evidence_held import Held
    from assistant.llm_agent.sentences import Sentence

_BREAK = regex(r"[,:;()—]\s|\s(?:and|but|while|whereas)\s")
_WORD = regex(r"[a-z]{4,}", re.I)
_STEM = 6
_NEARER = 2  # words more in common, before another clause is held to be meant
_EMPTY = frozenset(["days", "minutes", "units", "unit", "percent", "code", "codes", "about"])


@dataclass(frozen=True, slots=True)
class Clause:
    """The words of a clause, shortened to stems, and its figures by what they count."""

    words: frozenset[str]
    figures: frozenset[tuple[str, str, str]]


@lru_cache(maxsize=8192)
def clauses_of(sentence: Sentence) -> tuple[Clause, ...]:
    """The clauses of a sentence that hold a figure which can be moved."""
    return tuple(_clauses(sentence))


def _clauses(sentence: Sentence) -> Iterator[Clause]:
    for start, end in _spans(sentence.text):
        own = [f for f in sentence.figures if start <= f.start < end and _is_movable(f)]
        if own:
            keys = frozenset((f.kind, f.unit, f.value) for f in own)
            yield Clause(_words(sentence.text[start:end]), keys)


def misplaced(sentence: Sentence, held: Held) -> Iterator[str]:
    """Figures that our results say of something else than the sentence does."""
    for clause in clauses_of(sentence):
        for kind, unit, value in sorted(clause.figures):
            same, other = 0, 0
            for known in held.clauses:
                alike = {f for f in known.figures if f[:2] == (kind, unit)}
                common = len(clause.words & known.words)
                if (kind, unit, value) in alike:
                    same = max(same, common)
                elif alike - clause.figures:
                    other = max(other, common)
            if other >= same + _NEARER or (other and not same):
                yield f"«{value}{f' {unit}s' if unit else ''}» is said of another thing."


def _is_movable(figure: Figure) -> bool:
    return figure.kind in ("percent", "money") or (
        figure.kind == "number" and figure.unit not in ("", "size")
    )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _words(text: str) -> frozenset[str]:
    said = {word.lower() for word in _WORD.findall(text)} - _EMPTY - common_words()
    return frozenset(word[:_STEM] for word in said)
