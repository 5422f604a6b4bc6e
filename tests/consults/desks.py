"""A desk for tests: real database, real assistant, settings without waiting."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, select, update

from assistant.answering import Assistant
from assistant.knowledge import load
from assistant.library import Library
from web.consults.answering import Drafter
from web.consults.intake import Taken, take
from web.consults.leases import Leases
from web.consults.letters import Desk
from web.consults.reviewing import Reviews
from web.consults.settings import DeskSettings
from web.consults.states import Sending, State
from web.consults.tables import consults, outgoing

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
