"""All that a conversation says, turn by turn: facts carry over, corrections replace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import lru_cache

from assistant.claim import Clinician, CountingRule, Discipline
from assistant.conversation import Inquiry
from assistant.errors import ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.plain_reader.asked.in_a_visit import is_about, names_a_rule
from assistant.plain_reader.asked.intent import asks_for_a_code, asks_of_a_rule, asks_who_may
from assistant.plain_reader.binding import loose_ends, outline, tables
from assistant.plain_reader.binding.services import ServiceReader
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import context, days, disciplines, students
from assistant.plain_reader.mentions.codes import CodeReader
from assistant.plain_reader.mentions.localities import locality
from assistant.plain_reader.mentions.modifiers_given import ModifierReader, modifiers_named
from assistant.plain_reader.mentions.payers_named import (
    NamedPayer,
    PayerReader,
    counting_rule,
    is_medicare,
)
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.rewording import helpers, reworded, second_thoughts
from assistant.plain_reader.shared_names import NameSettler
from assistant.plain_reader.turns import corrections, follow_up, fragments, later_turn, part_again
from assistant.plain_reader.turns.ellipsis import Ellipsis
from assistant.plain_reader.turns.references import Referrer
from assistant.plain_reader.visits import told_together

MOST_KEPT = 64  # conversations; a turn reads the one before it again


class FactReader:
    """Reads conversations; built once for a knowledge base."""

    def __init__(
        self,
        knowledge: Knowledge,
        is_activity: Callable[[str], bool],
        code_of: Callable[[str, Sequence[str]], str | None],
    ) -> None:
        self._is_activity = is_activity
        self._code_of = code_of
        self._codes = CodeReader(knowledge)
        self.read = lru_cache(maxsize=MOST_KEPT)(self._read)
        self._text_of = lru_cache(maxsize=256)(self._told)
        self._payers = PayerReader(knowledge)
        self._modifiers = ModifierReader(knowledge.modifiers)
        addons = {c.code: c.first_code for c in knowledge.codes.values() if c.first_code}
        known = frozenset(knowledge.codes)
        self._timed = frozenset(c.code for c in knowledge.codes.values() if c.is_timed)
        self._names = NameSettler(knowledge, lambda words: code_of(words, ()))
        self._services = ServiceReader(self._codes, known, addons, is_activity)
        self._referrer = Referrer(self._codes, knowledge)
        self._ellipsis = Ellipsis(
            lambda text: [(m.start, m.end) for m in self._codes.find(text)], self._payers.spans
        )

    def _read(self, inquiry: Inquiry) -> Facts:
        """The facts after the last message; not to be changed, since they are kept.

        Raises:
            ImpossibleFact: the last message says what cannot be.
        """
        before = self._known(replace(inquiry, messages=inquiry.messages[:-1]))
        return self._turn(before, self._text_of(inquiry.messages[-1]), inquiry.today)

    def _known(self, inquiry: Inquiry) -> Facts:
        """The facts after all messages, those left out that say what cannot be."""
        facts = Facts(discipline=Discipline(inquiry.discipline) if inquiry.discipline else None)
        if inquiry.payer:
            facts.payer = NamedPayer(inquiry.payer, inquiry.payer)
        for message in inquiry.messages:
            with suppress(ImpossibleFact):
                facts = self._turn(facts, self._text_of(message), inquiry.today)
        return facts

    def _told(self, message: str) -> str:
        """The writer's own words, tables and lists told as sentences."""
        meant = reworded.told(message)
        meant = second_thoughts.without_either(meant, self.codes_of, self._is_activity)
        return outline.told(tables.told(meant), self.codes_of)

    def _turn(self, before: Facts, text: str, today: date) -> Facts:
        if part_again.starts_over(text):
            before = Facts()
        if before.previous and before.previous.tells_a_visit and part_again.undoes(text):
            return replace(before.previous, codes=(), claimed={}, previous=before)
        before = later_turn.settled(before, text, self._code_of)
        asked = self._asked(before, text)
        if asked and not before.has_minutes:
            before = replace(before, services=[], choices=[])
        text = asked or self._resolved(before, text)
        facts = replace(
            before, new_services=False, codes=(), claimed={}, loose_minutes=[],
            unknown_codes=(), choices=list(before.choices), asked=asked,
            question_before=before.rule_question, giver=part_again.giver(text),
        )  # fmt: skip
        signed = helpers.signed(before, text)
        reading = Reading() if days.is_date_alone(text) else self._services.read(signed)
        facts.writer = helpers.writer(text) or before.writer
        facts.codes = self.codes_of(text)
        facts.topic = text if facts.codes else before.topic
        facts.focus = facts.codes or before.focus
        facts.unknown_codes = tuple(dict.fromkeys(reading.unknown_codes))
        facts.modifiers = modifiers_named(text)
        self._surroundings(before, facts, text, today)
        self._what_was_done(before, facts, reading, text)
        if facts.new_services:
            facts.unplaced = reading.unplaced if reading.is_timed else []
        written = self._modifiers.find(text)
        facts.written = written if facts.new_services else {**before.written, **written}
        about_done = reading.is_timed or (asks_for_a_code(text) and self._is_activity(text))
        bare_rule = asks_of_a_rule(text) and not about_done
        asked_in = replace(facts, setting=before.setting) if names_a_rule(text) else facts
        changed = before.tells_a_visit and asked_in.differs_from(before) and not asks_who_may(text)
        facts.rule_question = text if asked or (bare_rule and not changed) else ""
        facts.previous = before if facts.differs_from(before) else before.previous
        return facts

    def _asked(self, before: Facts, text: str) -> str:
        """What a follow-up to a rule question asks in full; "" where it is none."""
        in_a_visit = before.has_minutes
        return self._ellipsis.asked(text, before.rule_question, in_a_visit=in_a_visit)

    def _resolved(self, before: Facts, text: str) -> str:
        """The text, whom and which codes it only hints at by their names."""
        text = part_again.named(text, before.giver)
        if before.activities or before.choices or not before.services:
            return text
        known = later_turn.ever_told(before) if later_turn.brings_back(text) else before.services
        return self._referrer.told(text, known, before.focus)

    def codes_of(self, text: str) -> tuple[str, ...]:
        """The codes that a text names without doubt, in order."""
        named = (m.codes for m in self._codes.find(text))
        return tuple(dict.fromkeys(codes[0] for codes in named if len(codes) == 1))

    def names_payer(self, text: str) -> bool:
        """Whether the text names a payer."""
        return self._payers.find(text) is not None

    def _surroundings(self, before: Facts, facts: Facts, text: str, today: date) -> None:
        told_together.refuse_unclear(text)
        payer = self._payers.find(text)
        if payer is not None and payer.id != (before.payer.id if before.payer else ""):
            facts.payer, facts.rule = payer, None
        rule = counting_rule(text)
        if rule is not None:
            facts.rule = rule
            if payer is None and rule is CountingRule.AMA and is_medicare(before.payer):
                facts.payer = None
        named = days.date_of_service(text, today)
        if named is not None:
            facts.day = before.day.in_year_of(named, today) if before.day else named
        owners = disciplines.find_anew(text, facts.discipline)
        if len(owners) == 1 and not later_turn.is_anothers(before, facts.codes, text):
            facts.discipline = owners[0]
        facts.setting = context.setting(text) or facts.setting
        facts.locality = locality(text) or facts.locality
        if (separate := context.separate(text)) is not None:
            facts.separate = separate
        owned = disciplines.without_others_amounts(text, facts.discipline)
        money = context.dollars(owned, again=before.dollars.before is not None)
        facts.dollars = money.over(facts.dollars)

    def _what_was_done(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        if before.has_minutes and fragments.is_wish(text):
            return
        if before.services or before.activities:
            loose_ends.drop_talk(reading, self._is_activity)
        if before.has_minutes and not reading.is_timed and is_about(text, reading.choices):
            return  # «what about a re-eval, when can I bill that?»
        again = part_again.resized(before.services, facts.codes, text) or later_turn.restored(
            before, facts.codes, text
        )
        if again:
            facts.services, facts.new_services = list(again), True
            return
        facts.claimed = reading.claimed
        if reading.treatment_total is not None:
            facts.treatment_total = reading.treatment_total
        if reading.stated_total is not None:
            facts.stated_total = reading.stated_total
        facts.unbilled_minutes = reading.unbilled_minutes or facts.unbilled_minutes
        timed = any(s.minutes is not None or s.block for s in reading.services)
        new = {s.code for s in reading.services} - {s.code for s in before.services}
        more = follow_up.adds(text) or loose_ends.joins_untimed(text, new, self._timed)
        added = bool(new) and bool(before.services) and more
        if timed or added or reading.activities or reading.choices:
            self._new_services(before, facts, reading, text)
        elif before.services or before.activities or before.choices:
            self._follow_up(before, facts, reading, text)
        else:
            told = before.loose_minutes if reading.services else []
            facts.services = follow_up.whole(reading)
            told = told or loose_ends.loose(facts.services, reading)
            filled = follow_up.with_minutes(facts.services, told)
            facts.services = filled or facts.services
            facts.loose_minutes = [] if filled else reading.loose_minutes
            facts.new_services = bool(facts.services)
        rest = corrections.speaks_of_the_rest(text) or part_again.says_but(text)
        if reading.by_everyone is not None and not rest:
            meant = corrections.spoken_of(text, facts.services, facts.focus)
            givers = dict.fromkeys(meant, reading.by_everyone)
            facts.services = [replace(s, by=givers.get(s.code, s.by)) for s in facts.services]
            facts.activities = [replace(a, by=reading.by_everyone) for a in facts.activities]
        self._names.settle(before, facts, text)
        for subset in loose_ends.of_the_named(reading.subsets, facts.codes):
            facts.services = follow_up.carved(facts.services, subset)
        if students.is_therapists_own(text):
            facts.services, facts.students_own = students.counted(facts.services), True

    def _new_services(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        fresh = loose_ends.filled(follow_up.whole(reading), reading, self._timed)
        added, asked = False, set(self.codes_of(before.rule_question))
        if not before.has_minutes and asked and {s.code for s in before.services} <= asked:
            before = replace(before, services=[])  # asked about, not told
        if before.services and follow_up.removes(text):
            gone = {s.code for s in fresh if s.minutes is None}
            before = replace(before, services=[s for s in before.services if s.code not in gone])
            fresh = [s for s in fresh if s.code not in gone]
            added = bool(gone)
        facts.new_services, facts.loose_minutes = True, reading.loose_minutes
        bit_by_bit = before.payer is None and not self.names_payer(text)
        joined = follow_up.joins(text, before.services, fresh, going_on=bit_by_bit)
        joined = joined or loose_ends.joins_untimed(text, {s.code for s in fresh}, self._timed)
        anew = follow_up.restates(text, before.services, fresh)
        added = added or (follow_up.adds(text) and not anew) or joined
        if parts := follow_up.parts_of(before.services, fresh):
            whole = follow_up.undivided(before.services, parts[0])
            facts.services = follow_up.carved(whole, parts[0])
        elif added and (before.tells_a_visit or before.choices):
            facts.services = [*before.services, *fresh]
            facts.activities = [*before.activities, *reading.activities]
            facts.choices = [*before.choices, *reading.choices]
        elif follow_up.corrects(before, fresh, text, self.names_payer(text)):
            told = follow_up.replaced(before.services, fresh)
            facts.services = part_again.by_the_same(before.services, told, text)
        else:
            if follow_up.is_correction(text):
                fresh = part_again.by_the_same(before.services, fresh, text)
            facts.services, facts.activities = fresh, list(reading.activities)
            facts.choices = list(reading.choices)
            facts.replies, facts.tie_choice, facts.tie_option = [], (), 0
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
        if later_turn.left_alone(before, facts, text) or later_turn.takes_out(before, facts, text):
            return
        alone = not (before.tie_choice or set(reading.givers.values()) - {Clinician.THERAPIST})
        if later_turn.at_once(before, facts, text, self._codes.find(text), alone=alone):
            return
        if later_turn.chosen_anew(before, facts, text, self._is_activity, self._code_of):
            return
        if not reading.subsets and later_turn.gives_part(before, facts, text):
            return
        chosen = follow_up.chosen(reading, facts.codes, text)
        if chosen := chosen or corrections.nth_code(before.services, text):
            facts.tie_choice, facts.tie_option = chosen, 0
        given = corrections.given_by(before.services, reading.givers, text)
        if given != before.services:
            facts.services, facts.new_services = given, True
        later_turn.tells_minutes(before, facts, reading, self._payers.without(text))
