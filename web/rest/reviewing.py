"""A batch of visits over HTTP: reviewed at once, as JSON or as the CSV that an export gives."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.answering import Assistant
from assistant.claim import Clinician, Discipline, Setting
from assistant.errors import ImpossibleFact
from assistant.review_file import CsvWriter, failed_data, review_visits, reviewed_data
from assistant.rules.visit import VisitReview
from assistant.rules.visit_facts import MOST_SERVICES
from assistant.visit_rows import COLUMNS, Fault, GivenVisit
from web import access
from web.parts import parts

router = APIRouter(prefix="/api", tags=["Answers"], dependencies=[Depends(access.member)])

MOST_VISITS = 500
TOO_MANY = f"More than {MOST_VISITS} visits: send them as a file to POST /api/batches."
CLOCK = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"


class GivenService(BaseModel):
    """One code by one clinician: its minutes, or its clock times.

    Attributes:
        minutes: whole one-to-one minutes; leave out for an untimed code, or with clock times.
        start: clock time, such as 9:05.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    code: Annotated[str, Field(pattern="^[0-9A-Za-z][0-9]{4}$")]
    minutes: Annotated[int | None, Field(ge=0, le=999_999)] = None
    start: Annotated[str | None, Field(pattern=CLOCK)] = None
    end: Annotated[str | None, Field(pattern=CLOCK)] = None
    clinician: Clinician = Clinician.THERAPIST


class Given(BaseModel):
    """One patient, one date of service, one discipline; nothing that names the patient.

    Attributes:
        visit: your own id of the visit.
        separate: whether the codes' minutes were separate; leave out where that is not known.
        allowed_before: dollars that Medicare allowed since January 1, this visit excluded.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    visit: Annotated[str, Field(min_length=1, max_length=80)]
    date_of_service: date
    payer: Annotated[str | None, Field(max_length=80)] = None
    discipline: Discipline | None = None
    setting: Setting = Setting.PRACTITIONER
    separate: bool | None = None
    allowed_before: Annotated[Decimal | None, Field(ge=0, lt=10**9, decimal_places=2)] = None
    services: Annotated[list[GivenService], Field(min_length=1, max_length=MOST_SERVICES)]


class Visits(BaseModel):
    """The visits to review."""

    model_config = ConfigDict(extra="forbid", strict=True)

    visits: Annotated[list[Given], Field(min_length=1, max_length=MOST_VISITS)]


class Reviewed(BaseModel):
    """The visits' reviews, in the order given.

    Attributes:
        visits: each with `status` "reviewed" and its lines, unbilled minutes, findings, questions
            and assumptions, or "failed" and its errors (docs/review-file.md).
        failed: how many could not be reviewed.
    """

    visits: list[dict[str, Any]]
    failed: int


BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Visits"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}
AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The reviews"}
}


@router.post("/review", response_model=Reviewed, openapi_extra=BODY, responses=AS_CSV)
async def review(request: Request) -> Any:
    """Review up to 500 visits at once: claim lines, what to mind, what is still to be asked.

    The body is JSON, or CSV with the columns of docs/review-file.md (Content-Type: text/csv). The
    reply is JSON, or with `Accept: text/csv` the CSV that `assistant review` writes. A visit that
    cannot be reviewed fails alone. Nothing is kept.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind == "text/csv":
        text, names = _csv_text(body), None
    elif kind in ("application/json", ""):
        given = _visits(body)
        text, names = _as_csv(given), [one.visit for one in given.visits]
    else:
        raise HTTPException(415, "Send the visits as application/json or as text/csv.")
    found = await run_in_threadpool(_reviewed, parts(request).assistant, text, names)
    if "text/csv" in request.headers.get("accept", ""):
        return Response(_written(found), media_type="text/csv")
    return Reviewed(visits=found, failed=sum(one["status"] == "failed" for one in found))


def _csv_text(body: bytes) -> str:
    text = body.decode("utf-8-sig", "surrogateescape")
    if not text.strip():
        raise ImpossibleFact("body", "", "The body is empty: send CSV with a line of columns.")
    return text


def _visits(body: bytes) -> Visits:
    try:
        return Visits.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise ImpossibleFact(where, "", f"{where}: {first['msg']}.") from None


def _as_csv(given: Visits) -> str:
    """The visits as the rows that a file of visits has; each visit's place stands for its id."""
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for place, visit in enumerate(given.visits):
        rows.writerows({"visit": str(place), **row} for row in _rows(visit))
    return out.getvalue()


def _rows(visit: Given) -> Iterator[dict[str, str]]:
    whole = {
        "date_of_service": visit.date_of_service.isoformat(),
        "payer": _line(visit.payer or ""),
        "discipline": visit.discipline or "",
        "setting": visit.setting.value,
        "separate": "" if visit.separate is None else "yes" if visit.separate else "no",
        "allowed_before": "" if visit.allowed_before is None else f"{visit.allowed_before:.2f}",
    }
    for one in visit.services:
        yield whole | {
            "code": one.code,
            "minutes": "" if one.minutes is None else str(one.minutes),
            "start": one.start or "",
            "end": one.end or "",
            "clinician": one.clinician.value,
        }


def _line(text: str) -> str:
    return " ".join(text.split())


class _Collected:
    """Gathers the reviews; refuses more visits than one reply takes.

    Args:
        names: the visits' own ids, by place; None where the rows carry them.
    """

    def __init__(self, names: list[str] | None) -> None:
        self._names = names
        self.found: list[dict[str, Any]] = []

    def reviewed(self, given: GivenVisit, review: VisitReview) -> None:
        """A visit that was reviewed."""
        self._add(reviewed_data(given, review))

    def failed(self, given: GivenVisit, faults: list[Fault]) -> None:
        """A visit that was not, and why."""
        self._add(failed_data(given, faults))

    def _add(self, data: dict[str, Any]) -> None:
        if len(self.found) >= MOST_VISITS:
            raise ImpossibleFact("visits", MOST_VISITS, TOO_MANY)
        if self._names is not None:
            data["visit"] = self._names[len(self.found)]
        self.found.append(data)


def _reviewed(assistant: Assistant, text: str, names: list[str] | None) -> list[dict[str, Any]]:
    collected = _Collected(names)
    review_visits(io.StringIO(text, newline=""), collected, assistant.tools, assistant.knowledge)
    return collected.found


def _written(found: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = CsvWriter(out)
    for one in found:
        writer.write(one)
    return out.getvalue()
