"""The state of this copy: whether it lives, whether it is ready, and what is stale."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse

from assistant.knowledge.ages import expired_values, table_ages
from web import access
from web.consults.desk import consult_report
from web.parts import parts

router = APIRouter(tags=["Health"], dependencies=[Depends(access.visitor)])

SOON = 14  # days before a table ends in which it is said


class StaleTable(BaseModel):
    """A table of CMS's that has ended, or ends soon; null days where none is held."""

    label: str
    until: date | None
    days_left: int | None


class StaleValue(BaseModel):
    """A dated value that has ended with none to follow."""

    name: str
    label: str
    until: date


class Stale(BaseModel):
    """What is out of date.

    Attributes:
        tables: CMS's tables whose latest release has ended.
        ending: those that end within two weeks.
        missing: tables that are not held at all.
        values: dated values that have ended with none to follow.
        index: why passages are found by words alone; null where they are found by meaning too.
    """

    tables: list[StaleTable]
    ending: list[StaleTable]
    missing: list[str]
    values: list[StaleValue]
    index: str | None


class Health(BaseModel):
    """The state of this copy.

    Attributes:
        live: it answers at all.
        ready: it answers at full speed.
        retrieval: fused (by meaning and by words) or lexical (by words alone).
        note: why it is by words alone.
        failed: what broke while it made itself ready.
        consults: the consult desk.
    """

    live: bool
    ready: bool
    retrieval: str
    note: str | None
    failed: str | None
    consults: dict[str, Any]
    stale: Stale


@router.get(
    "/health",
    response_model=Health,
    responses={503: {"model": Health, "description": "It lives and is not ready yet"}},
)
def health(request: Request) -> JSONResponse:
    """Whether this copy lives, answers at full speed, and what in it is out of date."""
    readiness = parts(request).readiness
    told = Health.model_validate(
        readiness.report()
        | {"consults": consult_report(request), "stale": stale(request, date.today())}
    )
    return JSONResponse(told.model_dump(mode="json"), 200 if readiness.is_ready else 503)


def stale(request: Request, today: date) -> Stale:
    """What is out of date on a day."""
    assistant = parts(request).assistant
    ages = [one for one in table_ages(assistant.knowledge, today) if one.is_latest]
    held = [
        StaleTable(label=one.label, until=one.until, days_left=one.days_left)
        for one in ages
        if one.days_left is not None and one.days_left <= SOON
    ]
    return Stale(
        tables=[one for one in held if (one.days_left or 0) < 0],
        ending=[one for one in held if (one.days_left or 0) >= 0],
        missing=[one.label for one in ages if one.until is None],
        values=[
            StaleValue(name=one.name, label=one.label, until=one.until)
            for one in expired_values(assistant.knowledge, today)
        ],
        index=assistant.retrieval.note or None,
    )
