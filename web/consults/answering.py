"""The drafting job: a mail that is kept becomes a letter with a draft, or says why it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select, update
from sqlalchemy.exc import OperationalError

from assistant.answering import Assistant
from web.consults import approving, drafting, policies
from web.consults.leases import Lease, backoff, finish, now, row_of
from web.consults.letters import Draft, Fate, Letter, Received, Turn, Verdict
from web.consults.parsing import take_in
from web.consults.settings import DeskSettings
from web.consults.states import Move, Sending, Stale, State, move
from web.consults.tables import consults, drafts, mails, outgoing
from web.consults.threads import earlier_turns, ours, thread_of
from web.database.engine import reader

LONGEST_SUBJECT = 300
DIED = "Whoever drafted this died of it, several times. Read the mail and answer it by hand."
FAILED = "The draft failed several times ({}). Try again, or read the mail and answer it by hand."

MOVES = {
    Fate.HOLD: Move.HOLD,
    Fate.TOO_LARGE: Move.HOLD,
    Fate.UNREADABLE: Move.QUARANTINE,
    Fate.AUTOMATIC: Move.SET_ASIDE,
    Fate.BOUNCE: Move.SET_ASIDE,
    Fate.OWN: Move.SET_ASIDE,
}
SEALED = (Fate.UNREADABLE, Fate.TOO_LARGE)  # a person has released it, but read it nobody could
NEVER_ANSWERED = (Fate.AUTOMATIC, Fate.BOUNCE, Fate.OWN)


@dataclass(frozen=True)
class Drafter:
    """Drafts replies.

    Attributes:
        engine: the database.
        settings: whose desk it is.
        assistant: answers, the same as everywhere.
        today: what day it is.
    """

    engine: Engine
    settings: DeskSettings
    assistant: Assistant
    today: Callable[[], date] = date.today

    def draft(self, lease: Lease) -> None:
        """Read the mail in our hands; draft its reply where it may be answered.

        Raises:
            LeaseLost: another worker has it now; nothing was written.
        """
        if lease.taken > self.settings.most_taken:
            self._give_up(lease, DIED)
            return
        with reader(self.engine).connect() as connection:
            row = row_of(connection, lease)
            mail = (
                connection.execute(select(mails).where(mails.c.id == row["mail_id"]))
                .mappings()
                .one()
            )
        received = take_in(mail["raw"], self.settings.desk, ours(self.engine), mail["size"])
        about = self._about(received.letter, received.verdict)
        if self._is_answered(received.verdict, row, mail):
            self._answer(lease, received, mail, about)
            return
        with self.engine.begin() as connection:
            finish(connection, lease, attempts=0)
            values = {**about, "thread_id": lease.id}
            move(connection, lease.id, MOVES[received.verdict.fate], **values)
            if received.verdict.fate is Fate.BOUNCE and received.verdict.failed:
                _mark_bounced(connection, received.verdict)

    def _is_answered(self, verdict: Verdict, row: RowMapping, mail: RowMapping) -> bool:
        if verdict.fate in NEVER_ANSWERED:
            return False
        # Who asks by the page or the API has signed in.
        known = mail["channel"] != "mail" and verdict.fate is Fate.HOLD
        return verdict.fate is Fate.ANSWER or known or bool(row["released_by"])

    def _about(self, letter: Letter, verdict: Verdict) -> dict[str, Any]:
        def masked(text: str, longest: int) -> str:
            return self.assistant.mask(text).text[:longest] if text.strip() else ""

        return {
            "sender": letter.sender[:320],
            "sender_name": masked(letter.sender_name, 320),
            "subject": masked(letter.subject, LONGEST_SUBJECT),
            "fate": verdict.fate,
            "reason": verdict.reason,
            "last_error": "",
        }

    def _answer(
        self, lease: Lease, received: Received, mail: RowMapping, about: dict[str, Any]
    ) -> None:
        desk, letter, verdict = self.settings.desk, received.letter, received.verdict
        with reader(self.engine).connect() as connection:
            thread_id = thread_of(connection, letter, desk)
            earlier: tuple[Turn, ...] = ()
            if thread_id is not None:
                earlier = earlier_turns(connection, thread_id, lease.id, desk, self._masked)
        sealed = verdict.reason if verdict.fate in SEALED else ""
        made = drafting.draft(letter, desk, self.assistant, self.today(), earlier, sealed)
        with self.engine.begin() as connection:
            finish(connection, lease, attempts=0)
            kept = keep_draft(connection, lease.id, made)
            values = {**about, **summary(made), "thread_id": thread_id or lease.id}
            move(connection, lease.id, Move.DRAFT, **values)
            if thread_id is not None:
                _mark_answered(connection, thread_id)
            is_open = mail["channel"] == "mail" and verdict.fate is Fate.ANSWER
            policy = policies.applying(connection, letter.sender, made) if is_open else None
            if policy is not None:
                wish = approving.Approval(policy.reviewer, letter, by_policy=True)
                approving.approve(connection, lease.id, kept, made, wish, self.settings)

    def _masked(self, text: str) -> str:
        return self.assistant.mask(text).text

    def fail(self, lease: Lease, error: Exception) -> None:
        """Note the failure; the mail is tried again later, and after the last try it is shown.

        Raises:
            LeaseLost: another worker has it now; nothing was written.
        """
        with reader(self.engine).connect() as connection:
            attempts = row_of(connection, lease)["attempts"]
        if not isinstance(error, OperationalError):  # a database that is away is no fault of it
            attempts += 1
        if attempts >= self.settings.most_attempts:
            self._give_up(lease, FAILED.format(type(error).__name__))
            return
        with self.engine.begin() as connection:
            run_at = now(connection) + backoff(attempts, self.settings.first_backoff)
            why = type(error).__name__  # its words may quote the mail
            finish(connection, lease, attempts=attempts, run_at=run_at, last_error=why)

    def _give_up(self, lease: Lease, why: str) -> None:
        with self.engine.begin() as connection:
            finish(connection, lease, attempts=0)
            move(connection, lease.id, Move.GIVE_UP, last_error=why)


def keep_draft(connection: Connection, consult_id: int, made: Draft) -> int:
    """The id of the draft, kept as the consult's next version."""
    newest = select(func.coalesce(func.max(drafts.c.version), 0))
    version = connection.scalar(newest.where(drafts.c.consult_id == consult_id)) or 0
    row = asdict(made) | {"consult_id": consult_id, "version": version + 1}
    row |= {"asked": list(made.asked), "payers": list(made.payers), "codes": list(made.codes)}
    kept: int | None = connection.scalar(
        insert(drafts).values(**row, made_at=now(connection)).returning(drafts.c.id)
    )
    assert kept is not None
    return kept


def summary(made: Draft) -> dict[str, object]:
    """What the queue's list shows and filters by."""
    return {
        "kind": made.kind,
        "severity": made.severity,
        "is_complete": made.is_complete,
        "codes": spaced(made.codes),
        "payers": spaced(made.payers),
    }


def spaced(words: tuple[str, ...]) -> str:
    """The words, each between spaces, so that each can be found whole."""
    return f" {' '.join(words)} " if words else ""


def _mark_answered(connection: Connection, thread_id: int) -> None:
    """The clinic has answered what it was asked."""
    asked = (consults.c.thread_id == thread_id, consults.c.state == State.ASKED)
    for consult_id in connection.scalars(select(consults.c.id).where(*asked)).all():
        move(connection, consult_id, Move.ANSWERED)


def _mark_bounced(connection: Connection, verdict: Verdict) -> None:
    """The reply will not arrive: its consult waits for a person again."""
    rows = connection.execute(
        select(outgoing.c.id, outgoing.c.consult_id, outgoing.c.state).where(
            outgoing.c.message_id.in_(verdict.about),
            outgoing.c.state.in_((Sending.SENDING, Sending.UNKNOWN, Sending.SENT)),
        )
    ).all()
    why = f"The reply came back undelivered ({verdict.status or 'no status given'})."
    for row in rows:
        if row.state == Sending.SENDING:
            raise Stale("The bounce came before its reply was written down as sent: try later.")
        change_to = {"state": Sending.BOUNCED, "last_error": why, "lease_token": None}
        connection.execute(update(outgoing).where(outgoing.c.id == row.id).values(change_to))
        made = Move.BOUNCE if row.state == Sending.SENT else Move.NOT_SENT
        move(connection, row.consult_id, made, last_error=why, closed_at=None)
