"""Files of visits over HTTP: sent, watched, read by pages, downloaded, deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import Response, StreamingResponse

from assistant.errors import ImpossibleFact
from web import access
from web.access import Person
from web.batch.batches import Batch, Batches, NoSuchBatch, Show
from web.batch.pages import safe_name
from web.parts import parts
from web.rest.nouns import Reply
from web.rest.paging import At, Page, page_of

router = APIRouter(prefix="/api", tags=["Batches"], dependencies=[Depends(access.member)])

Member = Annotated[Person, Depends(access.member)]
CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The claim lines"}
}


class File(Reply):
    """A file of visits and how far it is: running, done or refused.

    Attributes:
        failed: visits that could not be reviewed.
        error: why it was refused.
    """

    id: str
    name: str
    state: str
    visits: int
    failed: int
    error: str
    created: datetime


class Counted(File):
    """The same with how many visits each filter shows."""

    counts: dict[Show, int]


class ReviewedVisit(Reply):
    """A visit at its place in the file; `review` as in the reply of POST /api/review."""

    place: int
    review: dict[str, Any]


@router.get("/batches")
def batches(request: Request, who: Member, at: At) -> Page[File]:
    """One's own files of visits, the latest first."""
    return page_of(_kept(request).all(who.id), at, lambda one: one.id, File.model_validate)


@router.post("/batches", status_code=202)
def send(request: Request, who: Member, file: UploadFile) -> File:
    """Take a CSV file of visits (docs/review-file.md) and review it in the background."""
    kept = _kept(request)
    own = kept.take(who.id, safe_name(file.filename or "") + ".csv", file.file.read())
    return File.model_validate(kept.get(who.id, own))


@router.get("/batches/{batch_id}")
def batch(request: Request, who: Member, batch_id: str) -> Counted:
    """How far a file is, and how many of its visits each filter shows."""
    found = _one(request, who, batch_id)
    return Counted(
        **File.model_validate(found).model_dump(), counts=_kept(request).counts(found.id)
    )


@router.get("/batches/{batch_id}/visits")
def visits(
    request: Request, who: Member, batch_id: str, at: At, show: Show = Show.ALL
) -> Page[ReviewedVisit]:
    """A file's reviewed visits, in its order."""
    found = _one(request, who, batch_id)
    if at.after and not (at.after.isascii() and at.after.isdigit() and len(at.after) < 10):
        raise ImpossibleFact("after", at.after, "Give as `after` the `next` of the page before.")
    place = int(at.after) if at.after else -1
    held = _kept(request).visits(found.id, show, after=place, limit=at.limit + 1)
    chosen = [ReviewedVisit(place=one, review=review) for one, review in held[: at.limit]]
    return Page(items=chosen, next=str(chosen[-1].place) if len(held) > at.limit else None)


@router.get("/batches/{batch_id}/lines.csv", response_class=Response, responses=CSV)
def lines(request: Request, who: Member, batch_id: str, show: Show = Show.ALL) -> Response:
    """The claim lines and what to mind as CSV; no cell can become a formula."""
    found = _one(request, who, batch_id)
    headers = {"Content-Disposition": f'attachment; filename="{safe_name(found.name)}-lines.csv"'}
    rows = _kept(request).as_csv(found.id, show)
    return StreamingResponse(rows, media_type="text/csv", headers=headers)


@router.delete("/batches/{batch_id}", status_code=204, response_class=Response)
def delete(request: Request, who: Member, batch_id: str) -> None:
    """Delete a file with its reviews."""
    _kept(request).remove(who.id, _one(request, who, batch_id).id)


def _one(request: Request, who: Person, batch_id: str) -> Batch:
    if not batch_id.isalnum() or not batch_id.isascii():
        raise NoSuchBatch("This file is not kept here (any more).")
    return _kept(request).get(who.id, batch_id)


def _kept(request: Request) -> Batches:
    return parts(request).batches
