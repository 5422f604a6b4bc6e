"""The only way in: a conversation in, a cited answer out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.claim import Visit
from assistant.conversation import Answer, AnswerKind, Inquiry, Question
from assistant.folders import local_folder, tables_folder
from assistant.knowledge import Knowledge, load
from assistant.library import Library, Search
from assistant.library.found import Only
from assistant.llm_agent import DayUse, ModelSettings, UseBook
from assistant.plain_reader.answers.billing import bill_visit
from assistant.privacy import PLACEHOLDER, MaskedText, mask
from assistant.streaming import Event, Finished, Progress, Stated, Words
from assistant.tools import BillingTools

if TYPE_CHECKING:
    from assistant.apart import Apart
    from assistant.built_in import BuiltIn, Retrieval
    from assistant.llm_agent import LlmAgent

LONGEST = 20_000  # characters of one message


class Assistant:
    """Answers questions on therapy coding and billing. Keeps no state between calls.

    Args:
        knowledge: what we hold of the rules.
        library: the passages.
        model: the language model that words answers; None for the built-in reader alone.
        apart: reads and searches in another process; None to do it in this one.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        library: Library,
        model: ModelSettings | None = None,
        apart: Apart | None = None,
    ) -> None:
        self.knowledge = knowledge
        self.library = library
        self.tools = BillingTools(knowledge)
        self._apart = apart
        self._agent = self._with(model) if model else None

    @classmethod
    def open(
        cls, data: Path | None = None, model: ModelSettings | None = None, *, apart: bool = False
    ) -> Assistant:
        """An assistant over the shipped knowledge and the data folder's library; cheap.

        Args:
            data: the data folder, where it is not the usual one.
            model: as for the class.
            apart: read and search in a process of its own, for one that serves many.

        Raises:
            KnowledgeError: ASSISTANT_LOCAL names something that is not a folder.
        """
        knowledge = load(local_folder(), tables_folder(data))
        return cls(knowledge, Library(data, knowledge), model, _process(data) if apart else None)

    def _with(self, model: ModelSettings) -> LlmAgent:
        from assistant.llm_agent import LlmAgent  # takes longer to load than a claim to count

        return LlmAgent(model, self.tools, self.knowledge, UseBook(self.library.folder))

    @cached_property
    def _built_in(self) -> BuiltIn | Apart:
        from assistant.built_in import BuiltIn  # a claim from a form is counted without it

        return self._apart or BuiltIn(self.tools, self.knowledge, self.library)

    def mask(self, text: str) -> MaskedText:
        """The text without patient identifiers; what an entrance may store."""
        return mask(text)

    @property
    def engine(self) -> str:
        """Who words answers: "embedded", or the model as provider:name."""
        return self._agent.settings.engine if self._agent else "embedded"

    def used(self, day: date) -> DayUse | None:
        """What answers used of the language model that day, and its budgets; None without one."""
        return self._agent.used(day) if self._agent else None

    def check_model(self) -> None:
        """Make the language model now, where one is set up, instead of at the first question.

        Raises:
            UnusableModel: it cannot be used as it is set up.
        """
        if self._agent:
            self._agent.open()

    def close(self) -> None:
        """Let go of the index and hang up on the language model."""
        if self._apart:
            self._apart.close()
        self.library.close()
        if self._agent:
            self._agent.close()

    def answer(self, inquiry: Inquiry) -> Answer:
        """Answer the last message of the inquiry.

        Identifiers are masked before anything else sees the messages. Every ending is an
        answer: what cannot be counted or found says so and what to do.
        """
        *_, answer = self.stream(inquiry)
        assert isinstance(answer, Answer)
        return answer

    def review(self, visit: Visit) -> Answer:
        """Answer for a visit that came as fields, from a form or a program; nothing is read.

        Raises:
            CodingError: the visit cannot be counted as given; says what to do.
        """
        return bill_visit(visit, self.tools, self.knowledge).answer()

    def search(
        self, query: str, *, k: int = 5, codes: Iterable[str] = (), only: Only | None = None
    ) -> Search:
        """The passages that answer a question, the best first (`Library.search`).

        Raises:
            LibraryError: the store of passages cannot be used.
        """
        return self._built_in.search(query, k, codes, only)

    @property
    def retrieval(self) -> Retrieval:
        """How passages are found."""
        return self._built_in.retrieval

    def warm(self, inquiry: Inquiry) -> None:
        """Load what answering needs; no language model is asked."""
        self._built_in.read(inquiry)

    def stream(self, inquiry: Inquiry) -> Iterator[str | Answer]:
        """The text's pieces, each as soon as it is certain, and at the end the answer."""
        for event in self.events(inquiry):
            if isinstance(event, Words):
                yield event.text
            elif isinstance(event, Finished):
                yield event.answer

    def events(self, inquiry: Inquiry) -> Iterator[Event]:
        """What happens while the answer is made: progress, the claim, checked words, the answer."""
        unusable = _unusable(inquiry.messages[-1] if inquiry.messages else "")
        if unusable is not None:
            yield from (Words(unusable.text), Finished(unusable))
            return
        yield Progress("reading")
        read = self._built_in.read(inquiry)
        answer = read.answer
        if answer.claims or answer.code_choices:
            yield Stated(answer)
        if self._agent is None:
            yield Words(answer.text)
        else:
            clean = replace(inquiry, messages=tuple(one.text for one in read.masked))
            for piece in self._agent.answer(answer, clean):
                if isinstance(piece, Answer):
                    answer = piece
                else:
                    yield piece
        noted = _with_privacy_note(answer, read.masked)
        if len(noted.text) > len(answer.text):
            yield Words(noted.text[len(answer.text) :])
        yield Finished(noted)


def _process(data: Path | None) -> Apart:
    from assistant.apart import Apart  # no command needs it

    return Apart(data)


def _unusable(message: str) -> Answer | None:
    if not message.strip():
        text = "The message is empty. Say what was done, for how many minutes, and for which payer."
    elif len(message) > LONGEST:
        text = (
            f"The message has {len(message):,} characters; {LONGEST:,} is the most that is read at "
            "once. Send one visit at a time."
        )
    else:
        return None
    return Answer(AnswerKind.CLARIFY, text, questions=[Question("message", text, [], "message")])


def _with_privacy_note(answer: Answer, masked: Sequence[MaskedText]) -> Answer:
    """The answer, telling of masked identifiers where none was masked earlier: once is enough."""
    found = masked[-1].found
    if not found or any(m.found or PLACEHOLDER.search(m.text) for m in masked[:-1]):
        return answer
    note = (
        f"For the patient’s privacy, what looked like an identifier ({', '.join(found)}) was "
        "masked before your message was read. It is not kept, and coding needs none of it."
    )
    return replace(
        answer,
        text=f"{answer.text}\n\n{note}",
        assumptions=[*answer.assumptions, note],
    )
