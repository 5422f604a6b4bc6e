"""Sending a reply at most once, and settling what became of one whose end nobody saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, RowMapping, insert, select

from web.consults import imap, smtp
from web.consults.leases import Lease, LeaseLost, backoff, change, finish, now, row_of
from web.consults.settings import DeskSettings
from web.consults.smtp import Outcome, Refused
from web.consults.states import Move, Sending, State, move
from web.consults.tables import decisions, mails
from web.database.engine import reader

LOOK_AGAIN = timedelta(hours=1)
MOST_ATTEMPTS = 12  # about six hours of a server that is down or says "later"
ABSENT = (
    "The connection broke while this was being sent, and no copy has come to the desk's mailbox. "
    "Look whether the clinic has it, then say so."
)


@dataclass(frozen=True)
class Sender:
    """Sends the replies that are due.

    Attributes:
        engine: the database.
        settings: servers and waiting times.
    """

    engine: Engine
    settings: DeskSettings

    def send(self, lease: Lease) -> None:
        """Send the reply in our hands, unless an earlier try may have sent it.

        Raises:
            LeaseLost: another worker has it now.
        """
        if lease.state == Sending.SENDING:  # whoever held it died between the text and our commit
            self._write(lease, Outcome(Sending.UNKNOWN, "A worker died while sending"))
            return
        with reader(self.engine).connect() as connection:
            row = row_of(connection, lease)
        if not row["recipient"]:
            self._write(lease, Outcome(Sending.SENT, "Read in the queue: nobody to mail"))
            return
        self._write(lease, self._transact(lease, row))

    def _transact(self, lease: Lease, row: RowMapping) -> Outcome:
        server = self.settings.smtp
        if server is None:
            return Outcome(Sending.PENDING, "ASSISTANT_MAIL_SMTP is not set: nothing can be sent.")
        handed: Outcome | None = None
        try:
            with smtp.entered(server, self.settings.smtp_timeout) as client:
                copy = self.settings.desk.address
                later = smtp.offer(client, row["sender"], row["recipient"], copy, row["raw"])
                if later:
                    return Outcome(Sending.PENDING, later)
                self._commit_sending(lease, row)
                handed = smtp.hand_over(client, row["raw"])
                return handed
        except Refused as error:
            return Outcome(Sending.REFUSED, str(error))
        except (LeaseLost, NothingSent):
            raise
        except Exception as error:  # a certificate, a login, a command that prints no password
            return handed or Outcome(Sending.PENDING, smtp.describe(error))

    def _commit_sending(self, lease: Lease, row: RowMapping) -> None:
        """From here on only the desk's copy tells whether it was sent."""
        try:
            with self.engine.begin() as connection:
                change(connection, lease, state=Sending.SENDING, attempts=row["attempts"] + 1)
        except LeaseLost:
            raise
        except Exception as error:
            raise NothingSent from error

    def _write(self, lease: Lease, outcome: Outcome) -> None:
        with self.engine.begin() as connection:
            write_outcome(connection, lease, outcome, self.settings)


class NothingSent(Exception):
    """The database was away before the text was sent: the row says so, or is settled."""


def write_outcome(
    connection: Connection, lease: Lease, outcome: Outcome, settings: DeskSettings
) -> None:
    """Write where the reply stands, and its consult with it.

    Raises:
        LeaseLost: another worker has it now; nothing was written.
    """
    row, at = row_of(connection, lease), now(connection)
    said = {"smtp_reply": outcome.said, "last_error": ""}
    if outcome.state is Sending.SENT:
        finish(connection, lease, state=Sending.SENT, sent_at=at, **said)
        closing = Move.ASKED if row["closes_as"] == State.ASKED else Move.SENT
        move(connection, row["consult_id"], closing, closed_at=at, last_error="")
    elif outcome.state is Sending.UNKNOWN:
        until = at + settings.settle_after
        finish(connection, lease, state=Sending.UNKNOWN, run_at=until, last_error=outcome.said)
    elif outcome.state is Sending.REFUSED:
        _give_up(connection, lease, row, Sending.REFUSED, outcome.said)
    else:
        _try_later(connection, lease, row, outcome.said, settings)


def _try_later(
    connection: Connection, lease: Lease, row: RowMapping, why: str, settings: DeskSettings
) -> None:
    # `sending` was counted when it was committed; a failure before that counts here.
    attempts = row["attempts"] + (row["state"] == Sending.PENDING)
    if attempts >= MOST_ATTEMPTS:
        _give_up(connection, lease, row, Sending.FAILED, why)
        return
    wait = backoff(attempts, settings.first_backoff)
    values = {"attempts": attempts, "run_at": now(connection) + wait, "last_error": why}
    finish(connection, lease, state=Sending.PENDING, **values)


def _give_up(
    connection: Connection, lease: Lease, row: RowMapping, state: Sending, why: str
) -> None:
    finish(connection, lease, state=state, last_error=why)
    move(connection, row["consult_id"], Move.NOT_SENT, last_error=why)


@dataclass(frozen=True)
class Settler:
    """Finds out what became of replies whose end nobody saw.

    Attributes:
        engine: the database.
        settings: the mailbox and what to do where the copy is absent.
    """

    engine: Engine
    settings: DeskSettings

    def settle(self, lease: Lease) -> None:
        """Look for the desk's copy of the reply; what follows from it.

        Raises:
            LeaseLost: another worker has it now.
        """
        with reader(self.engine).connect() as connection:
            row = row_of(connection, lease)
        found = self._is_stored(row["message_id"]) or self._is_in_mailbox(row["message_id"])
        with self.engine.begin() as connection:
            if found:
                copy = Outcome(Sending.SENT, "The desk's own copy has arrived")
                write_outcome(connection, lease, copy, self.settings)
            elif self.settings.resend_absent and self.settings.imap:  # else no copy could come
                why = "No copy of it has arrived"
                self._note(connection, row, why)
                finish(connection, lease, state=Sending.PENDING, last_error=why)
            else:
                again = now(connection) + LOOK_AGAIN
                finish(connection, lease, run_at=again, last_error=ABSENT)

    def _note(self, connection: Connection, row: RowMapping, why: str) -> None:
        connection.execute(
            insert(decisions).values(
                consult_id=row["consult_id"],
                draft_id=row["draft_id"],
                body_hash="",
                reviewer="setting: resend absent",
                verdict="send again",
                reason=why,
                made_at=now(connection),
            )
        )

    def _is_stored(self, message_id: str) -> bool:
        with reader(self.engine).connect() as connection:
            wanted = select(mails.c.id).where(mails.c.message_id == message_id)
            return connection.execute(wanted).first() is not None

    def _is_in_mailbox(self, message_id: str) -> bool:
        """Whether the mailbox holds it; the inbox is looked into before where it is moved to."""
        if self.settings.imap is None:
            return False
        folders = (self.settings.inbox, self.settings.processed, self.settings.sent)
        with imap.entered(self.settings.imap) as client:
            return any(imap.holds(client, folder, message_id) for folder in folders if folder)
