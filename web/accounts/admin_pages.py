"""The admin's pages on people: accounts, roles, invitations, everybody's keys."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from assistant.errors import CodingError
from web import access
from web.access import Person, safety
from web.accounts.cookies import go
from web.accounts.people import INVITED_FOR, ROLES, role_named
from web.rendering import templates

router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[Depends(access.admin)])

Text = Annotated[str, Form()]
Admin = Annotated[Person, Depends(access.admin)]


@router.get("/accounts")
def accounts(request: Request) -> Response:
    """Every account."""
    return _page(request)


@router.post("/accounts")
def add(request: Request, by: Admin, name: Text = "", role: Text = "") -> Response:
    """Make an account; its link is shown this once."""
    try:
        made = safety(request).accounts.add(by, name, role_named(role))
    except CodingError as error:
        return _page(request, error=str(error), name=name, status=422)
    return _invited(request, by, made.id)


@router.post("/accounts/{account_id}/invite")
def invite(request: Request, by: Admin, account_id: int) -> Response:
    """Make a link with which the person sets a password; it is shown this once."""
    return _invited(request, by, account_id)


@router.post("/accounts/{account_id}/role")
def set_role(request: Request, by: Admin, account_id: int, role: Text = "") -> Response:
    """Give an account another role; its sessions end."""
    safety(request).accounts.set_role(by, account_id, role_named(role))
    return go("/admin/accounts")


@router.post("/accounts/{account_id}/close")
def close(request: Request, by: Admin, account_id: int) -> Response:
    """Let nobody in with an account any more."""
    safety(request).accounts.close(by, account_id)
    return go("/admin/accounts")


@router.post("/accounts/{account_id}/open")
def open_again(request: Request, by: Admin, account_id: int) -> Response:
    """Let a closed account in again."""
    safety(request).accounts.open(by, account_id)
    return go("/admin/accounts")


@router.get("/keys")
def keys(request: Request) -> Response:
    """Everybody's keys."""
    page = {"keys": safety(request).keys.all()}
    return templates.TemplateResponse(request, "accounts/keys.html", page)


@router.post("/keys/{key_id}/revoke")
def revoke_key(request: Request, by: Admin, key_id: int) -> Response:
    """Let anybody's key work no more."""
    safety(request).keys.revoke(by, key_id)
    return go("/admin/keys")


def _invited(request: Request, by: Person, account_id: int) -> Response:
    token = safety(request).accounts.invite(by, account_id)
    address = f"{str(request.base_url).rstrip('/')}/join/{token}"
    name = safety(request).accounts.get(account_id).name
    return _page(request, link=address, invited=name)


def _page(request: Request, *, status: int = 200, **more: Any) -> Response:
    page = {
        "accounts": safety(request).accounts.all(),
        "roles": list(ROLES),
        "days": INVITED_FOR.days,
        "error": "",
        "name": "",
        "link": "",
        "invited": "",
        **more,
    }
    return templates.TemplateResponse(request, "accounts/accounts.html", page, status_code=status)
