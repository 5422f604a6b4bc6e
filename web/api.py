"""The JSON routes: the answer contract over HTTP, and the state of this copy."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from assistant.conversation import Answer, Inquiry
from web import access
from web.chat.conversations import LONGEST_MESSAGE, checked
from web.consults.desk import consult_report
from web.parts import parts

router = APIRouter()

MOST_MESSAGES = 100


class Ask(BaseModel):
    """One conversation so far; the last message is to be answered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"messages": ["10 min 97110 and 20 min 97530, Medicare, PT"]}]
        },
    )

    messages: Annotated[list[str], Field(min_length=1, max_length=MOST_MESSAGES)]
    discipline: Annotated[str | None, Field(pattern="^(PT|OT|SLP)$")] = None
    payer: Annotated[str | None, Field(max_length=80)] = None


class Problem(BaseModel):
    """An error (RFC 9457); `detail` says what to do."""

    type: str
    title: str
    status: int
    detail: str


PROBLEMS = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": said}
    for status, said in (
        (401, "No session, and no API key that works"),
        (403, "Sent from another site's page"),
        (413, "More than a megabyte"),
        (429, "Too many requests in a short time; `Retry-After` says when to come back"),
        (422, f"No message, an empty one, or one of more than {LONGEST_MESSAGE:,} characters"),
    )
}


@router.post(
    "/api/ask",
    responses={**PROBLEMS},  # type: ignore[dict-item]
    dependencies=[Depends(access.member)],
)
def ask(request: Request, body: Ask) -> Answer:
    """Answer a message. Nothing is kept; identifiers are masked before anything reads them."""
    said = tuple(checked(message) for message in body.messages)
    return parts(request).assistant.answer(Inquiry(said, date.today(), body.discipline, body.payer))


@router.get("/health", dependencies=[Depends(access.visitor)])
def health(request: Request) -> JSONResponse:
    """Whether this copy lives, answers at full speed, and how it finds passages."""
    readiness = parts(request).readiness
    told = readiness.report() | {"consults": consult_report(request)}
    return JSONResponse(told, 200 if readiness.is_ready else 503)
