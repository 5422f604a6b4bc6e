"""A note and the lines billed for it, as the audit's tests look at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assistant.claim import ClaimLine, CountingRule
from assistant.knowledge import Knowledge
from assistant.rules.note import Note


@dataclass(frozen=True)
class Audit:
    """A note, the lines billed for it and what else the tests look at."""

    note: Note
    lines: Sequence[ClaimLine]
    on: date
    knowledge: Knowledge
    counting_rule: CountingRule
    earlier: Sequence[Note]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The billed codes, each once."""
        return tuple(dict.fromkeys(line.code for line in self.lines))

    @cached_property
    def one_to_one(self) -> tuple[str, ...]:
        """The billed codes of the 15-minute pool."""
        return tuple(code for code in self.codes if self._is_pooled(code))

    @cached_property
    def pool(self) -> dict[str, int | None]:
        """Minutes in the note of every 15-minute code, billed or not: each moves the count."""
        named = dict.fromkeys((*self.codes, *self.note.codes))
        return {code: self.note.minutes(code) for code in named if self._is_pooled(code)}

    @cached_property
    def billed(self) -> Counter[str]:
        """Units billed of each 15-minute code."""
        found: Counter[str] = Counter()
        for line in self.lines:
            if self._is_pooled(line.code):
                found[line.code] += line.units
        return found

    def _is_pooled(self, code: str) -> bool:
        known = self.knowledge.codes.get(code)
        return known is not None and known.is_pooled

    def modifiers(self, *wanted: str) -> bool:
        """Whether any line carries one of these modifiers."""
        return any(modifier in wanted for line in self.lines for modifier in line.modifiers)
