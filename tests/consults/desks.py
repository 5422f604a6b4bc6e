"""A desk for tests: real database, real assistant, settings without waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, Table, func, select, update

from assistant.answering import Assistant
from assistant.knowledge import load
from assistant.library import Library
from web.consults.answering import Drafter
from web.consults.intake import Taken, take
from web.consults.leases import Leases
from web.consults.letters import Desk
from web.consults.reviewing import Reviews
from web.consults.sending import write_outcome
from web.consults.settings import DeskSettings
from web.consults.smtp import Outcome
from web.consults.states import Sending, Stale, State
from web.consults.tables import consults, outgoing
from web.database.engine import reader

DAY = date(2026, 11, 2)
DESK = "desk@practice.example"
BILLER = "biller@clinic.example"
NONE = timedelta(0)


@cache
def assistant(folder: Path) -> Assistant:
    """The real assistant over an empty library: minutes need no passages."""
    knowledge = load(None)
    return Assistant(knowledge, Library(folder, knowledge))


def settings(**changed: object) -> DeskSettings:
    desk = Desk(DESK, allowed=("@clinic.example",))
    return DeskSettings(**{"desk": desk, "undo": NONE, **changed})  # type: ignore[arg-type]


def question(number: int = 1, *, sender: str = BILLER, text: str = "", more: str = "") -> bytes:
    asked = text or "10 min 97110 and 20 min 97530, Medicare, PT."
    return (
        f"From: Billing <{sender}>\r\nTo: {DESK}\r\nSubject: Visit {number}\r\n"
        f"Date: Mon, 05 Oct 2026 10:00:00 +0000\r\nMessage-ID: <q{number}@clinic.example>\r\n"
        f"{more}\r\n{asked}\r\nQuestion {number}.\r\n"
    ).encode()


class TestDesk:
    """The desk's services over one database."""

    __test__ = False

    def __init__(self, engine: Engine, made: Assistant, given: DeskSettings | None = None) -> None:
        self.engine = engine
        self.settings = given or settings()
        self.assistant = made
        self.reviews = Reviews(engine, self.settings)
        self.leases = Leases(engine, self.settings.lease)
        self.drafter = Drafter(engine, self.settings, made, lambda: DAY)

    def take(self, raw: bytes) -> Taken:
        return take(self.engine, raw)

    def draft_all(self) -> int:
        done = 0
        while lease := self.leases.claim(consults, (State.RECEIVED,)):
            self.drafter.draft(lease)
            done += 1
        return done

    def drafted(self, raw: bytes) -> int:
        """The number of a consult whose draft waits for a person."""
        taken = self.take(raw)
        self.draft_all()
        assert self.state(taken.consult_id) is State.DRAFTED
        return taken.consult_id

    def approved(self, raw: bytes) -> int:
        consult_id = self.drafted(raw)
        self.approve(consult_id)
        return consult_id

    def approve(self, consult_id: int, reviewer: str = "ann", **wish: bool) -> None:
        newest = self.reviews.open(consult_id).newest
        assert newest is not None
        self.reviews.approve(consult_id, newest.draft.body_hash, reviewer, **wish)

    def state(self, consult_id: int) -> State:
        return self.reviews.open(consult_id).state

    def sending(self, consult_id: int) -> Sending | None:
        replies = self.reviews.open(consult_id).replies
        return replies[-1].state if replies else None

    def pass_time(self, span: timedelta = timedelta(hours=2)) -> None:
        """What is put off is due, and the leases of dead workers are over."""
        with self.engine.begin() as connection:
            for table in (consults, outgoing):
                for row in connection.execute(select(table)).mappings().all():
                    values = {"run_at": row["run_at"] - span}
                    if row["lease_until"] is not None:
                        values["lease_until"] = row["lease_until"] - span
                    connection.execute(update(table).where(table.c.id == row["id"]).values(values))


def counted(desk: TestDesk, table: Table) -> int:
    """How many rows a table has."""
    with reader(desk.engine).connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def send_all(desk: TestDesk) -> None:
    """Replies are marked sent as a worker does after the server's word."""
    while lease := desk.leases.claim(outgoing, (Sending.PENDING,)):
        with desk.engine.begin() as connection:
            write_outcome(connection, lease, Outcome(Sending.SENT, "250"), desk.settings)
        desk.leases.forget(lease)


def answering(desk: TestDesk, consult: int, number: int, **more: str) -> bytes:
    """A mail that answers the consult's reply."""
    message_id = desk.reviews.open(consult).replies[-1].message_id
    header = f"In-Reply-To: {message_id}\r\nReferences: {message_id}\r\n"
    return question(number, more=header, **more)


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What each of several threads ended with, all begun together."""
    barrier = threading.Barrier(count)
    ended: list[object] = [None] * count

    def run(n: int) -> None:
        barrier.wait()
        ended[n] = act(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def attempt(act: Callable[[], object]) -> str | None:
    """The name of the error, or None."""
    try:
        act()
    except Stale as error:
        return type(error).__name__
    return None


def bounce_of(message_id: str) -> bytes:
    """What a mail server sends back where that reply cannot be delivered."""
    return (
        "From: MAILER-DAEMON@relay.example\r\n"
        f"To: {DESK}\r\n"
        "Subject: Undelivered Mail\r\n"
        "Message-ID: <bounce@relay.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "MIME-Version: 1.0\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {BILLER}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {message_id}\r\nFrom: {DESK}\r\n\r\n--b--\r\n"
    ).encode()
