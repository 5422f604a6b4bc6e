"""The search over HTTP: the passages of guides and documents that answer a question."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from assistant.evidence import Authority, Certainty
from assistant.library import Kind, Passage
from web import access
from web.knowledge.searching import MOST_FOUND, address_of, asked, search
from web.parts import parts
from web.rest.codes import On
from web.rest.paging import At, Page, cut

router = APIRouter(prefix="/api", tags=["Look-ups"], dependencies=[Depends(access.member)])


class Hit(BaseModel):
    """A passage that answers.

    Attributes:
        kind: guide (our own note), statement (a fact we hold) or document (added here).
        read_at: where the page shows it in its document.
        contradicted: what it says that our tools work out differently.
        speaks_to_a_program: text in it that addresses a program; kept as text, never obeyed.
    """

    id: str
    kind: Kind
    title: str
    heading: str
    text: str
    document: str
    source: str
    authority: Authority
    certainty: Certainty
    codes: list[str]
    payers: list[str]
    effective: date | None
    until: date | None
    page: int | None
    read_at: str
    contradicted: list[str]
    speaks_to_a_program: bool


class Hits(Page[Hit]):
    """The passages found, the best first; none where nothing relevant is held.

    Attributes:
        mode: fused (by meaning and by words) or lexical (by words alone).
        note: why the search was by words alone, or why nothing was found.
    """

    mode: str
    note: str


@router.get("/search")
def find(
    request: Request,
    at: At,
    q: Annotated[str, Query(min_length=1, max_length=400)],
    codes: Annotated[str, Query(max_length=80)] = "",
    payer: Annotated[str, Query(max_length=80)] = "",
    authority: Annotated[Authority | None, Query()] = None,
    on: On = None,
) -> Hits:
    """The passages that answer a question; identifiers in it are masked first."""
    wanted = asked(q, codes, payer, authority or "", on.isoformat() if on else "")
    found = search(parts(request).assistant, wanted, MOST_FOUND)
    chosen, following = cut(found.passages, at, lambda one: one.id)
    return Hits(items=[hit(one) for one in chosen], next=following, mode=found.mode,
                note=found.note)  # fmt: skip


def hit(one: Passage) -> Hit:
    """A passage as plain data."""
    return Hit(
        id=one.id,
        kind=one.kind,
        title=one.title,
        heading=one.heading,
        text=one.text,
        document=one.document,
        source=one.source,
        authority=one.authority,
        certainty=one.certainty,
        codes=list(one.codes),
        payers=list(one.payers),
        effective=one.effective,
        until=one.until,
        page=one.page,
        read_at=address_of(one),
        contradicted=[remark.quote for remark in one.contradicted],
        speaks_to_a_program=bool(one.addressed),
    )
