"""The chat: begin, continue, find, rename, pin and delete conversations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from web import access
from web.chat import showing
from web.chat.answering import Work
from web.chat.conversations import NoSuchConversation, new_id
from web.chat.showing import see
from web.parts import parts
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

Text = Annotated[str, Form()]
LISTED, MOST_PAGES = 30, 10_000


@router.get("/")
def new_conversation(request: Request) -> Response:
    """The page on which a conversation begins, with examples."""
    return showing.page(request)


@router.post("/conversations")
async def start(request: Request, id: Text = "", text: Text = "", later: Text = "") -> Response:
    """Begin a conversation; the reply leads to its page."""
    begun = await run_in_threadpool(_started, request, id, text)
    if isinstance(begun, Response):
        return begun
    address, work = begun
    await (work.soon() if later else work.ended())
    return see(address)


def _started(request: Request, id: str, text: str) -> tuple[str, Work] | Response:
    kept = parts(request).conversations
    own_id = id if len(id) == 32 and id.isalnum() and id.isascii() else new_id()
    try:
        started, work = kept.start_answer(own_id, text)
    except Exception as error:
        return showing.refused(request, error, None, text)
    return f"/conversations/{started}", work


@router.get("/conversations")
def history(request: Request, q: str = "", page: Annotated[int, Query(ge=1)] = 1) -> Response:
    """The conversations kept, those with the words searched for, a page at a time."""
    words = q.replace("\x00", "").strip()[:200]
    skip = (min(page, MOST_PAGES) - 1) * LISTED
    found = parts(request).conversations.history(words, LISTED + 1, skip)
    shown = {"found": found[:LISTED], "words": words, "page": page, "more": len(found) > LISTED}
    shown |= showing.sidebar(request)
    return templates.TemplateResponse(request, "history.html", shown)


@router.get("/conversations/{conversation_id}")
def conversation(request: Request, conversation_id: str) -> Response:
    """A conversation with all that was said."""
    return showing.page(request, parts(request).conversations.get(conversation_id))


@router.post("/conversations/{conversation_id}/messages")
async def send(
    request: Request,
    conversation_id: str,
    text: Text = "",
    position: Annotated[int, Form()] = -1,
    token: Text = "",
) -> Response:
    """Continue a conversation; a script receives what its page does not show yet."""
    by_script = "x-fragment" in request.headers
    asked = await run_in_threadpool(_asked, request, conversation_id, text, position, token)
    if isinstance(asked, Response):
        return asked
    address, work = asked
    await (work.soon() if by_script else work.ended())
    if not by_script:
        return see(address)
    html = await run_in_threadpool(_turns_from, request, conversation_id, position)
    return HTMLResponse(html)


def _asked(
    request: Request, conversation_id: str, text: str, position: int, token: str
) -> tuple[str, Work] | Response:
    kept = parts(request).conversations
    try:
        place, work = kept.put_answer(conversation_id, position, text, token)
    except NoSuchConversation:
        raise
    except Exception as error:
        return showing.refused(request, error, kept.get(conversation_id), text)
    return f"/conversations/{conversation_id}#m{place + 1}", work


def _turns_from(request: Request, conversation_id: str, position: int) -> str:
    return showing.turns(request, parts(request).conversations.shown(conversation_id), position)


@router.post("/conversations/{conversation_id}/rename")
def rename(request: Request, conversation_id: str, title: Text = "") -> Response:
    """Give a conversation another title."""
    parts(request).conversations.rename(conversation_id, title)
    return see(f"/conversations/{conversation_id}")


@router.post("/conversations/{conversation_id}/pin")
def pin(request: Request, conversation_id: str, pinned: Text = "", back: Text = "") -> Response:
    """Keep a conversation at the top of the list, or no longer."""
    parts(request).conversations.pin(conversation_id, bool(pinned))
    return see("/conversations" if back == "list" else f"/conversations/{conversation_id}")


@router.post("/conversations/{conversation_id}/delete")
def delete(request: Request, conversation_id: str) -> Response:
    """Remove a conversation for good."""
    parts(request).conversations.delete(conversation_id)
    return see("/conversations")
