"""All that a conversation says, turn by turn: facts carry over, corrections replace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

from assistant.claim import Clinician, Discipline
from assistant.conversation import Inquiry, Question
from assistant.errors import ImpossibleFact, MissingFact
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
from assistant.plain_reader.rewording import (
    helpers,
    narrated,
    planned,
    reworded,
    second_thoughts,
    weighed,
)
from assistant.plain_reader.shared_names import NameSettler
from assistant.plain_reader.turns import (
    activities_again,
    anothers,
    answered,
    corrections,
    follow_up,
    fragments,
    later_turn,
    minutes_alone,
    part_again,
    pieces,
    removals,
    said_again,
    surroundings,
    ties,
    undone,
    untaken,
    who_gave,
)
from assistant.plain_reader.turns.meant import Meant
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
        open_questions: Callable[[Facts, date], Sequence[Question]],
    ) -> None:
        self._open_questions = open_questions
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
        self._meant = Meant(knowledge, self._codes, self._payers, is_activity)

    def _read(self, inquiry: Inquiry) -> Facts:
        """The facts after the last message; not to be changed, since they are kept.

        Raises:
            ImpossibleFact: the last message says what cannot be.
        """
        before = self.known(replace(inquiry, messages=inquiry.messages[:-1]))
        return self._turn(before, self._text_of(inquiry.messages[-1]), inquiry.today)

    def known(self, inquiry: Inquiry) -> Facts:
        """The facts after all messages, those left out that say what cannot be."""
        facts = Facts(discipline=Discipline(inquiry.discipline) if inquiry.discipline else None)
        if inquiry.payer:
            facts.payer = NamedPayer(inquiry.payer, inquiry.payer)
        for message in inquiry.messages:
            said = self._text_of(message)
            try:
                facts = self._turn(facts, said, inquiry.today)
            except (ImpossibleFact, MissingFact):
                whole = self._meant.answered(facts, said)
                again = ". ".join(whole) if whole else self._meant.asked_again(facts, said)
                stood = facts.before_said if again else facts
                facts = replace(facts, said=again or said, before_said=stood, refused=True)
        return facts

    def _told(self, message: str) -> str:
        """The writer's own words, tables and lists told as sentences."""
        meant = planned.told(reworded.told(_AND.sub("and", message)), self.codes_of)
        meant = narrated.told(meant, self.codes_of)
        meant = second_thoughts.without_either(meant, self.codes_of, self._is_activity)
        meant = self.weighed(meant)
        return outline.told(tables.told(meant), self.codes_of)

    def _turn(self, before: Facts, text: str, today: date) -> Facts:
        text = self._meant.mended(text) if before.said else text
        if clear := self._made_clear(before, text, today):
            return clear
        if before.said and answered.is_yes_or_no(text):
            text = answered.in_full(text, self._open_questions(before, today))
        stood = before.before_said
        told_codes = partial(self._meant.told_codes, before)
        again = said_again.told(before, text, told_codes, self._meant.in_numbers)
        if again and stood is not None:
            facts = self._told_turn(stood, again, today)
            if facts.differs_from(stood) or stood.said == again:
                return replace(facts, previous=before, said=again, before_said=stood, refused=False)
        if (said := self._meant.asked_again(before, text)) and stood is not None:
            facts = self._told_turn(stood, said, today)
            return replace(facts, said=said, before_said=stood, refused=False)
        whole = pieces.joined(before, text, self._is_activity, self._code_of)
        facts = self._told_turn(before, whole or text, today)
        return replace(facts, said=whole or text, before_said=before, joined=whole, refused=False)

    def _made_clear(self, before: Facts, text: str, today: date) -> Facts | None:
        """The facts of a message that was refused, by this one's answer; None where it is none.

        Raises:
            MissingFact: it is still not clear.
        """
        whole = self._meant.answered(before, text)
        if whole is None or before.before_said is None:
            return None
        rest, closed = whole
        told = replace(self._told_turn(before.before_said, rest, today), said=rest)
        told = replace(told, before_said=before.before_said, refused=False)
        if not closed:
            return told
        facts = self._told_turn(told, closed, today)
        if not facts.differs_from(told):
            raise MissingFact(f"«{closed}»: how many minutes of which code is that?")
        return replace(facts, said=closed, before_said=told, refused=False)

    def _told_turn(self, before: Facts, text: str, today: date) -> Facts:
        if undone.starts_over(text):
            before = Facts()
        if before.previous and before.previous.tells_a_visit and later_turn.undoes(before, text):
            return replace(before.previous, codes=(), claimed={}, previous=before)
        before = activities_again.settled(before, text, self._code_of)
        asked = self._meant.asked(before, text)
        if asked and not before.has_minutes:
            before = replace(before, services=[], choices=[])
        text = asked or self._meant.resolved(before, text)
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

    def codes_of(self, text: str) -> tuple[str, ...]:
        """The codes that a text names without doubt, in order."""
        named = (m.codes for m in self._codes.find(text))
        return tuple(dict.fromkeys(codes[0] for codes in named if len(codes) == 1))

    def weighed(self, text: str) -> str:
        """What was done, without the codes that are weighed against each other ahead of it."""
        return weighed.told(text, self.codes_of, self._is_activity, self.names_payer)

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
        if activities_again.activity_told(before, facts, text):
            return
        named = self._codes.find(text)
        if later_turn.told_again(before, facts, text, named):
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
        added = later_turn.adds_a_code(before, reading, text, named, self._timed)
        if timed or added or reading.activities or reading.choices:
            told_anew.take(before, facts, reading, text, self._told_words)
            facts.assumed = tuple(reading.assumed)
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
        helped = reading.unplaced and reading.by_everyone is not Clinician.THERAPIST
        rest = rest or (before.tells_a_visit and bool(helped or who_gave.says_of_some(text)))
        if reading.by_everyone is not None and not rest:
            meant = corrections.spoken_of(text, facts.services, facts.focus)
            givers = dict.fromkeys(meant, reading.by_everyone)
            facts.services = [replace(s, by=givers.get(s.code, s.by)) for s in facts.services]
            facts.activities = [replace(a, by=reading.by_everyone) for a in facts.activities]
        self._names.settle(before, facts, text)
        parts = loose_ends.of_the_named(reading.subsets, facts.codes)
        for subset in parts if reading.services else later_turn.placed(before, parts):
            facts.services = follow_up.carved(facts.services, subset)
        if students.is_therapists_own(text):
            facts.services, facts.students_own = students.counted(facts.services), True

    def _follow_up(self, before: Facts, facts: Facts, reading: Reading, text: str) -> None:
        again = bool(before.replies) and follow_up.is_correction(text)
        if not minutes_alone.bare_minutes(text):
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
            before,
            facts,
            text,
            named,
            alone=alone,
            ways=ties.ways(before.services, self._timed, facts.rule),
        ):
            return
        if activities_again.chosen_anew(before, facts, text, self._is_activity, self._code_of):
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
        minutes_alone.take(before, facts, reading, self._payers.without(text))
