"""What is known, over HTTP: sources, facts, guides, disputes, and how old each table is."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.exceptions import HTTPException

from assistant.evidence import Authority, Certainty
from assistant.knowledge.ages import expired_values, table_ages
from assistant.plain_data import to_data
from web import access
from web.knowledge.guide_pages import guide_named, matching
from web.knowledge.guide_view import GuideView, guide_view
from web.knowledge.source_view import SourceRow, source_rows
from web.parts import parts
from web.rest.nouns import Reply
from web.rest.paging import At, Page, page_of

router = APIRouter(
    prefix="/api/knowledge", tags=["Knowledge"], dependencies=[Depends(access.member)]
)

Words = Annotated[str, Query(max_length=80)]
Id = Annotated[str, Path(max_length=120)]


class SourceOut(Reply):
    """A document that is cited, and what rests on it.

    Attributes:
        published: as the source says; not every one names a day.
        seen_through: how it was read, where that was not the publisher's own page.
        weak: a pointer only, never the sole support of a rule that is enforced.
    """

    id: str
    title: str
    publisher: str
    url: str
    authority: Authority
    published: str
    seen_through: str
    weak: bool
    statements: int
    values: int
    guides: int
    disputes: int


class StatementOut(Reply):
    """What a source is held to say at one place, in our own words."""

    id: str
    says: str
    source: str
    locator: str
    certainty: Certainty
    start: date | None
    until: date | None


class SourceSheet(SourceOut):
    """A source with every fact that is held of it."""

    facts: list[StatementOut]


class GuideBrief(Reply):
    """A guide in a list."""

    id: str
    title: str
    codes: list[str]
    payers: list[str]
    topics: list[str]
    certainty: Certainty
    start: date | None
    until: date | None
    checked: date


class Cited(Reply):
    """A place that carries a sentence; `statement` is null where a source is cited as a whole."""

    source: str
    locator: str
    statement: str | None


class Sentence(Reply):
    """A sentence of a guide with what carries it."""

    text: str
    rests_on: list[Cited]


class Part(Reply):
    """A passage of a guide."""

    id: str
    heading: str
    sentences: list[Sentence]


class GuideSheet(GuideBrief):
    """A guide, sentence by sentence."""

    asked_as: list[str]
    authority: str
    passages: list[Part]


class DisputeOut(Reply):
    """A published statement that the authority contradicts, and the ruling.

    Attributes:
        statements: ids of the facts that carry the ruling.
        also: other sources that say the same.
    """

    id: str
    topic: str
    source: str
    locator: str
    claims: str
    ruling: str
    statements: list[str]
    certainty: str
    also: list[str]


class TableOut(Reply):
    """One release of one of CMS's tables; `days_left` is below 0 once it has expired."""

    table: str
    label: str
    version: str
    source: str
    start: date | None
    until: date | None
    read: date | None
    rows: int
    is_whole: bool
    is_latest: bool
    days_left: int | None


class ExpiredOut(Reply):
    """A dated value whose last day is over, with none to follow."""

    name: str
    label: str
    until: date


class Ages(Reply):
    """How old each table is, and which values have ended."""

    on: date
    tables: list[TableOut]
    expired_values: list[ExpiredOut]


@router.get("/sources")
def sources(
    request: Request, at: At, q: Words = "", authority: Authority | None = None
) -> Page[SourceOut]:
    """The sources, the weightiest first, or those whose title or publisher holds the words."""
    knowledge = parts(request).assistant.knowledge
    found = source_rows(knowledge, date.today(), q, authority or "")
    return page_of(found, at, lambda one: one.source.id, _source)


@router.get("/sources/{source_id}")
def source(request: Request, source_id: Id) -> SourceSheet:
    """One source with every fact held of it."""
    knowledge = parts(request).assistant.knowledge
    rows = source_rows(knowledge, date.today())
    row = next((one for one in rows if one.source.id == source_id), None)
    if row is None:
        raise HTTPException(404)
    facts = [
        StatementOut.model_validate(one)
        for one in knowledge.statements.values()
        if one.source == source_id
    ]
    return SourceSheet(**_source(row).model_dump(), facts=facts)


@router.get("/statements/{statement_id}")
def statement(request: Request, statement_id: Id) -> StatementOut:
    """One fact: what a source is held to say, where, and how sure."""
    held = parts(request).assistant.knowledge.statements.get(statement_id)
    if held is None:
        raise HTTPException(404)
    return StatementOut.model_validate(held)


@router.get("/guides")
def guides(
    request: Request,
    at: At,
    q: Words = "",
    topic: Annotated[str, Query(max_length=40)] = "",
) -> Page[GuideBrief]:
    """The guides by title, or those that hold the words or are on a topic."""
    found = matching(parts(request).assistant.knowledge, q, topic)
    return page_of(found, at, lambda one: one.id, GuideBrief.model_validate)


@router.get("/guides/{guide_id}")
def guide(request: Request, guide_id: Id) -> GuideSheet:
    """One guide, every sentence with what carries it."""
    knowledge = parts(request).assistant.knowledge
    view = guide_view(guide_named(knowledge, guide_id), knowledge)
    return GuideSheet(
        **GuideBrief.model_validate(view.guide).model_dump(),
        asked_as=list(view.guide.asked_as),
        authority=view.authority,
        passages=_passages(view),
    )


@router.get("/disputes")
def disputes(
    request: Request, at: At, topic: Annotated[str, Query(max_length=40)] = ""
) -> Page[DisputeOut]:
    """The ledger of published statements that the authority contradicts."""
    held = parts(request).assistant.knowledge.disputes
    found = [one for one in held if topic in ("", one.topic)]
    return page_of(found, at, lambda one: one.id, DisputeOut.model_validate)


@router.get("/disputes/{dispute_id}")
def dispute(request: Request, dispute_id: Id) -> DisputeOut:
    """One dispute with its ruling."""
    held = parts(request).assistant.knowledge.disputes
    found = next((one for one in held if one.id == dispute_id), None)
    if found is None:
        raise HTTPException(404)
    return DisputeOut.model_validate(found)


@router.get("/tables")
def tables(request: Request) -> Ages:
    """How old each of CMS's tables is, and which dated values have ended with none to follow."""
    knowledge, today = parts(request).assistant.knowledge, date.today()
    ages = table_ages(knowledge, today)
    return Ages(
        on=today,
        tables=[TableOut.model_validate(one) for one in ages],
        expired_values=[ExpiredOut.model_validate(one) for one in expired_values(knowledge, today)],
    )


def _source(row: SourceRow) -> SourceOut:
    return SourceOut.model_validate(to_data(row.source) | to_data(row))


def _passages(view: GuideView) -> list[Part]:
    return [
        Part(
            id=part.id,
            heading=part.heading,
            sentences=[
                Sentence(
                    text=said.text,
                    rests_on=[
                        Cited(
                            source=ground.source.id,
                            locator=ground.locator,
                            statement=ground.statement.id if ground.statement else None,
                        )
                        for ground in said.grounds
                    ],
                )
                for _, paragraphs in part.blocks
                for paragraph in paragraphs
                for said in paragraph.sentences
            ],
        )
        for part in view.parts
    ]
