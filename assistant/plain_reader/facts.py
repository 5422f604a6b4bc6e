"""All that a conversation says, turn by turn: facts carry over, corrections replace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from assistant.claim import Clinician, Discipline
from assistant.conversation import Inquiry
from assistant.errors import ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.asked.in_a_visit import is_about, names_a_rule
from assistant.plain_reader.asked.intent import asks_for_a_code, asks_of_a_rule, asks_who_may
from assistant.plain_reader.binding import loose_ends, outline, tables, told_anew
from assistant.plain_reader.binding.services import ServiceReader
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import days, students
from assistant.plain_reader.mentions.codes import CodeReader
from assistant.plain_reader.mentions.modifiers_given import ModifierReader, modifiers_named
from assistant.plain_reader.mentions.payers_named import NamedPayer, PayerReader
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.rewording import helpers, planned, reworded, second_thoughts
from assistant.plain_reader.shared_names import NameSettler
from assistant.plain_reader.turns import (
    anothers,
    corrections,
    follow_up,
    fragments,
    later_turn,
    part_again,
    part_of_it,
    pieces,
    removals,
    resized,
    restored,
    said_again,
    surroundings,
    ties,
    undone,
    untaken,
    who_gave,
)
from assistant.plain_reader.turns.ellipsis import Ellipsis
from assistant.plain_reader.turns.references import Referrer
from assistant.plain_reader.visits import told_together

MOST_KEPT = 64  # conversations; a turn reads the one before it again
_AND = regex(r"(?<!\S)n(?=\s+[a-z\d])")  # «n manual»


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
        self._told_words = told_anew.Words(self.codes_of, self.names_payer, self._timed)
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
            said = self._text_of(message)
            try:
                facts = self._turn(facts, said, inquiry.today)
            except ImpossibleFact:
                facts = replace(facts, said=said, before_said=facts)
        return facts

    def _told(self, message: str) -> str:
        """The writer's own words, tables and lists told as sentences."""
        meant = planned.told(reworded.told(_AND.sub("and", message)), self.codes_of)
        meant = second_thoughts.without_either(meant, self.codes_of, self._is_activity)
        return outline.told(tables.told(meant), self.codes_of)

    def _turn(self, before: Facts, text: str, today: date) -> Facts:
        again = said_again.told(before, text, lambda words: self._told_codes_of(before, words))
        if again and before.before_said is not None:
            facts = self._told_turn(before.before_said, again, today)
            if facts.differs_from(before.before_said) or before.before_said.said == again:
                return replace(facts, previous=before, said=again, before_said=before.before_said)
        whole = pieces.joined(before, text, self._is_activity, self._code_of)
        facts = self._told_turn(before, whole or text, today)
        return replace(facts, said=whole or text, before_said=before, joined=whole)

    def _told_codes_of(self, before: Facts, text: str) -> tuple[str, ...]:
        """The codes told before that a text names or hints at."""
        told = {s.code for s in before.services}
        return tuple(c for c in self.codes_of(self._resolved(before, text)) if c in told)

    def _told_turn(self, before: Facts, text: str, today: date) -> Facts:
        if undone.starts_over(text):
            before = Facts()
        if before.previous and before.previous.tells_a_visit and undone.undoes(text):
            return replace(before.previous, codes=(), claimed={}, previous=before)
        before = later_turn.settled(before, text, self._code_of)
        asked = self._asked(before, text)
        if asked and not before.has_minutes:
            before = replace(before, services=[], choices=[])
        text = asked or self._resolved(before, text)
        facts = replace(
            before, new_services=False, codes=(), claimed={}, loose_minutes=[],
            unknown_codes=(), choices=list(before.choices), asked=asked, anothers=(),
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
        told_together.refuse_unclear(text)
        surroundings.take(before, facts, text, today, self._payers)
        self._what_was_done(before, facts, reading, text)
        if before.tells_a_visit:
            facts.unplaced = untaken.numbers(reading.unplaced, before, facts)
            facts.helper_unplaced = untaken.helpers(before, facts, text)
        elif facts.new_services:
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
        in_a_visit = before.has_minutes or bool(before.services and before.payer)
        return self._ellipsis.asked(text, before.rule_question, in_a_visit=in_a_visit)

    def _resolved(self, before: Facts, text: str) -> str:
        """The text, whom and which codes it only hints at by their names."""
        text = part_again.named(text, before.giver or later_turn.only_helper(before))
        if before.tells_a_visit:
            text = pieces.line(text, lambda w: self._is_activity(w) or bool(self.codes_of(w)))
        if before.activities or before.choices or not before.services:
            return text
        known = restored.ever_told(before) if restored.brings_back(text) else before.services
        return self._referrer.told(text, known, before.focus)

    def codes_of(self, text: str) -> tuple[str, ...]:
        """The codes that a text names without doubt, in order."""
        named = (m.codes for m in self._codes.find(text))
        return tuple(dict.fromkeys(codes[0] for codes in named if len(codes) == 1))

    def names_payer(self, text: str) -> bool:
        """Whether the text names a payer."""
        return self._payers.find(text) is not None

    def _what_was_done(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        if before.has_minutes and fragments.is_wish(text):
            return
        if before.services or before.activities:
            loose_ends.drop_talk(reading, self._is_activity)
        if before.has_minutes and not reading.is_timed and is_about(text, reading.choices):
            return  # «what about a re-eval, when can I bill that?»
        if later_turn.activity_told(before, facts, text):
            return
        named = self._codes.find(text)
        again = (
            resized.resized(before.services, facts.codes, text)
            or restored.restored(before, facts.codes, text)
            or who_gave.own_part(before.services, facts.codes, before.focus, text)
            or part_of_it.moved(
                before.services, facts.codes, before.focus, later_turn.numbered(text, named)
            )
        )
        if again:
            facts.services, facts.new_services = list(again), True
            return
        if anothers.tells_anothers(before, facts, reading, text):
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
        spans = [(m.start, m.end) for m in named]
        more = more or fragments.joins_name(text, spans)
        added = bool(new) and before.tells_a_visit and more
        if timed or added or reading.activities or reading.choices:
            told_anew.take(before, facts, reading, text, self._told_words)
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
        rest = rest or (before.tells_a_visit and who_gave.says_of_some(text))
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

    def _follow_up(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        again = bool(before.replies) and follow_up.is_correction(text)
        if not follow_up.bare_minutes(text):
            facts.replies = [text] if again else [*before.replies, text]
        level = ties.tied(before.services, self._timed, facts.rule)
        named = self._codes.find(text)
        if before.tie_choice and ties.chooses_again(text) and level & set(facts.codes):
            facts.tie_choice, facts.tie_option = ties.chosen(facts.codes, level, text), 0
            return
        if later_turn.left_alone(before, facts, text):
            return
        if later_turn.takes_the_rest(before, facts, reading, text):
            return
        if removals.takes_out(before, facts, text, named):
            return
        alone = not (before.tie_choice or set(reading.givers.values()) - {Clinician.THERAPIST})
        if later_turn.at_once(
            before, facts, text, named, alone=alone, parted=bool(reading.subsets)
        ):
            return
        if later_turn.chosen_anew(before, facts, text, self._is_activity, self._code_of):
            return
        if not reading.subsets and later_turn.gives_part(before, facts, text):
            return
        chosen = follow_up.chosen(reading, facts.codes, text)
        chosen = chosen or corrections.nth_code(before.services, text)
        said = later_turn.numbered(text, named)
        if chosen := ties.chosen(chosen, level, said, before.tie_choice):
            facts.tie_choice, facts.tie_option = chosen, 0
        givers = {} if who_gave.says_a_share(text) else reading.givers
        given = corrections.given_by(before.services, givers, text)
        if given != before.services:
            facts.services, facts.new_services = given, True
        later_turn.tells_minutes(before, facts, reading, self._payers.without(text))
