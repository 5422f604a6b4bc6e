"""The only way in: a conversation in, a cited answer out."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant.conversation import Answer, AnswerKind, Inquiry, Question
from assistant.knowledge import Knowledge, load
from assistant.library import Library
from assistant.plain_reader.reader import PlainReader
from assistant.privacy import MaskedText, mask
from assistant.tools import BillingTools
from assistant.worksheet import Worksheet

LONGEST = 20_000  # characters of one message


class Assistant:
    """Answers questions on therapy coding and billing. Keeps no state between calls."""

    def __init__(self, knowledge: Knowledge, library: Library) -> None:
        self.knowledge = knowledge
        self.library = library
        self.tools = BillingTools(knowledge)

    @classmethod
    def open(cls, data: Path | None = None) -> Assistant:
        """An assistant over the shipped knowledge and the data folder's library; cheap."""
        knowledge = load()
        return cls(knowledge, Library(data, knowledge))

    @cached_property
    def _reader(self) -> PlainReader:
        return PlainReader(self.tools, self.knowledge, self.library)

    def mask(self, text: str) -> MaskedText:
        """The text without patient identifiers; what an entrance may store."""
        return mask(text)

    def answer(self, inquiry: Inquiry) -> Answer:
        """Answer the last message of the inquiry.

        Identifiers are masked before anything else sees the messages. Every ending is an
        answer: what cannot be counted or found says so and what to do.
        """
        masked = [mask(message) for message in inquiry.messages]
        worksheet = Worksheet(self.knowledge)
        unusable = _unusable(inquiry.messages[-1] if inquiry.messages else "")
        if unusable is not None:
            return unusable
        clean = replace(inquiry, messages=tuple(m.text for m in masked))
        answer = self._reader.answer(clean, worksheet)
        return _with_privacy_note(answer, masked[-1])


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


def _with_privacy_note(answer: Answer, masked: MaskedText) -> Answer:
    if not masked.found:
        return answer
    kinds = ", ".join(masked.found)
    note = f"Your message held a patient identifier ({kinds}); it was masked and is not kept."
    return replace(
        answer,
        text=f"{answer.text}\n\n{note}",
        assumptions=[*answer.assumptions, note],
    )
