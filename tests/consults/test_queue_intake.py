"""Taking in and drafting: what is kept once, what is drafted, and what a failure leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desks import (
    at_once,
    counted,
    question,
)
from sqlalchemy import select, update

from web.consults.answering import DIED
from web.consults.inbox import Filter
from web.consults.intake import UnusableQuestion, take, take_text
from web.consults.leases import LeaseLost, now
from web.consults.sending import Sender
from web.consults.states import Sending, State
from web.consults.tables import consults, mails, outgoing
from web.database.engine import reader

DAY = timedelta(days=1)
MAILS = Path(__file__).parent / "mails"


class TestTakingIn:
    def test_a_mail_delivered_twice_is_kept_once(self, desk):
        first, again = desk.take(question()), desk.take(b"Received: x\r\n" + question())
        assert (first.is_new, again.is_new) == (True, False)
        assert first.consult_id == again.consult_id

    def test_a_reused_message_id_with_another_text_is_another_question(self, desk):
        assert desk.take(question(text="12 min 97530")).is_new
        assert desk.take(question(text="30 min 97110")).is_new

    def test_two_at_once_keep_one(self, desk):
        taken = at_once(8, lambda n: take(desk.engine, question()))
        assert sum(one.is_new for one in taken) == 1
        assert counted(desk, mails) == 1

    def test_bytes_of_every_kind_are_kept_as_they_are(self, desk):
        raw = question() + bytes(range(256)) * 3
        consult = desk.take(raw).consult_id
        desk.draft_all()
        assert desk.reviews.open(consult).raw == raw

    def test_every_awkward_mail_ends_somewhere_visible(self, new_postgres, new_desk):
        """On PostgreSQL, which refuses more than SQLite does."""
        desk = new_desk(address=new_postgres())
        files = sorted(MAILS.glob("*.eml"))
        taken = {desk.take(file.read_bytes()).consult_id for file in files}
        header = (
            f"Message-ID: <{'x' * 5_000}@a.example>\r\nFrom: a\x00b <{'y' * 900}@b.example>\r\n"
        )
        taken.add(desk.take(header.encode() + b"Subject: \xff\x00" + b"z" * 9_000).consult_id)
        desk.draft_all()
        with reader(desk.engine).connect() as connection:
            states = dict(connection.execute(select(consults.c.id, consults.c.state)).all())
        assert states.keys() == taken
        assert set(states.values()) == {
            State.DRAFTED, State.HELD, State.QUARANTINED, State.SET_ASIDE
        }  # fmt: skip
        everything = Filter(states=tuple(State))
        shown = [
            desk.reviews.inbox(replace(everything, page=n)) for n in range(len(files) // 50 + 1)
        ]
        assert {row.id for page in shown for row in page} == taken
        for consult in taken:
            desk.reviews.open(consult)

    def test_a_text_of_a_member_is_drafted_although_its_sender_is_unknown(self, desk):
        taken = take_text(desk.engine, "20 min 97530, Medicare, PT", sender="x@y.example")
        desk.draft_all()
        read = desk.reviews.open(taken.consult_id)
        assert read.state is State.DRAFTED
        assert read.about["channel"] == "api"

    def test_a_text_without_an_address_is_answered_in_the_queue(self, desk):
        consult = take_text(desk.engine, "20 min 97530, Medicare, PT").consult_id
        desk.draft_all()
        desk.approve(consult)
        lease = desk.leases.claim(outgoing, (Sending.PENDING,))
        Sender(desk.engine, desk.settings).send(lease)
        assert desk.state(consult) is State.SENT

    def test_the_same_key_gives_the_same_consult(self, desk):
        first = take_text(desk.engine, "20 min 97530", key="a", asked_by=1)
        assert not take_text(desk.engine, "20 min 97530", key="a", asked_by=1).is_new
        assert take_text(desk.engine, "20 min 97530", key="a", asked_by=2).is_new
        assert first.is_new

    @pytest.mark.parametrize(("text", "sender"), [(" ", ""), ("x" * 200_001, ""), ("x", "a\r\nb")])
    def test_what_cannot_be_taken_is_said(self, sqlite_desk, text, sender):
        with pytest.raises(UnusableQuestion):
            take_text(sqlite_desk.engine, text, sender=sender)
        assert counted(sqlite_desk, mails) == 0


class TestDrafting:
    def test_subject_and_name_are_masked_in_the_list(self, sqlite_desk):
        raw = question().replace(b"Subject: Visit 1", b"Subject: SSN 123-45-6789, 97530")
        sqlite_desk.drafted(raw)
        assert "123-45-6789" not in sqlite_desk.reviews.inbox()[0].subject

    def test_codes_payer_and_severity_are_there_to_filter_by(self, desk):
        desk.drafted(question())
        found = desk.reviews.inbox(Filter(code="97530", payer="medicare", words="visit"))
        assert [row.codes for row in found] == [("97110", "97530")]
        assert not desk.reviews.inbox(Filter(code="97140"))
        assert not desk.reviews.inbox(Filter(code="9753"))

    def test_a_mail_nobody_can_process_stops_nobody_else(self, desk, monkeypatch):
        poison = desk.take(question(1)).consult_id
        desk.take(question(2))
        for _ in range(desk.settings.most_taken):
            while lease := desk.leases.claim(consults, (State.RECEIVED,)):
                if lease.id != poison:
                    desk.drafter.draft(lease)
            desk.pass_time()  # whoever drafted the first has died
        desk.draft_all()
        assert desk.state(poison) is State.FAILED
        assert desk.reviews.open(poison).about["last_error"] == DIED
        assert desk.reviews.counts().states[State.DRAFTED] == 1

    def test_a_failure_is_tried_again_and_at_last_shown(self, sqlite_desk):
        desk = sqlite_desk
        consult = desk.take(question()).consult_id
        for tries in range(1, desk.settings.most_attempts + 1):
            lease = desk.leases.claim(consults, (State.RECEIVED,))
            desk.drafter.fail(lease, RuntimeError("97530 for Jane Doe"))
            last = tries == desk.settings.most_attempts
            assert desk.state(consult) is (State.FAILED if last else State.RECEIVED)
            assert desk.leases.claim(consults, (State.RECEIVED,)) is None  # not at once
            desk.pass_time()
        assert "Jane" not in desk.reviews.open(consult).about["last_error"]
        desk.reviews.try_again(consult, "ann")
        desk.draft_all()
        assert desk.state(consult) is State.DRAFTED

    def test_a_stale_worker_writes_nothing(self, desk):
        consult = desk.take(question()).consult_id
        stale = desk.leases.claim(consults, (State.RECEIVED,))
        desk.pass_time()
        desk.draft_all()
        with pytest.raises(LeaseLost):
            desk.drafter.draft(stale)
        assert len(desk.reviews.open(consult).versions) == 1

    def test_a_heartbeat_keeps_the_lease_and_a_hanging_one_loses_it(self, desk):
        desk.take(question())
        held = desk.leases.claim(consults, (State.RECEIVED,))
        with desk.engine.begin() as connection:
            over = now(connection) - timedelta(seconds=1)
            connection.execute(update(consults).values(lease_until=over))
        desk.leases.beat()
        assert desk.leases.claim(consults, (State.RECEIVED,)) is None
        for _ in range(100):
            desk.leases.beat()
        with desk.engine.begin() as connection:
            connection.execute(update(consults).values(lease_until=over))
        desk.leases.beat()
        assert desk.leases.claim(consults, (State.RECEIVED,)).id == held.id
