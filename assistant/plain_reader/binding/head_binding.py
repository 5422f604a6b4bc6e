"""Minutes under a heading, or behind a list of what was done, bound to the code that heads them."""

from __future__ import annotations

from itertools import takewhile

from assistant.plain_reader.binding import each
from assistant.plain_reader.binding.items import Item, distinct
from assistant.plain_reader.binding.person_binding import PersonBinder

_OF_EXERCISES = frozenset({"97110", "97112", "97530"})  # several exercises or tasks under one code


class HeadBinder(PersonBinder):
    """Binds what stands under a code that heads it."""

    def _headed(self) -> None:
        """«NMR: tandem stance, foam, 16 min»: the one time behind a heading is the heading's."""
        for n, item in enumerate(self._items):
            if not item.is_open_code or not self._heads_a_list(n, item):
                continue
            behind = list(takewhile(lambda i: not i.codes, self._items[n + 1 :]))
            times = [i for i in behind if i.is_open_time]
            alone = len(behind) > 1 and all(not self._words(i) for i in behind) and times == behind
            if not (len(times) == 1 or alone) or any(i.people for i in times):
                continue
            if len(distinct(item.codes)) == 1:
                told = [time for i in times for time in i.times]
                self._emit(distinct(item.codes)[0], told, item)
                for done in (item, *times):
                    done.done = True

    def _heads_a_list(self, n: int, item: Item) -> bool:
        """«NMR: …», «97110 SLR, bridges, clams 18 min»: what follows is of the item's code."""
        if each.HEADING.match(self._part, item.codes[-1].end):
            return True
        behind = next((i for i in self._items[n + 1 :] if i.codes or i.times), None)
        if behind is None or behind.codes or len(behind.times) != 1:
            return False
        listed = {code for mention in item.codes for code in mention.codes} <= _OF_EXERCISES
        bracketed = each.IN_BRACKETS.search(self._part, behind.start, behind.end)
        return bool(listed or bracketed) and self._activity_words(item)
