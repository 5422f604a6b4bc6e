"""The pages on knowledge: search, sources, disputes, how old each table is; guides, documents."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from assistant.errors import CodingError
from assistant.evidence import Authority
from assistant.knowledge.ages import expired_values, table_ages
from web import access
from web.knowledge import document_pages, guide_pages
from web.knowledge.document_pages import shelf_of
from web.knowledge.frame import for_day_field, page
from web.knowledge.searching import NOTHING, asked, hits, search
from web.knowledge.source_view import authorities_held, source_rows
from web.parts import parts

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])
router.include_router(guide_pages.router)
router.include_router(document_pages.router)

Words = Annotated[str, Query(max_length=400)]
Short = Annotated[str, Query(max_length=80)]


@router.get("/knowledge")
def start(
    request: Request,
    q: Words = "",
    codes: Short = "",
    payer: Short = "",
    authority: Short = "",
    on: Short = "",
) -> Response:
    """The search over all passages, and what is held here."""
    assistant = parts(request).assistant
    error, found = "", NOTHING
    try:
        found = search(assistant, asked(q, codes, payer, authority, on))
    except CodingError as refused:
        error = str(refused)
    knowledge, today = assistant.knowledge, date.today()
    return page(
        request,
        "results" if request.headers.get("hx-target") == "found" else "start",
        given={"q": q, "codes": codes, "payer": payer, "authority": authority},
        on=for_day_field(on),
        hits=hits(found),
        note=found.note,
        is_asked=bool(q.strip()),
        error=error,
        every_authority=list(Authority),
        payers=sorted(knowledge.payers.values(), key=lambda one: one.name.lower()),
        knowledge=knowledge,
        shelf=shelf_of(request),
        expired=[one for one in table_ages(knowledge, today) if one.is_latest and one.has_expired],
        expired_values=expired_values(knowledge, today),
        index_note=assistant.retrieval.note,
    )


@router.get("/knowledge/sources")
def sources(request: Request, q: Short = "", authority: Short = "") -> Response:
    """Every source, with its weight, age and what is held of it."""
    knowledge = parts(request).assistant.knowledge
    found = source_rows(knowledge, date.today(), q, authority)
    held = authorities_held(knowledge)
    return page(request, "sources", found=found, words=q.strip(), chosen=authority, held=held)


@router.get("/knowledge/disputes")
def disputes(request: Request, q: Short = "", topic: Short = "") -> Response:
    """The ledger: what is published, what we hold, and why."""
    knowledge = parts(request).assistant.knowledge
    wanted = q.lower().split()
    found = [
        one
        for one in knowledge.disputes
        if (not topic or one.topic == topic)
        and all(w in f"{one.claims} {one.ruling} {one.applies}".lower() for w in wanted)
    ]
    return page(
        request,
        "disputes",
        found=found,
        words=q.strip(),
        topic=topic,
        topics=sorted({one.topic for one in knowledge.disputes}),
        knowledge=knowledge,
    )


@router.get("/knowledge/tables")
def tables(request: Request) -> Response:
    """How old each of CMS's tables is, and which values have ended with none to follow."""
    knowledge, today = parts(request).assistant.knowledge, date.today()
    return page(
        request,
        "tables",
        ages=table_ages(knowledge, today),
        expired=expired_values(knowledge, today),
        sources=knowledge.sources,
    )
