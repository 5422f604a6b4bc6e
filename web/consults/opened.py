"""One consult, opened: the letter, every draft, every decision, the reply, the thread."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from assistant.errors import CodingError
from web.consults import receipts
from web.consults.inbox import LOOKING
from web.consults.leases import now
from web.consults.letters import Draft, Letter, Received
from web.consults.parsing import take_in
from web.consults.settings import DeskSettings
from web.consults.states import LIVE, Sending, Stale, State
from web.consults.tables import consults, decisions, drafts, lookers, mails, outgoing
from web.consults.threads import ours
from web.database.engine import reader


class NoSuchConsult(CodingError):
    """No consult is kept under that number."""


@dataclass(frozen=True, slots=True)
class Version:
    """A draft as it is kept; its number tells the newest."""

    id: int
    number: int
    made_at: datetime
    draft: Draft


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what, when, on which version."""

    verdict: str
    reviewer: str
    reason: str
    made_at: datetime
    draft_id: int | None
    body_hash: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply on its way, sent, or tried.

    Attributes:
        can_be_undone_for: how long it can still be called back; zero once it cannot.
    """

    message_id: str
    draft_id: int
    state: Sending
    recipient: str
    raw: bytes
    run_at: datetime
    sent_at: datetime | None
    smtp_reply: str
    last_error: str
    attempts: int
    can_be_undone_for: timedelta


@dataclass(frozen=True, slots=True)
class Opened:
    """A consult with all that is kept of it.

    Attributes:
        about: the row's plain columns, by name, with the mail's `channel`, `asked_by` and
            `content_key`.
        received: the letter, unmasked as it came, for the reviewer's eyes; read anew from `raw`.
        versions: the drafts, the newest last.
        replies: the newest last; at most one of them lives.
        thread: (id, state, subject, received_at) of the thread's consults, this one included.
        lookers: who has it open.
    """

    id: int
    state: State
    about: dict[str, Any]
    received: Received
    raw: bytes
    versions: tuple[Version, ...]
    decisions: tuple[Decision, ...]
    replies: tuple[Reply, ...]
    thread: tuple[tuple[int, State, str, datetime], ...]
    lookers: tuple[str, ...]

    @property
    def letter(self) -> Letter:
        """What was asked."""
        return self.received.letter

    @property
    def newest(self) -> Version | None:
        """The version that may be approved."""
        return self.versions[-1] if self.versions else None

    @property
    def made(self) -> Draft | None:
        """The newest version that we made ourselves, by which edits are judged."""
        ours = [v.draft for v in self.versions if v.draft.made_by == v.draft.answer.get("engine")]
        return ours[-1] if ours else (self.versions[0].draft if self.versions else None)

    @property
    def reply(self) -> Reply | None:
        """The reply that lives; None before an approval or after it came to nothing."""
        return next((r for r in reversed(self.replies) if r.state in LIVE), None)

    @property
    def receipt(self) -> receipts.Receipt:
        """All that led to the reply, to be written out."""
        return receipts.Receipt(
            consult=self.id,
            content_key=self.about["content_key"],
            received_at=self.about["received_at"],
            sender=self.about["sender"],
            subject=self.about["subject"],
            state=self.state,
            versions=tuple(receipts.Version(v.number, v.draft, v.made_at) for v in self.versions),
            decisions=tuple(
                receipts.Decided(d.reviewer, d.verdict, d.made_at, d.body_hash, d.reason)
                for d in self.decisions
            ),
            sent=tuple(
                receipts.Sent(r.message_id, r.recipient, r.raw, r.state, r.sent_at, r.smtp_reply)
                for r in self.replies
            ),
        )


def opened(engine: Engine, settings: DeskSettings, consult_id: int) -> Opened:
    """The consult.

    Raises:
        NoSuchConsult: there is none under that number.
    """
    with reader(engine).connect() as connection:
        row = consult_row(connection, consult_id)
        mail = (
            connection.execute(select(mails).where(mails.c.id == row["mail_id"])).mappings().one()
        )
        at = now(connection)
        versions = tuple(kept_versions(connection, consult_id))
        decided = tuple(_decisions(connection, consult_id))
        replies = tuple(_reply(reply, at) for reply in _replies(connection, consult_id))
        thread = tuple(_thread(connection, row))
        seen = lookers_of(connection, consult_id, at)
    received = take_in(mail["raw"], settings.desk, ours(engine), mail["size"])
    about = dict(row) | {name: mail[name] for name in ("channel", "asked_by", "content_key")}
    return Opened(
        id=consult_id,
        state=State(row["state"]),
        about=about,
        received=received,
        raw=mail["raw"],
        versions=versions,
        decisions=decided,
        replies=replies,
        thread=thread,
        lookers=seen,
    )


def consult_row(connection: Connection, consult_id: int) -> RowMapping:
    """The consult's row.

    Raises:
        NoSuchConsult: there is none under that number.
    """
    row = connection.execute(select(consults).where(consults.c.id == consult_id)).mappings().first()
    if row is None:
        raise NoSuchConsult("This consult is not kept here (any more).")
    return row


def kept_versions(connection: Connection, consult_id: int) -> list[Version]:
    """Every draft of the consult, the newest last."""
    wanted = select(drafts).where(drafts.c.consult_id == consult_id).order_by(drafts.c.version)
    rows = connection.execute(wanted).mappings()
    return [Version(row["id"], row["version"], row["made_at"], _draft(row)) for row in rows]


def _draft(row: RowMapping) -> Draft:
    values = {field.name: row[field.name] for field in fields(Draft)}
    values |= {name: tuple(row[name]) for name in ("asked", "payers", "codes")}
    return Draft(**values)


def _decisions(connection: Connection, consult_id: int) -> list[Decision]:
    wanted = select(decisions).where(decisions.c.consult_id == consult_id).order_by(decisions.c.id)
    return [
        Decision(**{field.name: row[field.name] for field in fields(Decision)})
        for row in connection.execute(wanted).mappings()
    ]


def _replies(connection: Connection, consult_id: int) -> list[RowMapping]:
    wanted = select(outgoing).where(outgoing.c.consult_id == consult_id).order_by(outgoing.c.id)
    return list(connection.execute(wanted).mappings())


def _reply(row: RowMapping, at: datetime) -> Reply:
    values = {f.name: row[f.name] for f in fields(Reply) if f.name in row}
    can_be_undone = row["state"] == Sending.PENDING and row["lease_token"] is None
    left = max(row["run_at"] - at, timedelta(0)) if can_be_undone else timedelta(0)
    return Reply(**values | {"state": Sending(row["state"]), "can_be_undone_for": left})


def _thread(connection: Connection, row: RowMapping) -> list[tuple[int, State, str, datetime]]:
    thread_id = row["thread_id"] or row["id"]
    c = consults.c
    rows = connection.execute(
        select(c.id, c.state, c.subject, c.received_at)
        .where((c.thread_id == thread_id) | (c.id == row["id"]))
        .order_by(c.id)
    )
    return [(one.id, State(one.state), one.subject, one.received_at) for one in rows]


def lookers_of(connection: Connection, consult_id: int, at: datetime) -> tuple[str, ...]:
    """Who has the consult open."""
    here = (lookers.c.consult_id == consult_id, lookers.c.seen_at > at - LOOKING)
    return tuple(connection.scalars(select(lookers.c.person).where(*here)))


def newest_version(connection: Connection, consult_id: int) -> Version:
    """The version that a reviewer reads.

    Raises:
        Stale: there is none yet.
    """
    versions = kept_versions(connection, consult_id)
    if not versions:
        consult_row(connection, consult_id)
        raise Stale("This consult has no draft yet.")
    return versions[-1]


def unsent_reply(connection: Connection, consult_id: int) -> int | None:
    """The newest reply, where the server never took it."""
    newest = connection.execute(
        select(outgoing.c.id, outgoing.c.state)
        .where(outgoing.c.consult_id == consult_id)
        .order_by(outgoing.c.id.desc())
        .limit(1)
    ).first()
    never = (Sending.REFUSED, Sending.FAILED)
    return newest.id if newest is not None and newest.state in never else None
