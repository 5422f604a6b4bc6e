"""The batch pages: upload a file of visits, watch it, filter what needs attention, download."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from assistant.errors import CodingError
from assistant.visit_rows import COLUMNS, REQUIRED
from web import access
from web.access import Person
from web.batch.batches import Batches, Show
from web.parts import parts
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

Member = Annotated[Person, Depends(access.member)]
SHOWN = {
    Show.ALL: "All",
    Show.ATTENTION: "Need attention",
    Show.FAILED: "Could not be read",
    Show.ASKS: "Ask something",
    Show.CLEAN: "Nothing to mind",
}
ENOUGH = 286  # htmx's own status: stop polling


@router.get("/batch")
def begin(request: Request, who: Member) -> Response:
    """The form, and the person's files."""
    return _begin(request, who)


@router.post("/batch")
def upload(request: Request, who: Member, file: UploadFile) -> Response:
    """Take a file in; the reply leads to its page."""
    try:
        own = _batches(request).take(who.id, file.filename or "", file.file.read())
    except CodingError as error:
        return _begin(request, who, str(error))
    return RedirectResponse(f"/batch/{own}", status_code=303)


@router.get("/batch/{own}")
def one(
    request: Request, who: Member, own: str, show: Show = Show.ALL, after: int = -1
) -> Response:
    """A file: how far it is, and the visits that a filter shows."""
    kept = _batches(request)
    batch = kept.get(who.id, own)
    visits = kept.visits(own, show, after=after)
    page = {
        "batch": batch,
        "counts": kept.counts(own),
        "shown": SHOWN,
        "show": show,
        "visits": visits,
        "more": visits[-1][0] if len(visits) == 100 else None,
        "names": parts(request).presenter.name,
    }
    return templates.TemplateResponse(request, "batch/one.html", page)


@router.get("/batch/{own}/progress")
def progress(request: Request, who: Member, own: str) -> Response:
    """How far a file is; asked again and again until it is done."""
    batch = _batches(request).get(who.id, own)
    reply = templates.TemplateResponse(request, "batch/progress.html", {"batch": batch})
    if not batch.is_running:
        reply.status_code = ENOUGH
        reply.headers["HX-Refresh"] = "true"
    return reply


@router.get("/batch/{own}/lines.csv")
def download(request: Request, who: Member, own: str, show: Show = Show.ALL) -> Response:
    """The claim lines and what to mind, as `assistant review` writes them."""
    kept = _batches(request)
    name = safe_name(kept.get(who.id, own).name)
    headers = {"Content-Disposition": f'attachment; filename="{name}-lines.csv"'}
    return StreamingResponse(kept.as_csv(own, show), media_type="text/csv", headers=headers)


@router.post("/batch/{own}/delete")
def delete(request: Request, who: Member, own: str) -> Response:
    """Delete a file with its reviews."""
    _batches(request).remove(who.id, own)
    return RedirectResponse("/batch", status_code=303)


def safe_name(name: str) -> str:
    """A file's name without its ending and without what a system could stumble over."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    return re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:60] or "visits"


def _begin(request: Request, who: Person, error: str = "") -> Response:
    page: dict[str, Any] = {
        "batches": _batches(request).all(who.id),
        "columns": COLUMNS,
        "required": REQUIRED,
        "error": error,
    }
    return templates.TemplateResponse(
        request, "batch/index.html", page, status_code=422 if error else 200
    )


def _batches(request: Request) -> Batches:
    return parts(request).batches
