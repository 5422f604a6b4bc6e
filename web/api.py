"""The JSON routes, gathered; here the answer contract itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.conversation import Answer, Inquiry
from web import access, health
from web.chat.conversations import checked
from web.parts import parts
from web.rest import (
    batches,
    codes,
    coding,
    conversations,
    documents,
    knowledge,
    reviewing,
    searching,
    values,
)

router = APIRouter()

MOST_MESSAGES = 100


class Ask(BaseModel):
    """One conversation so far; the last message is to be answered.

    Attributes:
        discipline: the asker's own, where it is known.
        payer: id of the payer taken where the conversation names none.
    """

    model_config = ConfigDict(extra="forbid")

    messages: Annotated[list[str], Field(min_length=1, max_length=MOST_MESSAGES)]
    discipline: Annotated[str | None, Field(pattern="^(PT|OT|SLP)$")] = None
    payer: Annotated[str | None, Field(max_length=80)] = None


@router.post("/api/ask", tags=["Answers"], dependencies=[Depends(access.member)])
def ask(request: Request, body: Ask) -> Answer:
    """Answer a message. Nothing is kept; identifiers are masked before anything reads them."""
    said = tuple(checked(message) for message in body.messages)
    return parts(request).assistant.answer(Inquiry(said, date.today(), body.discipline, body.payer))


for module in (
    reviewing,
    codes,
    values,
    searching,
    coding,
    conversations,
    batches,
    knowledge,
    documents,
    health,
):
    router.include_router(module.router)
