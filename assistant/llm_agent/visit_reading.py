"""What a model read of the visit as a whole: payer, day and discipline, held against the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.claim import Discipline
from assistant.conversation import Answer, Claim, Question
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.plain_reader import context, disciplines
from assistant.plain_reader.payers_named import PayerReader
from assistant.plain_reader.text import plain

About = Literal["payer", "date_of_service", "discipline"]
_NAMES = {"payer": "payer", "date_of_service": "date of service", "discipline": "discipline"}
_LONGEST_WORDS = 300
_BEFORE = 40  # characters that may say what a date or a payer is not


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact of the whole visit, as the message says it.

    Attributes:
        about: payer, date_of_service or discipline.
        value: the payer's name, the day as YYYY-MM-DD, or PT, OT or SLP.
        words: the user's exact words for it.
    """

    about: About
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A fact as the model read it; `value` is the payer's id, the ISO day or the discipline."""

    about: str
    value: str
    words: str
    borne_out: bool


class VisitCheck:
    """Checks what was read of visits; built once for a knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._payers = PayerReader(knowledge)

    def facts(
        self, read: Iterable[ReadFact], messages: Sequence[str], today: date
    ) -> list[VisitFact]:
        """Every fact; one that the user's latest words on it do not bear out says so."""
        return [self._fact(one, messages, today) for one in read]

    def _fact(self, read: ReadFact, messages: Sequence[str], today: date) -> VisitFact:
        words = read.words[:_LONGEST_WORDS]
        value = self._value(read.about, read.value, today)
        latest = next(
            (m for m in reversed(messages) if self._value(read.about, m, today) is not None), ""
        )
        said = _within(words, latest)
        borne_out = value is not None and self._value(read.about, said, today) == value
        return VisitFact(read.about, value or read.value[:60], words, borne_out)

    def _value(self, about: str, text: str, today: date) -> str | None:
        """What a text says of a fact, read without a model; None where it says nothing."""
        told = plain(text)
        if about == "payer":
            payer = self._payers.find(told)
            return payer.id if payer else None
        if about == "discipline":
            found = disciplines.find(told)
            return found[0].value if len(found) == 1 else _discipline(told)
        try:
            day = context.date_of_service(told, today)
        except CodingError:
            return None
        return day.day.isoformat() if day else None

    def questions(self, facts: Iterable[VisitFact], answer: Answer) -> list[Question]:
        """What to ask where such a fact is another than the claim's."""
        if len(answer.claims) != 1:
            return []
        claim = answer.claims[0]
        latest = {fact.about: fact for fact in facts if fact.borne_out}
        return [
            self._question(fact, _held(claim, fact.about))
            for fact in latest.values()
            if fact.value != _held(claim, fact.about)
        ]

    def _question(self, fact: VisitFact, held: str | None) -> Question:
        name = _NAMES[fact.about]
        model, own = self._shown(fact.value), self._shown(held) if held else ""
        built_in = f"has {own}" if own else "has none"
        text = (
            f"The language model read the {name} as {model}. The built-in reading, which is billed "
            f"above, {built_in}. Which is right?"
        )
        return Question(f"reading-{fact.about}", text, [o for o in (own, model) if o], "claim")

    def _shown(self, value: str) -> str:
        payer = self._knowledge.payers.get(value)
        return payer.name if payer else value


def _discipline(text: str) -> str | None:
    bare = text.strip(" .").upper()
    return bare if bare in {d.value for d in Discipline} else None


def _held(claim: Claim, about: str) -> str | None:
    told: str | None = getattr(claim, about)
    return told


def _within(words: str, message: str) -> str:
    """The words where the message holds them, with what stands right before; "" where it does not.

    What stands before may say that the words mean something else: «not Medicare», «born 3/4/1950».
    """
    low, sought = message.lower(), words.strip().lower()
    at = low.find(sought) if sought else -1
    return message[max(0, at - _BEFORE) : at + len(sought)] if at >= 0 else ""
