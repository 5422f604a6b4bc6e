"""The approval: one transaction that says yes to one version and writes the finished reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from web.consults import replying
from web.consults.leases import now
from web.consults.letters import Draft, Letter
from web.consults.settings import DeskSettings
from web.consults.states import Move, Sending, Stale, State, move
from web.consults.tables import decisions, drafts, outgoing

CHANGED = "The draft has changed since you read it. Read the newest version, then approve that."


@dataclass(frozen=True, slots=True)
class Approval:
    """What is approved by whom.

    Attributes:
        letter: what is replied to; recipient and subject come from it.
        asks: whether the reply asks the clinic for a fact, and its answer is awaited.
    """

    reviewer: str
    letter: Letter
    by_policy: bool = False
    asks: bool = False
    reason: str = ""


def approve(
    connection: Connection,
    consult_id: int,
    draft_id: int,
    made: Draft,
    wish: Approval,
    settings: DeskSettings,
) -> int:
    """The id of the reply that is now on its way; compare-and-set on state and newest version.

    Raises:
        Stale: the consult has moved on, or a newer version stands there.
    """
    move(connection, consult_id, Move.APPROVE, last_error="")
    newest = select(drafts.c.id, drafts.c.body_hash).where(drafts.c.consult_id == consult_id)
    row = connection.execute(newest.order_by(drafts.c.version.desc()).limit(1)).one()
    if (row.id, row.body_hash) != (draft_id, made.body_hash):
        raise Stale(CHANGED)
    decide(
        connection,
        consult_id,
        "asked" if wish.asks else "approved",
        wish.reviewer,
        reason=wish.reason,
        draft_id=draft_id,
        body_hash=made.body_hash,
    )
    return _keep_reply(connection, consult_id, draft_id, made, wish, settings)


def _keep_reply(
    connection: Connection,
    consult_id: int,
    draft_id: int,
    made: Draft,
    wish: Approval,
    settings: DeskSettings,
) -> int:
    desk, at = settings.desk, now(connection)
    message_id, recipient = replying.new_message_id(desk), wish.letter.reply_to
    raw = made.text.encode()
    if recipient:
        raw = replying.build(
            wish.letter, made, desk, message_id=message_id, at=at, by_policy=wish.by_policy
        )
    kept: int | None = connection.scalar(
        insert(outgoing)
        .values(
            consult_id=consult_id,
            draft_id=draft_id,
            message_id=message_id,
            raw=raw,
            sender=desk.address,
            recipient=recipient,
            closes_as=State.ASKED if wish.asks and recipient else State.SENT,
            state=Sending.PENDING,
            attempts=0,
            taken=0,
            run_at=at + (timedelta(0) if wish.by_policy else settings.undo),
            last_error="",
            smtp_reply="",
        )
        .returning(outgoing.c.id)
    )
    assert kept is not None
    return kept


def decide(
    connection: Connection,
    consult_id: int,
    verdict: str,
    reviewer: str,
    *,
    reason: str = "",
    draft_id: int | None = None,
    body_hash: str = "",
) -> None:
    """Write down who decided what; nothing ever changes it."""
    connection.execute(
        insert(decisions).values(
            consult_id=consult_id,
            draft_id=draft_id,
            body_hash=body_hash,
            reviewer=reviewer[:200],
            verdict=verdict,
            reason=reason,
            made_at=now(connection),
        )
    )
