"""The worksheet's page: the form, and what the visit is billed as while it is filled in."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from assistant.errors import CodingError
from web import access
from web.chat.conversations import Exchange
from web.parts import parts
from web.rendering import templates
from web.worksheet import form

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])


@router.get("/worksheet")
def worksheet(request: Request) -> Response:
    """The form as its address fills it in; htmx receives the result alone."""
    assistant = parts(request).assistant
    sheet = form.read(request.query_params, assistant.knowledge, today=date.today())
    turn, error = None, ""
    if sheet.visit:
        try:
            answer = assistant.review(sheet.visit)
            turn = parts(request).presenter.turn(Exchange(0, "", (), answer), answer)
        except CodingError as refused:
            error = str(refused)
    page: dict[str, Any] = {
        "sheet": sheet,
        "turn": turn,
        "error": error,
        "conversation": None,
        "address": _address(sheet),
        "people": form.PEOPLE,
        "codes": assistant.knowledge.codes.values(),
        "payers": sorted(assistant.knowledge.payers.values(), key=lambda payer: payer.name.lower()),
        "today": date.today(),
    }
    fragment = request.headers.get("hx-target") == "result"
    name = "worksheet/result.html" if fragment else "worksheet/page.html"
    reply = templates.TemplateResponse(request, name, page)
    if fragment:
        reply.headers["HX-Replace-Url"] = page["address"]
    return reply


def _address(sheet: form.Sheet) -> str:
    """The address that opens the form as it is; it holds nothing about a patient."""
    filled = [(name, value) for name, value in sheet.facts.items() if value]
    for row in sheet.rows:
        if not row.is_empty:
            filled += [(name, row.cells[name]) for name in form.CELLS]
    return f"/worksheet?{urlencode(filled)}" if filled else "/worksheet"
