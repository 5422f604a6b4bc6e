"""All that is held of one code on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answering import Assistant
from assistant.claim import ClaimLine, Setting
from assistant.errors import CodingError
from assistant.knowledge import Code, Element, Guide, UnitLimit
from assistant.rules.dollars import NATIONAL, Gpci
from assistant.rules.edits import PairRuling

MODIFIER_OF = {"PT": "GP", "OT": "GO", "SLP": "GN"}
MOST_CODES_OF_A_COMPARISON = 3  # a guide on more codes than these compares nothing


@dataclass(frozen=True, slots=True)
class Partner:
    """Another code with which a row of the edit tables joins this one, and what each says."""

    other: str
    label: str
    rulings: dict[Setting, PairRuling]


@dataclass(frozen=True, slots=True)
class Price:
    """What Medicare allows for one unit in a year, or why that is not known."""

    year: int
    allowed: str = ""
    medicare_pays: str = ""
    patient_pays: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A code's page."""

    code: Code
    described: str
    limits: dict[Setting, UnitLimit | None]
    partners: list[Partner]
    conditions: Sequence[Element]
    good_practice: Sequence[Element]
    every_visit: Sequence[Element]
    prices: list[Price]
    neighbours: list[Code]
    guides: list[Guide]


def sheet(assistant: Assistant, code: str, *, on: date, gpci: Gpci = NATIONAL) -> Sheet:
    """A code's page for a day of service.

    Raises:
        UnknownCode: the code is not among those held.
    """
    tools, knowledge = assistant.tools, assistant.knowledge
    held = tools.look_up_code(code)
    checklist = tools.documentation_requirements([code]).result
    own = next((needs for needs in checklist.codes if needs.code == code), None)
    about = [guide for guide in knowledge.guides if code in guide.codes]
    return Sheet(
        code=held.result,
        described=held.because[0].text,
        limits={setting: knowledge.unit_limit(code, setting, on) for setting in Setting},
        partners=_partners(assistant, code, on),
        conditions=own.conditions if own else (),
        good_practice=own.good_practice if own else (),
        every_visit=checklist.every_visit.conditions,
        prices=[_price(assistant, held.result, year, gpci) for year in years(assistant, code, on)],
        neighbours=[knowledge.codes[other] for other in _neighbours(about, code)],
        guides=about,
    )


def years(assistant: Assistant, code: str, on: date) -> list[int]:
    """The years whose relative values are held, and the year asked about, the latest first."""
    held = {row.start.year for row in assistant.knowledge.all_rvus() if row.code == code}
    return sorted(held | {on.year}, reverse=True)


def _partners(assistant: Assistant, code: str, on: date) -> list[Partner]:
    knowledge = assistant.knowledge
    others = {
        other
        for row in knowledge.all_edits()
        if code in (row.column1, row.column2)
        for other in (row.column1, row.column2)
        if other != code and other in knowledge.codes
    }
    return [
        Partner(
            other,
            knowledge.codes[other].label,
            {
                setting: assistant.tools.check_edit_pair(code, other, on, setting).result
                for setting in Setting
            },
        )
        for other in sorted(others)
    ]


def _price(assistant: Assistant, code: Code, year: int, gpci: Gpci) -> Price:
    modifier = code.locked or MODIFIER_OF.get((code.disciplines or ("PT",))[0], "GP")
    line = ClaimLine(code.code, 1, (modifier,) if code.therapy == "always" else ())
    try:
        found = assistant.tools.estimate_payment((line,), date(year, 1, 2), gpci).result.to_dict()
    except CodingError as error:
        return Price(year, why_not=str(error))
    if not found["lines"]:
        return Price(year, why_not=_refusal(found["refused"]))
    return Price(year, found["total_allowed"], found["medicare_pays"], found["patient_pays"])


def _refusal(refused: Sequence[Any]) -> str:
    first = refused[0] if refused else "no amount is held"
    return str(first.get("reason", first)) if isinstance(first, dict) else str(first)


def _neighbours(about: Sequence[Guide], code: str) -> list[str]:
    """The codes that a note compares with this one, in the order in which notes do."""
    seen: dict[str, None] = {}
    for guide in about:
        if 2 <= len(guide.codes) <= MOST_CODES_OF_A_COMPARISON:
            seen.update(dict.fromkeys(other for other in guide.codes if other != code))
    return list(seen)
