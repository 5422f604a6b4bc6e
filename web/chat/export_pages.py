"""Conversations to take along, as CSV, PDF and plain data."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from web import access
from web.chat import exports
from web.chat.conversations import Conversations
from web.chat.nouns import Conversation, Exchange
from web.parts import parts
from web.spreadsheet import download, file_name

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

ALL = 1_000_000  # conversations


@router.get("/conversations/{conversation_id}/export.csv")
def as_csv(request: Request, conversation_id: str, message: int = -1) -> Response:
    """The claim lines of a conversation, or of one of its answers, for a spreadsheet."""
    kept = parts(request).conversations.get(conversation_id, "exported")
    return download(f"{_name(kept)}.csv", exports.HEADS, exports.rows(_wanted(kept, message)))


@router.get("/conversations/{conversation_id}/export.pdf")
def as_pdf(request: Request, conversation_id: str, message: int = -1) -> Response:
    """A conversation, or one of its answers, on paper."""
    from web.chat import export_pdf  # ReportLab takes its time, and most never need it

    kept = parts(request).conversations.get(conversation_id, "exported")
    made = export_pdf.render(kept.title, _wanted(kept, message))
    return Response(made, media_type="application/pdf", headers=_attached(f"{_name(kept)}.pdf"))


@router.get("/conversations.jsonl")
def everything(request: Request) -> Response:
    """All of one's own conversations, one a line, for another program."""
    kept = parts(request).conversations
    headers = _attached("conversations.jsonl")
    return StreamingResponse(_lines(kept), media_type="application/x-ndjson", headers=headers)


def _lines(kept: Conversations) -> Iterator[str]:
    for heading in kept.history(limit=ALL):
        if kept.find(heading.id):  # deleted meanwhile
            yield exports.as_line(kept.get(heading.id, "exported"))


def _wanted(kept: Conversation, message: int) -> tuple[Exchange, ...]:
    return (kept.at(message),) if message >= 0 else kept.exchanges


def _name(kept: Conversation) -> str:
    return file_name(kept.title[:60])


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
