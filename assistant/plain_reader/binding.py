"""Binding minutes to codes within a sentence, whichever of the two comes first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.claim import Block, Clinician, Service
from assistant.errors import ImpossibleFact
from assistant.plain_reader.mentions import Kind, Mention

_EACH = re.compile(r"\beach\b|\bapiece\b|\bper code\b|\brespectively each\b", re.I)
_OR = re.compile(r"^\s*(?:/|or|vs\.?)\s*$", re.I)
_BILLING_TALK = re.compile(
    r"\b(?:bill\w*|units?|rules?|ignore|claims?|charg\w+|codes?|pay\w*|medicare|how many|count\w*|"
    r"what|is|are|can|should|would|make|per|no|yes|actually|instead|if|rounds?|earns?)\b",
    re.I,
)
_NOISE = re.compile(
    r"\b(?:min(?:ute)?s?|of|for|x|then|the|a|an|did|done|spent|performed|provided|completed|with|"
    r"worked on|working on|from|to|at|we|i|patient|today|on|in|were|was|about|around|approx\w*)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Activity:
    """Something done that no code was named for, in the user's words."""

    text: str
    minutes: int | None = None
    by: Clinician = Clinician.THERAPIST
    block: Block | None = None


@dataclass(slots=True)
class Reading:
    """What one message says was done.

    Attributes:
        services: with a code each; `minutes` may be None.
        choices: a name that several codes share, with its words and minutes.
        claimed: units that the writer bills or means to bill: code to units, "" for the visit.
        stated_total: the timed minutes that the writer adds up to, where said.
        by_everyone: who gave the whole visit, where a sentence of its own says it.
        subsets: «of which the PTA did 10».
    """

    services: list[Service] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    choices: list[tuple[tuple[str, ...], str, int | None]] = field(default_factory=list)
    unknown_codes: list[str] = field(default_factory=list)
    claimed: dict[str, int] = field(default_factory=dict)
    loose_minutes: list[int] = field(default_factory=list)
    unbilled_minutes: list[tuple[int, str]] = field(default_factory=list)
    stated_total: int | None = None
    treatment_total: int | None = None
    by_everyone: Clinician | None = None
    subsets: list[tuple[Clinician, int]] = field(default_factory=list)


@dataclass(slots=True)
class Item:
    """A stretch between two separators, with its mentions."""

    start: int
    end: int
    codes: list[Mention] = field(default_factory=list)
    times: list[Mention] = field(default_factory=list)
    units: list[Mention] = field(default_factory=list)
    people: list[Mention] = field(default_factory=list)
    who: Clinician | None = None
    done: bool = False

    @property
    def is_open_code(self) -> bool:
        """Codes that still want minutes."""
        return bool(self.codes) and not self.times and not self.done

    @property
    def is_open_time(self) -> bool:
        """Minutes that still want a code."""
        return bool(self.times) and not self.codes and not self.done


class Binder:
    """Binds the items of one sentence and adds what it finds to a reading."""

    def __init__(
        self,
        part: str,
        shown: str,
        items: list[Item],
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

    def bind(self) -> None:
        """Bind every item; what stays open becomes a code without minutes or loose minutes."""
        for item in self._items:
            self._claimed(item)
            if item.codes and item.times:
                self._within(item)
        self._in_lists()
        for index, item in enumerate(self._items):
            if item.is_open_time:
                self._open_time(index, item)
        for item in self._items:
            if item.is_open_code:
                for code in _distinct(item.codes):
                    self._emit(code, [], item)
                item.done = True

    def _claimed(self, item: Item) -> None:
        for mention in item.units:
            codes = [c for m in _distinct(item.codes) for c in m.value if len(m.value) == 1]  # type: ignore[attr-defined, arg-type]
            for code in codes or [""]:
                self._found.claimed[str(code)] = int(mention.value)  # type: ignore[call-overload]

    def _within(self, item: Item) -> None:
        codes = _distinct(item.codes)
        item.done = True
        if len(codes) == 1 and len({p.value for p in item.people}) > 1 and len(item.times) > 1:
            self._by_person(codes[0], item)
        elif len(codes) == 1:
            self._emit(codes[0], item.times, item)
        elif len(item.times) == 1 or self._has_each(item):
            self._share(codes, item)
        else:
            self._in_turn(codes, item)

    def _by_person(self, code: Mention, item: Item) -> None:
        """«97530 (30 min, PT 20 / PTA 10)»: each person takes the minutes named next."""
        left = list(item.times)
        for person in item.people:
            after = [t for t in left if t.start >= person.end]
            before = [t for t in left if t.end <= person.start]
            if not after and not before:
                continue
            time = after[0] if after else before[-1]
            left.remove(time)
            mine = Item(item.start, item.end, who=person.value)  # type: ignore[arg-type]
            self._emit(code, [time], mine)
        parts = _minutes([t for t in item.times if t not in left])
        if left and _minutes(left) != parts:
            self._emit(code, left, Item(item.start, item.end))

    def _share(self, codes: list[Mention], item: Item) -> None:
        if self._has_each(item):
            for code in codes:
                self._emit(code, item.times, item)
            return
        between = self._part[codes[0].end : codes[1].start]
        if _OR.match(between) and len(codes) == 2:
            options = tuple(str(c) for m in codes for c in m.value)  # type: ignore[attr-defined]
            self._found.choices.append((options, self._words(item), _minutes(item.times)))
            return
        time = item.times[0]
        nearest = min(codes, key=lambda c: min(abs(c.start - time.end), abs(time.start - c.end)))
        for code in codes:
            self._emit(code, [time] if code is nearest else [], item)

    def _in_turn(self, codes: list[Mention], item: Item) -> None:
        times_first = item.times[0].start < codes[0].start
        for n, code in enumerate(codes):
            if times_first:
                low = codes[n - 1].end if n else item.start
                mine = [t for t in item.times if low <= t.start < code.start]
            else:
                high = codes[n + 1].start if n + 1 < len(codes) else item.end
                mine = [t for t in item.times if code.end <= t.start < high]
            self._emit(code, mine, item)

    def _has_each(self, item: Item) -> bool:
        return bool(_EACH.search(self._part[item.start : item.end]))

    def _in_lists(self) -> None:
        """«A, B and C: 10, 12, 8 min» and «A, B and C, 7 min each» and «7 min each of A, B, C»."""
        each = [n for n, i in enumerate(self._items) if i.times and self._has_each(i)]
        for n in each:
            times = self._items[n].times
            for item in self._run(n, -1) + self._run(n, +1):
                for code in _distinct(item.codes):
                    self._emit(code, times, item)
                item.done = self._items[n].done = True
        opens = [i for i in self._items if i.codes or i.times]
        codes = [i for i in opens if i.is_open_code]
        times = [i for i in opens if i.is_open_time and not self._activity_words(i)]
        straight = opens == codes + times
        if len(codes) >= 2 and len(codes) == len(times) and straight:
            for code_item, time_item in zip(codes, times, strict=True):
                self._emit(_distinct(code_item.codes)[0], time_item.times, code_item)
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
        before = self._neighbour(index, -1)
        after = self._neighbour(index, +1)
        words = self._activity_words(item)
        target = None
        if before is not None and before.is_open_code and not words:
            target = before
        elif after is not None and after.is_open_code:
            target = after
        elif item.who is not None and not words:
            target = next(
                (i for i in (after, before) if i is not None and i.codes and i.who is not item.who),
                None,
            )
        item.done = True
        if target is not None:
            for code in _distinct(target.codes):
                self._emit(code, item.times, item)
            target.done = True
        elif words or (self._words(item) and not _BILLING_TALK.search(self._words(item))):
            self._activity(index, item)
        else:
            self._found.loose_minutes += [m for m in [_minutes(item.times)] if m is not None]

    def _neighbour(self, index: int, step: int) -> Item | None:
        at = index + step
        while 0 <= at < len(self._items):
            if self._items[at].codes or self._items[at].times:
                return self._items[at]
            at += step
        return None

    def _activity_words(self, item: Item) -> bool:
        return self._is_activity(self._words(item))

    def _words(self, item: Item) -> str:
        """The item's own words without its minutes and units; "" where only filler is left."""
        text = self._shown[item.start : item.end]
        for mention in sorted([*item.times, *item.units], key=lambda m: m.start, reverse=True):
            a, b = mention.start - item.start, mention.end - item.start
            text = f"{text[:a]} {text[b:]}"
        text = re.sub(r"\s+", " ", text).strip(" .,:;()-+*\n")
        text = re.sub(r"^(?:of|for|x|min(?:ute)?s?|spent|on|doing)\s+", "", text, flags=re.I)
        text = re.sub(r"\s+(?:for|x|of|was|were|at|from|took)$", "", text, flags=re.I)
        return text if re.search(r"[a-z]{3,}", _NOISE.sub(" ", text), re.I) else ""

    def _activity(self, index: int, item: Item) -> None:
        text = self._words(item)
        first = item.times[0].start - item.start < 4
        step = 1 if first else -1
        at = index + step
        while 0 <= at < len(self._items):
            other = self._items[at]
            words = self._shown[other.start : other.end].strip(" .,:;()-\n")
            if other.codes or other.times or other.done or not self._is_activity(words):
                break
            low, high = min(item.start, other.start), max(item.end, other.end)
            text = self._words(Item(low, high, times=item.times, units=item.units))
            other.done = True
            at += step
        blocks = [m.value for m in item.times if m.kind is Kind.BLOCK]
        block = blocks[0] if blocks and isinstance(blocks[0], Block) else None
        by = item.who or Clinician.THERAPIST
        self._found.activities.append(Activity(text, _minutes(item.times), by, block))

    def _emit(self, code: Mention, times: list[Mention], item: Item) -> None:
        options = tuple(str(c) for c in code.value)  # type: ignore[attr-defined]
        if len(options) == 1 and options[0] not in self._known:
            self._found.unknown_codes.append(options[0])
            return
        if len(options) != 1:
            words = self._part[code.start : code.end]
            self._found.choices.append((options, words, _minutes(times)))
            return
        words = self._words(Item(item.start, item.end, times=[*item.times, code], units=item.units))
        activity = words if words and self._is_activity(words) else ""
        by = item.who or Clinician.THERAPIST
        for minutes, block in _stretches(times):
            self._found.services.append(Service(options[0], minutes, by, block, activity))


def _distinct(codes: list[Mention]) -> list[Mention]:
    """The item's codes, a name and its number beside it taken as one."""
    kept: list[Mention] = []
    for code in codes:
        options = set(code.value)  # type: ignore[call-overload]
        twin = next((k for k in kept if options & set(k.value)), None)  # type: ignore[call-overload]
        if twin is None:
            kept.append(code)
        elif len(code.value) < len(twin.value):  # type: ignore[arg-type]
            kept[kept.index(twin)] = code
    return kept


def _minutes(times: list[Mention]) -> int | None:
    stretches = [m for m, _ in _stretches(times) if m is not None]
    return sum(stretches) if stretches else None


def _stretches(times: list[Mention]) -> list[tuple[int | None, Block | None]]:
    """Minutes and blocks of one code; a block with its length beside it is one stretch."""
    spans = [_whole(m) for m in times if m.kind is Kind.MINUTES]
    blocks = [m.value for m in times if isinstance(m.value, Block)]
    if not blocks:
        return [(sum(spans), None)] if spans else [(None, None)]
    length = sum(b.minutes for b in blocks)
    if spans and sum(spans) != length:
        written = ", ".join(map(str, blocks))
        raise ImpossibleFact(
            "minutes",
            sum(spans),
            f"{written} is {length} minutes, but {sum(spans)} are written beside it. Which is right?",
        )
    return [(b.minutes, b) for b in blocks]


def _whole(mention: Mention) -> int:
    value = float(mention.value)  # type: ignore[arg-type]
    if value != int(value):
        raise ImpossibleFact(
            "minutes",
            value,
            f"{value:g} minutes: Medicare counts whole minutes; round it as noted.",
        )
    return int(value)
