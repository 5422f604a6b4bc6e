"""What a model read in a message, held against the user's own words and the built-in reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from assistant.claim import Clinician, Service, Visit
from assistant.conversation import Answer, Question
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.llm_agent.figures import figures
from assistant.llm_agent.visits_told import changed_lines, visits_of
from assistant.patterns import regex
from assistant.plain_reader.mentions import minutes
from assistant.plain_reader.mentions.codes import CodeReader
from assistant.plain_reader.mentions.mention import TimeMention
from assistant.plain_reader.words.text import plain
from assistant.tools import BillingTools

MARKUP = regex(r"[\[\]()<>*_`!\\#|~]")
_LONGEST_WORDS = 300
_ASSISTANT = regex(r"\b(?:c?otas?|ptas?|assistants?|technicians?|students?|aides?|techs?)\b", re.I)
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
        if service.minutes is not None and service.minutes not in _lengths(plain(words)):
            return False
        return service.by == "therapist" or bool(_ASSISTANT.search(words))

    def _named(self, words: str) -> set[str]:
        mentions = self._codes.find(plain(words))
        return {mention.codes[0] for mention in mentions if len(mention.codes) == 1}

    def question(self, facts: list[Fact], answer: Answer) -> Question | None:
        """What to ask where the model's reading would change the claim; None where it would not."""
        sure = [f for f in facts if f.borne_out and (f.code or f.minutes)]
        if not sure or len(sure) < len(facts):
            return None
        if not answer.claims and answer.kind.value not in _UNREAD:
            return None
        blocks = [block for claim in answer.claims for block in claim.blocks]
        if answer.claims and (not blocks or not self._differs(sure, blocks, visits_of(answer))):
            return None
        model = ", ".join(map(_of_fact, sure))
        own = ", ".join(
            _service(str(b["code"]), int(b["minutes"] or 0), str(b["by"])) for b in blocks
        )
        other = f" The built-in reading, which is billed above, is: {own}." if own else ""
        text = f"The language model read: {model}.{other} Which is right?"
        return Question("reading", text, [o for o in (own, model) if o], "claim")

    def _differs(
        self, facts: list[Fact], blocks: list[dict[str, Any]], visits: list[Visit]
    ) -> bool:
        mine = _minutes((f.code, f.by, f.minutes) for f in facts if f.code)
        held = _minutes((str(b["code"]), str(b["by"]), b["minutes"]) for b in blocks)
        if any(f.code is None for f in facts):
            return not _fills(facts, mine, held)
        if mine == held:
            return False
        if len(visits) != 1:
            return True
        read = replace(visits[0], services=_services(mine))
        return changed_lines(self._tools, visits[0], read)


def _lengths(words: str) -> set[int]:
    """Every number of minutes that the words may mean: «20 min», «half an hour», «9:00-9:20»."""
    numbers = {f.value for f in figures(words) if f.kind in ("number", "modifier")}
    return {int(n) for n in numbers if n.isdecimal()} | {int(m.minutes) for m in _stretches(words)}


def _stretches(words: str) -> list[TimeMention]:
    try:
        return minutes.find(words)
    except CodingError:
        return []


Minutes = dict[tuple[str, str], int]


def _minutes(told: Iterable[tuple[str | None, str, Any]]) -> Minutes:
    """Minutes by code and clinician."""
    found: Minutes = {}
    for code, by, given in told:
        found[code or "", by] = found.get((code or "", by), 0) + int(given or 0)
    return found


def _services(told: Minutes) -> tuple[Service, ...]:
    return tuple(Service(code, n or None, Clinician(by)) for (code, by), n in told.items())


def _fills(facts: list[Fact], mine: Minutes, held: Minutes) -> bool:
    """Whether activities read without a code have just the minutes that the claim's codes leave."""
    if any(held.get(key, -1) < n for key, n in mine.items()):
        return False
    left = sum(held.values()) - sum(mine.values())
    return left == sum(f.minutes or 0 for f in facts if f.code is None)


def _of_fact(fact: Fact) -> str:
    if fact.code is None:
        return f"“{MARKUP.sub(' ', fact.words)}”"
    return _service(fact.code, fact.minutes or 0, fact.by)


def _service(code: str, length: int, who: str) -> str:
    """A service in words that the built-in reader understands when they are sent back."""
    by = {"assistant": " by the assistant", "student": " by the student", "aide": " by the aide"}
    return f"{f'{length} min ' if length else ''}{code}{by.get(who, '')}"


def _squeezed(text: str) -> str:
    return " ".join(plain(text).lower().split())


def as_data(facts: list[Fact]) -> list[dict[str, Any]]:
    """The facts as plain JSON data."""
    return [asdict(fact) for fact in facts]
