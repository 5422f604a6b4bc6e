"""What reviewers decide: races, edits, calling back, notes and who is looking."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desks import (
    at_once,
    attempt,
    counted,
    question,
    settings,
)
from sqlalchemy import update

from web.consults.inbox import Filter
from web.consults.leases import now
from web.consults.opened import NoSuchConsult
from web.consults.remarks import UnusableEdit
from web.consults.sending import Sender
from web.consults.states import Sending, Stale, State
from web.consults.tables import consults, outgoing

DAY = timedelta(days=1)
MAILS = Path(__file__).parent / "mails"


class TestDeciding:
    def test_a_hundred_races_of_two_reviewers_send_once_each(self, desk):
        """Fifty on each database; the browser's hundred come with the page."""
        for number in range(50):
            desk.take(question(number))
        desk.draft_all()
        for row in desk.reviews.inbox():
            ended = at_once(2, lambda n, c=row.id: attempt(lambda: desk.approve(c, f"r{n}")))
            assert sorted(map(str, ended)) == ["None", "Stale"]
        assert counted(desk, outgoing) == 50
        assert desk.reviews.counts().states[State.APPROVED] == 50

    def test_an_edit_and_an_approval_at_once_never_send_what_was_not_read(self, desk):
        for number in range(10):
            consult = desk.drafted(question(number))
            read = desk.reviews.open(consult).newest.draft

            def act(n, consult=consult, read=read):
                if n:
                    return attempt(lambda: desk.approve_hash(consult, read.body_hash))
                edit = desk.reviews.edit
                return attempt(lambda: edit(consult, read.body + "\nx", "bob", read.body_hash))

            desk.approve_hash = lambda c, h: desk.reviews.approve(c, h, "ann")
            assert sorted(map(str, at_once(2, act))) == ["None", "Stale"]
            reply = desk.reviews.open(consult).reply
            if reply:
                assert reply.draft_id == desk.reviews.open(consult).versions[0].id

    def test_an_approval_can_be_called_back_for_a_while(self, new_desk):
        desk = new_desk(settings(undo=timedelta(seconds=30)))
        consult = desk.approved(question())
        assert desk.leases.claim(outgoing, (Sending.PENDING,)) is None
        assert desk.reviews.open(consult).reply.can_be_undone_for > timedelta(seconds=20)
        desk.reviews.undo(consult, "ann")
        assert desk.state(consult) is State.DRAFTED
        desk.approve(consult)
        desk.pass_time()
        assert desk.leases.claim(outgoing, (Sending.PENDING,)) is not None
        with pytest.raises(Stale):
            desk.reviews.undo(consult, "ann")
        verdicts = [one.verdict for one in desk.reviews.open(consult).decisions]
        assert verdicts == ["approved", "undone", "approved"]

    def test_a_retry_sends_the_very_bytes(self, sqlite_desk):
        desk = sqlite_desk
        consult = desk.approved(question())
        before = desk.reviews.open(consult).reply
        lease = desk.leases.claim(outgoing, (Sending.PENDING,))
        Sender(desk.engine, desk.settings).send(lease)  # no server is set
        after = desk.reviews.open(consult).reply
        assert (after.raw, after.message_id) == (before.raw, before.message_id)
        assert after.attempts == 1
        assert "ASSISTANT_MAIL_SMTP" in after.last_error

    def test_an_edit_is_a_new_version_and_unsupported_figures_are_marked(self, sqlite_desk):
        desk = sqlite_desk
        consult = desk.drafted(question())
        read = desk.reviews.open(consult).newest
        body = read.draft.body + "\n\nBill 97140 × 3."
        kept = desk.reviews.edit(consult, body, "ann", read.draft.body_hash)
        assert (kept.number, kept.draft.made_by) == (2, "ann")
        assert any("97140" in mark.shown for mark in desk.reviews.marks(consult, body))
        assert not desk.reviews.marks(consult, read.draft.body)
        with pytest.raises(Stale):
            desk.reviews.approve(consult, read.draft.body_hash, "ann")
        with pytest.raises(UnusableEdit):
            desk.reviews.edit(consult, "  ", "ann", kept.draft.body_hash)

    def test_notes_assignment_snooze_and_who_is_looking(self, desk):
        consult = desk.drafted(question())
        desk.reviews.note(consult, "ask Jo\x00 first")
        desk.reviews.assign(consult, "ann")
        assert [row.id for row in desk.reviews.inbox(Filter(assigned_to="ann"))] == [consult]
        assert not desk.reviews.inbox(Filter(assigned_to="-"))
        with desk.engine.begin() as connection:
            later = now(connection) + DAY
        desk.reviews.snooze(consult, later)
        assert not desk.reviews.inbox()
        assert desk.reviews.inbox(Filter(snoozed=True))[0].snoozed_until == later
        assert desk.reviews.look(consult, "ann") == ()
        assert desk.reviews.look(consult, "bob") == ("ann",)
        desk.reviews.snooze(consult, None)
        assert desk.reviews.inbox()[0].lookers == ("ann", "bob")

    def test_what_is_not_there_is_said(self, sqlite_desk):
        for act in (
            lambda: sqlite_desk.reviews.open(7),
            lambda: sqlite_desk.reviews.note(7, "x"),
            lambda: sqlite_desk.reviews.look(7, "ann"),
            lambda: sqlite_desk.reviews.reopen(7, "ann"),
        ):
            with pytest.raises(NoSuchConsult):
                act()

    def test_age_is_told_against_the_target(self, new_desk):
        desk = new_desk(settings(target=timedelta(hours=1)))
        consult = desk.drafted(question())
        assert not desk.reviews.inbox(Filter(overdue=True))
        with desk.engine.begin() as connection:
            past = now(connection) - timedelta(hours=2)
            connection.execute(update(consults).values(received_at=past))
        assert [r.id for r in desk.reviews.inbox(Filter(overdue=True)) if r.is_overdue] == [consult]
        assert desk.reviews.counts().overdue == 1
