"""What was done: the code of each activity, and the claim of the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from assistant.conversation import AnswerKind, CodeChoice, Question
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.plain_reader.activities import chart_answers
from assistant.plain_reader.activities.likeness import Likeness
from assistant.plain_reader.answers import billing, choosing, not_held, partly
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts
from assistant.plain_reader.reading import Activity
from assistant.tools import BillingTools
from assistant.worksheet import Worksheet


class Treatment:
    """Chooses codes and bills; built once for a knowledge base."""

    def __init__(
        self,
        tools: BillingTools,
        knowledge: Knowledge,
        likeness: Likeness,
        codes_of: Callable[[str], Sequence[str]],
    ) -> None:
        self._tools = tools
        self._knowledge = knowledge
        self._chart = knowledge.flowchart()
        self._likeness = likeness
        self._codes_of = codes_of

    def open_questions(self, facts: Facts, today: date) -> Sequence[Question]:
        """What the claim of these facts leaves open."""
        parts = Parts(Worksheet(self._knowledge))
        try:
            self.bill(parts, facts, today)
        except CodingError:
            return ()
        return parts.questions

    def bill(self, parts: Parts, facts: Facts, today: date) -> None:
        """Bill what is told; where a code or minutes are open, ask for them.

        Raises:
            CodingError: the visit cannot be counted.
        """
        facts = not_held.set_aside(parts, facts)
        chosen = choosing.choose_all(
            facts.activities, facts.replies, self._chart, parts.worksheet, self._likeness
        )
        services = [*facts.services, *(s for c in chosen if (s := c.service) is not None)]
        undecided = partly.opens(chosen, facts.choices)
        untold = [c for c in chosen if c.is_settled and c.service is None and c.ruling.result.code]
        if services and not undecided and not untold:
            if choosing.are_untold(services, self._knowledge):
                whole = self._chosen(parts, Activity(facts.topic))
                if whole[0].is_by_circumstance:
                    parts.kind = AnswerKind.CODE_CHOICE
                    return choosing.explain(parts, whole, self._knowledge)
                choosing.name_untold(parts, services, self._knowledge)
            parts.kind = AnswerKind.CLAIM
            parts.absorb(
                billing.bill(facts, services, today, self._tools, self._knowledge, parts.worksheet)
            )
        elif chosen:
            parts.kind = AnswerKind.CODE_CHOICE
        elif facts.choices:
            parts.kind = AnswerKind.CLARIFY
        if undecided and not untold:
            partly.bill(parts, facts, services, undecided, today, self._tools, self._knowledge)
        choosing.ask_which(parts, facts.choices, self._knowledge)
        choosing.explain(parts, chosen, self._knowledge)
        if facts.services or facts.payer or any(c.service for c in chosen):
            choosing.ask_minutes(parts, untold)

    def name(self, parts: Parts, text: str, facts: Facts) -> None:
        """A service told by its name: its code, by the chart where the chart says the same."""
        code = facts.services[0].code
        chosen, parts.kind = self._chosen(parts, Activity(text)), AnswerKind.CODE_CHOICE
        if chosen[0].ruling.result.code == code or chosen[0].is_by_circumstance:
            choosing.explain(parts, chosen, self._knowledge)
            return
        known = parts.worksheet.call(self._tools.look_up_code, code=code)
        why = parts.worksheet.why(known.because)
        parts.code_choices.append(CodeChoice(text, code, [], [], why))
        label = self._knowledge.code(code).label
        parts.say(f"**«{text}»: {code}**, {label}.", *(f"- {r.text}" for r in known.because))
        after = [p for p in choosing.told_in_turn(text) if not self._codes_of(p)]
        others = self._chosen(
            parts, *(Activity(p) for p in after if chart_answers.activity_known(p, self._chart))
        )
        others = [c for c in others if c.ruling.result.code not in (None, code)]
        choosing.explain(parts, others, self._knowledge)

    def _chosen(self, parts: Parts, *found: Activity) -> list[choosing.Chosen]:
        return choosing.choose_all(found, [], self._chart, parts.worksheet, self._likeness)

    def choose_bare(self, parts: Parts, text: str) -> None:
        """Choose the code of each activity in a message without minutes."""
        found = choosing.bare_activities(text, self._chart)
        chosen = self._chosen(parts, *found)
        if len(chosen) > 1:
            whole = self._chosen(parts, Activity(text))
            if choosing.is_one(whole[0], chosen):
                chosen = whole
        parts.kind = AnswerKind.CODE_CHOICE
        choosing.explain(parts, chosen, self._knowledge)
