"""The desk's services: taking in, drafting, deciding, threads, policies, what is erased."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desks import BILLER, DESK, TestDesk, question, settings
from sqlalchemy import func, select, update

from web.consults import policies, watching
from web.consults.answering import DIED
from web.consults.inbox import Filter
from web.consults.intake import UnusableQuestion, take, take_text
from web.consults.leases import LeaseLost, now
from web.consults.opened import NoSuchConsult
from web.consults.pulses import say
from web.consults.remarks import UnusableEdit
from web.consults.retention import erase_consults
from web.consults.sending import Sender
from web.consults.states import Sending, Stale, State
from web.consults.tables import consults, drafts, mails, outgoing
from web.database.engine import reader

DAY = timedelta(days=1)
MAILS = Path(__file__).parent / "mails"


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request, new_postgres, new_desk):
    if request.param == "sqlite":
        return new_desk()
    return new_desk(address=new_postgres())


@pytest.fixture
def sqlite_desk(new_desk):
    return new_desk()


def counted(desk, table):
    with reader(desk.engine).connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def send_all(desk: TestDesk) -> None:
    """Replies are marked sent as a worker does after the server's word."""
    from web.consults.sending import write_outcome
    from web.consults.smtp import Outcome

    while lease := desk.leases.claim(outgoing, (Sending.PENDING,)):
        with desk.engine.begin() as connection:
            write_outcome(connection, lease, Outcome(Sending.SENT, "250"), desk.settings)
        desk.leases.forget(lease)


def answering(desk: TestDesk, consult: int, number: int, **more) -> bytes:
    message_id = desk.reviews.open(consult).replies[-1].message_id
    header = f"In-Reply-To: {message_id}\r\nReferences: {message_id}\r\n"
    return question(number, more=header, **more)


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


class TestRetention:
    def test_what_is_closed_for_long_is_erased_and_never_answered_again(self, desk):
        closed, open_one = desk.approved(question(1)), desk.drafted(question(2))
        send_all(desk)
        assert self.erase(desk) == []
        with desk.engine.begin() as connection:
            past = now(connection) - 2 * DAY
            connection.execute(update(consults).values(received_at=past))
            closing = update(consults).where(consults.c.closed_at.is_not(None))
            connection.execute(closing.values(closed_at=past))
        assert self.erase(desk) == [str(closed)]
        with pytest.raises(NoSuchConsult):
            desk.reviews.open(closed)
        assert desk.state(open_one) is State.DRAFTED
        assert counted(desk, drafts) == 1
        assert counted(desk, outgoing) == 0
        assert not desk.take(question(1)).is_new
        assert desk.draft_all() == 0

    def erase(self, desk):
        with desk.engine.begin() as connection:
            return erase_consults(connection, now(connection) - DAY)


class TestWatching:
    def test_figures_for_prometheus(self, desk):
        desk.approved(question(1))
        desk.take(question(2))
        say(desk.engine, "mailbox m", True, "", {"on_server": 3, "not_stored": 1})
        told = watching.metrics(desk.engine, desk.settings).decode()
        for line in (
            'consults{state="approved"} 1.0',
            'consults{state="failed"} 0.0',
            'consult_replies{state="pending"} 1.0',
            'consult_leases{table="outgoing"} 0.0',
            'consult_leases_expired{table="consult"} 0.0',
            'consult_retrying{table="consult"} 0.0',
            'consult_mailbox_not_stored{mailbox="m"} 1.0',
        ):
            assert line in told
        assert 'consult_oldest_seconds{state="received"}' in told
        assert BILLER not in told

    def test_health_says_what_is_wrong(self, sqlite_desk):
        desk = sqlite_desk
        assert "No worker" in watching.troubles(desk.engine, desk.settings)[0]
        say(desk.engine, "worker here", True)
        assert watching.troubles(desk.engine, desk.settings) == []
        desk.take(question())
        with desk.engine.begin() as connection:
            connection.execute(update(consults).values(state=State.FAILED))
        assert "1 consults failed" in watching.troubles(desk.engine, desk.settings)[0]


def at_once(count, act):
    """What each of several threads ended with, all begun together."""
    barrier, ended = threading.Barrier(count), [None] * count

    def run(n):
        barrier.wait()
        ended[n] = act(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def attempt(act):
    """The name of the error, or None."""
    try:
        act()
    except Stale as error:
        return type(error).__name__
    return None


def bounce_of(message_id: str) -> bytes:
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
