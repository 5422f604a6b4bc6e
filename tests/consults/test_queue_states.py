"""The queue against a plain model: whatever people, workers and time do, in whatever order."""

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from desks import TestDesk, assistant, question, settings
from hypothesis import HealthCheck
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from web.consults.leases import Lease, LeaseLost
from web.consults.sending import MOST_ATTEMPTS, Sender, Settler, write_outcome
from web.consults.smtp import Outcome
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


class Desk(RuleBasedStateMachine):
    """People and workers, in any order."""

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

    # Mails

    @rule(kind=st.sampled_from(["known", "stranger", "robot"]))
    def a_mail_comes(self, kind):
        self.asked += 1
        raw = question(
            self.asked,
            sender="eve@elsewhere.example" if kind == "stranger" else "biller@clinic.example",
            more="Auto-Submitted: auto-replied\r\n" if kind == "robot" else "",
        )
        taken = self.desk.take(raw)
        assert taken.is_new
        assert not self.desk.take(b"Received: again\r\n" + raw).is_new
        self.model[taken.consult_id] = Modelled()
        self.kinds[taken.consult_id] = kind

    # Workers that draft

    @rule()
    def a_worker_takes_a_mail(self):
        lease = self.desk.leases.claim(consults, (State.RECEIVED,))
        if lease is not None:
            assert self.model[lease.id].state is State.RECEIVED
            assert not any(h.is_ours for h in self.drafting if h.consult == lease.id)
            self.drafting.append(Held(lease, lease.id))

    @rule(data=st.data())
    def a_worker_drafts(self, data):
        if not self.drafting:
            return
        held = self.drafting.pop(data.draw(st.integers(0, len(self.drafting) - 1)))
        if not held.is_ours:
            with pytest.raises(LeaseLost):
                self.desk.drafter.draft(held.lease)
            return
        self.desk.drafter.draft(held.lease)
        known, kind = self.model[held.consult], self.kinds[held.consult]
        if kind == "robot":
            known.state = State.SET_ASIDE
        elif kind == "stranger":
            known.state = State.HELD
        else:
            known.state, known.versions = State.DRAFTED, known.versions + 1

    @rule(data=st.data())
    def a_draft_fails(self, data):
        if not self.drafting:
            return
        held = self.drafting.pop(data.draw(st.integers(0, len(self.drafting) - 1)))
        if held.is_ours:
            self.desk.drafter.fail(held.lease, RuntimeError("planned"))
            known = self.model[held.consult]
            if self.desk.state(held.consult) is State.FAILED:
                known.state = State.FAILED

    # People

    @rule(data=st.data())
    def a_person_approves(self, data):
        if not self.model:
            return
        consult = self.pick(data)
        with self.only_from(consult, State.DRAFTED) as known:
            newest = self.desk.reviews.open(consult).newest
            self.desk.reviews.approve(consult, newest.draft.body_hash if newest else "", "ann")
            known.state, known.sending, known.handed = State.APPROVED, Sending.PENDING, False
            known.decided += 1

    @rule(data=st.data())
    def a_person_approves_what_is_old(self, data):
        if not self.model:
            return
        with pytest.raises(Stale):
            self.desk.reviews.approve(self.pick(data), "0" * 64, "bob")

    @rule(data=st.data(), word=st.sampled_from(["one", "two", "three"]))
    def a_person_edits(self, data, word):
        if not self.model:
            return
        consult = self.pick(data)
        newest = self.desk.reviews.open(consult).newest
        with self.only_from(consult, State.DRAFTED) as known:
            text = f"{newest.draft.body if newest else ''} {word}"
            self.desk.reviews.edit(consult, text, "ann", newest.draft.body_hash if newest else "")
            known.versions += 1

    @rule(data=st.data())
    def a_person_undoes(self, data):
        if not self.model:
            return
        consult = self.pick(data)
        held = any(h.is_ours and h.consult == consult for h in self.replying)
        known = self.model[consult]
        if known.sending is Sending.PENDING and not held:
            self.desk.reviews.undo(consult, "ann")
            known.state, known.sending = State.DRAFTED, Sending.WITHDRAWN
            known.decided += 1
            self.lose(self.replying, consult)
        else:
            with pytest.raises(Stale):
                self.desk.reviews.undo(consult, "ann")

    @rule(data=st.data())
    def a_person_rejects(self, data):
        if not self.model:
            return
        states = (State.DRAFTED, State.HELD, State.QUARANTINED, State.FAILED)
        with self.only_from(consult := self.pick(data), *states) as known:
            self.desk.reviews.reject(consult, "ann", "not for us")
            known.state, known.decided = State.REJECTED, known.decided + 1

    @rule(data=st.data())
    def a_person_quarantines(self, data):
        if not self.model:
            return
        states = (State.DRAFTED, State.HELD, State.FAILED)
        with self.only_from(consult := self.pick(data), *states) as known:
            self.desk.reviews.quarantine(consult, "ann", "it looks forged")
            known.state, known.decided = State.QUARANTINED, known.decided + 1

    @rule(data=st.data())
    def a_person_releases(self, data):
        if not self.model:
            return
        states = (State.HELD, State.QUARANTINED)
        with self.only_from(consult := self.pick(data), *states) as known:
            self.desk.reviews.release(consult, "ann")
            known.state, known.decided = State.RECEIVED, known.decided + 1
            self.kinds[consult] = "known"

    @rule(data=st.data())
    def a_person_reopens(self, data):
        if not self.model:
            return
        consult = self.pick(data)
        known = self.model[consult]
        if known.state in (State.REJECTED, State.FAILED) and known.versions:
            self.desk.reviews.reopen(consult, "ann")
            known.state, known.decided = State.DRAFTED, known.decided + 1
        else:
            with pytest.raises(Stale):
                self.desk.reviews.reopen(consult, "ann")

    @rule(data=st.data())
    def a_person_tries_again(self, data):
        if not self.model:
            return
        consult = self.pick(data)
        known = self.model[consult]
        resendable = known.sending in (Sending.REFUSED, Sending.FAILED)
        if known.state is State.FAILED and (resendable or not known.versions):
            self.desk.reviews.try_again(consult, "ann")
            known.decided += 1
            if resendable:
                known.state, known.sending = State.APPROVED, Sending.PENDING
            else:
                known.state = State.RECEIVED
        else:
            with pytest.raises(Stale):
                self.desk.reviews.try_again(consult, "ann")

    @rule(data=st.data())
    def a_person_settles_truly(self, data):
        if not self.model:
            return
        consult = self.pick(data)
        known = self.model[consult]
        if known.sending is not Sending.UNKNOWN:
            with pytest.raises(Stale):
                self.desk.reviews.settle(consult, "ann", was_sent=known.handed)
            return
        self.desk.reviews.settle(consult, "ann", was_sent=known.handed)
        known.decided += 1
        known.sending = Sending.SENT if known.handed else Sending.PENDING
        known.state = State.SENT if known.handed else State.APPROVED
        self.lose(self.replying, consult)

    # Workers that send

    @rule()
    def a_worker_takes_a_reply(self):
        lease = self.desk.leases.claim(outgoing, WORKABLE)
        if lease is None:
            return
        consult = self.consult_of(lease.id)
        known = self.model[consult]
        assert not any(h.is_ours for h in self.replying if h.consult == consult)
        if lease.state == Sending.SENDING:
            self.sender.send(lease)  # an earlier worker died while sending
            known.sending = Sending.UNKNOWN
        else:
            assert known.sending is Sending.PENDING
            self.replying.append(Held(lease, consult))

    @rule(data=st.data(), taken=st.booleans())
    def a_worker_hands_over_and_dies(self, data, taken):
        if (held := self.sending_begins(data)) is not None:
            self.model[held.consult].handed |= taken
            self.model[held.consult].arrived += taken

    @rule(
        data=st.data(),
        state=st.sampled_from([Sending.SENT, Sending.PENDING, Sending.REFUSED, Sending.UNKNOWN]),
        taken=st.booleans(),
    )
    def a_worker_hands_over(self, data, state, taken):
        held = self.sending_begins(data)
        if held is None:
            return
        self.replying.remove(held)
        known = self.model[held.consult]
        if state is Sending.SENT or (state is Sending.UNKNOWN and taken):
            known.arrived, known.handed = known.arrived + 1, True
        with self.engine.begin() as connection:
            write_outcome(connection, held.lease, Outcome(state, "said"), self.desk.settings)
        self.follow(known, state, held.consult)

    @rule(data=st.data())
    def a_server_is_down(self, data):
        ours = [h for h in self.replying if h.is_ours and not h.began]
        if not ours:
            return
        held = data.draw(st.sampled_from(ours))
        self.replying.remove(held)
        with self.engine.begin() as connection:
            outcome = Outcome(Sending.PENDING, "down")
            write_outcome(connection, held.lease, outcome, self.desk.settings)
        self.follow(self.model[held.consult], Sending.PENDING, held.consult)

    @rule(data=st.data(), state=st.sampled_from([Sending.SENT, Sending.PENDING]))
    def a_worker_comes_back_too_late(self, data, state):
        late = [h for h in self.replying if not h.is_ours]
        if late:
            held = data.draw(st.sampled_from(late))
            with pytest.raises(LeaseLost), self.engine.begin() as connection:
                write_outcome(connection, held.lease, Outcome(state, "late"), self.desk.settings)

    @rule(data=st.data())
    def the_copy_comes(self, data):
        handed = [c for c, m in self.model.items() if m.handed and not m.copied]
        if handed:
            consult = data.draw(st.sampled_from(handed))
            reply = self.desk.reviews.open(consult).replies[-1]
            taken = self.desk.take(reply.raw)
            self.model[taken.consult_id] = Modelled()
            self.kinds[taken.consult_id] = "robot"  # our own: never answered
            self.model[consult].copied = True

    @rule()
    def a_settler_looks(self):
        lease = self.desk.leases.claim(outgoing, (Sending.UNKNOWN,))
        if lease is None:
            return
        consult = self.consult_of(lease.id)
        self.settler.settle(lease)
        known = self.model[consult]
        assert known.sending is Sending.UNKNOWN
        if known.copied:
            known.state, known.sending = State.SENT, Sending.SENT

    @rule()
    def time_passes(self):
        self.desk.pass_time()
        for held in (*self.drafting, *self.replying):
            self.expire(held)

    # What the rules share

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

    # What must hold at every moment

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


def run(machine, examples, steps):
    run_state_machine_as_test(
        machine,
        settings=effort(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_on_sqlite():
    run(Desk, examples=15, steps=35)


def test_on_postgresql(new_postgres):
    class OnPostgresql(Desk):
        address = new_postgres()

    run(OnPostgresql, examples=4, steps=35)
