"""Added documents over HTTP: listed, read by passages, added, removed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response, UploadFile

from assistant.evidence import Authority
from assistant.library.nouns import Mark
from web import access
from web.access import Person
from web.knowledge.document_pages import about_given, found, intake, shelf_of
from web.knowledge.intake import Job, JobState
from web.parts import parts
from web.rest.nouns import Reply
from web.rest.paging import At, Page, page_of
from web.rest.searching import Hit, hit

router = APIRouter(
    prefix="/api/knowledge", tags=["Knowledge"], dependencies=[Depends(access.member)]
)

Reviewer = Annotated[Person, Depends(access.reviewer)]
Id = Annotated[str, Path(max_length=200)]
Text = Annotated[str, Form(max_length=200)]


class Noticed(Reply):
    """What was noticed at one place of a document.

    Attributes:
        mark: contradicted (our tools give something else) or addressed (it speaks to a program).
        quote: its words.
        held: what our tools give instead.
        statement: id of the fact or dated value that carries it, or empty.
        dispute: id of the same dispute in the ledger, or empty.
    """

    mark: Mark
    quote: str
    held: str
    statement: str
    dispute: str


class DocumentBrief(Reply):
    """An added document in a list."""

    id: str
    title: str
    name: str
    publisher: str
    authority: Authority
    url: str
    added: str
    characters: int
    passages: int
    pages: int
    payers: list[str]
    effective: date | None
    until: date | None
    contradicted: int
    addressed: int


class DocumentSheet(DocumentBrief):
    """An added document with what was noticed in it."""

    noticed: list[Noticed]


class Flag(Noticed):
    """The same with where it stands; `place` counts through the list."""

    document: str
    passage: str
    place: int


class JobOut(Reply):
    """A document on its way in (add) or out (remove).

    Attributes:
        document: id of the document, once it is known.
        told: what there is to say, most of all why it failed.
    """

    id: str
    what: str
    name: str
    state: JobState
    document: str
    told: list[str]


@router.get("/documents")
def documents(request: Request, at: At) -> Page[DocumentBrief]:
    """The added documents, the latest first."""
    held = shelf_of(request).documents
    return page_of(held, at, lambda one: one.id, DocumentBrief.model_validate)


@router.post("/documents", status_code=202)
def add(
    request: Request,
    by: Reviewer,
    reply: Response,
    file: UploadFile,
    title: Text = "",
    publisher: Text = "",
    authority: Text = "",
    payer: Text = "",
    url: Text = "",
    effective: Text = "",
    until: Text = "",
) -> JobOut:
    """Add a file (docs/documents.md) in the background; `Location` says where to see how far."""
    given = {"title": title, "publisher": publisher, "authority": authority, "payer": payer}
    given |= {"url": url, "effective": effective, "until": until}
    job = intake(request).add(by, file.filename or "", file.file.read(), about_given(given))
    return _begun(reply, job)


@router.get("/documents/{document_id}")
def document(request: Request, document_id: Id) -> DocumentSheet:
    """One document, and what was noticed in it."""
    held = found(request, document_id)
    return DocumentSheet.model_validate(held)


@router.get("/documents/{document_id}/passages")
def passages(request: Request, document_id: Id, at: At) -> Page[Hit]:
    """A document's passages, in order."""
    held = found(request, document_id)
    cut = parts(request).assistant.library.passages(held.id)
    return page_of(cut, at, lambda one: one.id, hit)


@router.delete("/documents/{document_id}", status_code=202)
def remove(request: Request, by: Reviewer, reply: Response, document_id: Id) -> JobOut:
    """Remove a document in the background; `Location` says where to see how far."""
    held = found(request, document_id)
    return _begun(reply, intake(request).remove(by, held.id, held.title))


@router.get("/jobs/{job_id}", dependencies=[Depends(access.reviewer)])
def job(request: Request, job_id: Id) -> JobOut:
    """How far a document is on its way in or out."""
    return JobOut.model_validate(intake(request).job(job_id))


@router.get("/flagged")
def flagged(request: Request, at: At) -> Page[Flag]:
    """What was noticed in the added documents."""
    held = [
        Flag(
            **Noticed.model_validate(one.remark).model_dump(),
            document=one.document.id,
            passage=one.passage,
            place=place,
        )
        for place, one in enumerate(shelf_of(request).flagged)
    ]
    return page_of(held, at, lambda one: str(one.place), lambda one: one)


def _begun(reply: Response, job: Job) -> JobOut:
    reply.headers["Location"] = f"/api/knowledge/jobs/{job.id}"
    return JobOut.model_validate(job)
