"""A person's own account: password, sessions, API keys."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from assistant.errors import CodingError
from web import access
from web.access import Person, safety
from web.accounts.cookies import drop_session, give_session, go
from web.accounts.keys import UnusableKey
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

Text = Annotated[str, Form()]
Member = Annotated[Person, Depends(access.member)]


@router.get("/account")
def account(request: Request) -> Response:
    """The account's page."""
    return _page(request)


@router.post("/account/password")
def set_password(
    request: Request, who: Member, now: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Set another password; every other browser is signed out."""
    seconds = safety(request).attempts.locked_for(who.name)
    if seconds:
        raise access.too_many(seconds)
    try:
        _check_password(request, who, now, password, again)
        safety(request).accounts.set_password(who, who.id, password)
    except CodingError as error:
        return _page(request, password_error=str(error), status=422)
    session = safety(request).sessions.begin(who, "changed password")
    return give_session(request, go("/account?saved=password"), session)


def _check_password(request: Request, who: Person, now: str, password: str, again: str) -> None:
    safety(request).attempts.count(who.name)
    if not safety(request).is_password_of(who, now):
        raise CodingError("The present password is wrong.")
    safety(request).attempts.succeeded(who.name)
    if password != again:
        raise CodingError("The two new passwords differ. Type the same one twice.")


@router.post("/account/logout-everywhere")
def log_out_everywhere(request: Request, who: Member) -> Response:
    """Sign out of every browser, this one included."""
    safety(request).sessions.end_all(who)
    return drop_session(request, go("/login"))


@router.post("/account/keys")
def make_key(request: Request, who: Member, label: Text = "", days: Text = "") -> Response:
    """Make a key and show it this once."""
    try:
        until = _days(days)
        key = safety(request).keys.make(who, label, until)
    except CodingError as error:
        return _page(request, key_error=str(error), label=label, status=422)
    return _page(request, new_key=key)


def _days(given: str) -> int | None:
    given = given.strip()
    if given and not (given.isdecimal() and len(given) < 6):
        raise UnusableKey("Give the days as a whole number, or nothing for a key without an end.")
    return int(given) if given else None


@router.post("/account/keys/{key_id}/revoke")
def revoke_key(request: Request, who: Member, key_id: int) -> Response:
    """Let a key work no more."""
    safety(request).keys.revoke(who, key_id)
    return go("/account#keys")


def _page(request: Request, *, status: int = 200, **more: Any) -> Response:
    who = access.person(request)
    page = {
        "account": safety(request).accounts.get(who.id),
        "browsers": safety(request).sessions.count(who),
        "keys": safety(request).keys.all(who),
        "lasting": safety(request).sessions.lasting,
        "saved": request.query_params.get("saved", ""),
        "password_error": "",
        "key_error": "",
        "label": "",
        "new_key": "",
        **more,
    }
    return templates.TemplateResponse(request, "accounts/own.html", page, status_code=status)
