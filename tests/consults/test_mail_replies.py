"""The reply's bytes, read by another way than they were written: raw lines, and compat32."""

import email
import re
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header

import pytest
from dovecot import PASSWORD
from hypothesis import given, settings
from hypothesis import strategies as st
from imapclient import IMAPClient

from web.consults import drafting, replying
from web.consults.bodies import body_hash, html, plain
from web.consults.letters import Desk, Draft, Fate, Letter
from web.consults.parsing import take_in

DESK = Desk("desk@coding.example", "Coding desk", allowed=("@clinic.example",))
AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
MINE = "<1.2@coding.example>"
# RFC 5322 §3.2.3, §3.6.4: what a message id may be made of (the dot-atom form).
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ID = re.compile(rf"<{ATOM}(?:\.{ATOM})*@{ATOM}(?:\.{ATOM})*>")
LONG = "<" + "A" * 90 + ".prod.outlook@" + "b" * 60 + ".example>"


def letter(**more):
    given = {"message_id": "<q@clinic.example>", "sender": "jo@clinic.example",
             "reply_to": "jo@clinic.example", "subject": "Units"}  # fmt: skip
    return Letter(**given | more)


def draft(subject="Re: Units", body="Hello,\n\n**Bill** 97110 × 1 with GP – see [1]."):
    text, page = plain(body), html(body)
    return Draft(subject, body, text, page, body_hash(body, text, page), {}, (), "x", "claim", True)


def built(asked=None, made=None, **more):
    return replying.build(asked or letter(), made or draft(), DESK, message_id=MINE, at=AT, **more)


def raw_headers(raw):
    """Name and value of each header, unfolded by hand (RFC 5322 §2.2.3)."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    unfolded = re.sub(r"\r\n(?=[ \t])", "", head)
    return [tuple(line.split(": ", 1)) for line in unfolded.split("\r\n")]


def value(raw, name):
    found = [v for n, v in raw_headers(raw) if n.lower() == name.lower()]
    assert len(found) <= 1, f"{name} stands there {len(found)} times"
    return found[0] if found else None


def assert_well_formed(raw):
    assert b"\n" not in raw.replace(b"\r\n", b"")  # RFC 5321 §2.3.8: CRLF only
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322 §2.1.1
    assert raw.isascii()
    for name, said in raw_headers(raw):
        assert re.fullmatch(r"[!-9;-~]+", name)
        assert said.strip()
    for once in ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"):
        value(raw, once)


def test_the_reply_is_one_well_formed_message():
    raw = built()
    assert_well_formed(raw)
    assert value(raw, "From") == "Coding desk <desk@coding.example>"
    assert value(raw, "To") == "jo@clinic.example"
    assert value(raw, "Subject") == "Re: Units"
    assert value(raw, "Message-ID") == MINE
    assert value(raw, "In-Reply-To") == value(raw, "References") == "<q@clinic.example>"
    assert re.fullmatch(r"Sat, 21 Nov 2026 15:00:00 [+]0000", value(raw, "Date"))
    assert {n.lower() for n, _ in raw_headers(raw)}.isdisjoint({"cc", "bcc", "reply-to"})


def test_both_forms_are_read_by_another_parser():
    message = email.message_from_bytes(built(), policy=policy.compat32)
    assert message.get_content_type() == "multipart/alternative"
    text, page = message.get_payload()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    said = text.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")
    assert said.startswith("Hello,\n\nBill 97110 × 1 with GP – see [1].")
    assert "<strong>Bill</strong>" in page.get_payload(decode=True).decode("utf-8")
    assert message.defects == text.defects == page.defects == []


@pytest.mark.parametrize("message_id", ["<q@clinic.example>", LONG])
def test_an_imap_server_puts_the_reply_under_its_question(dovecots, message_id):
    """Dovecot threads by an algorithm of its own (RFC 5256), not by ours."""
    asked = f"From: jo@clinic.example\r\nSubject: Units\r\nMessage-ID: {message_id}\r\n"
    asked = f"{asked}Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nHow many?\r\n".encode()
    other = asked.replace(b"Units", b"Minutes").replace(b"Message-ID: <", b"Message-ID: <other.")
    server, account = dovecots(), f"threads-{len(message_id)}"
    made = draft(subject="Re: a subject that says nothing of the question")
    for raw in (asked, other, built(take_in(asked, DESK).letter, made)):
        server.deliver(account, raw)
    with IMAPClient("127.0.0.1", server.port, ssl=False) as client:
        client.login(account, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        ids = client.fetch(client.search(), ["BODY[HEADER.FIELDS (SUBJECT)]"])
        subjects = {uid: next(v for k, v in said.items() if k.startswith(b"BODY"))
                    for uid, said in ids.items()}  # fmt: skip
        threads = client.thread("REFERENCES")
    together = [sorted(subjects[uid].split(b": ", 1)[1].strip() for uid in one) for one in threads]
    assert sorted(together) == [
        [b"Minutes"], [b"Re: a subject that says nothing of the question", b"Units"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "references"),
    [
        ({}, ["<q@clinic.example>"]),
        ({"references": ("<a@x.example>", "<b@x.example>")}, ["<a@x.example>", "<b@x.example>"]),
        ({"answers": ("<b@x.example>",)}, ["<b@x.example>"]),
        ({"references": ("<a@x.example>", "<q@clinic.example>")}, ["<a@x.example>"]),
    ],
)
def test_references_are_those_of_the_letter_and_its_id(given, references):
    raw = built(letter(**given))
    wanted = [*references, "<q@clinic.example>"] if given else references
    assert value(raw, "References").split() == wanted
    assert value(raw, "In-Reply-To") == "<q@clinic.example>"


def test_long_ids_are_not_encoded_and_many_are_cut_to_the_first_and_newest():
    ids = tuple(f"<{'x' * 100}{n}@clinic.example>" for n in range(60))
    raw = built(letter(message_id=LONG, references=ids))
    assert_well_formed(raw)
    assert value(raw, "In-Reply-To") == LONG
    shown = value(raw, "References").split()
    assert shown[0] == ids[0]
    assert shown[-2:] == [ids[-1], LONG]
    assert len(shown) <= 21
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]


def test_a_letter_without_an_id_gets_a_reply_without_a_thread():
    raw = built(letter(message_id="", answers=("<x@y.example>",)))
    assert value(raw, "In-Reply-To") is None
    assert value(raw, "References") is None


def test_only_what_a_policy_sent_says_that_a_program_did():
    assert value(built(), "Auto-Submitted") is None
    assert value(built(by_policy=True), "Auto-Submitted") == "auto-replied"  # RFC 3834 §3.1.7
    by_hand, by_policy = built(), built(by_policy=True)
    assert b"A person at the desk checked it" in by_hand.replace(b"=\r\n", b"")
    assert b"without a person" in by_policy.replace(b"=\r\n", b"")


def test_the_same_reply_has_the_same_bytes():
    assert built() == built()


def test_ids_are_our_own_and_each_another():
    ids = {replying.new_message_id(DESK) for _ in range(200)}
    assert len(ids) == 200
    assert all(ID.fullmatch(one) and one.endswith("@coding.example>") for one in ids)


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x00", "\u2028", "\x85", "\x0b"])
def test_nothing_of_a_letter_or_draft_adds_a_header(mark):
    evil = f"Units{mark}Bcc: eve@elsewhere.example{mark}{mark}body"
    raw = built(letter(subject=evil), draft(subject=f"Re: {evil}"))
    assert_well_formed(raw)
    assert value(raw, "Bcc") is None
    names = [name for name, _ in raw_headers(raw)]
    assert names == [name for name, _ in raw_headers(built())]


def test_a_recipient_is_never_taken_from_the_draft():
    made = draft(body="To: eve@elsewhere.example\n\nBcc: eve@elsewhere.example")
    assert value(built(made=made), "To") == "jo@clinic.example"
    with pytest.raises(replying.NoRecipient):
        built(letter(reply_to=""))
    with pytest.raises(ValueError, match=r".+"):
        built(letter(reply_to="jo@clinic.example\nBcc: eve@elsewhere.example"))


@settings(max_examples=60)
@given(st.text(max_size=300), st.text(max_size=600))
def test_any_subject_and_text_make_a_well_formed_reply(subject, body):
    made = draft(subject=drafting.reply_subject(subject), body="x")
    body = "".join(c for c in body if not "\ud800" <= c <= "\udfff")
    subject = "".join(c for c in made.subject if not "\ud800" <= c <= "\udfff")
    raw = built(made=drafting.edited(draft(subject=subject or "Re:"), body, "Ann"))
    assert_well_formed(raw)
    shown = str(make_header(decode_header(value(raw, "Subject"))))
    assert "\n" not in shown


def test_our_own_reply_is_known_when_it_comes_back():
    raw = built()
    assert take_in(raw, DESK).verdict.fate is Fate.OWN
    forwarded = raw.replace(b"desk@coding.example>\r\nTo", b"relay@clinic.example>\r\nTo", 1)
    assert take_in(forwarded, DESK).verdict.fate is Fate.OWN


def test_an_answer_to_our_reply_is_split_from_it():
    raw = built()
    quoted = plain("Hello,\n\n**Bill** 97110 × 1").replace("\n", "\n> ")
    answer = (
        f"From: jo@clinic.example\r\nIn-Reply-To: {value(raw, 'Message-ID')}\r\n\r\n"
        f"It was Aetna.\r\n\r\nOn Sat, Nov 21, 2026 at 3:00 PM Coding desk "
        f"<desk@coding.example> wrote:\r\n> {quoted}"
    )
    found = take_in(answer.encode(), DESK, lambda ids: {MINE} & set(ids))
    assert found.letter.text == "It was Aetna."
    assert "97110" in found.letter.quoted
    assert found.letter.thread == (MINE,)
