"""What people do at a modelled desk."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from modelled import Modelling

from web.consults.states import Sending, Stale, State


class People(Modelling):
    """Reviewers, in any order."""

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
