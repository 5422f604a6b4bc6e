"""From the mail in the mailbox to the reply in the clinic's thread, with every part at work."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from desks import BILLER, DAY, DESK, bounce_of, question, settings
from dovecot import PASSWORD
from imapclient import IMAPClient
from smtp_sink import Sink

from web.consults import watching
from web.consults.inbox import Filter
from web.consults.receipts import as_json, as_pdf
from web.consults.remarks import UnusableEdit
from web.consults.settings import Server
from web.consults.states import Sending, State
from web.consults.worker import Crew

accounts = (f"whole{number}" for number in itertools.count())
EVERY = Filter(states=tuple(State))


def until(look, seconds=120):
    over = time.monotonic() + seconds
    while time.monotonic() < over:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


@pytest.fixture(params=["sqlite", "postgresql"])
def at_work(request, dovecots, new_postgres, new_desk):
    """A desk with its crew, its mailbox on a real server, and a sink that files the copies."""
    address = new_postgres() if request.param == "postgresql" else ""
    server, account = dovecots(), next(accounts)
    with Sink(desk=DESK, file_copy=lambda raw: server.deliver(account, raw)) as sink:
        given = settings(
            imap=Server("127.0.0.1", server.port, "plain", account, lambda: PASSWORD),
            smtp=Server("127.0.0.1", sink.port, "plain"),
            poll=timedelta(seconds=1),
            drafters=1,
        )
        desk = new_desk(given, address)
        crew = Crew(desk.engine, given, desk.assistant, lambda: DAY)
        crew.start()
        yield desk, lambda raw: server.deliver(account, raw), sink, server
        crew.stop()


def test_a_question_its_reply_its_follow_up_and_a_bounce(at_work):
    desk, deliver, sink, server = at_work

    def standing(state):
        return [row for row in desk.reviews.inbox(EVERY) if row.state is state]

    asked = question(more="References: <earlier@clinic.example>\r\n")
    deliver(asked)
    first = until(lambda: standing(State.DRAFTED))[0].id
    desk.approve(first)
    until(lambda: desk.state(first) is State.SENT)
    (sent,) = sink.deliveries
    assert sent.recipients == (BILLER, DESK)
    until(lambda: standing(State.SET_ASIDE))  # our own copy

    clinic = next(accounts)
    for raw in (asked, question(77), sent.raw):
        server.deliver(clinic, raw)
    assert_threaded(server, clinic, desk.reviews.open(first).reply.message_id)

    follow_up = question(
        2,
        text="It was Cigna, not Medicare.\r\n\r\nOn Mon, the desk wrote:\r\n> Hello,",
        more=f"In-Reply-To: {sent.header('message-id')}\r\n",
    )
    deliver(follow_up)
    second = until(lambda: standing(State.DRAFTED))[0].id
    read = desk.reviews.open(second)
    assert [one[0] for one in read.thread] == [first, second]
    assert read.letter.text.startswith("It was Cigna")
    assert "Hello" in read.letter.quoted
    assert {c["payer"] for c in read.newest.draft.answer["claims"]} == {"cigna"}
    assert {row.codes for row in standing(State.DRAFTED)} == {("97110", "97530")}
    desk.reviews.reject(second, "ann", "a test")

    deliver(bounce_of(sent.header("message-id")))
    until(lambda: desk.sending(first) is Sending.BOUNCED)
    assert desk.state(first) is State.FAILED
    assert_receipt(desk, first, sent.raw)
    told = until(lambda: all_read(desk))
    assert "consult_workers 1.0" in told
    assert 'consults{state="failed"} 1.0' in told


def all_read(desk):
    """The figures, once the mailbox was read to its end."""
    told = watching.metrics(desk.engine, desk.settings).decode()
    is_read = "consult_mailbox_not_stored{" in told and "consult_mailbox_mails{" in told
    figures = [line.split() for line in told.splitlines() if line.startswith("consult_mailbox_")]
    values = {one[0].partition("{")[0]: float(one[-1]) for one in figures}
    done = values.get("consult_mailbox_mails") == values.get("consult_mailbox_not_stored") == 0
    return told if is_read and done else ""


def assert_threaded(server, account, message_id):
    """As Dovecot reads the mails: its own parser (ENVELOPE), its own threading (RFC 5256)."""
    with IMAPClient("127.0.0.1", server.port, ssl=False) as client:
        client.login(account, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        read = client.fetch(client.search(), ["ENVELOPE", "BODYSTRUCTURE"])
        by_id = {one[b"ENVELOPE"].message_id.decode(): uid for uid, one in read.items()}
        reply = read[by_id[message_id]]
        threads = client.thread("REFERENCES")
    said = reply[b"ENVELOPE"]
    assert said.in_reply_to == b"<q1@clinic.example>"
    assert said.subject == b"Re: Visit 1"
    assert [(a.mailbox, a.host) for a in said.to] == [(b"biller", b"clinic.example")]
    assert [(a.mailbox, a.host) for a in said.from_] == [(b"desk", b"practice.example")]
    parts, kind = reply[b"BODYSTRUCTURE"][:2]
    assert kind.lower() == b"alternative"
    assert [part[:2] for part in parts] == [(b"text", b"plain"), (b"text", b"html")]
    question_of = by_id["<q1@clinic.example>"]
    assert sorted(threads, key=len)[-1] == (question_of, by_id[message_id])


def assert_receipt(desk, consult, raw):
    receipt = desk.reviews.receipt(consult)
    told = as_json(receipt)
    assert told["sent"][0]["raw"] == raw.decode()
    assert told["sent"][0]["state"] == "bounced"
    assert told["tool_calls"]
    assert told["citations"]
    assert [one["verdict"] for one in told["decisions"]] == ["approved"]
    assert [one["number"] for one in told["drafts"]] == [1]
    assert as_pdf(receipt).startswith(b"%PDF-")


def test_health_says_when_the_mailbox_cannot_be_entered(dovecots, new_desk):
    server = Server("127.0.0.1", dovecots().port, "plain", "x", lambda: "wrong")
    desk = new_desk(settings(imap=server))
    crew = Crew(desk.engine, desk.settings, desk.assistant, roles=("poll",))
    crew.start()
    try:
        until(lambda: "cannot be read" in " ".join(watching.troubles(desk.engine, desk.settings)))
    finally:
        crew.stop()
    assert "wrong" not in str(watching.troubles(desk.engine, desk.settings))


class TestWhatReviewersWrite:
    @pytest.fixture
    def desk(self, new_desk):
        return new_desk()

    def test_remarks_are_kept_masked(self, desk):
        consult = desk.drafted(question())
        desk.reviews.note(consult, "DOB 03/04/1951 said so")
        desk.reviews.quarantine(consult, "ann", "forged: SSN 123-45-6789")
        read = desk.reviews.open(consult)
        assert read.state is State.QUARANTINED
        assert read.about["note"].startswith("DOB [")
        kept = read.about["note"] + read.about["reason"] + read.decisions[-1].reason
        assert "1951" not in kept
        assert "123-45-6789" not in kept

    def test_a_patients_number_is_refused_and_a_name_is_marked(self, desk):
        consult = desk.drafted(question())
        body, digest = (lambda d: (d.body, d.body_hash))(desk.reviews.open(consult).newest.draft)
        with pytest.raises(UnusableEdit, match="social security"):
            desk.reviews.edit(consult, f"{body}\n\nSSN 123-45-6789", "ann", digest)
        named = f"{body}\n\nCall us at 555-123-4567."
        assert desk.reviews.edit(consult, named, "ann", digest).number == 2
        (mark,) = [m for m in desk.reviews.marks(consult, named) if "identifier" in m.why]
        assert named[mark.start : mark.end] == mark.shown == "555-123-4567"

    def test_what_is_released_from_quarantine_is_drafted_anew(self, desk):
        consult = desk.drafted(question())
        desk.reviews.quarantine(consult, "ann", "looks forged")
        assert desk.reviews.total(Filter(states=(State.QUARANTINED,))) == 1
        desk.reviews.release(consult, "bob")
        desk.draft_all()
        read = desk.reviews.open(consult)
        assert (read.state, len(read.versions)) == (State.DRAFTED, 2)

    def test_a_sealed_mail_gets_a_reply_that_says_so(self, desk):
        raw = question(more="Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n")
        consult = desk.take(raw).consult_id
        desk.draft_all()
        assert desk.state(consult) is State.QUARANTINED
        desk.reviews.release(consult, "ann")
        desk.draft_all()
        newest = desk.reviews.open(consult).newest
        assert newest.draft.kind == "unanswerable"
        assert "We could not read your mail" in newest.draft.body

    def test_who_is_shown_genuine_by_the_named_server_alone_is_answered(self, new_desk):
        given = settings()
        desk = new_desk(replace(given, desk=replace(given.desk, authenticator="mx.us.example")))
        passed = "Authentication-Results: mx.us.example; dmarc=pass\r\n"
        assert desk.drafted(question(1, more=passed))
        for number, more in ((2, ""), (3, passed.replace("us", "them"))):
            consult = desk.take(question(number, more=more)).consult_id
            desk.draft_all()
            assert desk.state(consult) is State.HELD
