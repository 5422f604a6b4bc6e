"""What a model read in a message, held against the user's own words and the built-in reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from assistant.claim import Clinician, CountingRule, Discipline, Service, Visit
from assistant.conversation import Answer, Claim, Question
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.llm_agent.figures import figures
from assistant.plain_reader.codes import CodeReader
from assistant.plain_reader.text import plain
from assistant.tools import BillingTools

_LONGEST_WORDS = 300
_ASSISTANT = re.compile(
    r"\b(?:c?otas?|ptas?|assistants?|technicians?|students?|aides?|techs?)\b", re.I
)
_UNREAD = ("declined", "clarify")


@dataclass(frozen=True, slots=True)
class ReadService:
    """Minutes of one code, as the message says them.

    Attributes:
        code: the procedure code that the message names, or none.
        minutes: whole minutes, or none where the message gives none.
        words: the user's exact words for it.
        by: therapist, assistant, student or aide.
    """

    code: str | None
    minutes: int | None
    words: str
    by: Literal["therapist", "assistant", "student", "aide"] = "therapist"


@dataclass(frozen=True, slots=True)
class Fact:
    """One service as the model read it, and whether the user's words bear it out."""

    code: str | None
    minutes: int | None
    by: str
    words: str
    borne_out: bool


class ReadingCheck:
    """Checks readings against words; built once for a knowledge base."""

    def __init__(self, tools: BillingTools, knowledge: Knowledge) -> None:
        self._tools = tools
        self._knowledge = knowledge
        self._codes = CodeReader(knowledge)

    def facts(self, services: Iterable[ReadService], messages: Iterable[str]) -> list[Fact]:
        """Every service of a reading; one that the words do not bear out says so."""
        said = " ".join(_squeezed(message) for message in messages)
        return [
            Fact(s.code, s.minutes, s.by, s.words[:_LONGEST_WORDS], self._borne_out(s, said))
            for s in services
        ]

    def _borne_out(self, service: ReadService, said: str) -> bool:
        words = service.words[:_LONGEST_WORDS]
        if not words.strip() or _squeezed(words) not in said:
            return False
        if service.code is not None and service.code not in self._named(words):
            return False
        numbers = {f.value for f in figures(plain(words)) if f.kind in ("number", "modifier")}
        if service.minutes is not None and str(service.minutes) not in numbers:
            return False
        return service.by == "therapist" or bool(_ASSISTANT.search(words))

    def _named(self, words: str) -> set[str]:
        mentions = self._codes.find(plain(words))
        return {mention.codes[0] for mention in mentions if len(mention.codes) == 1}

    def question(self, facts: list[Fact], answer: Answer, today: date) -> Question | None:
        """What to ask where the model's reading would change the claim; None where it would not."""
        sure = [f for f in facts if f.borne_out and f.code and f.minutes]
        if not sure or len(sure) < len(facts) or len(answer.claims) > 1:
            return None
        claim = answer.claims[0] if answer.claims else None
        if claim is None and answer.kind.value not in _UNREAD:
            return None
        if claim is not None and (not claim.blocks or not self._differs(sure, claim, today)):
            return None
        model = _told((f.code or "", f.minutes or 0, f.by) for f in sure)
        own = (
            _told((str(b["code"]), int(b["minutes"] or 0), str(b["by"])) for b in claim.blocks)
            if claim
            else ""
        )
        other = f" The built-in reading, which is billed above, is: {own}." if own else ""
        text = f"The language model read: {model}.{other} Which is right?"
        return Question("reading", text, [o for o in (own, model) if o], "claim")

    def _differs(self, facts: list[Fact], claim: Claim, today: date) -> bool:
        mine = Counter[tuple[str, str]]()
        for fact in facts:
            mine[fact.code or "", fact.by] += fact.minutes or 0
        held = Counter[tuple[str, str]]()
        for block in claim.blocks:
            held[str(block["code"]), str(block["by"])] += int(block["minutes"] or 0)
        if mine == held:
            return False
        try:
            review = self._tools.review_visit(_visit(mine, claim, today))
        except CodingError:
            return True
        lines = sorted((n.code, n.units, sorted(n.modifiers)) for n in review.lines)
        return lines != sorted((n.code, n.units, sorted(n.modifiers)) for n in claim.lines)


def _visit(minutes: Counter[tuple[str, str]], claim: Claim, today: date) -> Visit:
    day = date.fromisoformat(claim.date_of_service) if claim.date_of_service else today
    return Visit(
        services=tuple(Service(code, n, Clinician(by)) for (code, by), n in minutes.items()),
        date_of_service=day,
        payer=claim.payer,
        discipline=Discipline(claim.discipline) if claim.discipline else None,
        counting_rule=CountingRule(claim.counting_rule),
    )


def _told(services: Iterable[tuple[str, int, str]]) -> str:
    """Services in words that the built-in reader understands when they are sent back."""
    by = {"assistant": " by the assistant", "student": " by the student", "aide": " by the aide"}
    return ", ".join(f"{n} min {code}{by.get(who, '')}" for code, n, who in services)


def _squeezed(text: str) -> str:
    return " ".join(plain(text).lower().split())


def with_reading(answer: Answer, question: Question | None) -> Answer:
    """The answer, asking too where the readings differ."""
    return answer if question is None else replace(answer, questions=[*answer.questions, question])


def as_data(facts: list[Fact]) -> list[dict[str, Any]]:
    """The facts as plain JSON data."""
    return [asdict(fact) for fact in facts]
