"""The cookies: one for a session, one that binds the log-in form to the browser."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.access import cookie_name, safety
from web.accounts.tokens import new_token

VISIT = "assistant_visit"


def go(address: str) -> Response:
    """A reply that leads on."""
    return RedirectResponse(address, status_code=303)


def peer(request: Request) -> str:
    """The network address that a request comes from."""
    return request.client.host if request.client else "?"


def give_session(request: Request, reply: Response, session: str) -> Response:
    """The reply with the session's cookie, which no script can read."""
    reply.delete_cookie(VISIT)
    seconds = int(safety(request).sessions.lasting.whole.total_seconds())
    _set(request, reply, cookie_name(request), session, seconds)
    return reply


def drop_session(request: Request, reply: Response) -> Response:
    """The reply that lets the browser forget the session."""
    _set(request, reply, cookie_name(request), "", 0)
    return reply


def begin_visit(request: Request) -> Callable[[Response], Response]:
    """Bind the forms of the page about to be rendered to this browser; gives its reply a cookie."""
    visit = request.cookies.get(VISIT) or new_token()
    request.state.visit = visit

    def with_cookie(reply: Response) -> Response:
        _set(request, reply, VISIT, visit, None)
        return reply

    return with_cookie


def _set(request: Request, reply: Response, name: str, value: str, age: int | None) -> None:
    is_secure = request.url.scheme == "https"
    reply.set_cookie(name, value, age, httponly=True, samesite="lax", secure=is_secure, path="/")
