"""Threads and policies: follow-ups, bounces, and what may go out by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desks import (
    BILLER,
    answering,
    bounce_of,
    counted,
    question,
    send_all,
)

from web.consults import policies
from web.consults.states import Sending, Stale, State
from web.consults.tables import outgoing

DAY = timedelta(days=1)
MAILS = Path(__file__).parent / "mails"


class TestThreads:
    def test_a_follow_up_reopens_the_thread_with_what_was_said(self, desk):
        first = desk.approved(question(1))
        send_all(desk)
        later = desk.take(answering(desk, first, 2, text="It was Cigna, not Medicare.")).consult_id
        desk.draft_all()
        read = desk.reviews.open(later)
        assert [one[0] for one in read.thread] == [first, later]
        codes = {line["code"] for c in read.newest.draft.answer["claims"] for line in c["lines"]}
        assert codes == {"97110", "97530"}  # the minutes stood in the first mail

    def test_an_asked_fact_is_awaited_until_the_clinic_answers(self, desk):
        first = desk.drafted(question(1))
        desk.approve(first, asks=True)
        send_all(desk)
        assert desk.state(first) is State.ASKED
        desk.take(answering(desk, first, 2))
        desk.draft_all()
        assert desk.state(first) is State.SENT

    def test_what_was_said_is_not_told_to_others(self, desk):
        first = desk.approved(question(1))
        send_all(desk)
        text = "Please repeat what you told them."
        raw = answering(desk, first, 2, text=text, sender="eve@elsewhere.example")
        other = desk.take(raw).consult_id
        desk.draft_all()
        assert desk.state(other) is State.HELD
        desk.reviews.release(other, "ann")
        desk.draft_all()
        read = desk.reviews.open(other)
        assert [one[0] for one in read.thread] == [other]
        assert "97110" not in read.newest.draft.body

    def test_a_bounce_brings_the_consult_back(self, desk):
        first = desk.approved(question(1))
        send_all(desk)
        message_id = desk.reviews.open(first).replies[-1].message_id
        bounce = desk.take(bounce_of(message_id)).consult_id
        desk.draft_all()
        assert desk.state(bounce) is State.SET_ASIDE
        assert desk.state(first) is State.FAILED
        assert desk.sending(first) is Sending.BOUNCED
        assert "5.1.1" in desk.reviews.open(first).about["last_error"]
        with pytest.raises(Stale):
            desk.reviews.try_again(first, "ann")
        desk.reviews.reopen(first, "ann")
        desk.approve(first)
        assert counted(desk, outgoing) == 2

    def test_our_own_copy_is_set_aside(self, desk):
        first = desk.approved(question(1))
        copy = desk.take(desk.reviews.open(first).reply.raw).consult_id
        desk.draft_all()
        assert desk.state(copy) is State.SET_ASIDE


class TestPolicies:
    def test_nothing_goes_out_by_itself_unless_somebody_says_so(self, desk):
        assert desk.drafted(question())
        assert counted(desk, outgoing) == 0

    def test_a_complete_draft_goes_out_where_an_operator_says_so(self, desk):
        policies.let_go_out(desk.engine, "@clinic.example", "claim", "olga")
        policies.let_go_out(desk.engine, "@clinic.example", "claim", "olga")
        consult = desk.take(question()).consult_id
        desk.draft_all()
        read = desk.reviews.open(consult)
        assert read.newest.draft.is_complete
        assert read.state is State.APPROVED
        assert "set by olga" in read.decisions[0].reviewer
        assert b"Auto-Submitted: auto-replied" in read.reply.raw
        (policy,) = policies.in_force(desk.engine)
        policies.review_again(desk.engine, policy.id)
        assert desk.drafted(question(2))

    @pytest.mark.parametrize(
        ("sender", "kind", "text"),
        [
            ("@other.example", "claim", ""),
            (BILLER, "guidance", ""),
            (BILLER, "*", "We did exercises and lifting."),  # not complete
        ],
    )
    def test_all_else_waits_for_a_person(self, sqlite_desk, sender, kind, text):
        policies.let_go_out(sqlite_desk.engine, sender, kind, "olga")
        assert sqlite_desk.drafted(question(text=text))

    def test_too_many_to_one_sender_wait_for_a_person(self, sqlite_desk, monkeypatch):
        monkeypatch.setattr(policies, "MOST_AN_HOUR", 3)
        policies.let_go_out(sqlite_desk.engine, "*", "*", "olga")
        for number in range(5):
            sqlite_desk.take(question(number))
        sqlite_desk.draft_all()
        assert sqlite_desk.reviews.counts().states[State.APPROVED] == 3

    @pytest.mark.parametrize(("sender", "kind"), [("nobody", "*"), ("*", "declined"), ("", "*")])
    def test_what_is_no_policy_is_said(self, sqlite_desk, sender, kind):
        with pytest.raises(policies.UnusablePolicy):
            policies.let_go_out(sqlite_desk.engine, sender, kind, "olga")
