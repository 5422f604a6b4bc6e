"""The reviewers' pages: the queue, one consult with its draft, receipts.

What a reviewer does with a consult is in `web.consults.actions`.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, Response

from assistant.errors import CodingError
from web import access
from web.access import Person, Role, safety
from web.accounts.people import Account
from web.chat.nouns import Exchange
from web.consults import receipts, shown
from web.consults.desk import ConsultDesk, consult_desk
from web.consults.inbox import Filter
from web.consults.merging import answers
from web.consults.opened import NoSuchConsult, Opened
from web.consults.watching import troubles
from web.errors import NotKept
from web.parts import parts
from web.presenting import Turn
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.reviewer)])

Text = Annotated[str, Form()]
Reviewer = Annotated[Person, Depends(access.reviewer)]


@router.get("/consults")
def inbox(request: Request, by: Reviewer) -> Response:
    """The queue as the address filters it; htmx receives the list alone."""
    if not isinstance(getattr(request.app.state, "consults", None), ConsultDesk):
        return templates.TemplateResponse(request, "consults/none.html", {})
    desk = consult_desk(request)
    asked = shown.Asked(dict(request.query_params), by.name)
    total = desk.reviews.total(asked.filter)
    page = {
        "asked": asked,
        "rows": desk.reviews.inbox(asked.filter),
        "total": total,
        "pages": asked.pages(total),
        "tabs": list(shown.tabs(counts := desk.reviews.counts(), asked)),
        "overdue": counts.overdue,
        "target": desk.settings.target,
        "troubles": troubles(desk.engine, desk.settings),
        "address": desk.settings.desk.address,
        "payers": parts(request).assistant.knowledge.payers,
        "words": shown,
    }
    fragment = request.headers.get("hx-target") == "queue"
    name = "consults/rows.html" if fragment else "consults/inbox.html"
    return templates.TemplateResponse(request, name, page)


@router.get("/consults/{consult_id}")
def one(request: Request, by: Reviewer, consult_id: int) -> Response:
    """A consult: the mail, the draft, what was decided."""
    return show(request, by, consult_id)


@router.post("/consults/{consult_id}/look")
def look(request: Request, by: Reviewer, consult_id: int) -> Response:
    """Where it stands and who else has it open; the page asks again and again."""
    desk = consult_desk(request)
    with kept():
        others = desk.reviews.look(consult_id, by.name)
        read = desk.reviews.open(consult_id)
    page = {"consult": read, "others": others, "words": shown}
    return templates.TemplateResponse(request, "consults/standing.html", page)


@router.post("/consults/{consult_id}/marks")
def marks(request: Request, consult_id: int, body: Text = "") -> Response:
    """What an edited draft says that the tools do not hold; asked while it is typed."""
    body = unified(body)
    with kept():
        found = consult_desk(request).reviews.marks(consult_id, body)
    page = {"pieces": shown.pieces(body, found), "marks": found}
    return templates.TemplateResponse(request, "consults/marks.html", page)


@router.get("/consults/{consult_id}/receipt.json")
def receipt(request: Request, by: Reviewer, consult_id: int) -> Response:
    """All that led to the reply, as data."""
    data = receipts.as_json(_exported(request, by, consult_id))
    return _download(JSONResponse(data), f"consult-{consult_id}.json")


@router.get("/consults/{consult_id}/receipt.pdf")
def receipt_pdf(request: Request, by: Reviewer, consult_id: int) -> Response:
    """All that led to the reply, to be printed."""
    data = receipts.as_pdf(_exported(request, by, consult_id))
    return _download(Response(data, media_type="application/pdf"), f"consult-{consult_id}.pdf")


@router.get("/consults/{consult_id}/mail.eml")
def mail(request: Request, by: Reviewer, consult_id: int) -> Response:
    """The mail's very bytes, as they came."""
    with kept():
        raw = consult_desk(request).reviews.open(consult_id).raw
    safety(request).audit.record(by, "consult.exported", f"consult/{consult_id}", form="eml")
    return _download(Response(raw, media_type="message/rfc822"), f"consult-{consult_id}.eml")


def _exported(request: Request, by: Person, consult_id: int) -> receipts.Receipt:
    with kept():
        read = consult_desk(request).reviews.receipt(consult_id)
    safety(request).audit.record(by, "consult.exported", f"consult/{consult_id}", form="receipt")
    return read


def _download(reply: Response, name: str) -> Response:
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


class kept:  # noqa: N801 - reads as a word of the `with` line
    """Turns "no such consult" into a page that says so."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        """Nothing, unless there was no such consult."""
        if isinstance(error, NoSuchConsult):
            raise NotKept(str(error)) from None


def unified(body: str) -> str:
    """A form's text with the line ends that drafts have."""
    return body.replace("\r\n", "\n").replace("\r", "\n")


def show(
    request: Request,
    by: Person,
    consult_id: int,
    *,
    error: CodingError | None = None,
    typed: str = "",
    to_confirm: bool = False,
    status: int = 200,
) -> Response:
    """The page of a consult.

    Args:
        error: why what was just tried could not be done.
        typed: the reviewer's text, where it could not be kept: it is shown again.
        to_confirm: whether figures that nothing supports have to be answered for first.
    """
    desk = consult_desk(request)
    with kept():
        others = desk.reviews.look(consult_id, by.name)
        read = desk.reviews.open(consult_id)
    safety(request).audit.record(by, "consult.read", f"consult/{consult_id}")
    body = typed or (read.newest.draft.body if read.newest else "")
    found = desk.reviews.marks(consult_id, body) if body else ()
    page: dict[str, Any] = {
        "consult": read,
        "others": others,
        "turn": _turn(request, read),
        "body": body,
        "typed": typed,
        "marks": found,
        "pieces": shown.pieces(body, found),
        "to_confirm": to_confirm,
        "error": str(error) if error else "",
        "neighbours": _neighbours(desk, read),
        "reviewers": _reviewers(request),
        "conversation": None,
        "words": shown,
    }
    return templates.TemplateResponse(request, "consults/one.html", page, status_code=status)


def _turn(request: Request, read: Opened) -> Turn | None:
    """The answer behind the draft, with its claim card, findings and sources."""
    if read.made is None:
        return None
    answer = answers.validate_python(read.made.answer)
    return parts(request).presenter.turn(Exchange(0, "", (), answer), answer)


def _neighbours(desk: ConsultDesk, read: Opened) -> tuple[int | None, int | None]:
    """The consults before and after it in the queue as it stands by itself."""
    waiting = [row.id for row in desk.reviews.inbox(Filter())]
    if read.id not in waiting:
        return None, waiting[0] if waiting else None
    at = waiting.index(read.id)
    before = waiting[at - 1] if at else None
    return before, waiting[at + 1] if at + 1 < len(waiting) else None


def _reviewers(request: Request) -> list[str]:
    """Who may be given a consult."""

    def may(account: Account) -> bool:
        return account.role >= Role.REVIEWER and not account.closed

    return [account.name for account in safety(request).accounts.all() if may(account)]
