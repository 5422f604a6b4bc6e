"""What a reviewer does on the page: edit, approve, call back, reject, put off, give away.

Each writes its row of the audit log in its own transaction, so that nothing is done without a row
and no row tells what was not done; what came of it stands among the consult's decisions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from assistant.errors import CodingError
from web import access
from web.access import Person, safety
from web.consults.desk import consult_desk
from web.consults.opened import NoSuchConsult
from web.consults.pages import kept, show, unified
from web.consults.reviewing import Reviews
from web.consults.shown import SNOOZES

router = APIRouter(
    prefix="/consults/{consult_id}",
    include_in_schema=False,
    dependencies=[Depends(access.reviewer)],
)

Text = Annotated[str, Form()]
Reviewer = Annotated[Person, Depends(access.reviewer)]
Doing = Callable[[Reviews], object]


@router.post("/edit")
def edit(
    request: Request, by: Reviewer, consult_id: int, body: Text = "", based_on: Text = ""
) -> Response:
    """Keep the reviewer's text as the newest version."""
    text = unified(body)
    return _do(
        request,
        by,
        consult_id,
        "edited",
        lambda reviews: reviews.edit(consult_id, text, by.name, based_on),
        typed=text,
    )


@router.post("/approve")
def approve(
    request: Request,
    by: Reviewer,
    consult_id: int,
    body: Text = "",
    based_on: Text = "",
    asks: Text = "",
    confirmed: Text = "",
) -> Response:
    """Send what stands in the editor, once the time to call it back is over.

    Figures that nothing supports are sent only where the reviewer answers for them.
    """
    text = unified(body)

    def send(reviews: Reviews) -> None:
        with_edit = reviews.noting(_row(request, by, consult_id, "edited"))
        version = with_edit.edit(consult_id, text, by.name, based_on)
        reason = "answers for what the tools do not hold" if confirmed else ""
        reviews.approve(
            consult_id, version.draft.body_hash, by.name, asks=bool(asks), reason=reason
        )

    with kept():
        marks = consult_desk(request).reviews.marks(consult_id, text)
    if marks and not confirmed:
        return show(request, by, consult_id, typed=text, to_confirm=True, status=422)
    return _do(request, by, consult_id, "approved", send, typed=text)


@router.post("/undo")
def undo(request: Request, by: Reviewer, consult_id: int) -> Response:
    """Call an approved reply back."""
    return _do(request, by, consult_id, "undone", lambda r: r.undo(consult_id, by.name))


@router.post("/reject")
def reject(request: Request, by: Reviewer, consult_id: int, reason: Text = "") -> Response:
    """Close it without a reply."""
    return _do(request, by, consult_id, "rejected", lambda r: r.reject(consult_id, by.name, reason))


@router.post("/quarantine")
def quarantine(request: Request, by: Reviewer, consult_id: int, reason: Text = "") -> Response:
    """Set a suspicious mail apart."""
    return _do(
        request, by, consult_id, "quarantined", lambda r: r.quarantine(consult_id, by.name, reason)
    )


@router.post("/release")
def release(request: Request, by: Reviewer, consult_id: int) -> Response:
    """Let a held mail be drafted."""
    return _do(request, by, consult_id, "released", lambda r: r.release(consult_id, by.name))


@router.post("/again")
def again(request: Request, by: Reviewer, consult_id: int) -> Response:
    """Try again what failed."""
    return _do(request, by, consult_id, "tried again", lambda r: r.try_again(consult_id, by.name))


@router.post("/reopen")
def reopen(request: Request, by: Reviewer, consult_id: int) -> Response:
    """Bring it back to its draft."""
    return _do(request, by, consult_id, "reopened", lambda r: r.reopen(consult_id, by.name))


@router.post("/settle")
def settle(request: Request, by: Reviewer, consult_id: int, was_sent: Text = "") -> Response:
    """Say what became of a reply whose end nobody saw."""
    return _do(
        request,
        by,
        consult_id,
        "settled",
        lambda r: r.settle(consult_id, by.name, was_sent=was_sent == "yes"),
    )


@router.post("/note")
def note(request: Request, by: Reviewer, consult_id: int, note: Text = "") -> Response:
    """Keep the reviewers' own note."""
    return _do(request, by, consult_id, "note kept", lambda r: r.note(consult_id, unified(note)))


@router.post("/assign")
def assign(request: Request, by: Reviewer, consult_id: int, to: Text = "") -> Response:
    """Give it to a reviewer; nobody where no name is sent."""
    return _do(request, by, consult_id, "assigned", lambda r: r.assign(consult_id, to))


@router.post("/snooze")
def snooze(request: Request, by: Reviewer, consult_id: int, hours: Text = "") -> Response:
    """Keep it out of the list for some hours; none shows it again."""
    until = datetime.now(UTC) + timedelta(hours=int(hours)) if hours in SNOOZES else None
    return _do(request, by, consult_id, "put off", lambda r: r.snooze(consult_id, until))


def _do(
    request: Request,
    by: Person,
    consult_id: int,
    action: str,
    doing: Doing,
    *,
    typed: str = "",
) -> Response:
    """The consult's page, with what was done, or with why it was not."""
    reviews = consult_desk(request).reviews.noting(_row(request, by, consult_id, action))
    try:
        doing(reviews)
    except NoSuchConsult:
        with kept():
            raise
    except CodingError as error:
        return show(request, by, consult_id, error=error, typed=typed, status=409)
    return RedirectResponse(f"/consults/{consult_id}", status_code=303)


def _row(
    request: Request, by: Person, consult_id: int, action: str
) -> Callable[[Connection], None]:
    """Writes the audit log's row into the transaction that does it."""
    audit, about = safety(request).audit, f"consult/{consult_id}"
    return lambda connection: audit.append(connection, by, f"consult.{action}", about)
