"""A consult's receipt: all that led to its reply, as JSON for programs and as PDF for people."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from assistant.plain_data import to_data
from web.consults.letters import Draft


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the draft, as kept."""

    number: int
    draft: Draft
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. `verdict` in the desk's words: approved, rejected, undone.

    Attributes:
        body_hash: of the draft it was about; "" where it was about none.
        reason: the reviewer's own words, where they gave any.
    """

    reviewer: str
    verdict: str
    at: datetime
    body_hash: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out: the very bytes, and how that ended."""

    message_id: str
    recipient: str
    raw: bytes
    state: str
    at: datetime | None = None
    smtp_reply: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything kept of one consult.

    Attributes:
        content_key: of the mail it began with.
        subject, asked: masked.
        decisions: in their order, the policy's among them.
    """

    consult: int
    content_key: str
    received_at: datetime
    sender: str
    subject: str
    state: str
    versions: tuple[Version, ...]
    decisions: tuple[Decided, ...] = ()
    sent: tuple[Sent, ...] = ()

    @property
    def made(self) -> Draft | None:
        """The newest draft that a program made: its answer is the one the consult rests on."""
        ours = [v.draft for v in self.versions if v.draft.made_by == v.draft.answer.get("engine")]
        return ours[-1] if ours else None


def as_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as plain JSON data."""
    made = receipt.made
    answer = made.answer if made else {}
    return {
        "consult": receipt.consult,
        "state": receipt.state,
        "received": {
            "at": _moment(receipt.received_at),
            "content_key": receipt.content_key,
            "from": receipt.sender,
            "subject": receipt.subject,
        },
        "asked": list(made.asked) if made else [],
        "facts": [call.get("input") for call in answer.get("trace", [])],
        "tool_calls": to_data(answer.get("trace", [])),
        "claims": to_data(answer.get("claims", [])),
        "code_choices": to_data(answer.get("code_choices", [])),
        "findings": to_data(answer.get("findings", [])),
        "assumptions": to_data(answer.get("assumptions", [])),
        "questions": to_data(answer.get("questions", [])),
        "citations": to_data(answer.get("citations", [])),
        "versions": dict(made.versions) if made else {},
        "drafts": [_version(version) for version in receipt.versions],
        "decisions": [asdict(one) | {"at": _moment(one.at)} for one in receipt.decisions],
        "sent": [_sent(one) for one in receipt.sent],
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "at": _moment(version.at),
        "made_by": version.draft.made_by,
        "body_hash": version.draft.body_hash,
        "body": version.draft.body,
    }


def _sent(sent: Sent) -> dict[str, Any]:
    return {
        "message_id": sent.message_id,
        "recipient": sent.recipient,
        "state": sent.state,
        "at": _moment(sent.at),
        "smtp_reply": sent.smtp_reply,
        "bytes": len(sent.raw),
        "sha256": hashlib.sha256(sent.raw).hexdigest(),
        "raw": sent.raw.decode("utf-8", "replace"),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def as_pdf(receipt: Receipt) -> bytes:
    """The receipt as a PDF, page by page numbered."""
    from web.consults.receipt_pdf import render  # ReportLab, only where one is printed

    return render(as_json(receipt))
