"""What is bound, put into a reading: a service, a shared name, an unknown code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.claim import Clinician, Service
from assistant.plain_reader.binding import doubts, leftover
from assistant.plain_reader.binding.items import Item, stretches, total_of
from assistant.plain_reader.mentions.mention import CodeMention, Mention, TimeMention
from assistant.plain_reader.reading import Reading, SharedName

AROUND = 44  # characters on either side of a name that may say which of its codes is meant


class Emitter:
    """Adds to a reading what one sentence says.

    Args:
        part: the sentence as read; shown: the same stretch in the user's own words.
        known: the codes that are held.
    """

    def __init__(
        self,
        part: str,
        shown: str,
        items: Sequence[Item],
        found: Reading,
        known: frozenset[str],
        is_activity: Callable[[str], bool],
    ) -> None:
        self._part = part
        self._shown = shown
        self._items = items
        self._found = found
        self._known = known
        self._is_activity = is_activity
        self._left: dict[tuple[int, int, int], str] = {}

    def _activity_words(self, item: Item) -> bool:
        return self._is_activity(self._words(item))

    def _words(self, item: Item) -> str:
        """The item's own words without its minutes and units; "" where only filler is left."""
        mentions: list[Mention] = [*item.times, *item.units]
        key = (item.start, item.end, len(mentions))
        if key not in self._left:  # asked of each item for each other one
            self._left[key] = leftover.words(self._shown, item.start, item.end, mentions)
        return self._left[key]

    def _by(self, item: Item) -> Clinician:
        """Who gave the item's minutes: nobody named, the assistant who writes."""
        named = Clinician.ASSISTANT if self._found.writer is Clinician.ASSISTANT else None
        return item.who or named or Clinician.THERAPIST

    def _emit(self, code: CodeMention, times: Sequence[TimeMention], item: Item) -> None:
        if len(code.codes) != 1:
            words = self._shown[code.start : code.end]
            around = self._shown[max(0, code.start - AROUND) : code.end + AROUND]
            shared = SharedName(code.codes, words, around, total_of(times), self._by(item))
            self._found.choices.append(shared)
            return
        name = code.codes[0]
        if name not in self._known:
            self._found.unknown_codes.append(name)
            return
        words = leftover.words(
            self._shown, item.start, item.end, [*_within(item, [*times, code]), *item.units]
        )
        activity = words if words and self._is_activity(words) else ""
        for minutes, block in stretches(doubts.adding_up(self._part, times, item.codes, name)):
            self._found.services.append(Service(name, minutes, self._by(item), block, activity))


def _within(item: Item, mentions: Sequence[Mention]) -> list[Mention]:
    return [m for m in mentions if item.start <= m.start and m.end <= item.end]
