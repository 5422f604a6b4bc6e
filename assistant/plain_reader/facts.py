"""All that a conversation says, turn by turn: facts carry over, corrections replace."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.claim import CountingRule, Discipline, Service, Setting
from assistant.conversation import Inquiry
from assistant.errors import ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.plain_reader import context, disciplines, follow_up, tables
from assistant.plain_reader.codes import CodeReader
from assistant.plain_reader.letters import own_words
from assistant.plain_reader.modifiers_given import ModifierReader
from assistant.plain_reader.payers_named import MEDICARE, NamedPayer, PayerReader, counting_rule
from assistant.plain_reader.reading import Activity, Reading, SharedName
from assistant.plain_reader.services import ServiceReader
from assistant.plain_reader.text import plain
from assistant.rules.modifiers import DISCIPLINE_MODIFIER


@dataclass(slots=True)
class Facts:
    """What is known after the last message.

    Attributes:
        codes: the codes that the last message names, with or without minutes.
        topic: the last message that named a code, for «what about 2019?».
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
    unknown_codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    payer: NamedPayer | None = None
    rule: CountingRule | None = None
    day: context.NamedDate | None = None
    discipline: Discipline | None = None
    two_disciplines: tuple[Discipline, ...] = ()
    setting: Setting | None = None
    separate: bool | None = None
    dollars: context.Dollars = field(default_factory=context.Dollars)
    claimed: dict[str, int] = field(default_factory=dict)
    treatment_total: int | None = None
    stated_total: int | None = None
    loose_minutes: list[int] = field(default_factory=list)
    unbilled_minutes: list[tuple[int, str]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    tie_choice: tuple[str, ...] = ()
    new_services: bool = False
    assumptions: list[str] = field(default_factory=list)


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
        self._knowledge, self._code_of, self._is_activity = knowledge, code_of, is_activity
        self._codes = CodeReader(knowledge)
        self._payers = PayerReader(knowledge)
        self._modifiers = ModifierReader(knowledge.modifiers)
        addons = {c.code: c.first_code for c in knowledge.codes.values() if c.first_code}
        known = frozenset(knowledge.codes)
        self._refused = {c for (c, _), (status, *_) in knowledge.statuses.items() if status == "I"}
        self._services = ServiceReader(self._codes, known, addons, is_activity)

    def read(self, inquiry: Inquiry) -> Facts:
        """The facts after the last message.

        Raises:
            ImpossibleFact: the last message, or one that still matters, says what cannot be.
        """
        facts = Facts()
        if inquiry.discipline:
            facts.discipline = Discipline(inquiry.discipline)
        if inquiry.payer:
            facts.payer = NamedPayer(inquiry.payer, inquiry.payer)
        for n, message in enumerate(inquiry.messages):
            last = n == len(inquiry.messages) - 1
            try:
                facts = self._turn(facts, tables.told(own_words(plain(message))), inquiry.today)
            except ImpossibleFact:
                if last:
                    raise
        return facts

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
            if payer is None and rule is CountingRule.AMA and _is_medicare(before.payer):
                facts.payer = None
        facts.day = context.date_of_service(text, today) or facts.day
        named = disciplines.find(text)
        if len(named) == 1:
            facts.discipline, facts.two_disciplines = named[0], ()
        elif len(named) == 2:
            facts.two_disciplines = named
        facts.setting = context.setting(text) or facts.setting
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
            facts.services = [replace(s, by=reading.by_everyone) for s in facts.services]
            facts.activities = [replace(a, by=reading.by_everyone) for a in facts.activities]
        self._settle_names(before, facts, text)
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
        facts.new_services = True
        facts.loose_minutes = reading.loose_minutes
        added = added or follow_up.adds(text) or follow_up.joins(text, before.services, fresh)
        if parts := follow_up.parts_of(before.services, fresh):
            facts.services = follow_up.carved(before.services, parts[0])
        elif before.services and added:
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
        facts.replies = [text] if again else [*before.replies, text]
        if follow_up.removes(text) and facts.codes:
            facts.services = [s for s in before.services if s.code not in facts.codes]
            facts.choices = [c for c in before.choices if not set(c.codes) & set(facts.codes)]
            facts.new_services = True
            return
        other = follow_up.substituted(before.services, facts.codes, text) or (
            follow_up.corrected_nth(before.services, text)
        )
        if other:
            facts.services, facts.new_services = other, True
            return
        facts.tie_choice = follow_up.chosen(reading, facts.codes, text) or facts.tie_choice
        given = follow_up.given_by(before.services, reading.givers)
        if given != before.services:
            facts.services, facts.new_services = given, True
        more = follow_up.more_minutes(text)
        if more and len(facts.services) == 1:
            reading.loose_minutes = [(facts.services[0].minutes or 0) + more]
        minutes = reading.loose_minutes or follow_up.bare_minutes(text)
        known = all(s.minutes is not None for s in facts.services)
        if known and facts.services and not more and not follow_up.takes_back_minutes(text):
            minutes = []
        each = follow_up.says_each(text)
        filled = follow_up.with_minutes(facts.services, minutes, each=each)
        if filled is not None:
            facts.services, facts.new_services = filled, True
        elif len(minutes) == 1 and len(before.activities) == 1 and not before.services:
            facts.activities = [replace(before.activities[0], minutes=minutes[0])]
            facts.new_services = True
        else:
            facts.loose_minutes = minutes

    def _possible(self, codes: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
        """The codes that the payer takes and the discipline may bill; all where none is left."""
        owner = DISCIPLINE_MODIFIER[facts.discipline] if facts.discipline else ""
        held = [self._knowledge.code(c) for c in codes if c in self._knowledge.codes]
        able = [c.code for c in held if not (owner and c.locked and c.locked != owner)]
        if _is_medicare(facts.payer):
            able = [code for code in able if code not in self._refused]
        return tuple(able) or codes

    def _settle_names(self, before: Facts, facts: Facts, text: str) -> None:
        """What payer, discipline and words leave of a name that several codes share."""
        labels = {code: entry.label for code, entry in self._knowledge.codes.items()}
        for n, name in reversed(list(enumerate(facts.choices))):
            able = self._possible(name.codes, facts)
            said = text if name in before.choices else name.around
            code = able[0] if len(able) == 1 else follow_up.picked(able, said, labels)
            code = code or next((c for c in able if c == self._code_of(name.around)), None)
            if code is None:
                facts.choices[n] = replace(name, codes=able)
                continue
            del facts.choices[n]
            facts.services = [*facts.services, Service(code, name.minutes, name.by)]
            facts.new_services = True


def _is_medicare(payer: NamedPayer | None) -> bool:
    return payer is not None and payer.id == MEDICARE
