"""Signing in and out, by password, printed address or invitation."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.errors import CodingError
from web import access
from web.access import Role, safety
from web.accounts import csrf
from web.accounts.cookies import VISIT, begin_visit, drop_session, give_session, go, peer
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.visitor)])

Text = Annotated[str, Form()]
REFUSED = "The name or the password is wrong."
LOCKED = (
    "Too many tries for this name. It can be tried again in {minutes} minutes; an admin of this "
    "copy can also send you a link to set another password."
)
STALE = "This page is older than your log-in. Send it once more."
OVER = "This link was used already, or it is over. Ask an admin of this copy for another one."


async def from_our_page(request: Request) -> None:
    """Nothing, where a visitor's form came from our own page in the same browser."""
    secret = access.form_secret(request) or request.cookies.get(VISIT, "")
    if not secret or not csrf.is_token_for(secret, await csrf.sent_token(request)):
        raise HTTPException(403, access.STALE_FORM)


OurPage = Depends(from_our_page)


@router.get("/enter/{token}")
def enter(request: Request, token: str) -> Response:
    """Let the owner in, who has the address printed at the start."""
    wait = safety(request).limiter.wait("log_in", peer(request))
    if wait:
        raise access.too_many(wait)
    session = safety(request).enter(token, access.identity(request).session)
    if session is None:
        return _log_in_page(request, error="This address is from an earlier start.", status=403)
    return give_session(request, go("/"), session)


@router.get("/login")
def log_in_page(request: Request, next: str = "/") -> Response:
    """The page on which a person signs in."""
    if access.person(request).role > Role.VISITOR:
        return go(own_address(next))
    return _log_in_page(request, next=next)


@router.post("/login")
async def log_in(
    request: Request, name: Text = "", password: Text = "", next: Text = "/"
) -> Response:
    """Sign in."""
    wait = safety(request).limiter.wait("log_in", peer(request))
    if wait:
        raise access.too_many(wait)
    try:
        await from_our_page(request)
    except HTTPException:
        return _log_in_page(request, error=STALE, next=next, name=name, status=403)
    return await run_in_threadpool(_log_in, request, name[:200], password, next)


def _log_in(request: Request, name: str, password: str, next: str) -> Response:
    seconds = safety(request).attempts.locked_for(name)
    if seconds:
        told = LOCKED.format(minutes=-(-seconds // 60))
        reply = _log_in_page(request, error=told, next=next, name=name, status=429)
        reply.headers["Retry-After"] = str(seconds)
        return reply
    session = safety(request).log_in(name, password, access.identity(request).session)
    if session is None:
        return _log_in_page(request, error=REFUSED, next=next, name=name, status=401)
    return give_session(request, go(own_address(next)), session)


@router.get("/join/{token}")
def join_page(request: Request, token: str) -> Response:
    """The page on which an invited person sets a password."""
    return _join_page(request, token)


@router.post("/join/{token}", dependencies=[OurPage])
def join(request: Request, token: str, password: Text = "", again: Text = "") -> Response:
    """Set the password and sign in; the link works no more."""
    account = safety(request).accounts.invited(token)
    if account is None:
        return _join_page(request, token)
    try:
        if password != again:
            raise CodingError("The two passwords differ. Type the same one twice.")
        safety(request).accounts.set_password(account.person, account.id, password)
    except CodingError as error:
        return _join_page(request, token, error=str(error))
    session = safety(request).sessions.begin(
        account.person, "invitation", access.identity(request).session
    )
    return give_session(request, go("/"), session)


@router.post("/logout")
def log_out(request: Request) -> Response:
    """Sign out of this browser."""
    known = access.identity(request)
    if known.session:
        safety(request).sessions.end(known.person, known.session)
    return drop_session(request, go("/login"))


def own_address(given: str) -> str:
    """An address within this page; anything else becomes the start."""
    parsed = urlsplit(given)
    is_own = given.startswith("/") and not given.startswith(("//", "/\\"))
    if not is_own or parsed.scheme or parsed.netloc or not given.isprintable() or "\\" in given:
        return "/"
    return given


def _log_in_page(
    request: Request, *, error: str = "", next: str = "/", name: str = "", status: int = 200
) -> Response:
    page = {
        "error": error,
        "next": own_address(next),
        "name": name,
        "has_entrance": bool(safety(request).entrance),
        "has_passwords": safety(request).accounts.has_passwords(),
    }
    return _for_visitors(request, "accounts/login.html", page, status)


def _join_page(request: Request, token: str, error: str = "") -> Response:
    account = safety(request).accounts.invited(token)
    if account is None:
        raise HTTPException(410, OVER)
    page = {"account": account, "token": token, "error": error}
    return _for_visitors(request, "accounts/join.html", page, 422 if error else 200)


def _for_visitors(request: Request, template: str, page: dict[str, Any], status: int) -> Response:
    """A page whose form is bound to this browser though nobody is signed in yet."""
    visit = begin_visit(request)
    reply = templates.TemplateResponse(request, template, page, status_code=status)
    return visit(reply)
