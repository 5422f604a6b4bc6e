"""What a model read of the visit as a whole, payer to dollars, held against the user's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from assistant.claim import CountingRule, Discipline, Setting, Visit
from assistant.conversation import Answer, Claim, Question
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.llm_agent.visits_told import changed_lines, visits_of
from assistant.patterns import regex
from assistant.plain_reader.mentions import context, days, disciplines
from assistant.plain_reader.mentions.payers_named import PayerReader, counting_rule
from assistant.plain_reader.words.text import plain
from assistant.tools import BillingTools

About = Literal[
    "payer", "date_of_service", "discipline", "setting", "counting_rule", "allowed_before",
    "separate_minutes",
]  # fmt: skip
NAMES = {
    "payer": "payer",
    "date_of_service": "date of service",
    "discipline": "discipline",
    "setting": "setting",
    "counting_rule": "payer's counting rule",
    "allowed_before": "year's dollars before the visit",
    "separate_minutes": "codes' minutes",
}
# What a value is called; each is read back as that value when it is sent as a reply.
_SHOWN = {
    ("setting", "practitioner"): "private practice",
    ("setting", "outpatient_hospital"): "outpatient hospital",
    ("counting_rule", "cms"): "It adds all timed minutes together",
    ("counting_rule", "ama"): "It counts each code alone",
    ("separate_minutes", "yes"): "The minutes were separate",
    ("separate_minutes", "no"): "The minutes were not separate",
}
_LONGEST_WORDS = 300
_BEFORE = 40  # characters that may say what a date or a payer is not
_AMOUNT = regex(r"\$?\s?(\d[\d,]*(?:\.\d\d)?)(?:\s?(?:usd|dollars))?", re.I)
_WORDED = regex(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact of the whole visit, as the message says it.

    Attributes:
        about: which fact.
        value: the payer's name; the day as YYYY-MM-DD; PT, OT or SLP; practitioner or
            outpatient_hospital; cms (all timed minutes together) or ama (each code alone);
            dollars used before the visit this year; yes or no for separate minutes.
        words: the user's exact words for it.
    """

    about: About
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A fact as the model read it, its value in canonical form.

    Attributes:
        borne_out: the conversation holds the words, and nothing in it says otherwise.
    """

    about: str
    value: str
    words: str
    borne_out: bool


class VisitCheck:
    """Checks what was read of visits; built once for a knowledge base."""

    def __init__(self, tools: BillingTools, knowledge: Knowledge) -> None:
        self._tools = tools
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
        borne_out = value is not None and self._is_said(read.about, value, words, messages, today)
        return VisitFact(read.about, value or read.value[:60], words, borne_out)

    def _is_said(
        self, about: str, value: str, words: str, messages: Sequence[str], today: date
    ) -> bool:
        latest = next(
            (m for m in reversed(messages) if self._value(about, m, today) is not None), None
        )
        if latest is not None:
            return self._value(about, _within(words, latest), today) == value
        # Words that the built-in reader makes nothing of are what a model is for; a figure,
        # though, must stand in them as it is.
        if about in ("date_of_service", "allowed_before"):
            return False
        quoted = any(_within(words, message) for message in messages)
        return quoted and bool(_WORDED.search(words))

    def _value(self, about: str, text: str, today: date) -> str | None:
        """What a text says of a fact, read without a model; None where it says nothing."""
        told = plain(text)
        if about == "payer":
            payer = self._payers.find(told)
            return payer.id if payer else None
        if about == "discipline":
            found = disciplines.find(told)
            return found[0].value if len(found) == 1 else _one_of(Discipline, told.upper())
        if about == "setting":
            return context.setting(told) or _one_of(Setting, told)
        if about == "counting_rule":
            return counting_rule(told) or _one_of(CountingRule, told)
        if about == "allowed_before":
            return _dollars(told)
        if about == "separate_minutes":
            return _yes_or_no(told)
        return _day(told, today)

    def questions(self, facts: Iterable[VisitFact], answer: Answer) -> list[Question]:
        """What to ask where such a fact is another than the claim's, and would change it."""
        if not answer.claims:
            return []
        visits = visits_of(answer)
        held = {name: _held(answer.claims, visits, name) for name in NAMES}
        other = {f.about: f for f in facts if f.borne_out and f.value not in held[f.about]}
        return [
            self._question(fact, held[fact.about])
            for fact in other.values()
            if self._matters(fact, visits)
        ]

    def _matters(self, fact: VisitFact, visits: list[Visit]) -> bool:
        if fact.about in ("payer", "date_of_service", "discipline"):
            return True
        field, value = _as_field(fact)
        return any(
            changed_lines(self._tools, visit, replace(visit, **{field: value})) for visit in visits
        )

    def _question(self, fact: VisitFact, held: list[str]) -> Question:
        name = NAMES[fact.about]
        model = self._shown(fact.about, fact.value)
        own = [self._shown(fact.about, value) for value in held]
        built_in = f"has {' and '.join(own)}" if own else "has none"
        text = (
            f"The language model read the {name} as {model}, from “{_quoted(fact.words)}”. The "
            f"built-in reading, which is billed above, {built_in}. Which is right?"
        )
        return Question(f"reading-{fact.about}", text, [*own, model], "claim")

    def _shown(self, about: str, value: str) -> str:
        if about == "allowed_before":
            return f"${Decimal(value):,.2f} used so far this year"
        payer = self._knowledge.payers.get(value)
        return _SHOWN.get((about, value)) or (payer.name if payer else value)


def _one_of(kind: Any, text: str) -> str | None:
    bare = text.strip(" .")
    return bare if bare in {member.value for member in kind} else None


def _dollars(text: str) -> str | None:
    bare = _AMOUNT.fullmatch(text.strip(" ."))
    if bare:
        return _plain(Decimal(bare[1].replace(",", "")))
    before = context.dollars(text).before
    return None if before is None else _plain(before)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _yes_or_no(text: str) -> str | None:
    bare = text.strip(" .").lower()
    if bare in ("yes", "true", "no", "false"):
        return "yes" if bare in ("yes", "true") else "no"
    said = context.separate(text)
    return None if said is None else "yes" if said else "no"


def _day(text: str, today: date) -> str | None:
    try:
        named = days.date_of_service(text, today)
    except CodingError:
        return None
    return named.day.isoformat() if named else None


def _held(claims: list[Claim], visits: list[Visit], about: str) -> list[str]:
    """What the claims hold of a fact, each value once."""
    if about in ("setting", "allowed_before", "separate_minutes"):
        told = [_of_visit(visit, about) for visit in visits]
    else:
        told = [getattr(claim, about) for claim in claims]
    return list(dict.fromkeys(value for value in told if value))


def _of_visit(visit: Visit, about: str) -> str | None:
    if about == "setting":
        return visit.setting.value
    if about == "allowed_before":
        return None if visit.allowed_before is None else _plain(visit.allowed_before)
    return None if visit.separate is None else "yes" if visit.separate else "no"


def _as_field(fact: VisitFact) -> tuple[str, Any]:
    """A fact as the visit's field and value."""
    if fact.about == "setting":
        return "setting", Setting(fact.value)
    if fact.about == "counting_rule":
        return "counting_rule", CountingRule(fact.value)
    if fact.about == "allowed_before":
        return "allowed_before", Decimal(fact.value)
    return "separate", fact.value == "yes"


def _quoted(words: str) -> str:
    return re.sub(r"[\[\]()<>*_`!\\#|~\s]+", " ", words).strip()


def _within(words: str, message: str) -> str:
    """The words where the message holds them, with what stands right before; "" where it does not.

    What stands before may say that the words mean something else: «not Medicare», «born 3/4/1950».
    """
    low, sought = message.lower(), words.strip().lower()
    at = low.find(sought) if sought else -1
    return message[max(0, at - _BEFORE) : at + len(sought)] if at >= 0 else ""
