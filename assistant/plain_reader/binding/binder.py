"""Binding minutes to codes within a sentence, whichever of the two comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from assistant.patterns import regex
from assistant.plain_reader.binding import clock_beside, each, leftover
from assistant.plain_reader.binding.head_binding import HeadBinder
from assistant.plain_reader.binding.items import Item, distinct, total_of
from assistant.plain_reader.mentions.mention import CodeMention
from assistant.plain_reader.reading import Activity, SharedName
from assistant.plain_reader.words import clauses

_BOUTS = regex(
    r"\b(?:bouts?|stints?|intervals|segments|trials"
    r"|(?:two|three|four|separate) (?:blocks|times|sessions))\b",
    re.I,
)
_SAME = regex(r"\b(?:of|on|doing|with)\s+(?:the\s+)?same\b(?!\s+(?:day|time|visit))", re.I)
_MAKES = regex(r"(?:\b(?:is|are|equals?|makes?|gives?|totals?)|=)\s*\Z", re.I)
_OR = regex(r"^\s*(?:or|vs\.?)\s*(?:just|only|simply|maybe)?\s*$", re.I)


class Binder(HeadBinder):
    """Binds the items of one sentence and adds what it finds to a reading."""

    @cached_property
    def _in_bouts(self) -> bool:
        """Whether the sentence tells several stretches of the same."""
        return bool(_BOUTS.search(self._part))

    def bind(self) -> None:
        """Bind every item; what stays open becomes a code without minutes or loose minutes."""
        told = sum(len(item.codes) for item in self._items)
        for item in self._items:
            self._claimed(item, told)
        self._each_of()
        self._each_person()
        self._shared_by_people()
        for item in self._items:
            if item.codes and item.times and not item.done:
                self._within(item)
        self._each()
        self._in_lists()
        self._headed()
        for index, item in enumerate(self._items):
            if item.is_open_time:
                self._open_time(index, item)
        for item in self._items:
            if item.is_open_code:
                self._without_minutes(item)

    def _claimed(self, item: Item, told: int) -> None:
        """The units that an item claims; `told` codes stand in all the items together."""
        codes = [c for m in distinct(item.codes) for c in m.codes if len(m.codes) == 1]
        others = told > len(codes)
        if 1 < len(item.units) == len(codes) == len(distinct(item.codes)):
            self._found.claimed |= {c: m.units for c, m in zip(codes, item.units, strict=True)}
            return
        for mention in item.units:
            whole = others and _MAKES.search(self._part, max(0, mention.start - 12), mention.start)
            for code in ([] if whole else codes) or [""]:
                self._found.claimed[code] = mention.units

    def _without_minutes(self, item: Item) -> None:
        item.done = True
        for code in distinct(item.codes):
            if self._only_helped(item, code):
                continue
            if item.who is not None and len(code.codes) == 1:
                self._found.givers[code.codes[0]] = item.who
            self._emit(code, [], item)

    def _within(self, item: Item) -> None:
        codes = distinct(item.codes)
        item.done = True
        people = {p.clinician for p in item.people}
        if len(codes) == 1 and len(people) > 1 and len(item.times) > 1:
            self._by_person(codes[0], item)
        elif len(codes) == 1:
            self._emit(codes[0], item.times, item)
        elif len(item.times) == 1 or self._has_each(item):
            self._share(codes, item)
        else:
            self._in_turn(codes, item)

    def _share(self, codes: Sequence[CodeMention], item: Item) -> None:
        if self._has_each(item):
            for code in codes:
                self._emit(code, item.times, item)
            return
        between = self._part[codes[0].end : codes[1].start]
        if _OR.match(between) and len(codes) == 2:
            options = tuple(c for m in codes for c in m.codes)
            self._found.choices.append(
                SharedName(options, self._words(item), "", total_of(item.times), self._by(item))
            )
            return
        time = item.times[0]
        nearest = min(codes, key=lambda c: min(abs(c.start - time.end), abs(time.start - c.end)))
        for code in codes:
            self._emit(code, [time] if code is nearest else [], item)

    def _in_turn(self, codes: Sequence[CodeMention], item: Item) -> None:
        times_first = item.times[0].start < codes[0].start
        shares = []
        for n, code in enumerate(codes):
            if times_first:
                low = codes[n - 1].end if n else item.start
                shares.append([t for t in item.times if low <= t.start < code.start])
            else:
                high = codes[n + 1].start if n + 1 < len(codes) else item.end
                shares.append([t for t in item.times if code.end - 1 <= t.start < high])
        left = [t for t in item.times if not any(t in mine for mine in shares)]
        without = [n for n, mine in enumerate(shares) if not mine]
        if len(left) == len(without) == 1:  # «5 min of A if B was 33»
            shares[without[0]] = left
        for code, mine in zip(codes, shares, strict=True):
            self._emit(code, mine, item)

    def _has_each(self, item: Item) -> bool:
        return bool(each.EACH.search(self._part[item.start : item.end]))

    def _each_of(self) -> None:
        """«each of A and B got 22 minutes»."""
        times = [t for i in self._items for t in i.times]
        evenly = each.EVENLY.search(self._part)
        if len(times) != 1 or not (evenly or each.EACH_OF.search(self._part)):
            return
        named = sum(len(distinct(item.codes)) for item in self._items)
        if evenly:
            if named < 2 or times[0].minutes % named or times[0].block:
                return
            times = [replace(times[0], minutes=times[0].minutes / named)]
        for item in self._items:
            for code in distinct(item.codes):
                self._emit(code, times, item)
            item.done = bool(item.codes or item.times)

    def _each(self) -> None:
        """«A, B and C, 7 min each» and «7 min each of A, B, C»."""
        stated = [n for n, i in enumerate(self._items) if i.times and self._has_each(i)]
        for n in stated:
            times = self._items[n].times
            before = self._run(n, -1)
            named = {code.codes for item in before for code in item.codes}
            after = [i for i in self._run(n, +1) if not named.issuperset(c.codes for c in i.codes)]
            for item in before + after:
                for code in distinct(item.codes):
                    self._emit(code, times, item)
                item.done = self._items[n].done = True

    def _in_lists(self) -> None:
        """«A, B and C: 10, 12, 8 min»."""
        opens = [i for i in self._items if i.codes or i.times]
        codes = [i for i in opens if i.is_open_code]
        times = [i for i in opens if i.is_open_time and not self._activity_words(i)]
        if len(codes) >= 2 and len(codes) == len(times) and opens == codes + times:
            for code_item, time_item in zip(codes, times, strict=True):
                self._emit(distinct(code_item.codes)[0], time_item.times, code_item)
                code_item.done = time_item.done = True

    def _run(self, n: int, step: int) -> list[Item]:
        found, at = [], n + step
        while 0 <= at < len(self._items) and (
            self._items[at].is_open_code or not (self._items[at].codes or self._items[at].times)
        ):
            if self._items[at].is_open_code:
                found.append(self._items[at])
            at += step
        return found[::step]

    def _open_time(self, index: int, item: Item) -> None:
        words = self._activity_words(item)
        target = self._target(index, item, words)
        item.done = True
        before = self._neighbour(index, -1)
        if before is not None and clock_beside.is_told(
            self._part, before, item, self._words(item), is_activity=words
        ):
            return
        if target is not None and len(distinct(target.codes)) > 1:
            self._found.stated_total = total_of(item.times)  # of all of them, and not of each
            self._without_minutes(target)
        elif target is not None:
            for code in distinct(target.codes):
                self._emit(code, item.times, item if item.who else target)
            target.done = True
            if self._in_bouts:
                item.codes = [*target.codes]  # a further bout is one of the same
        elif leftover.is_claim(self._words(item)):
            self._found.loose_minutes += [m for m in [total_of(item.times)] if m is not None]
        elif not words and (told := self._told_beside(index)) is not None:
            item.start, item.end = min(item.start, told.start), max(item.end, told.end)
            told.done = True
            self._activity(index, item)
        elif words or (self._words(item) and not leftover.is_billing_talk(self._words(item))):
            self._activity(index, item)
        else:
            self._found.loose_minutes += [m for m in [total_of(item.times)] if m is not None]

    def _target(self, index: int, item: Item, words: bool) -> Item | None:
        """The item whose code the minutes belong to."""
        before = self._neighbour(index, -1)
        after = self._neighbour(index, +1)
        if before is not None and before.is_open_code and not words:
            return before
        if after is not None and after.is_open_code and not self._begins_anew(item, after):
            return after
        if before is not None and before.codes and not words and self._goes_on(item):
            return before
        if item.who is None or words:
            return None
        near = (before, after)
        other = (i for i in near if i is not None and i.codes and i.who is not item.who)
        return next(other, None) or self._of_persons_before(index)

    def _begins_anew(self, item: Item, after: Item) -> bool:
        """«… taught her 5 min. Manual …»: a sentence of its own, and words before the time."""
        capital = self._part[after.start : after.end].lstrip()[:1].isupper()
        ended = "." in self._part[item.end : after.start]
        return ended and capital and bool(self._words(item))

    def _goes_on(self, item: Item) -> bool:
        """«… 9:00-9:15 and 9:30-9:45», «… and 15 in the afternoon»: more of the code before."""
        if all(t.block is not None for t in item.times) and not self._words(item):
            return True
        said = self._part[item.start : item.end]
        bare = not self._words(item) and self._in_bouts
        return bare or bool(clock_beside.AGAIN.search(said) or _SAME.search(said))

    def _neighbour(self, index: int, step: int) -> Item | None:
        at = index + step
        while 0 <= at < len(self._items):
            if self._items[at].codes or self._items[at].times:
                return self._items[at]
            at += step
        return None

    def _told_beside(self, index: int) -> Item | None:
        """«squats, 15 min»: the activity next to minutes that have no words of their own."""
        for at in (index - 1, index + 1):
            if 0 <= at < len(self._items):
                item = self._items[at]
                if not (item.codes or item.times or item.done) and self._activity_words(item):
                    return item
        return None

    def _activity(self, index: int, item: Item) -> None:
        """The item's words as something done; further words on it may stand beside it."""
        step = 1 if self._time_heads(item) else -1
        low, high, passed, at = item.start, item.end, [], index + step
        while 0 <= at < len(self._items):
            other = self._items[at]
            if other.codes or other.times or (other.done and other.start not in range(low, high)):
                break
            passed.append(other)
            if self._is_activity(self._shown[other.start : other.end].strip(" .,:;()-\n")):
                low, high = min(low, other.start), max(high, other.end)
                for between in passed:  # «fabricated a splint, checked fit, reviewed wear»
                    between.done = True
                passed = []
            at += step
        while index + 1 < len(self._items) and self._goes_with(self._items[index + 1]):
            index += 1
            high = max(high, self._items[index].end)
            self._items[index].done = True
        text = leftover.words(self._shown, low, high, [*item.times, *item.units])
        if self._found.activities and _SAME.search(text):
            text = self._found.activities[-1].text
        block = next((t.block for t in item.times if t.block is not None), None)
        self._found.activities.append(Activity(text, total_of(item.times), self._by(item), block))

    def _time_heads(self, item: Item) -> bool:
        """«12 min of putty and …», «I did 12 min of putty and …»: what was done comes behind."""
        time = item.times[0]
        if time.start - item.start < 4:
            return True
        before, behind = self._shown[item.start : time.start], self._shown[time.end : item.end]
        return self._is_activity(behind) and not self._is_activity(before)

    def _goes_with(self, item: Item) -> bool:
        """«treadmill 10 min, I stood cueing his step length»: how it was done, said behind it."""
        told = item.codes or item.times or item.done
        return not told and clauses.goes_with(self._shown[item.start : item.end])
