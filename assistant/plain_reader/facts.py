"""All that a conversation says, turn by turn: facts carry over, corrections replace."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from assistant.claim import CountingRule, Discipline, Service, Setting
from assistant.conversation import Inquiry
from assistant.errors import ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.plain_reader import (
    clock,
    context,
    corrections,
    disciplines,
    follow_up,
    outline,
    second_thoughts,
    tables,
)
from assistant.plain_reader.codes import CodeReader
from assistant.plain_reader.letters import own_words
from assistant.plain_reader.modifiers_given import ModifierReader
from assistant.plain_reader.payers_named import (
    NamedPayer,
    PayerReader,
    counting_rule,
    is_medicare,
)
from assistant.plain_reader.pricing import NamedLocality, locality
from assistant.plain_reader.reading import Activity, Reading, SharedName
from assistant.plain_reader.services import ServiceReader
from assistant.plain_reader.shared_names import NameSettler
from assistant.plain_reader.text import plain


@dataclass(slots=True)
class Facts:
    """What is known after the last message.

    Attributes:
        codes: the codes that the last message names, with or without minutes.
        topic: the last message that named a code, for «what about 2019?».
        focus: the codes that the last message to name any spoke of, for «the PTA did that».
        replies: later messages without services of their own, for what an activity left open.
        modifiers: modifiers that the last message names.
        written: code to the modifiers that the writer puts on it.
        new_services: whether the last message itself brought or changed services.
    """

    services: list[Service] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    choices: list[SharedName] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    topic: str = ""
    focus: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    payer: NamedPayer | None = None
    rule: CountingRule | None = None
    day: context.NamedDate | None = None
    discipline: Discipline | None = None
    setting: Setting | None = None
    separate: bool | None = None
    locality: NamedLocality | None = None
    dollars: context.Dollars = field(default_factory=context.Dollars)
    claimed: dict[str, int] = field(default_factory=dict)
    treatment_total: int | None = None
    stated_total: int | None = None
    loose_minutes: list[int] = field(default_factory=list)
    unbilled_minutes: list[tuple[int, str]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    tie_choice: tuple[str, ...] = ()
    new_services: bool = False


_RESET = re.compile(
    r"\b(?:start over|new (?:patient|visit|question|case|scenario)|reset|forget (?:that|it|all)"
    r"|different patient|next (?:patient|pt))\b",
    re.I,
)
_MODIFIER = re.compile(
    r"(?<![\w.$/])(?:modifier\s*)?(?:-)?(59|X[EPSU]|GP|GO|GN|KX|CQ|CO|GA|GX|GY|GZ|52|AT)"
    r"(?![\w/%]|\s*(?:min|m\b|'))"
)


def starts_over(text: str) -> bool:
    """Whether a message leaves behind all that was said before it."""
    return bool(_RESET.search(text))


class FactReader:
    """Reads conversations; built once for a knowledge base."""

    def __init__(
        self,
        knowledge: Knowledge,
        is_activity: Callable[[str], bool],
        code_of: Callable[[str], str | None],
    ) -> None:
        self._is_activity = is_activity
        self._codes = CodeReader(knowledge)
        self._text_of = lru_cache(maxsize=256)(self._told)
        self._payers = PayerReader(knowledge)
        self._modifiers = ModifierReader(knowledge.modifiers)
        addons = {c.code: c.first_code for c in knowledge.codes.values() if c.first_code}
        known = frozenset(knowledge.codes)
        self._names = NameSettler(knowledge, code_of)
        self._services = ServiceReader(self._codes, known, addons, is_activity)

    def read(self, inquiry: Inquiry) -> Facts:
        """The facts after the last message.

        Raises:
            ImpossibleFact: the last message, or one that still matters, says what cannot be.
        """
        facts = Facts(discipline=Discipline(inquiry.discipline) if inquiry.discipline else None)
        if inquiry.payer:
            facts.payer = NamedPayer(inquiry.payer, inquiry.payer)
        for n, message in enumerate(inquiry.messages):
            last = n == len(inquiry.messages) - 1
            try:
                facts = self._turn(facts, self._text_of(message), inquiry.today)
            except ImpossibleFact:
                if last:
                    raise
        return facts

    def _told(self, message: str) -> str:
        """The writer's own words, tables and lists told as sentences."""
        meant = second_thoughts.told(clock.in_figures(own_words(plain(message))))
        return outline.told(tables.told(meant), self.codes_of)

    def _turn(self, before: Facts, text: str, today: date) -> Facts:
        if starts_over(text):
            before = Facts()
        facts = replace(
            before, new_services=False, codes=(), claimed={}, loose_minutes=[],
            unknown_codes=(), choices=list(before.choices),
        )  # fmt: skip
        reading = self._services.read(text)
        facts.codes = self.codes_of(text)
        facts.topic = text if facts.codes else before.topic
        facts.focus = facts.codes or before.focus
        facts.unknown_codes = tuple(dict.fromkeys(reading.unknown_codes))
        facts.modifiers = tuple(dict.fromkeys(m.group(1) for m in _MODIFIER.finditer(text)))
        self._surroundings(before, facts, text, today)
        self._what_was_done(before, facts, reading, text)
        written = self._modifiers.find(text)
        facts.written = written if facts.new_services else {**before.written, **written}
        return facts

    def codes_of(self, text: str) -> tuple[str, ...]:
        """The codes that a text names without doubt, in order."""
        named = (m.codes for m in self._codes.find(text))
        return tuple(dict.fromkeys(codes[0] for codes in named if len(codes) == 1))

    def names_payer(self, text: str) -> bool:
        """Whether the text names a payer."""
        return self._payers.find(text) is not None

    def _surroundings(self, before: Facts, facts: Facts, text: str, today: date) -> None:
        payer = self._payers.find(text)
        if payer is not None:
            facts.payer = payer
            facts.rule = None if payer != before.payer else facts.rule
        rule = counting_rule(text)
        if rule is not None:
            facts.rule = rule
            if payer is None and rule is CountingRule.AMA and is_medicare(before.payer):
                facts.payer = None
        facts.day = context.date_of_service(text, today) or facts.day
        named = disciplines.find(text)
        if len(named) == 1:
            facts.discipline = named[0]
        facts.setting = context.setting(text) or facts.setting
        facts.locality = locality(text) or facts.locality
        separate = context.separate(text)
        facts.separate = facts.separate if separate is None else separate
        money = context.dollars(text, again=before.dollars.before is not None)
        facts.dollars = context.Dollars(
            facts.dollars.before if money.before is None else money.before,
            facts.dollars.visit if money.visit is None else money.visit,
        )

    def _what_was_done(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        if before.services or before.activities:
            self._drop_talk(reading)
        facts.claimed = reading.claimed
        if reading.treatment_total is not None:
            facts.treatment_total = reading.treatment_total
        if reading.stated_total is not None:
            facts.stated_total = reading.stated_total
        facts.unbilled_minutes = reading.unbilled_minutes or facts.unbilled_minutes
        timed = any(s.minutes is not None or s.block for s in reading.services)
        added = bool(reading.services) and bool(before.services) and follow_up.adds(text)
        if timed or added or reading.activities or reading.choices:
            self._new_services(before, facts, reading, text)
        elif before.services or before.activities or before.choices:
            self._follow_up(before, facts, reading, text)
        else:
            told = before.loose_minutes if reading.services else []
            facts.services = follow_up.whole(reading)
            told = told or (reading.loose_minutes if len(facts.services) == 1 else [])
            filled = follow_up.with_minutes(facts.services, told)
            facts.services = filled or facts.services
            facts.loose_minutes = [] if filled else reading.loose_minutes
            facts.new_services = bool(facts.services)
        if reading.by_everyone is not None:
            meant = corrections.spoken_of(text, facts.services, facts.focus)
            givers = dict.fromkeys(meant, reading.by_everyone)
            facts.services = [replace(s, by=givers.get(s.code, s.by)) for s in facts.services]
            facts.activities = [replace(a, by=reading.by_everyone) for a in facts.activities]
        self._names.settle(before, facts, text)
        for subset in reading.subsets:
            facts.services = follow_up.carved(facts.services, subset)

    def _drop_talk(self, reading: Reading) -> None:
        """«it's one minute short» in a later turn is no activity; its minutes stand alone."""
        for activity in list(reading.activities):
            if not self._is_activity(activity.text):
                reading.activities.remove(activity)
                reading.loose_minutes += [m for m in [activity.minutes] if m is not None]

    def _new_services(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        fresh, added = follow_up.whole(reading), False
        if before.services and follow_up.removes(text):
            gone = {s.code for s in fresh if s.minutes is None}
            before = replace(before, services=[s for s in before.services if s.code not in gone])
            fresh = [s for s in fresh if s.code not in gone]
            added = bool(gone)
        facts.new_services, facts.loose_minutes = True, reading.loose_minutes
        bit_by_bit = before.payer is None and not self.names_payer(text)
        joined = follow_up.joins(text, before.services, fresh, going_on=bit_by_bit)
        added = added or follow_up.adds(text) or joined
        if parts := follow_up.parts_of(before.services, fresh):
            facts.services = follow_up.carved(before.services, parts[0])
        elif added and (before.services or before.activities):
            facts.services = [*before.services, *fresh]
            facts.activities = [*before.activities, *reading.activities]
            facts.choices = [*before.choices, *reading.choices]
        elif follow_up.corrects(before.services, fresh, text, self.names_payer(text)):
            facts.services = follow_up.replaced(before.services, fresh)
        else:
            facts.services, facts.activities = fresh, list(reading.activities)
            facts.choices = list(reading.choices)
            facts.replies, facts.tie_choice = [], ()
            if before.services or before.activities:
                facts.separate = context.separate(text)
                facts.stated_total = reading.stated_total
                facts.treatment_total = reading.treatment_total
        several = len({s.code for s in facts.services}) > 1
        in_turn = context.in_turn(text) or follow_up.in_turn_by_clock(facts.services)
        if facts.separate is None and several and in_turn:
            facts.separate = True

    def _follow_up(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        again = bool(before.replies) and follow_up.is_correction(text)
        if not follow_up.bare_minutes(text):
            facts.replies = [text] if again else [*before.replies, text]
        if follow_up.removes(text) and facts.codes:
            facts.services = [s for s in before.services if s.code not in facts.codes]
            facts.choices = [c for c in before.choices if not set(c.codes) & set(facts.codes)]
            facts.new_services = True
            return
        alone = not (before.tie_choice or reading.givers)
        named = self._codes.find(text) if alone else []
        other = corrections.only_these(before.services, named, text) or (
            corrections.in_place(before.services, facts.codes, text)
        )
        if other:
            facts.services, facts.new_services = other, True
            return
        chosen = follow_up.chosen(reading, facts.codes, text)
        facts.tie_choice = chosen or corrections.nth_code(before.services, text) or facts.tie_choice
        given = corrections.given_by(before.services, reading.givers, text)
        if given != before.services:
            facts.services, facts.new_services = given, True
        more = follow_up.more_minutes(text)
        if more and len(facts.services) == 1:
            reading.loose_minutes = [max((facts.services[0].minutes or 0) + more, 0)]
        minutes = reading.loose_minutes or follow_up.bare_minutes(text)
        known = all(s.minutes is not None for s in facts.services)
        if known and facts.services and not more and not follow_up.takes_back_minutes(text):
            minutes = []
        every = follow_up.with_minutes(facts.services, minutes, each=follow_up.says_each(text))
        filled = every or corrections.of_focus(facts.services, minutes, before.focus)
        if filled:
            facts.services, facts.new_services = filled, True
        elif len(minutes) == 1 and len(before.activities) == 1 and not before.services:
            facts.activities = [replace(before.activities[0], minutes=minutes[0])]
            facts.new_services = True
        else:
            facts.loose_minutes = minutes
