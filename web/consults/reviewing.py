"""What a reviewer does with a consult: edit, approve, call back, ask, reject, put off.

`Reviews` is all that pages and routes use of the queue; docs/consults.md lists it by what a
reviewer wants. Every decision names who made it and is written down. Two people at once are told
apart by the state and by the draft's hash: the first approval counts, the second comes too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, or_, update
from sqlalchemy.exc import IntegrityError

from web.consults import drafting, figures, policies
from web.consults.answering import keep_draft, summary
from web.consults.approving import CHANGED, Approval, approve, decide
from web.consults.inbox import Counts, Filter, Row, counted, found, listed
from web.consults.leases import now
from web.consults.letters import Mark
from web.consults.opened import (
    Opened,
    Version,
    consult_row,
    kept_versions,
    lookers_of,
    newest_version,
    opened,
    unsent_reply,
)
from web.consults.receipts import Receipt
from web.consults.remarks import identifiers, usable_body, usable_note, usable_reason
from web.consults.settings import DeskSettings
from web.consults.states import Move, Sending, Stale, State, move
from web.consults.tables import consults, lookers, outgoing
from web.database.engine import reader


@dataclass(frozen=True)
class Reviews:
    """The queue. Errors say what to do: `Stale`, `NoSuchConsult`, `UnusableEdit`.

    Attributes:
        engine: the database.
        settings: the desk.
        also: writes into the transaction of every change what else must be known of it.
    """

    engine: Engine
    settings: DeskSettings
    also: policies.Also = lambda _: None

    def noting(self, also: policies.Also) -> Reviews:
        """The queue, of whose changes each writes this too: both are kept, or neither."""
        return replace(self, also=also)

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection
            self.also(connection)

    def inbox(self, wanted: Filter | None = None) -> list[Row]:
        """One page of the queue."""
        return listed(self.engine, self.settings, wanted or Filter())

    def total(self, wanted: Filter | None = None) -> int:
        """How many consults the filter lets through, on all pages."""
        return found(self.engine, self.settings, wanted or Filter())

    def counts(self) -> Counts:
        """How many consults stand where."""
        return counted(self.engine, self.settings)

    def open(self, consult_id: int) -> Opened:
        """One consult with all that is kept of it."""
        return opened(self.engine, self.settings, consult_id)

    def receipt(self, consult_id: int) -> Receipt:
        """All that led to the reply; `receipts.as_json` and `receipts.as_pdf` write it out."""
        return self.open(consult_id).receipt

    def edit(self, consult_id: int, body: str, reviewer: str, based_on: str) -> Version:
        """The newest version, with the reviewer's text.

        Args:
            body: Markdown.
            based_on: the hash of the version that was edited.

        Raises:
            Stale: another version came meanwhile, or the consult has moved on.
            UnusableEdit: the text is empty or too long, or brings a patient's number in.
        """
        with self.engine.begin() as connection:
            newest = newest_version(connection, consult_id)
            if newest.draft.body_hash != based_on:
                raise Stale(CHANGED)
            body = usable_body(body, newest.draft.body)
            if newest.draft.body == body:
                return newest
            made = drafting.edited(newest.draft, body, reviewer)
            keep_draft(connection, consult_id, made)
            _change(connection, consult_id, (State.DRAFTED,), **summary(made))
            self.also(connection)
            return newest_version(connection, consult_id)

    def marks(self, consult_id: int, body: str) -> tuple[Mark, ...]:
        """What an edited text says that the tools' results do not hold, or that looks like an
        identifier; in the order of the text. Who asked may be greeted by name."""
        read = self.open(consult_id)
        if read.made is None:
            return ()
        known = f"{read.made.body}\n{read.letter.sender_name}"
        both = (*figures.unsupported(body, read.made), *identifiers(body, known))
        return tuple(sorted(both, key=lambda mark: (mark.start, mark.end)))

    def approve(
        self,
        consult_id: int,
        body_hash: str,
        reviewer: str,
        *,
        asks: bool = False,
        reason: str = "",
    ) -> None:
        """Send that version, once the time to call it back is over.

        Args:
            body_hash: of the version that was read.
            asks: whether it asks the clinic for a fact, so that its answer is awaited.

        Raises:
            Stale: somebody else decided first, or a newer version stands there.
        """
        read = self.open(consult_id)
        if read.newest is None or read.newest.draft.body_hash != body_hash:
            raise Stale(CHANGED)
        wish = Approval(reviewer, read.letter, asks=asks, reason=usable_note(reason))
        newest = read.newest
        with self._changing() as connection:
            approve(connection, consult_id, newest.id, newest.draft, wish, self.settings)

    def undo(self, consult_id: int, reviewer: str) -> None:
        """Call an approved reply back.

        Raises:
            Stale: it is on its way already, or was sent.
        """
        with self._changing() as connection:
            pending = (
                outgoing.c.consult_id == consult_id,
                outgoing.c.state == Sending.PENDING,
                or_(outgoing.c.lease_token.is_(None), outgoing.c.lease_until < now(connection)),
            )
            withdrawn = update(outgoing).where(*pending)
            values = {"state": Sending.WITHDRAWN, "lease_token": None}
            if not connection.execute(withdrawn.values(values)).rowcount:
                raise Stale("This reply is on its way already; it cannot be called back.")
            move(connection, consult_id, Move.UNDO)
            decide(connection, consult_id, "undone", reviewer)

    def reject(self, consult_id: int, reviewer: str, reason: str) -> None:
        """Close it without a reply.

        Raises:
            Stale: it is not open any more.
            UnusableEdit: no reason was given.
        """
        reason = usable_reason(reason)
        with self._changing() as connection:
            move(connection, consult_id, Move.REJECT, closed_at=now(connection))
            decide(connection, consult_id, "rejected", reviewer, reason=reason)

    def quarantine(self, consult_id: int, reviewer: str, reason: str) -> None:
        """Set a suspicious mail apart, unanswered; `release` or `reject` ends it.

        Raises:
            Stale: it is not open any more.
            UnusableEdit: no reason was given.
        """
        reason = usable_reason(reason)
        with self._changing() as connection:
            move(connection, consult_id, Move.SET_APART, reason=reason)
            decide(connection, consult_id, "quarantined", reviewer, reason=reason)

    def release(self, consult_id: int, reviewer: str) -> None:
        """Let a mail that is held or in quarantine be drafted.

        Raises:
            Stale: it is neither any more.
        """
        with self._changing() as connection:
            at = now(connection)
            move(connection, consult_id, Move.RELEASE, released_by=reviewer[:200], run_at=at)
            decide(connection, consult_id, "released", reviewer)

    def try_again(self, consult_id: int, reviewer: str) -> None:
        """Draft again what failed to be drafted, or send again the very bytes that were refused.

        Raises:
            Stale: it did not fail, or its reply came back from where it was sent.
        """
        with self._changing() as connection:
            at = now(connection)
            unsent = unsent_reply(connection, consult_id)
            if unsent is None and not kept_versions(connection, consult_id):
                move(connection, consult_id, Move.READ_AGAIN, run_at=at, attempts=0, last_error="")
                decide(connection, consult_id, "read again", reviewer)
                return
            if unsent is None:
                raise Stale("This reply cannot be sent again as it is. Reopen the consult.")
            values = {"state": Sending.PENDING, "attempts": 0, "run_at": at, "last_error": ""}
            connection.execute(update(outgoing).where(outgoing.c.id == unsent).values(values))
            move(connection, consult_id, Move.SEND_AGAIN, last_error="")
            decide(connection, consult_id, "send again", reviewer)

    def reopen(self, consult_id: int, reviewer: str) -> None:
        """Bring a rejected or failed consult back to its draft; a reply that failed stays kept.

        Raises:
            Stale: it is neither, or it has no draft.
        """
        with self._changing() as connection:
            newest_version(connection, consult_id)
            move(connection, consult_id, Move.REOPEN, closed_at=None, last_error="")
            decide(connection, consult_id, "reopened", reviewer)

    def settle(self, consult_id: int, reviewer: str, *, was_sent: bool) -> None:
        """Say what became of a reply whose end nobody saw.

        Raises:
            Stale: it has been found meanwhile.
        """
        with self._changing() as connection:
            at = now(connection)
            unknown = (
                outgoing.c.consult_id == consult_id,
                outgoing.c.state == Sending.UNKNOWN,
            )
            values: dict[str, object] = {"lease_token": None, "lease_until": None}
            if was_sent:
                values |= {"state": Sending.SENT, "sent_at": at}
            else:
                values |= {"state": Sending.PENDING, "run_at": at}
            closes_as = connection.scalar(
                update(outgoing).where(*unknown).values(values).returning(outgoing.c.closes_as)
            )
            if closes_as is None:
                raise Stale("What became of this reply is known meanwhile. Open it again.")
            if was_sent:
                closing = Move.ASKED if closes_as == State.ASKED else Move.SENT
                move(connection, consult_id, closing, closed_at=at)
            decide(connection, consult_id, "was sent" if was_sent else "not sent", reviewer)

    def note(self, consult_id: int, text: str) -> None:
        """Keep the reviewers' own note, masked; it is never sent.

        Raises:
            UnusableEdit: it is too long.
        """
        self._set(consult_id, note=usable_note(text))

    def assign(self, consult_id: int, reviewer: str) -> None:
        """Give it to a reviewer; "" for nobody."""
        self._set(consult_id, assigned_to=reviewer[:200])

    def snooze(self, consult_id: int, until: datetime | None) -> None:
        """Keep it out of the list until then; None shows it again."""
        self._set(consult_id, snoozed_until=until)

    def _set(self, consult_id: int, **values: object) -> None:
        with self._changing() as connection:
            consult_row(connection, consult_id)
            _change(connection, consult_id, tuple(State), **values)

    def look(self, consult_id: int, reviewer: str) -> tuple[str, ...]:
        """Say that a reviewer has it open; who else has."""
        with suppress(IntegrityError), self.engine.begin() as connection:  # two tabs of one person
            consult_row(connection, consult_id)
            at = now(connection)
            here = (lookers.c.consult_id == consult_id, lookers.c.person == reviewer)
            if not connection.execute(update(lookers).where(*here).values(seen_at=at)).rowcount:
                values = {"consult_id": consult_id, "person": reviewer, "seen_at": at}
                connection.execute(insert(lookers).values(values))
        with reader(self.engine).connect() as connection:
            seen = lookers_of(connection, consult_id, now(connection))
        return tuple(one for one in seen if one != reviewer)


def _change(
    connection: Connection, consult_id: int, states: tuple[State, ...], **values: object
) -> None:
    here = (consults.c.id == consult_id, consults.c.state.in_(states))
    if not connection.execute(update(consults).where(*here).values(**values)).rowcount:
        raise Stale("This consult has moved on meanwhile. Open it again to see where it stands.")
