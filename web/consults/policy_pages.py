"""The admin's page on policies: which complete drafts go out without a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.errors import CodingError
from web import access
from web.access import Person, safety
from web.consults import policies, shown
from web.consults.desk import consult_desk
from web.rendering import templates

router = APIRouter(
    prefix="/admin/replies", include_in_schema=False, dependencies=[Depends(access.admin)]
)

Text = Annotated[str, Form()]
Admin = Annotated[Person, Depends(access.admin)]


@router.get("")
def listed(request: Request) -> Response:
    """Every policy."""
    return _page(request)


@router.post("")
def add(request: Request, by: Admin, sender: Text = "", kind: Text = "") -> Response:
    """Let complete drafts of a kind go out to a sender by themselves."""
    try:
        row = _row(request, by, "policy.set", kind)
        policies.let_go_out(consult_desk(request).engine, sender, kind, by.name, row)
    except CodingError as error:
        return _page(request, str(error), sender, 422)
    return RedirectResponse("/admin/replies", status_code=303)


@router.post("/{policy_id}/remove")
def remove(request: Request, by: Admin, policy_id: int) -> Response:
    """Let a person read these drafts again."""
    row = _row(request, by, "policy.removed", str(policy_id))
    policies.review_again(consult_desk(request).engine, policy_id, row)
    return RedirectResponse("/admin/replies", status_code=303)


def _row(request: Request, by: Person, action: str, policy: str) -> policies.Also:
    """Writes the audit log's row into the transaction that does it."""
    audit = safety(request).audit
    return lambda connection: audit.append(connection, by, action, f"policy/{policy}")


def _page(request: Request, error: str = "", sender: str = "", status: int = 200) -> Response:
    desk = getattr(request.app.state, "consults", None)
    page = {
        "desk": desk,
        "policies": policies.in_force(desk.engine) if desk else [],
        "kinds": [(kind, shown.KINDS[kind]) for kind in policies.KINDS],
        "any": policies.ANY,
        "most": policies.MOST_AN_HOUR,
        "error": error,
        "sender": sender,
        "words": shown,
    }
    return templates.TemplateResponse(request, "consults/policies.html", page, status_code=status)
