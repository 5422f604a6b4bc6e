"""Minutes of several people bound to the code that they share."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.binding import each
from assistant.plain_reader.binding.emitting import Emitter
from assistant.plain_reader.binding.items import Item, distinct, total_of
from assistant.plain_reader.mentions.mention import CodeMention

_RESPECTIVELY = regex(r"\brespectively\b", re.I)
_HELPED = regex(r"\b(?:help|assist)ed\s+(?:out\s+)?(?:with|on|in|during)\b", re.I)
_BY = regex(r"\b(?:by|with|from)\s+(?:the\s+|a\s+|an\s+)?\Z", re.I)


class PersonBinder(Emitter):
    """Binds what a sentence says person by person."""

    def _by_person(self, code: CodeMention, item: Item) -> None:
        """«97530 (30 min, PT 20 / PTA 10)»: each person takes the minutes named next."""
        left = list(item.times)
        for person in item.people:
            after = [t for t in left if t.start >= person.end]
            before = [t for t in left if t.end <= person.start]
            if not after and not before:
                continue
            behind = before and _BY.search(self._part, 0, person.start)  # «20 by the OTA»
            time = after[0] if after and not behind else before[-1]
            left.remove(time)
            mine = Item(item.start, item.end, who=person.clinician)
            self._emit(code, [time], mine)
        parts = total_of([t for t in item.times if t not in left])
        if left and total_of(left) != parts:
            self._emit(code, left, Item(item.start, item.end))

    def _each_person(self) -> None:
        """«PT and PTA each treated for 15 minutes of A», «… did 20 and 5, respectively»."""
        times = [t for i in self._items for t in i.times]
        people = {p.clinician: None for i in self._items for p in i.people}
        codes = distinct([c for i in self._items for c in i.codes])
        if len(codes) == 1 and len(times) == len(people) > 1 and _RESPECTIVELY.search(self._part):
            for time, who in zip(times, people, strict=True):
                self._emit(codes[0], [time], Item(0, 0, who=who))
            for item in self._items:
                item.done = True
            return
        if len(times) != 1 or len(people) < 2 or not each.EACH_TREATED.search(self._part):
            return
        for item in self._items:
            for code in distinct(item.codes):
                for who in people:
                    self._emit(code, times, Item(item.start, item.end, who=who))
            item.done = True

    def _only_helped(self, item: Item, code: CodeMention) -> bool:
        """«the COTA helped with A, the OT did A 25»: whose minutes they are, the other says."""
        if not _HELPED.search(self._part, item.start, item.end):
            return False
        return any(i.times for i in self._items for c in i.codes if c.codes == code.codes)

    def _shared_by_people(self) -> None:
        """«therapist 18 min plus PTA 12 min, all of it gait»: the one code is everybody's."""
        codes = [item for item in self._items if item.codes]
        spent = [item for item in self._items if item.times and item.who is not None]
        if len(codes) != 1 or len(spent) < 2 or not codes[0].is_open_code:
            return
        named = distinct(codes[0].codes)
        everybody = all(item in spent for item in self._items if item.times)
        people = {item.who for item in spent}
        if len(named) != 1 or not everybody or len(people) < 2 or any(i.done for i in spent):
            return
        if any(item.codes or self._activity_words(item) for item in spent):
            return
        for item in spent:
            self._emit(named[0], item.times, item)
            item.done = True
        codes[0].done = True

    def _of_persons_before(self, index: int) -> Item | None:
        """«97530 15 min PT, 15 min PTA, 8 min PT»: of the code that the persons before gave."""
        for item in reversed(self._items[:index]):
            if item.codes:
                return item if item.who is not None and len(distinct(item.codes)) == 1 else None
            if not item.times or item.who is None or self._activity_words(item):
                return None
        return None
