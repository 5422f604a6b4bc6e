"""Finds known phrases in a text, in any inflection and with small typing errors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.errors import KnowledgeError
from assistant.flowchart import Wording
from assistant.patterns import regex
from assistant.privacy.words import lists

SKIPPED = frozenset(
    ["a", "an", "the", "his", "her", "hers", "their", "its", "my", "our", "your", "of", "some",
     "this", "that", "these", "those"]
)  # fmt: skip
WIDEST_GAP = 4  # other words that "..." may stand for
LONG = 10  # letters; a longer word may be two letters off
SHORTEST_MENDED = 6  # letters; a shorter word is too close to too many others
_WORD = regex(
    r"w/c|w/o|w/|(?<=\d)['’](?!\w)|[tx]/fs?\b|s/p\b|f/u\b|d/t\b|h/o\b|//|[a-z0-9]+(?:['’][a-z]+)?",
    re.IGNORECASE,
)
_SHORTHAND = {
    "w/": "with",
    "w/o": "without",
    "'": "feet",
    "t/f": "transfer",
    "t/fs": "transfer",
    "x/f": "transfer",
    "x/fs": "transfer",
    "s/p": "following",
    "f/u": "followup",
    "d/t": "due",
    "h/o": "handout",
    "//": "parallel",
}
_LABELS = regex(r":|\s[-–—]+\s")
_END = regex(r"[.;!?\n](?:\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text: what it is compared by, where it stands, and what precedes it.

    Attributes:
        comma, stop, colon: whether a comma, the end of a sentence, or a colon or a dash
            stands before it.
        capitals: whether it is written in capitals, as the letters of a name are.
    """

    stem: str
    start: int
    end: int
    comma: bool
    stop: bool
    colon: bool = False
    capitals: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found: whose it is, and the words it took."""

    label: tuple[str, str]
    cells: tuple[int, ...]

    @property
    def first(self) -> int:
        """Index of its first word."""
        return self.cells[0]

    @property
    def last(self) -> int:
        """Index of its last word."""
        return self.cells[-1]


_Element = frozenset[str] | None  # None is the gap


class CueIndex:
    """Cues by label, ready to be found in a text.

    Args:
        wording: spellings and word classes.
        cues: label (kind, id) to the cues that stand for it.
        apart: a kind whose cues may stand inside those of the others.
    """

    def __init__(
        self, wording: Wording, cues: Mapping[tuple[str, str], Iterable[str]], apart: str = ""
    ) -> None:
        self._apart = apart
        self._spellings = wording.spellings
        self._classes = {
            name: tuple(map(self._stem, members)) for name, members in wording.classes.items()
        }
        self._starting: defaultdict[str, list[tuple[tuple[_Element, ...], tuple[str, str]]]]
        self._starting = defaultdict(list)
        self._long: defaultdict[str, set[str]] = defaultdict(set)  # as written, by first letter
        for label, phrases in cues.items():
            for phrase in phrases:
                self._add(phrase, label)
        self._known = frozenset(self._vocabulary())
        self._never = frozenset(
            stem(word) for word in (*wording.purpose, *wording.goal, *wording.cause)
        )
        self._capitals = frozenset(map(stem, wording.capitals))
        self._mended = lru_cache(maxsize=4096)(self._mend)

    def _add(self, phrase: str, label: tuple[str, str]) -> None:
        elements = tuple(e for e in map(self._element, phrase.split()) if e is None or e)
        if not elements or elements[0] is None or elements[-1] is None:
            raise KnowledgeError(f"cues.yaml: {label[1]}: {phrase!r} has no first or last word.")
        for first in elements[0]:
            self._starting[first].append((elements, label))

    def _element(self, written: str) -> _Element:
        if written == "...":
            return None
        return frozenset(self._alternatives(written))

    def _alternatives(self, written: str) -> Iterable[str]:
        for word in written.split("|"):
            if word.startswith("<"):
                if word[1:-1] not in self._classes:
                    raise KnowledgeError(f"cues.yaml: no class {word}.")
                yield from self._classes[word[1:-1]]
            elif word not in SKIPPED:
                if len(word) >= SHORTEST_MENDED:
                    self._long[word[0]].add(word)
                yield self._stem(word)

    def _stem(self, word: str) -> str:
        return stem(self._spellings.get(word, word))

    def _vocabulary(self) -> Iterable[str]:
        for entries in self._starting.values():
            for elements, _ in entries:
                for element in elements:
                    yield from element or ()

    def words(self, text: str) -> list[Word]:
        """The text's words without articles and the like."""
        found: list[Word] = []
        end = 0
        for match in _WORD.finditer(text):
            written = match[0].lower().replace("’", "'")
            if written in SKIPPED:
                continue
            between = text[end : match.start()]
            found.append(
                Word(
                    self._mended(_SHORTHAND.get(written, written)),
                    match.start(),
                    match.end(),
                    comma="," in between or "(" in between,
                    stop=bool(_END.search(between)),
                    colon=bool(_LABELS.search(between)),
                    capitals=match[0][:2].isupper(),
                )
            )
            end = match.end()
        return found

    def _mend(self, written: str) -> str:
        plain = self._stem(written)
        if plain in self._known or plain in self._never or len(written) < SHORTEST_MENDED:
            return plain
        if lists().is_word(written):  # «slower» is no «shower», «choking» no «cooking»
            return plain
        limit = 2 if len(written) > LONG else 1
        near = (
            (
                OSA.distance(written, known, score_cutoff=limit),
                _single(known) != _single(written),
                known,
            )
            for known in self._long.get(written[0], ())
        )
        distance, _, best = min(near, default=(limit + 1, True, ""))
        return self._stem(best) if distance <= limit else plain

    def hits(self, words: Sequence[Word]) -> list[Hit]:
        """The cues found, in the order of the text; of two that overlap, the longer."""
        found = set()
        for index, word in enumerate(words):
            for elements, label in self._starting.get(word.stem, ()):
                cells = _match(words, index, elements)
                if cells and (len(cells) > 1 or self._counts_alone(word)):
                    found.add(Hit(label, cells))
        apart = {hit for hit in found if hit.label[0] == self._apart}
        kept = _longest(apart) + _longest(found - apart)
        return sorted(kept, key=lambda hit: (hit.cells, hit.label))

    def _counts_alone(self, word: Word) -> bool:
        """«MET» is a technique, «met» a word of the language."""
        return word.capitals or word.stem not in self._capitals


def _single(word: str) -> str:
    """The word with doubled letters written once; they are what typing most often gets wrong."""
    return re.sub(r"(.)\1", r"\1", word)


def _longest(found: Iterable[Hit]) -> list[Hit]:
    """Those that overlap no longer one; several may take the same words."""
    kept: list[Hit] = []
    taken: dict[int, tuple[int, ...]] = {}
    for hit in sorted(
        found, key=lambda h: (-len(h.cells), h.label[0] == "activity", h.cells, h.label)
    ):
        if all(taken.get(cell, hit.cells) == hit.cells for cell in hit.cells):
            kept.append(hit)
            taken.update(dict.fromkeys(hit.cells, hit.cells))
    return kept


def _match(
    words: Sequence[Word], start: int, elements: Sequence[_Element], gap: int = 0
) -> tuple[int, ...] | None:
    """Indexes of the words that the elements take from `start` on; None where they do not."""
    if not elements:
        return ()
    if elements[0] is None:
        return _match(words, start, elements[1:], WIDEST_GAP)
    for at in range(start, min(start + gap + 1, len(words))):
        if words[at].stem in elements[0]:
            rest = _match(words, at + 1, elements[1:])
            if rest is not None and not _torn(words, at, rest):
                return (at, *rest)
    return None


def _torn(words: Sequence[Word], at: int, rest: tuple[int, ...]) -> bool:
    """Whether a sentence ends inside, or a comma stands between two neighbours."""
    if not rest:
        return False
    between = words[at + 1 : rest[0] + 1]
    return any(word.stop for word in between) or (len(between) == 1 and between[0].comma)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The word without its inflection; British and American spellings come out alike."""
    word = word.removesuffix("'s")
    if len(word) <= 3:
        return word
    word = _singular(word)
    word = re.sub(r"i[sz]ation$", "iz", re.sub(r"is(?=e$|ed$|ing$)", "iz", word))
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and re.search("[aeiouy]", root) and root[-1] != "e":
            word = root
            break
    word = word.removesuffix("e") if len(word) > 3 else word
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _singular(word: str) -> str:
    for ending in ("ies", "ied"):
        if word.endswith(ending) and len(word) > 4:
            return word[:-3] + "y"
    if re.search(r"(ss|ch|sh|x)es$", word):
        return word[:-2]
    return word[:-1] if word[-1] == "s" and word[-2] not in "su" else word
