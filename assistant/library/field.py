"""The words of our field, from the knowledge base, and those of others: is a question ours?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from assistant.flowchart import Flowchart
from assistant.knowledge import Knowledge
from assistant.library.jargon import JARGON
from assistant.library.other_fields import OTHER_FIELDS
from assistant.library.words import STOP_WORDS, words_in
from assistant.patterns import regex

_ENDING = regex(r"(?<=\w{3})(?:ings?|ed|es|s|e)$")
_CLASS = regex(r"<(\w+)>")
_GAP = "..."
MORE = 4  # times as often as others must ours say a word that both say


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its ending, so that squats and squatting are one."""
    bare = _ENDING.sub("", word)
    return bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] and bare != word else bare


def stems(text: str) -> list[str]:
    """The stems of its words, without those that say nothing."""
    return [stem(word) for word in words_in(text) if word not in STOP_WORDS]


@dataclass(frozen=True, slots=True)
class Field:
    """How our field speaks, and how others do; all words are stems.

    Attributes:
        words: that stand in the names of codes, cues, and titles, and that other fields say hardly
            or never.
        pairs: two words that stand side by side in what treatments and activities are called.
        foreign: words of other fields that ours never uses.
    """

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    foreign: frozenset[str]

    def ours(self, said: Sequence[str]) -> float:
        """The share of these stems that our field says."""
        paired = {n for n, pair in enumerate(pairwise(said)) if pair in self.pairs}
        held = [n in paired or n - 1 in paired or one in self.words for n, one in enumerate(said)]
        return sum(held) / len(said) if said else 0.0

    def theirs(self, said: Sequence[str]) -> float:
        """The share of these stems that only other fields say."""
        return sum(one in self.foreign for one in said) / len(said) if said else 0.0


def build_field(knowledge: Knowledge) -> Field:
    """Our field's words, from the names of codes, the flowchart's cues and the guides' titles."""
    chart = knowledge.flowchart()
    titles = [text for guide in knowledge.guides for text in (guide.title, *guide.asked_as)]
    labels = [*knowledge.code_names, *(code.label for code in knowledge.codes.values())]
    cues = [_positions(cue, chart) for cue in _cues(chart)]
    alone = {stem(word) for cue in cues if len(cue) == 1 for word in cue[0]}
    others = Counter(one for text in OTHER_FIELDS for one in set(stems(text)))
    said = Counter(one for text in (*titles, *labels) for one in set(stems(text)))
    ours = said.keys() | alone | {stem(word) for word in JARGON}
    spoken = {stem(word) for cue in cues for position in cue for word in position}
    return Field(
        words=frozenset(one for one in ours if others[one] == 0 or said[one] > MORE * others[one]),
        pairs=frozenset(
            pair for cue in cues for pair in _pairs(cue) if not others.keys() >= set(pair)
        ),
        foreign=frozenset(others.keys() - ours - spoken),
    )


def _cues(chart: Flowchart) -> Iterator[str]:
    for intent in chart.intents.values():
        yield from (*intent.named, *intent.signs)
    for activity in chart.activities.values():
        yield from activity.cues


def _positions(cue: str, chart: Flowchart) -> list[tuple[str, ...]]:
    """The words that may stand at each place of a cue; none where it has a gap."""
    return [
        () if part == _GAP else tuple(_alternatives(part, chart.wording.classes))
        for part in cue.split()
    ]


def _alternatives(part: str, classes: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for one in part.split("|"):
        if named := _CLASS.fullmatch(one):
            yield from (word for text in classes.get(named[1], ()) for word in text.split())
        elif one not in STOP_WORDS:
            yield one


def _pairs(cue: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    spoken = [place for place in cue if place]
    for first, second in pairwise(spoken):
        for one, other in product(first, second):
            yield stem(one), stem(other)
