"""All that a conversation says, turn by turn: facts carry over, corrections replace."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.claim import Clinician, CountingRule, Discipline, Service, Setting
from assistant.conversation import Inquiry
from assistant.errors import ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.plain_reader import context, people
from assistant.plain_reader.binding import Activity, Reading
from assistant.plain_reader.codes import CodeReader
from assistant.plain_reader.services import ServiceReader
from assistant.plain_reader.text import number, plain


@dataclass(slots=True)
class Facts:
    """What is known after the last message.

    Attributes:
        codes: the codes that the last message names, with or without minutes.
        topic: the last message that named a code, for «what about 2019?».
        replies: later messages without services of their own, for what an activity left open.
        modifiers: modifiers that the last message names.
        new_services: whether the last message itself brought or changed services.
        changed: what the last message changed in a claim that stood before, in words.
    """

    services: list[Service] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    choices: list[tuple[tuple[str, ...], str, int | None]] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    topic: str = ""
    unknown_codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    payer: context.NamedPayer | None = None
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
    changed: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


_RESET = re.compile(
    r"\b(?:start over|new (?:patient|visit|question|case|scenario)|reset|forget (?:that|it|all)|different patient|next patient)\b",
    re.I,
)
_ADD = re.compile(
    r"^\s*(?:(?:and|also|plus|oh|wait|sorry|ok)[, ]+)*(?:add\b|also\b|plus\b|and (?:also|another|then)\b|i forgot|forgot|we also|there was also|in addition)",
    re.I,
)
_CORRECT = re.compile(
    r"\b(?:no|nope|actually|sorry|correction|correct that|make (?:it|that|the)|should (?:be|have been)|it was|was really|not|instead|change|i meant|meant|typo|only|rather|what if|if)\b",
    re.I,
)
_REMOVE = re.compile(r"\b(?:remove|drop|take (?:off|out)|delete|without|leave out|skip)\b", re.I)
_MODIFIER = re.compile(
    r"(?<![\w.$/])(?:modifier\s*)?(?:-)?(59|X[EPSU]|GP|GO|GN|KX|CQ|CO|GA|GX|GY|GZ|52|AT)(?![\w/%]|\s*(?:min|m\b|'))"
)
_YEAR_ONLY = re.compile(r"\b(?:in|was|were|for|from|year|back in)?\s*((?:19|20)\d\d)\b")


class FactReader:
    """Reads conversations; built once for a knowledge base."""

    def __init__(self, knowledge: Knowledge, is_activity: object) -> None:
        self._knowledge = knowledge
        self._codes = CodeReader(knowledge)
        self._payers = context.PayerReader(knowledge)
        known = frozenset(knowledge.codes)
        self._services = ServiceReader(self._codes, known, is_activity)  # type: ignore[arg-type]

    def read(self, inquiry: Inquiry) -> Facts:
        """The facts after the last message.

        Raises:
            ImpossibleFact: the last message, or one that still matters, says what cannot be.
        """
        facts = Facts()
        if inquiry.discipline:
            facts.discipline = Discipline(inquiry.discipline)
        if inquiry.payer:
            facts.payer = context.NamedPayer(inquiry.payer, inquiry.payer)
        for n, message in enumerate(inquiry.messages):
            last = n == len(inquiry.messages) - 1
            try:
                facts = self._turn(facts, plain(message), inquiry.today)
            except ImpossibleFact:
                if last:
                    raise
        return facts

    def _turn(self, before: Facts, text: str, today: date) -> Facts:
        if _RESET.search(text):
            before = Facts()
        facts = replace(
            before, new_services=False, changed=[], codes=(), claimed={}, loose_minutes=[],
            unknown_codes=(), choices=list(before.choices),
        )  # fmt: skip
        reading = self._services.read(text)
        facts.codes = self.codes_of(text)
        facts.topic = text if facts.codes else before.topic
        facts.unknown_codes = tuple(dict.fromkeys(reading.unknown_codes))
        facts.modifiers = tuple(dict.fromkeys(m.group(1) for m in _MODIFIER.finditer(text)))
        self._surroundings(before, facts, text, today)
        self._what_was_done(before, facts, reading, text)
        return facts

    def codes_of(self, text: str) -> tuple[str, ...]:
        """The codes that a text names without doubt, in order."""
        named = (m.value for m in self._codes.find(text))
        return tuple(dict.fromkeys(v[0] for v in named if isinstance(v, tuple) and len(v) == 1))

    def names_payer(self, text: str) -> bool:
        """Whether the text names a payer."""
        return self._payers.find(text) is not None

    def _surroundings(self, before: Facts, facts: Facts, text: str, today: date) -> None:
        payer = self._payers.find(text)
        if payer is not None:
            facts.payer = payer
            facts.rule = None if payer != before.payer else facts.rule
        rule = context.counting_rule(text)
        if rule is not None:
            facts.rule = rule
            if payer is None and rule is CountingRule.AMA:
                facts.payer = (
                    None if before.payer and before.payer.id == "medicare" else facts.payer
                )
        day = context.date_of_service(text, today)
        if day is not None:
            facts.day = day
        named = people.disciplines(text)
        if len(named) == 1:
            facts.discipline, facts.two_disciplines = named[0], ()
        elif len(named) == 2:
            facts.two_disciplines = named
        facts.setting = context.setting(text) or facts.setting
        separate = context.separate(text)
        facts.separate = facts.separate if separate is None else separate
        money = context.dollars(text)
        facts.dollars = context.Dollars(
            facts.dollars.before if money.before is None else money.before,
            facts.dollars.visit if money.visit is None else money.visit,
        )

    def _what_was_done(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        timed = [s for s in reading.services if s.minutes is not None or s.block]
        facts.claimed = reading.claimed
        if reading.treatment_total is not None:
            facts.treatment_total = reading.treatment_total
        if reading.stated_total is not None:
            facts.stated_total = reading.stated_total
        facts.unbilled_minutes = reading.unbilled_minutes or facts.unbilled_minutes
        if timed or reading.activities or reading.choices:
            self._new_services(before, facts, reading, text)
        elif before.services or before.activities:
            self._follow_up(before, facts, reading, text)
        else:
            facts.services = _whole_services(reading)
            facts.loose_minutes = reading.loose_minutes
            facts.new_services = bool(facts.services)
        if reading.by_everyone is not None:
            facts.services = [replace(s, by=reading.by_everyone) for s in facts.services]
            facts.activities = [replace(a, by=reading.by_everyone) for a in facts.activities]
            facts.changed.append(f"all minutes by the {reading.by_everyone.value}")
        for who, minutes in reading.subsets:
            facts.services = _carve(facts.services, who, minutes)
            facts.changed.append(f"{minutes} minutes by the {who.value}")

    def _new_services(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        fresh = _whole_services(reading)
        known = {s.code for s in before.services}
        mine = {s.code for s in fresh}
        facts.new_services = True
        if before.services and _ADD.search(text):
            facts.services = [*before.services, *fresh]
            facts.activities = [*before.activities, *reading.activities]
            facts.choices = [*before.choices, *reading.choices]
        elif before.services and mine and mine < known and _CORRECT.search(text):
            facts.services = _replaced(before.services, fresh)
        else:
            facts.services, facts.activities = fresh, list(reading.activities)
            facts.choices = list(reading.choices)
            facts.replies, facts.tie_choice = [], ()
            if before.services or before.activities:
                facts.separate = context.separate(text)
                facts.stated_total = reading.stated_total
                facts.treatment_total = reading.treatment_total
        facts.loose_minutes = reading.loose_minutes
        if facts.separate is None and (context.in_turn(text) or _in_turn_by_clock(facts.services)):
            facts.separate = True if len({s.code for s in facts.services}) > 1 else None

    def _follow_up(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        facts.replies = [*before.replies, text]
        if _REMOVE.search(text) and facts.codes:
            facts.services = [s for s in before.services if s.code not in facts.codes]
            facts.new_services = True
            return
        if reading.claimed and re.match(r"\s*bill\b", text, re.I):
            facts.tie_choice = tuple(c for c in reading.claimed if c)
        elif facts.codes and re.search(r"\b(?:unit|bill|give|choose|pick|goes|use)\b", text, re.I):
            facts.tie_choice = facts.codes
        minutes = reading.loose_minutes or _bare_minutes(text)
        open_codes = [s for s in before.services if s.minutes is None]
        if not minutes:
            return
        if open_codes and len(minutes) == len(open_codes):
            fill = dict(zip((s.code for s in open_codes), minutes, strict=True))
            facts.services = [
                replace(s, minutes=fill.get(s.code, s.minutes) if s.minutes is None else s.minutes)
                for s in before.services
            ]
            facts.new_services = True
        elif len(minutes) == 1 and len(before.services) == 1:
            facts.services = [replace(before.services[0], minutes=minutes[0], block=None)]
            facts.new_services = True
        elif len(minutes) == 1 and len(before.activities) == 1 and not before.services:
            facts.activities = [replace(before.activities[0], minutes=minutes[0])]
            facts.new_services = True
        else:
            facts.loose_minutes = minutes


def _whole_services(reading: Reading) -> list[Service]:
    """The reading's services; a code named again without minutes is the same service.

    «The PTA did all of the 97140» then says who gave it.
    """
    timed = {s.code for s in reading.services if s.minutes is not None}
    kept: list[Service] = []
    for service in reading.services:
        if service.minutes is not None or service.code not in {*timed, *(k.code for k in kept)}:
            kept.append(service)
        elif service.by is not Clinician.THERAPIST:
            kept = [replace(k, by=service.by) if k.code == service.code else k for k in kept]
    return kept


def _replaced(services: list[Service], fresh: list[Service]) -> list[Service]:
    by_code = {s.code: s for s in fresh}
    kept: list[Service] = []
    for service in services:
        new = by_code.pop(service.code, None)
        if new is not None:
            kept.append(new)
        elif service.code not in {s.code for s in fresh}:
            kept.append(service)
    return kept


def _carve(services: list[Service], who: Clinician, minutes: int) -> list[Service]:
    """«of which the PTA did 10»: the last service long enough is divided between the two."""
    for n in range(len(services) - 1, -1, -1):
        service = services[n]
        if service.minutes is None or service.minutes < minutes or service.by is who:
            continue
        part = replace(service, minutes=minutes, by=who, block=None)
        rest = service.minutes - minutes
        whole = [replace(service, minutes=rest, block=None), part] if rest else [part]
        return [*services[:n], *whole, *services[n + 1 :]]
    return services


def _in_turn_by_clock(services: list[Service]) -> bool:
    blocks = [s.block for s in services if s.block is not None]
    return len(blocks) == len(services) >= 2


_BARE = re.compile(
    r"^\s*(?:(?:no|nope|actually|sorry|it was|make (?:it|that)|ok|okay|oops|i meant|about|was|only|so|should be|what if|and if|if it was|it were)[,:. ]*)*(\d{1,3}|[a-z-]+)\s*(?:min(?:ute)?s?|m)?\s*[.!?]?\s*$",
    re.I,
)


_BARE_LIST = re.compile(
    r"^\s*\d{1,3}(?:\s*(?:,|and|/|&|,\s*and)\s*\d{1,3})+\s*(?:min\w*)?\s*[.!]?\s*$", re.I
)


def _bare_minutes(text: str) -> list[int]:
    """«no, 25» and «15 and 20»: numbers that can only be minutes."""
    if _BARE_LIST.match(text):
        return [int(n) for n in re.findall(r"\d+", text)]
    match = _BARE.match(text)
    value = number(match[1]) if match else None
    return [int(value)] if value is not None and value == int(value) else []
