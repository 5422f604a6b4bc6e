"""Look-ups over HTTP: codes, one code, and what joins several on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.exceptions import HTTPException

from assistant.claim import Setting
from assistant.evidence import Certainty
from web import access
from web.codes.catalogue import Catalogue, Entry
from web.codes.pairs import numbers, pairs
from web.codes.sheet import Sheet, sheet
from web.parts import parts
from web.rest.nouns import Because, Day, Reply, because
from web.rest.paging import At, Page, page_of

router = APIRouter(prefix="/api", tags=["Look-ups"], dependencies=[Depends(access.member)])

On = Annotated[Day | None, Query(description="Date of service; today where left out")]
FIRST_YEAR = date(1900, 1, 1)


class CodeBrief(Reply):
    """A code in a list.

    Attributes:
        label: our own plain words for it.
        therapy: Medicare's therapy code list: always, sometimes, no.
        clock: fifteen (15-minute units), own (a clock of its own), untimed.
        names: what people call it.
        because: why a search found it; empty in a plain list.
    """

    code: str
    label: str
    disciplines: list[str]
    therapy: str
    clock: str
    names: list[str]
    because: str = ""


class UnitLimit(Reply):
    """The most units a day that normally pay; null where none is held for the day."""

    setting: Setting
    units: int | None
    certainty: Certainty | None = None
    source: str | None = None


class EditWith(Reply):
    """Another code with which a row of the edit tables joins this one."""

    code: str
    status: dict[str, str]


class Needed(Reply):
    """Something a note must or should show, and the fact that carries it."""

    id: str
    text: str
    statement: str


class YearsPrice(Reply):
    """What Medicare allows for one unit in a year, in dollars, or why that is not known."""

    year: int
    allowed: Decimal | None = None
    medicare_pays: Decimal | None = None
    patient_pays: Decimal | None = None
    why_not: str = ""


class CodeSheet(CodeBrief):
    """All that is held of one code on one day."""

    described: str
    on: date
    certainty: Certainty
    source: str
    unit_limits: list[UnitLimit]
    edits: list[EditWith]
    conditions: list[Needed]
    good_practice: list[Needed]
    payment: list[YearsPrice]
    often_confused_with: list[str]
    guides: list[str]


class PairFound(Reply):
    """What the edit tables say of two codes on a day.

    Attributes:
        column1: the code that is paid; null without an edit.
        column2: the code that denies beside it.
        indicator: 1 where a modifier may lift the edit, 0 where none does.
        history: what the table's rows say over the years.
    """

    codes: list[str]
    status: str
    column1: str | None
    column2: str | None
    indicator: int | None
    history: list[str]
    why: list[Because]


@router.get("/codes")
def codes(
    request: Request,
    at: At,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Page[CodeBrief]:
    """The therapy codes, or those that a number, a name or an activity may mean."""
    catalogue = Catalogue(parts(request).assistant)
    if q.strip():
        found = catalogue.search(q, today=date.today())
    else:
        listed = sorted(parts(request).assistant.knowledge.codes)
        found = [catalogue.entry(code) for code in listed]
    return page_of(found, at, lambda one: one.code.code, _brief)


@router.get("/codes/{code}")
def code(
    request: Request,
    code: Annotated[str, Path(max_length=20)],
    on: On = None,
) -> CodeSheet:
    """One code on a day: units, limits, edits, documentation, payment by year, guides."""
    assistant, number, day = parts(request).assistant, code.upper(), on or date.today()
    if number not in assistant.knowledge.codes or day < FIRST_YEAR:
        raise HTTPException(404)
    found = sheet(assistant, number, on=day)
    brief = _brief(Catalogue(assistant).entry(number)).model_dump()
    return CodeSheet.model_validate(brief | _further(found, day))


@router.get("/pairs")
def joined(
    request: Request,
    codes: Annotated[str, Query(max_length=200, description="Two to eight codes")],
    at: At,
    on: On = None,
    setting: Setting = Setting.PRACTITIONER,
) -> Page[PairFound]:
    """Every pair of the codes on a day: the edit between them, which one denies, since when."""
    found = pairs(parts(request).assistant, numbers(codes), on=on or date.today(), setting=setting)
    shown = [PairFound(**one.ruling.to_dict(), why=because(one.why)) for one in found]
    return page_of(shown, at, lambda one: "+".join(one.codes), lambda one: one)


def _brief(entry: Entry) -> CodeBrief:
    return CodeBrief(
        code=entry.code.code,
        label=entry.code.label,
        disciplines=list(entry.code.disciplines),
        therapy=entry.code.therapy,
        clock=entry.code.clock,
        names=list(entry.names),
        because=entry.because,
    )


def _further(found: Sheet, day: date) -> dict[str, object]:
    """What a code's page has beyond its line in the list."""
    return {
        "described": found.described,
        "on": day,
        "certainty": found.code.certainty,
        "source": found.code.source,
        "unit_limits": [
            UnitLimit(
                setting=setting,
                units=limit.units if limit else None,
                certainty=limit.certainty if limit else None,
                source=limit.source if limit else None,
            )
            for setting, limit in found.limits.items()
        ],
        "edits": [
            EditWith(
                code=one.other,
                status={setting.value: said.status.value for setting, said in one.rulings.items()},
            )
            for one in found.partners
        ],
        "conditions": list(found.conditions),
        "good_practice": list(found.good_practice),
        "payment": [
            YearsPrice(
                year=one.year,
                allowed=Decimal(one.allowed) if one.allowed else None,
                medicare_pays=Decimal(one.medicare_pays) if one.medicare_pays else None,
                patient_pays=Decimal(one.patient_pays) if one.patient_pays else None,
                why_not=one.why_not,
            )
            for one in found.prices
        ],
        "often_confused_with": [one.code for one in found.neighbours],
        "guides": [one.id for one in found.guides],
    }
