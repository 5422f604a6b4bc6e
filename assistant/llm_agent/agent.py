"""The language model as a second voice: the built-in reader's result in the model's words."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import asdict, replace
from datetime import date
from functools import cached_property
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from assistant.conversation import Answer, AnswerKind, Inquiry
from assistant.knowledge import Knowledge
from assistant.llm_agent import loop
from assistant.llm_agent.outcome import Outcome
from assistant.llm_agent.reading import ReadingCheck, as_data
from assistant.llm_agent.settings import ModelSettings
from assistant.llm_agent.slots import slots
from assistant.llm_agent.trouble import Trouble, from_error
from assistant.llm_agent.use import DayUse, Purse, UseBook, in_a_line
from assistant.llm_agent.visit_reading import VisitCheck
from assistant.llm_agent.word_lists import general_words
from assistant.llm_agent.wording import asking, noted, showing, stated_at_once, worded
from assistant.streaming import Progress, Words
from assistant.tools import BillingTools

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool

_GRACE = 1.0  # seconds beyond the answer's, for what must be put away


class LlmAgent:
    """Words built-in answers with a chat model. The fields stay the built-in reader's.

    Args:
        settings: the model and its bounds.
        tools: the billing tools, which it may call too.
        knowledge: for names, and for the field's vocabulary.
        book: where its use is counted.
    """

    def __init__(
        self, settings: ModelSettings, tools: BillingTools, knowledge: Knowledge, book: UseBook
    ) -> None:
        self.settings = settings
        self._billing = tools
        self._knowledge = knowledge
        self._book = book

    @cached_property
    def _model(self) -> BaseChatModel:
        from assistant.llm_agent.models import make_model

        return make_model(self.settings)

    @cached_property
    def _tools(self) -> list[BaseTool]:
        from assistant.langchain_tools import langchain_tools

        return list(langchain_tools(self._billing))

    @cached_property
    def _reading(self) -> ReadingCheck:
        return ReadingCheck(self._billing, self._knowledge)

    @cached_property
    def _visits(self) -> VisitCheck:
        return VisitCheck(self._billing, self._knowledge)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of the field, as the knowledge base writes them."""
        texts = [s.says for s in self._knowledge.statements.values()]
        texts += [c.label for c in self._knowledge.codes.values()]
        return frozenset(re.findall(r"[a-z]{3,}", " ".join(texts).lower())) | general_words()

    def open(self) -> None:
        """Make the model now, so that what is wrong with it is said at the start.

        Raises:
            UnusableModel: it cannot be used.
        """
        _ = self._model

    def close(self) -> None:
        """Hang up; the agent answers no more."""
        if "_model" in self.__dict__:
            from assistant.llm_agent.models import hang_up

            loop.run(hang_up(self.settings, self._model), _GRACE)

    def used(self, day: date) -> DayUse:
        """What answers used that day, and how much they may."""
        used = self._book.of_day(day)
        settings = self.settings
        return DayUse(settings.engine, used, settings.day_tokens, settings.answer_tokens)

    def answer(self, built_in: Answer, inquiry: Inquiry) -> Iterator[Progress | Words | Answer]:
        """Pieces of the text as they are certain, what is being done, and at the end the answer.

        Args:
            built_in: the answer of the built-in reader.
            inquiry: the conversation, identifiers masked.
        """
        opening = stated_at_once(built_in)
        if opening:
            yield Words(opening)
        outcome = yield from self._ask(built_in, inquiry)
        answer = self._put_together(built_in, outcome, inquiry)
        rest = answer.text[len(opening) :]
        if rest:
            yield Words(rest)
        yield answer

    def _ask(self, built_in: Answer, inquiry: Inquiry) -> Generator[Progress, None, Outcome]:
        outcome = Outcome()
        steps: loop.Steps = SimpleQueue()
        settings = self.settings
        purse = Purse(self._book, inquiry.today, settings.engine, settings.day_tokens)
        try:
            from assistant.llm_agent.turn import Turn  # LangChain, only where a model is asked

            before = self._begin_day(inquiry.today)
            filled = slots(built_in, self._knowledge)
            turn = Turn(
                settings, purse, self._model, self._tools, built_in, inquiry.messages, filled,
                self.vocabulary, steps.put,
            )  # fmt: skip
            outcome = turn.outcome
            outcome.day_used = before
            yield from loop.watched(turn.run(), settings.answer_seconds + _GRACE, steps)
        except Exception as error:
            outcome.trouble = from_error(error)
        if purse.day_used is not None:
            outcome.day_used = purse.day_used
        return outcome

    def _begin_day(self, today: date) -> int:
        """Tokens that the day has used so far.

        Raises:
            Trouble: none are left, or they cannot be counted.
        """
        used = self.used(today)
        if used.left == 0:
            raise Trouble("day_budget")
        return used.used.tokens

    def _put_together(self, built_in: Answer, outcome: Outcome, inquiry: Inquiry) -> Answer:
        facts = self._reading.facts(outcome.services or [], inquiry.messages)
        of_visit = self._visits.facts(outcome.visit, inquiry.messages, inquiry.today)
        questions = self._visits.questions(of_visit, built_in)
        if (asked := self._reading.question(facts, built_in)) is not None:
            questions.append(asked)
        told = self._told(outcome)
        told["visit"] = [asdict(fact) for fact in of_visit]
        told["reading"] = as_data(facts) if outcome.services is not None else None
        told["differs"] = bool(questions)
        words_of_model = outcome.prose is not None and built_in.kind is not AnswerKind.DECLINED
        if words_of_model:
            text = worded(built_in, outcome.prose or "", facts, of_visit)
            answer = replace(built_in, text=text, engine=self.settings.engine)
            answer = asking(answer, questions)
        else:
            answer = asking(showing(built_in, facts, of_visit), questions)
            if outcome.trouble is not None:
                answer = noted(answer, str(outcome.trouble))
        told["worded_by"] = self.settings.engine if words_of_model else "embedded"
        return replace(answer, model=told)

    def _told(self, outcome: Outcome) -> dict[str, Any]:
        """How the model was used, for the answer's `model` field."""
        return {
            "name": self.settings.engine,
            "trouble": outcome.trouble.kind if outcome.trouble else None,
            "drafts_rejected": outcome.rejected,
            "tool_calls": outcome.calls,
            "use": asdict(outcome.use),
            "budget": {
                "answer_tokens": self.settings.answer_tokens,
                "day_tokens": self.settings.day_tokens,
                "day_used": outcome.day_used,
                "told": self._used_today(outcome),
            },
        }

    def _used_today(self, outcome: Outcome) -> str | None:
        if outcome.day_used is None:
            return None
        return in_a_line(self.settings.engine, outcome.day_used, self.settings.day_tokens)
