"""The audit log for an admin: filtered, verified, exported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from assistant.errors import CodingError
from web import access
from web.access import Person, safety
from web.accounts.audit import PAGE, Wanted
from web.rendering import templates
from web.spreadsheet import download

router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[Depends(access.admin)])

Admin = Annotated[Person, Depends(access.admin)]
HEADS = ("id", "at", "account", "person", "action", "object", "detail", "previous", "hash")
Word = Annotated[str, Query(max_length=120)]


def wanted(
    person: Word = "", action: Word = "", object: Word = "", first: Word = "", last: Word = ""
) -> Wanted:
    """Which rows the address asks for.

    Raises:
        CodingError: a day is none.
    """
    return Wanted(person.strip(), action, object.strip(), _day(first), _day(last))


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise CodingError("Write a day as 2026-11-21.") from error


Asked = Annotated[Wanted, Depends(wanted)]
Number = Annotated[int | None, Query(ge=1)]


@router.get("/audit")
def log(request: Request, by: Admin, asked: Asked, before: Number = None) -> Response:
    """The newest rows of those asked for."""
    safety(request).audit.record(by, "audit.read")
    events = list(safety(request).audit.events(replace(asked, before=before)))
    kept = [(n, v) for n, v in request.query_params.items() if n != "before" and v]
    page = {
        "events": events,
        "asked": asked,
        "actions": safety(request).audit.actions(),
        "query": urlencode(kept),
        "older": urlencode([*kept, ("before", events[-1].id)]) if len(events) == PAGE else "",
    }
    return templates.TemplateResponse(request, "accounts/audit.html", page)


@router.get("/audit.csv")
def export(request: Request, by: Admin, asked: Asked) -> Response:
    """Every row asked for, as a file."""
    safety(request).audit.record(by, "audit.exported")
    rows = (
        (
            event.id,
            event.at.isoformat(timespec="microseconds"),
            event.account_id,
            event.person,
            event.action,
            event.object,
            json.dumps(event.detail, ensure_ascii=False, sort_keys=True),
            event.previous,
            event.hash,
        )
        for event in safety(request).audit.events(asked, limit=None)
    )
    return download(f"audit-{datetime.now(UTC):%Y-%m-%d}.csv", HEADS, rows)


@router.get("/audit/verify")
def verify(request: Request) -> Response:
    """Whether the log is as it was written."""
    page = {"verdict": safety(request).audit.verify()}
    return templates.TemplateResponse(request, "accounts/verdict.html", page)
