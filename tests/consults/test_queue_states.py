"""The queue against a plain model: whatever people, workers and time do, in whatever order."""

import pytest
from desks import question
from hypothesis import HealthCheck
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from modelled import WORKABLE, Held, Modelled, Modelling
from modelled_people import People

from web.consults.leases import LeaseLost
from web.consults.sending import write_outcome
from web.consults.smtp import Outcome
from web.consults.states import Sending, State
from web.consults.tables import consults, outgoing


class Workers(Modelling):
    """The mails, the workers and the time, in any order."""

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


class Desk(People, Workers):
    """Both."""


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
