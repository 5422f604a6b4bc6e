"""A desk beside a plain model of it: what both hold, and what must hold at every moment."""

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from desks import TestDesk, assistant, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import func, select

from web.consults.leases import Lease
from web.consults.sending import MOST_ATTEMPTS, Sender, Settler
from web.consults.states import LIVE, Sending, Stale, State
from web.consults.tables import consults, decisions, drafts, mails, outgoing
from web.database.engine import open_database, reader

MEMORY = "/dev/shm"
WORKABLE = (Sending.PENDING, Sending.SENDING)


@dataclass
class Modelled:
    """A consult as the model knows it.

    Attributes:
        arrived: how many mails the clinic really got, and that did not come back.
        handed: whether the text of the live reply has reached the server, which nobody here knows.
    """

    state: State = State.RECEIVED
    sending: Sending | None = None
    versions: int = 0
    decided: int = 0
    arrived: int = 0
    handed: bool = False
    copied: bool = False


@dataclass
class Held:
    """A worker's lease, and whether the model says that it is still its own."""

    lease: Lease
    consult: int
    is_ours: bool = True
    began: bool = False


class Modelling(RuleBasedStateMachine):
    """What the rules share; people and workers are in files of their own."""

    address = ""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(
            dir=MEMORY if os.access(MEMORY, os.W_OK) else None
        )
        address = type(self).address or f"sqlite:///{self.folder.name}/database.sqlite"
        self.engine = open_database(address)
        self.desk = TestDesk(self.engine, assistant(Path(tempfile.gettempdir())), settings())
        self.sender = Sender(self.engine, self.desk.settings)
        self.settler = Settler(self.engine, self.desk.settings)
        self.model: dict[int, Modelled] = {}
        self.drafting: list[Held] = []
        self.replying: list[Held] = []
        self.kinds: dict[int, str] = {}
        self.asked = 0
        with self.engine.begin() as connection:  # PostgreSQL's database is used again
            for table in (outgoing, decisions, drafts, consults, mails):
                connection.execute(table.delete())

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    @contextmanager
    def only_from(self, consult: int, *allowed: State):
        """The act is allowed in these states; in the others it is refused and changes nothing."""
        known = self.model[consult]
        if known.state in allowed:
            yield known
        else:
            with pytest.raises(Stale):
                yield Modelled()

    def pick(self, data):
        return data.draw(st.sampled_from(sorted(self.model)))

    def expire(self, held):
        """Whoever takes the row next has it; until then its worker may still write."""
        table = held.lease.table
        states = (State.RECEIVED,) if table is consults else WORKABLE
        if not held.is_ours:
            return
        taken = self.desk.leases.claim(table, states)
        while taken is not None:
            if table is consults:
                consult = taken.id
                self.lose(self.drafting, consult)
                self.drafting.append(Held(taken, consult))
            else:
                consult = self.consult_of(taken.id)
                self.lose(self.replying, consult)
                if taken.state == Sending.SENDING:
                    self.sender.send(taken)
                    self.model[consult].sending = Sending.UNKNOWN
                else:
                    self.replying.append(Held(taken, consult))
            taken = self.desk.leases.claim(table, states)

    def lose(self, held, consult):
        for one in held:
            if one.consult == consult:
                one.is_ours = False

    def sending_begins(self, data):
        ours = [h for h in self.replying if h.is_ours and not h.began]
        if not ours:
            return None
        held = data.draw(st.sampled_from(ours))
        with reader(self.engine).connect() as connection:
            row = (
                connection.execute(select(outgoing).where(outgoing.c.id == held.lease.id))
                .mappings()
                .one()
            )
        self.sender._commit_sending(held.lease, row)
        held.began = True
        self.model[held.consult].sending = Sending.SENDING
        return held

    def follow(self, known, state, consult):
        known.sending = state
        if state is Sending.SENT:
            known.state = State.SENT
        elif state is Sending.REFUSED:
            known.state = State.FAILED
        elif state is Sending.PENDING:
            reply = self.desk.reviews.open(consult).replies[-1]
            if reply.attempts >= MOST_ATTEMPTS:
                known.sending, known.state = Sending.FAILED, State.FAILED

    def consult_of(self, reply_id):
        with reader(self.engine).connect() as connection:
            wanted = select(outgoing.c.consult_id).where(outgoing.c.id == reply_id)
            return connection.scalar(wanted)

    @invariant()
    def the_tables_say_what_the_model_says(self):
        with reader(self.engine).connect() as connection:
            states = dict(connection.execute(select(consults.c.id, consults.c.state)).all())
            replies = connection.execute(
                select(outgoing.c.consult_id, outgoing.c.state).order_by(outgoing.c.id)
            ).all()
            counts = {
                table: dict(
                    connection.execute(
                        select(table.c.consult_id, func.count()).group_by(table.c.consult_id)
                    ).all()
                )
                for table in (drafts, decisions)
            }
        assert states == {n: m.state for n, m in self.model.items()}
        assert dict(map(tuple, replies)) == {
            n: m.sending for n, m in self.model.items() if m.sending
        }
        for consult, known in self.model.items():
            assert counts[drafts].get(consult, 0) == known.versions
            assert counts[decisions].get(consult, 0) == known.decided
            live = [r for r in replies if r.consult_id == consult and r.state in LIVE]
            assert len(live) <= 1

    @invariant()
    def no_reply_arrives_twice(self):
        assert all(known.arrived <= 1 for known in self.model.values())

    @invariant()
    def what_is_said_to_be_sent_was_sent(self):
        for known in self.model.values():
            assert known.sending is not Sending.SENT or known.arrived == 1
