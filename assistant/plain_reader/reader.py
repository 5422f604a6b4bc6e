"""The plain reader: reads a conversation, calls the tools, words what they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from assistant.conversation import Answer, AnswerKind, Claim, Inquiry, Question
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.library import Library
from assistant.plain_reader.activities import chart_answers
from assistant.plain_reader.activities.likeness import Likeness
from assistant.plain_reader.activities.told import Told
from assistant.plain_reader.answers import (
    bare_minutes,
    billing,
    changes,
    choosing,
    co_treatment,
    declining,
    held_against,
    left_out,
    missed,
    missing,
    not_held,
    rule_answer,
    small_talk,
    without_minutes,
)
from assistant.plain_reader.answers.guidance import Guidance
from assistant.plain_reader.answers.of_therapy import OfTherapy
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.answers.treatment import Treatment
from assistant.plain_reader.asked.activity_asked import activity_between_codes
from assistant.plain_reader.asked.in_a_visit import (
    asks_of_a_modifier,
    asks_the_count,
    may_be_of_a_rule,
    of_the_told,
)
from assistant.plain_reader.asked.intent import (
    PEOPLE_WORDS,
    RULE_WORDS,
    Ask,
    asks_for_a_code,
    asks_of_shared_names,
    asks_who_may,
    decide,
    is_headline,
    is_question,
    speaks_to_the_program,
)
from assistant.plain_reader.asked.to_bill import asks_how_many, asks_to_bill
from assistant.plain_reader.facts import FactReader
from assistant.plain_reader.known import Facts
from assistant.plain_reader.rewording import options
from assistant.plain_reader.visits import conversations, told_together
from assistant.plain_reader.words.letters import own_words
from assistant.plain_reader.words.text import plain
from assistant.tools import BillingTools
from assistant.worksheet import Worksheet

MOST_KEPT = 64  # claims kept for the next turn
MOST_VISITS = 40  # of one message


class PlainReader:
    """Answers without a model; the same message always gets the same answer."""

    def __init__(self, tools: BillingTools, knowledge: Knowledge, library: Library) -> None:
        self._tools = tools
        self._knowledge = knowledge
        self._chart = knowledge.flowchart()
        self._facts = FactReader(
            knowledge,
            self._is_activity,
            self._code_of,
            lambda facts, today: self._treatment.open_questions(facts, today),
        )
        self._guidance = Guidance(tools, knowledge, library)
        self._claims_of = lru_cache(maxsize=MOST_KEPT)(self._claims_made)
        likeness = Likeness(knowledge.worked_examples, library.folder)
        self._of_therapy = OfTherapy(Told(likeness, knowledge), likeness, self._chart)
        self._treatment = Treatment(tools, knowledge, likeness, self._facts.codes_of)

    def _is_activity(self, text: str) -> bool:
        return chart_answers.activity_known(text, self._chart)

    def _code_of(self, text: str, replies: Sequence[str]) -> str | None:
        return chart_answers.choose(text, self._chart, replies).result.code

    def answer(self, inquiry: Inquiry, worksheet: Worksheet) -> Answer:
        """Answer the last message of a conversation."""
        parts = Parts(worksheet)
        if several := conversations.apart(inquiry):
            self._several(parts, several)
        else:
            self._one(parts, inquiry)
            self._say_what_changed(parts, inquiry)
        return parts.answer()

    def _say_what_changed(self, parts: Parts, inquiry: Inquiry) -> None:
        changes.tell(parts, inquiry, self._facts, self._claims_of, self._knowledge)

    def _claims_made(self, inquiry: Inquiry) -> tuple[Claim, ...]:
        parts = Parts(Worksheet(self._knowledge))
        self._one(parts, inquiry)
        return tuple(parts.claims)

    def _several(self, parts: Parts, several: Sequence[conversations.Told]) -> None:
        """Visits told apart, each read with what stands before the first."""
        if len(several) > MOST_VISITS:
            parts.say(
                f"{len(several)} visits are told; the first {MOST_VISITS} are answered. "
                "Send the others in another message."
            )
        for told in several[:MOST_VISITS]:
            own = Parts(parts.worksheet)
            self._one(own, told.inquiry)
            self._say_what_changed(own, told.inquiry)
            own.paragraphs.insert(0, f"### {told.label}")
            parts.absorb(own)
            parts.changes += [f"{told.label}: {change}" for change in own.changes]
            if own.claims or parts.kind is not AnswerKind.CLAIM:
                parts.kind = own.kind
        if all(told_together.names_discipline(told.label) for told in several):
            parts.findings += parts.worksheet.warned(held_against.shared_minutes(parts.claims))

    def _one(self, parts: Parts, inquiry: Inquiry) -> None:
        asked = options.told(own_words(plain(inquiry.messages[-1])))
        text = self._facts.weighed(asked)
        try:
            facts = self._facts.read(inquiry)
            self._answer(parts, text, facts, inquiry)
            if text != asked:
                choosing.say_against(parts, self._facts.codes_of(asked))
            left_out.say_beside(parts, facts)
            if parts.claims and len(inquiry.messages) == 1:
                without_minutes.say(
                    parts, text, self._chart, self._facts.codes_of, self._of_therapy.is_told
                )
        except CodingError as error:
            told = billing.clarify(error, parts.worksheet)
            parts.kind = told.kind
            parts.absorb(told)

    def _answer(self, parts: Parts, text: str, facts: Facts, inquiry: Inquiry) -> None:
        today = inquiry.today
        text = facts.joined or facts.asked or text
        is_whole = text in (facts.asked, facts.joined)
        ask = decide(text, facts, turn=0 if is_whole else len(inquiry.messages) - 1)
        if facts.unknown_codes:
            declining.unknown_codes(parts, facts)
            if ask is Ask.CODE and not self._knows_any(facts):
                ask = Ask.GUIDANCE
        if ask in (Ask.TOGETHER, Ask.THRESHOLD, Ask.CODE) and self._is_whole_visit(text, facts):
            ask = Ask.BILL
        if ask is Ask.DOCUMENT and not facts.codes:  # «what should the note say?» of the claim
            facts = replace(facts, codes=tuple(dict.fromkeys(s.code for s in facts.services)))
        if ask is Ask.GUIDANCE and len((told := of_the_told(text, facts)).codes) > 1:
            facts, ask = told, Ask.TOGETHER
        if ask in (Ask.BILL, Ask.CHOOSE) and self._of_therapy.is_of_others(
            text, facts, len(inquiry.messages)
        ):
            facts, ask = replace(facts, activities=[], new_services=False), Ask.GUIDANCE
        if missed.tell(parts, text, facts, self._facts.codes_of):
            return
        if first := not_held.asked_first(text, facts, self._knowledge.modifiers):
            declining.decline(parts, not_held.told(first))
        elif facts.new_services and not (facts.tells_a_visit or facts.choices):
            parts.kind = AnswerKind.CLARIFY
            parts.say("Nothing is left of the visit to bill. Say what was done and for how long.")
            parts.questions.append(Question("missing", "What was done?", [], "claim"))
        elif co_treatment.is_unsplit(text, facts):
            co_treatment.say(parts, text)
            self._guidance.passages(parts, text, facts, today)
        elif ask in (Ask.BILL, Ask.CHOOSE):
            self._treatment.bill(parts, facts, today)
        elif ask in _OF_CODES and self._is_activity(done := activity_between_codes(text)):
            self._treatment.choose_bare(parts, done)
            choosing.say_yes_or_no(parts, text, facts.codes)
        elif ask is Ask.NAMED and self._of_therapy.is_a_name(text):
            self._treatment.name(parts, text, facts)
        elif ask is Ask.UNITS:
            bare_minutes.count(parts, facts, self._tools, today)
        elif ask is Ask.THRESHOLD:
            self._threshold(parts, text, facts, today)
        elif ask is Ask.TOGETHER:
            self._guidance.together(parts, text, facts, today)
        elif ask is Ask.DOCUMENT:
            self._guidance.document(parts, text, facts, today)
        elif ask is Ask.NOTE:
            self._guidance.note(parts, text, facts, today)
        elif ask is Ask.PAY:
            self._guidance.pay(parts, text, facts, today)
        elif ask is Ask.COMPARE:
            self._guidance.compare(parts, text, facts, today)
        elif ask in (Ask.CODE, Ask.NAMED):
            self._guidance.code(parts, text, facts, today)
        else:
            self._look_up(parts, text, facts, today)

    def _is_whole_visit(self, text: str, facts: Facts) -> bool:
        """Untimed services told with payer and discipline, nothing asked: a visit to bill."""
        untimed = all(not self._knowledge.code(s.code).is_timed for s in facts.services)
        told = facts.services and (facts.payer or facts.discipline) and untimed
        asked = bool(told) and (asks_to_bill(text) or not is_question(text))
        wants_units = asks_how_many(text) or not is_question(text)
        of_a_total = wants_units and missing.has_only_a_total(facts)
        return asked or of_a_total or missing.is_of_a_total(facts)

    def _threshold(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        if self._guidance.threshold(parts, facts, today) and parts.kind is AnswerKind.GUIDANCE:
            billing.add_threshold_claim(parts, facts, today, self._tools)
        else:
            self._guidance.passages(parts, text, facts, today)

    def _knows_any(self, facts: Facts) -> bool:
        return any(code in self._knowledge.codes for code in facts.codes)

    def _look_up(self, parts: Parts, text: str, facts: Facts, today: date) -> None:
        known = self._knows_any(facts)
        if facts.unknown_codes and not known:
            return declining.decline(parts)
        if small_talk.is_replied(parts, text, facts):
            return None
        if speaks_to_the_program(text):
            return declining.decline(parts, "What a message says changes no rule.")
        if matter := not_held.asked_of(text, facts):
            return declining.decline(parts, not_held.told(matter))
        rule = RULE_WORDS if self._is_activity(text) else PEOPLE_WORDS
        wants_code = asks_for_a_code(text) or not (is_question(text) or rule.search(text))
        wants_code &= not (facts.choices and is_headline(text))  # «caregiver training codes»
        if asks_of_shared_names(text, facts) and not self._is_activity(text):
            return self._guidance.shared(parts, text, facts, today)
        is_wanted = facts.activities or (not facts.services and wants_code)
        if is_wanted and self._of_therapy.was_done(text):
            return self._treatment.choose_bare(parts, text)
        about_rule = facts.asked or asks_who_may(text) or not facts.tells_a_visit or known
        about_rule = about_rule or asks_of_a_modifier(text, facts)
        if not (about_rule or (facts.rule_question and self._answers(text, facts, today))):
            return self._treatment.bill(parts, facts, today)
        rule_answer.tell(parts, text, facts, today, self._guidance, self._facts.names_payer)

    def _answers(self, text: str, facts: Facts, today: date) -> bool:
        """Whether a question in the middle of a visit is one on a rule, which a passage answers."""
        if PEOPLE_WORDS.search(text) or (facts.question_before and not facts.has_minutes):
            return True
        if asks_the_count(text):
            return False
        tried = Parts(Worksheet(self._knowledge))
        may_be = facts.question_before or may_be_of_a_rule(text)
        return bool(may_be) and self._guidance.passages(tried, text, facts, today)


_OF_CODES = (Ask.COMPARE, Ask.CODE, Ask.TOGETHER, Ask.GUIDANCE)
