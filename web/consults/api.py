"""The desk's JSON routes: a question for the reviewers, where it stands, and the desk's figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from web import access
from web.access import Person, Role
from web.consults.desk import consult_desk
from web.consults.intake import LONGEST_TEXT
from web.consults.opened import NoSuchConsult, Opened
from web.consults.states import Sending, State
from web.consults.watching import metrics

router = APIRouter()


class Ask(BaseModel):
    """A question for the reviewers.

    Attributes:
        reply_to: address that gets the reply; empty to read it here.
        key: sending the same key again gives the same consult.
    """

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    subject: Annotated[str, Field(max_length=300)] = ""
    reply_to: Annotated[str, Field(max_length=320, pattern=r"^$|^[^\s@]+@[^\s@]+$")] = ""
    key: Annotated[str, Field(max_length=200)] = ""


class Standing(BaseModel):
    """Where a consult stands.

    Attributes:
        reply: the text that was sent; empty until then.
    """

    id: int
    state: State
    sending: str = ""
    reply: str = ""


@router.post("/api/consults", status_code=202)
def take(
    request: Request, body: Ask, person: Annotated[Person, Depends(access.member)]
) -> Standing:
    """Put a question before the reviewers; it is drafted at once and answered by a person."""
    taken = consult_desk(request).send_to_queue(
        body.text,
        asked_by=person.id,
        subject=body.subject,
        reply_to=body.reply_to,
        channel="api",
        key=body.key,
    )
    return _standing(consult_desk(request).reviews.open(taken.consult_id))


@router.get("/api/consults/{consult_id}")
def show(
    request: Request, consult_id: int, person: Annotated[Person, Depends(access.member)]
) -> Standing:
    """Where one's own consult stands, and its reply; a reviewer may see every one."""
    try:
        read = consult_desk(request).reviews.open(consult_id)
    except NoSuchConsult:
        raise HTTPException(404) from None
    if person.role < Role.REVIEWER and read.about["asked_by"] != person.id:
        raise HTTPException(404)
    return _standing(read)


def _standing(read: Opened) -> Standing:
    reply = read.reply
    sent = reply is not None and reply.state is Sending.SENT
    texts = [v.draft.text for v in read.versions if reply and v.id == reply.draft_id]
    return Standing(
        id=read.id,
        state=read.state,
        sending=reply.state if reply else "",
        reply=texts[0] if sent and texts else "",
    )


@router.get(
    "/api/metrics", dependencies=[Depends(access.reviewer)], response_class=PlainTextResponse
)
def figures(request: Request) -> Response:
    """The desk's figures for Prometheus: ages, states, leases, failures, what is not yet stored."""
    desk = consult_desk(request)
    body = metrics(desk.engine, desk.settings)
    return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8")
