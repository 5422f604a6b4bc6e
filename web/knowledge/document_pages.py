"""The pages of added documents: all, one with its passages, adding, removing, what was noticed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from assistant.documents import READERS
from assistant.errors import CodingError, ImpossibleFact
from assistant.evidence import Authority
from assistant.library.store import FILE
from web import access
from web.access import Person, Role
from web.knowledge.frame import for_day_field, page
from web.knowledge.intake import About, Intake
from web.knowledge.reading_room import reading
from web.knowledge.shelf import Held, Shelf, shelf
from web.parts import parts

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

Text = Annotated[str, Form()]
Reviewer = Annotated[Person, Depends(access.reviewer)]
ENOUGH = 286  # htmx's own status: stop polling


@router.get("/knowledge/documents")
def documents(request: Request) -> Response:
    """The added documents, and the form to add one."""
    return _list(request)


@router.post("/knowledge/documents", dependencies=[Depends(access.reviewer)])
def add(
    request: Request,
    by: Reviewer,
    file: UploadFile,
    title: Text = "",
    publisher: Text = "",
    authority: Text = "",
    payer: Text = "",
    effective: Text = "",
    until: Text = "",
) -> Response:
    """Take a file in; the reply leads to the page that says how far it is."""
    given = {"title": title, "publisher": publisher, "authority": authority, "payer": payer}
    given |= {"effective": effective, "until": until}
    try:
        about = about_given(given)
        job = intake(request).add(by, file.filename or "", file.file.read(), about)
    except CodingError as error:
        return _list(request, error=str(error), given=given)
    return RedirectResponse(f"/knowledge/jobs/{job.id}", status_code=303)


@router.get("/knowledge/jobs/{job_id}", dependencies=[Depends(access.reviewer)])
def job(request: Request, job_id: str) -> Response:
    """How far a document is on its way in or out; asked again until it is there."""
    held = intake(request).job(job_id)
    fragment = request.headers.get("hx-target") == "job"
    status = ENOUGH if fragment and not held.is_running else 200
    return page(request, "job_state" if fragment else "job", job=held, status=status)


@router.get("/knowledge/documents/{document_id}/remove")
def confirm(request: Request, by: Reviewer, document_id: str) -> Response:
    """The question whether a document shall really go."""
    return page(request, "remove", held=found(request, document_id))


@router.post("/knowledge/documents/{document_id}/remove")
def remove(request: Request, by: Reviewer, document_id: str) -> Response:
    """Take a document out; the reply leads to the page that says how far that is."""
    held = found(request, document_id)
    begun = intake(request).remove(by, held.id, held.title)
    return RedirectResponse(f"/knowledge/jobs/{begun.id}", status_code=303)


@router.get("/knowledge/documents/{document_id}")
def document(
    request: Request,
    document_id: str,
    passage: Annotated[str, Query(max_length=200)] = "",
    part: int = 0,
) -> Response:
    """A document with its passages; the one asked for is marked."""
    library = parts(request).assistant.library
    held = found(request, document_id)
    whole = library.document(held.id)
    if whole is None:
        raise HTTPException(404)
    shown = reading(whole, library.passages(held.id), cited=passage, part=part)
    knowledge = parts(request).assistant.knowledge
    return page(request, "document", held=held, reading=shown, cited=passage, knowledge=knowledge)


@router.get("/knowledge/flagged")
def flagged(request: Request) -> Response:
    """What ingest noticed: claims that our tools contradict, and text that speaks to a program."""
    knowledge = parts(request).assistant.knowledge
    return page(request, "flagged", flagged=shelf_of(request).flagged, knowledge=knowledge)


def intake(request: Request) -> Intake:
    """What takes documents in and out."""
    return cast(Intake, request.app.state.intake)


def shelf_of(request: Request) -> Shelf:
    """The added documents."""
    return shelf(parts(request).assistant.library.folder)


def found(request: Request, document_id: str) -> Held:
    """An added document.

    Raises:
        HTTPException: 404, there is none of that id.
    """
    held = shelf_of(request).get(document_id)
    if held is None:
        raise HTTPException(404)
    return held


def about_given(given: dict[str, str]) -> About:
    """What a form or a program says of a document.

    Raises:
        ImpossibleFact: a day or the authority cannot be read; says what to give.
    """
    said = {name: value.strip() for name, value in given.items()}
    about = About(
        title=said.get("title", ""),
        publisher=said.get("publisher", ""),
        authority=_authority(said.get("authority", "")),
        payer=said.get("payer", ""),
        url=said.get("url", ""),
        effective=_day("first day", said.get("effective", "")),
        until=_day("last day", said.get("until", "")),
    )
    if about.effective and about.until and about.until < about.effective:
        raise ImpossibleFact("last day", about.until, "The last day lies before the first one.")
    return about


def _authority(written: str) -> Authority | None:
    try:
        return Authority(written) if written else None
    except ValueError:
        names = ", ".join(Authority)
        raise ImpossibleFact(
            "authority", written, f"Give the authority as one of {names}."
        ) from None


def _day(which: str, written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise ImpossibleFact(which, written, f"Give the {which} as 2026-11-21.") from None


def _list(request: Request, *, error: str = "", given: dict[str, str] | None = None) -> Response:
    knowledge = parts(request).assistant.knowledge
    library = parts(request).assistant.library
    content: dict[str, Any] = {
        "documents": shelf_of(request).documents,
        "may_add": access.person(request).role >= Role.REVIEWER,
        "is_built": (library.folder / FILE).is_file(),
        "payers": sorted(knowledge.payers.values(), key=lambda one: one.name.lower()),
        "kinds": ",".join(READERS),
        "given": given or {},
        "days": {
            name: for_day_field((given or {}).get(name, "")) for name in ("effective", "until")
        },
        "error": error,
    }
    return page(request, "documents", status=422 if error else 200, **content)
