"""Finds codes by number, by name and shorthand, and by what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.knowledge import Code

FUZZY = 82  # of 100: below it, a name resembles too much else
CLOCKS = {"fifteen": "15-minute units", "own": "its own clock", "untimed": "untimed"}
FAMILIES = {
    "fifteen": "Timed treatment, one to one",
    "untimed": "Untimed treatment and modalities",
    "own": "Timed on a clock of its own",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A code with the names people give it.

    Attributes:
        because: why a search found it, "" where it was only listed.
    """

    code: Code
    names: tuple[str, ...]
    because: str = ""

    @property
    def clock(self) -> str:
        """How its units are counted, in a few words."""
        return CLOCKS[self.code.clock]


class Catalogue:
    """The codes held, and the ways to find one.

    Args:
        assistant: its knowledge, and its reader for what was done.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._codes = assistant.knowledge.codes
        names: defaultdict[str, list[str]] = defaultdict(list)
        for name, codes in assistant.knowledge.code_names.items():
            for code in codes:
                names[code].append(name)
        self._names = {code: tuple(sorted(called)) for code, called in names.items()}

    def entry(self, code: str, because: str = "") -> Entry:
        """A code held."""
        return Entry(self._codes[code], self._names.get(code, ()), because)

    def families(self) -> dict[str, list[Entry]]:
        """Every code, by how its units are counted."""
        listed = sorted(self._codes.items())
        return {
            title: [self.entry(number) for number, code in listed if code.clock == clock]
            for clock, title in FAMILIES.items()
        }

    def search(self, words: str, *, today: date) -> list[Entry]:
        """The codes that the words may mean, the likeliest first; each says why."""
        words = " ".join(words.lower().split())[:200]
        if not words:
            return []
        found: dict[str, str] = {}
        for code, why in (
            *self._by_number(words),
            *self._by_name(words),
            *self._by_activity(words, today),
            *self._by_likeness(words),
        ):
            found.setdefault(code, why)
        return [self.entry(code, why) for code, why in found.items()]

    def _by_number(self, words: str) -> Iterable[tuple[str, str]]:
        start = words.upper()
        if len(start) < 2 or not start[-1].isdigit():
            return []
        return [(code, "number") for code in sorted(self._codes) if code.startswith(start)]

    def _by_name(self, words: str) -> Iterable[tuple[str, str]]:
        for code in self._assistant.knowledge.code_names.get(words, ()):
            yield code, f"called “{words}”"
        for number, held in sorted(self._codes.items()):
            if words in held.label.lower():
                yield number, "its plain name"

    def _by_activity(self, words: str, today: date) -> Iterable[tuple[str, str]]:
        """Codes that the flowchart reaches, or may reach, for something done."""
        if any(letter.isdigit() for letter in words):
            return
        asked = Inquiry((f"Which code for {words}?",), today)
        for choice in self._assistant.answer(asked).code_choices:
            if choice.code:
                yield choice.code, "the flowchart’s choice for this activity"
            for code in choice.candidates:
                yield code, "possible for this activity: it depends on why it was done"

    def _by_likeness(self, words: str) -> Iterable[tuple[str, str]]:
        names = self._assistant.knowledge.code_names
        for name, score, _ in process.extract(words, names.keys(), scorer=fuzz.WRatio, limit=6):
            if score >= FUZZY:
                for code in names[name]:
                    yield code, f"called “{name}”"
