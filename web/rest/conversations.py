"""Conversations over HTTP: one's own, listed, read and deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from assistant.conversation import Answer
from web import access
from web.chat.nouns import GONE, NoSuchConversation
from web.parts import parts
from web.rest.nouns import Reply
from web.rest.paging import At, Page, page_of

router = APIRouter(prefix="/api", tags=["Conversations"], dependencies=[Depends(access.member)])

MOST = 100_000  # headings that are looked through for a page


class Listed(Reply):
    """A conversation in a list."""

    id: str
    title: str
    updated: datetime


class Said(Reply):
    """A message and its answer.

    Attributes:
        masked: kinds of identifiers that were taken out before it was kept.
        answer: null while there is none.
    """

    position: int
    text: str
    masked: list[str]
    answer: Answer | None


class Kept(Reply):
    """A conversation with all that was said."""

    id: str
    title: str
    messages: list[Said]


@router.get("/conversations")
def conversations(
    request: Request, at: At, q: Annotated[str, Query(max_length=200)] = ""
) -> Page[Listed]:
    """One's own conversations, or those that hold the words."""
    found = parts(request).conversations.history(q.replace("\x00", "").strip(), MOST)
    return page_of(found, at, lambda one: one.id, Listed.model_validate)


@router.get("/conversations/{conversation_id}")
def conversation(request: Request, conversation_id: str) -> Kept:
    """A conversation with its messages and answers; reading it is in the audit log."""
    kept = parts(request).conversations.get(_plain(conversation_id))
    return Kept(
        id=kept.id,
        title=kept.title,
        messages=[Said.model_validate(one) for one in kept.exchanges],
    )


@router.delete("/conversations/{conversation_id}", status_code=204, response_class=Response)
def delete(request: Request, conversation_id: str) -> None:
    """Delete a conversation with all that was said in it, for good."""
    kept = parts(request).conversations
    if kept.find(_plain(conversation_id)) is None:
        raise NoSuchConversation(GONE)
    kept.delete(conversation_id)


def _plain(conversation_id: str) -> str:
    if not conversation_id.isalnum() or not conversation_id.isascii():
        raise NoSuchConversation(GONE)
    return conversation_id
