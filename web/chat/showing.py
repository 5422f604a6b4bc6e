"""A conversation, a turn or a piece of one, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.errors import CodingError
from web import markdown
from web.access import frame
from web.chat.answering import Seen
from web.chat.examples import EXAMPLES
from web.chat.nouns import REASONS, Conversation, State, Thumb, new_id
from web.consults.desk import ConsultDesk
from web.parts import parts
from web.presenting import claims_before
from web.problems import FAILED, log_failure, reply_with_problem
from web.rendering import templates

SIDEBAR = 40
STEPS = {
    "reading": "Reading the message",
    "asking_model": "Asking the language model",
    "calling_tool": "Looking up",
    "checking": "Checking every figure",
    "asking_again": "Asking the language model again",
}


def see(address: str) -> Response:
    """The reply that leads to an address after something was changed."""
    return RedirectResponse(address, status_code=303)


def page(
    request: Request,
    kept: Conversation | None = None,
    *,
    error: str = "",
    text: str = "",
    status: int = 200,
) -> Response:
    """The chat's page."""
    content = {
        "turns": list(parts(request).presenter.turns(kept.exchanges)) if kept else [],
        "examples": EXAMPLES,
        "new_id": new_id(),
        "error": error,
        "text": text,
        **around(request, kept),
        **sidebar(request),
    }
    return templates.TemplateResponse(request, "chat.html", content, status_code=status)


def sidebar(request: Request) -> dict[str, Any]:
    """The list beside the page."""
    return {"history": parts(request).conversations.history(limit=SIDEBAR)}


def around(request: Request, kept: Conversation | None) -> dict[str, Any]:
    """What every turn's template needs besides the turn."""
    desk = getattr(request.app.state, "consults", None)
    return {
        "conversation": kept,
        "token": new_id(),
        "reasons": REASONS,
        "has_desk": isinstance(desk, ConsultDesk),
        "states": State,
        "thumbs": Thumb,
        "steps": STEPS,
    }


def turns(request: Request, kept: Conversation, first: int) -> str:
    """The turns from a place on, as a piece of the page."""
    shown = parts(request).presenter.turns(kept.exchanges, first)
    return _piece(request, "turns.html", {"turns": shown, **around(request, kept)})


def turn(request: Request, kept: Conversation, position: int) -> str:
    """One turn as it stands now."""
    made = parts(request).presenter.turns(kept.exchanges, position)
    shown = [turn for turn in made if turn.exchange.position == position]
    return _piece(request, "turns.html", {"turns": shown, **around(request, kept)})


def part(request: Request, kept: Conversation, position: int, template: str) -> str:
    """A part of a turn."""
    made = parts(request).presenter.turn_or_waiting(kept.at(position))
    return _piece(request, template, {"turn": made, **around(request, kept)})


def certain(request: Request, kept: Conversation, position: int, seen: Seen) -> str:
    """The claim and what else is certain before the words are there."""
    assert seen.stated is not None
    exchange = replace(kept.at(position), answer=seen.stated)
    earlier = claims_before(kept.exchanges, position)
    made = parts(request).presenter.turn(exchange, seen.stated, earlier=earlier)
    return _piece(request, "chat/first_part.html", {"turn": made, **around(request, kept)})


def words(request: Request, kept: Conversation, position: int, seen: Seen) -> str:
    """The checked words so far."""
    return _piece(request, "chat/words.html", {"text": markdown.to_html(seen.text)})


def progress(request: Request, kept: Conversation, position: int, seen: Seen) -> str:
    """What is being done now."""
    assert seen.progress is not None
    content = {"progress": seen.progress, "steps": STEPS}
    return _piece(request, "chat/progress.html", content)


def refused(request: Request, error: Exception, kept: Conversation | None, text: str) -> Response:
    """The page again with the error and the typed text, so that nothing is lost."""
    told, status = (str(error), 422) if isinstance(error, CodingError) else (FAILED, 500)
    if status == 500:
        log_failure(error)
    if "x-fragment" in request.headers:
        return reply_with_problem(request, status, told)
    return page(request, kept, error=told, text=text, status=status)


def _piece(request: Request, name: str, content: Mapping[str, Any]) -> str:
    context = {"request": request, **frame(request), **content}
    return templates.env.get_template(name).render(context)
