"""A conversation to take along: claim lines as rows, everything as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from web.chat.nouns import Conversation, Exchange

HEADS = (
    "Message",
    "Claim",
    "Payer",
    "Date of service",
    "Discipline",
    "Counted by",
    "Code",
    "Modifiers",
    "Units",
    "Minutes",
    "Why",
    "Question",
)


def rows(exchanges: Sequence[Exchange]) -> Iterator[tuple[object, ...]]:
    """The claim lines of these answers, one a row, numbered as the page numbers them."""
    for exchange in exchanges:
        claims = exchange.answer.claims if exchange.answer else []
        for number, claim in enumerate(claims, 1):
            about = (claim.payer, claim.date_of_service, claim.discipline, claim.counting_rule)
            for line in claim.lines:
                why = " ".join(why.text for why in line.why)
                billed = (line.code, " ".join(line.modifiers), line.units, line.minutes)
                yield (exchange.position + 1, number, *about, *billed, why, exchange.text)


def as_line(conversation: Conversation) -> str:
    """The whole conversation as one line of JSON."""
    said = [_plain(exchange) for exchange in conversation.exchanges]
    data = {"id": conversation.id, "title": conversation.title, "messages": said}
    return json.dumps(data, ensure_ascii=False, default=str) + "\n"


def _plain(exchange: Exchange) -> dict[str, Any]:
    return {
        "text": exchange.text,
        "answer": exchange.answer.to_dict() if exchange.answer else None,
        "thumb": exchange.thumb,
        "reason": exchange.reason,
        "note": exchange.note,
    }
