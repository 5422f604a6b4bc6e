"""The chat: begin, continue, find, rename and delete conversations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.errors import CodingError
from web import access
from web.chat.conversations import Conversation, NoSuchConversation, new_id
from web.chat.examples import EXAMPLES
from web.parts import parts
from web.problems import FAILED, log_failure, reply_with_problem
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

Text = Annotated[str, Form()]
SIDEBAR = 40


@router.get("/")
def new_conversation(request: Request) -> Response:
    """The page on which a conversation begins, with examples."""
    return _page(request)


@router.post("/conversations")
def start(request: Request, id: Text = "", text: Text = "") -> Response:
    """Begin a conversation; the reply leads to its page."""
    kept = parts(request).conversations
    own_id = id if len(id) == 32 and id.isalnum() and id.isascii() else new_id()
    try:
        started = kept.start(own_id, text)
    except Exception as error:
        return _refused(request, error, None, text)
    return _see(f"/conversations/{started}")


@router.get("/conversations")
def history(request: Request, q: str = "") -> Response:
    """The conversations kept, those with the words searched for."""
    words = q.strip()[:200]
    found = parts(request).conversations.history(words)
    page = {"found": found, "words": words, **_sidebar(request)}
    return templates.TemplateResponse(request, "history.html", page)


@router.get("/conversations/{conversation_id}")
def conversation(request: Request, conversation_id: str) -> Response:
    """A conversation with all that was said."""
    return _page(request, parts(request).conversations.get(conversation_id))


@router.post("/conversations/{conversation_id}/messages")
def send(
    request: Request,
    conversation_id: str,
    text: Text = "",
    position: Annotated[int, Form()] = -1,
) -> Response:
    """Continue a conversation; a script receives what its page does not show yet."""
    kept = parts(request).conversations
    try:
        kept.ask(conversation_id, position, text)
    except NoSuchConversation:
        raise
    except Exception as error:
        return _refused(request, error, kept.get(conversation_id), text)
    now = kept.get(conversation_id)
    if "x-fragment" not in request.headers:
        return _see(f"/conversations/{conversation_id}#m{now.next_position}")
    turns = parts(request).presenter.turns(now.exchanges)
    new = [turn for turn in turns if turn.exchange.position >= max(position, 0)]
    shown = {"turns": new, "conversation": now}
    return templates.TemplateResponse(request, "turns.html", shown)


@router.post("/conversations/{conversation_id}/rename")
def rename(request: Request, conversation_id: str, title: Text = "") -> Response:
    """Give a conversation another title."""
    parts(request).conversations.rename(conversation_id, title)
    return _see(f"/conversations/{conversation_id}")


@router.post("/conversations/{conversation_id}/delete")
def delete(request: Request, conversation_id: str) -> Response:
    """Remove a conversation for good."""
    parts(request).conversations.delete(conversation_id)
    return _see("/conversations")


def _see(address: str) -> Response:
    return RedirectResponse(address, status_code=303)


def _page(
    request: Request,
    kept: Conversation | None = None,
    *,
    error: str = "",
    text: str = "",
    status: int = 200,
) -> Response:
    page = {
        "conversation": kept,
        "turns": list(parts(request).presenter.turns(kept.exchanges)) if kept else [],
        "examples": EXAMPLES,
        "new_id": new_id(),
        "error": error,
        "text": text,
        **_sidebar(request),
    }
    return templates.TemplateResponse(request, "chat.html", page, status_code=status)


def _sidebar(request: Request) -> dict[str, Any]:
    return {"history": parts(request).conversations.history(limit=SIDEBAR)}


def _refused(request: Request, error: Exception, kept: Conversation | None, text: str) -> Response:
    """The page again with the error and the typed text, so that nothing is lost."""
    told, status = (str(error), 422) if isinstance(error, CodingError) else (FAILED, 500)
    if status == 500:
        log_failure(error)
    if "x-fragment" in request.headers:
        return reply_with_problem(request, status, told)
    return _page(request, kept, error=told, text=text, status=status)
