"""The pages on codes: search and browse, one code, several side by side, pairs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from assistant.claim import Setting
from assistant.errors import CodingError, ImpossibleFact
from assistant.rules.dollars import NATIONAL, Gpci
from web import access
from web.codes.catalogue import Catalogue
from web.codes.pairs import numbers, pairs, payer_says
from web.codes.sheet import sheet
from web.parts import parts
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

MOST_COMPARED = 4
SETTINGS = {
    Setting.PRACTITIONER: "Private practice (practitioner table)",
    Setting.OUTPATIENT_HOSPITAL: "Outpatient hospital",
}


@router.get("/codes")
def codes(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Every therapy code, or those that the words may mean."""
    catalogue = Catalogue(parts(request).assistant)
    found = catalogue.search(q, today=date.today())
    page = {"words": q, "found": found, "families": catalogue.families()}
    fragment = request.headers.get("hx-target") == "found"
    name = "codes/found.html" if fragment else "codes/index.html"
    return templates.TemplateResponse(request, name, page)


@router.get("/codes/compare")
def compare(request: Request, codes: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Codes side by side."""
    assistant = parts(request).assistant
    asked = numbers(codes)[:MOST_COMPARED]
    sheets = [sheet(assistant, code, on=date.today()) for code in asked]
    catalogue = Catalogue(assistant)
    page = {
        "sheets": sheets,
        "entries": [catalogue.entry(code) for code in asked],
        "pairs": pairs(assistant, asked, on=date.today(), setting=Setting.PRACTITIONER),
    }
    return templates.TemplateResponse(request, "codes/compare.html", page)


@router.get("/codes/{code}")
def one(
    request: Request,
    code: str,
    on: str = "",
    work: str = "",
    pe: str = "",
    mp: str = "",
) -> Response:
    """All that is held of one code."""
    assistant = parts(request).assistant
    day, gpci = _day(on), _gpci(work, pe, mp)
    page = {
        "sheet": sheet(assistant, code.upper(), on=day, gpci=gpci),
        "entry": Catalogue(assistant).entry(code.upper()),
        "on": day,
        "gpci": gpci,
        "given": {"work": work, "pe": pe, "mp": mp},
        "settings": SETTINGS,
        "sources": assistant.knowledge.sources,
        "statements": assistant.knowledge.statements,
    }
    return templates.TemplateResponse(request, "codes/sheet.html", page)


@router.get("/pairs")
def pair(
    request: Request,
    codes: Annotated[str, Query(max_length=200)] = "",
    on: str = "",
    setting: Setting = Setting.PRACTITIONER,
    payer: Annotated[str, Query(max_length=80)] = "medicare",
) -> Response:
    """What applies between two or more codes on a day."""
    assistant = parts(request).assistant
    knowledge = assistant.knowledge
    error, found, day = "", None, date.today()
    try:
        day = _day(on)
        if codes.strip():
            found = pairs(assistant, numbers(codes), on=day, setting=setting)
    except CodingError as refused:
        error = str(refused)
    held = knowledge.payer(payer)
    page = {
        "codes": codes,
        "on": day,
        "setting": setting,
        "settings": SETTINGS,
        "payer": held,
        "payers": sorted(knowledge.payers.values(), key=lambda each: each.name.lower()),
        "payer_says": payer_says(held, day),
        "pairs": found,
        "error": error,
        "sources": knowledge.sources,
    }
    return templates.TemplateResponse(
        request, "codes/pairs.html", page, status_code=422 if error else 200
    )


def _day(written: str) -> date:
    if not written.strip():
        return date.today()
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise ImpossibleFact("date", written, "Give the day as 2026-11-21.") from None


def _gpci(work: str, pe: str, mp: str) -> Gpci:
    """The locality's factors; national where none is given.

    Raises:
        ImpossibleFact: one or two are missing, or one is no number.
    """
    given = [written.strip() for written in (work, pe, mp)]
    if not any(given):
        return NATIONAL
    if not all(given):
        raise ImpossibleFact("GPCI", given, "Give all three factors: work, practice, malpractice.")
    try:
        factors = [Decimal(written) for written in given]
    except InvalidOperation:
        raise ImpossibleFact("GPCI", given, "Give each factor as a number such as 1.013.") from None
    return Gpci(factors[0], factors[1], factors[2], locality="the factors given")
