"""Every awkward mail of the folder beside this file, each with what must become of it."""

import random
from dataclasses import replace
from functools import cache
from operator import itemgetter
from pathlib import Path

import pytest
import yaml

from benchmarks.mutated_mails import DESK, OURS, mails, mutated, storable
from web.consults.letters import Fate
from web.consults.parsing import content_key, take_in

FOLDER = Path(__file__).parent / "mails"
CASES = yaml.safe_load((FOLDER / "expectations.yaml").read_text(encoding="utf-8"))


@cache
def received(name):
    return take_in((FOLDER / f"{name}.eml").read_bytes(), DESK, lambda ids: OURS & set(ids))


def is_as_expected(key, want, letter, verdict):
    """Whether one expectation holds, and what was found."""
    texts = {
        "text": letter.text, "quoted": letter.quoted, "subject": letter.subject,
        "note": " ".join(letter.notes), "attached": "\n".join(a.text for a in letter.attachments),
        "attachment_note": " ".join(a.note for a in letter.attachments),
    }  # fmt: skip
    plain = {
        "message_id": letter.message_id, "sender": letter.sender, "reply_to": letter.reply_to,
        "subject": letter.subject, "about": list(verdict.about), "failed": verdict.failed,
        "status": verdict.status, "thread": list(letter.thread), "to_count": len(letter.to),
        "attachments": [a.name for a in letter.attachments], "text_is": letter.text,
        "attachment_count": len(letter.attachments),
        "date": letter.date.isoformat() if letter.date else "",
        "whole_is_text": letter.whole == letter.text, "attachment_note": texts["attachment_note"],
    }  # fmt: skip
    if key.endswith("_has"):
        return want in texts[key.removesuffix("_has")], texts[key.removesuffix("_has")]
    if key.endswith("_lacks"):
        return want not in texts[key.removesuffix("_lacks")], texts[key.removesuffix("_lacks")]
    if key == "attachment_note":
        return want in texts[key], texts[key]
    return plain[key] == want, plain[key]


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_a_mail_becomes_what_the_table_says(case):
    found = received(case["name"])
    assert found.verdict.fate == case["fate"], found.verdict
    assert found.verdict.reason.endswith(".")
    for key in case.keys() - {"name", "what", "fate"}:
        holds, shown = is_as_expected(key, case[key], found.letter, found.verdict)
        assert holds, f"{key}: {shown!r}"


def test_the_table_names_every_mail_of_the_folder_and_no_other():
    assert sorted(c["name"] for c in CASES) == sorted(f.stem for f in FOLDER.glob("*.eml"))
    assert len(CASES) >= 60
    assert {c["fate"] for c in CASES} == {f.value for f in Fate} - {"too_large"}


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_whatever_is_read_can_be_stored(case):
    storable(received(case["name"]))


def test_of_thirty_megabytes_only_the_beginning_is_read():
    head = b"From: jo@clinic.example\r\nSubject: scans\r\nMessage-ID: <big@clinic.example>\r\n\r\n"
    found = take_in(head + b"Please look.\r\n" + b"x" * 30_000_000, DESK)
    assert (found.verdict.fate, found.letter.message_id) == (Fate.TOO_LARGE, "<big@clinic.example>")
    assert "30 MB" in found.verdict.reason
    assert found.letter.text.startswith("Please look.")
    partly = take_in(head + b"Please", DESK, size=60_000_000)
    assert partly.verdict.fate is Fate.TOO_LARGE


def test_the_key_is_that_of_the_same_mail_delivered_again():
    raw = (FOLDER / "plain.eml").read_bytes()
    again = b"Received: from a by b; Thu, 19 Nov 2026 00:00:00 -0500\r\n" + raw
    assert content_key(raw) == content_key(again) == content_key(raw.replace(b"\r\n", b"\n"))
    assert content_key(raw) != content_key(raw.replace(b"10 min", b"11 min"))
    assert content_key(raw) != content_key(raw.replace(b"Units for", b"Unit for"))


def test_a_reused_id_with_another_text_has_another_key():
    keys = {content_key((FOLDER / f"reused-id-{x}.eml").read_bytes()) for x in "ab"}
    assert len(keys) == 2
    assert len({content_key(f.read_bytes()) for f in FOLDER.glob("*.eml")}) == len(CASES)


def test_the_key_cannot_be_shifted_between_the_fields():
    one = b"Subject: a\nFrom: b\n\nc"
    assert content_key(one) != content_key(b"Subject: a\nFrom: b\nDate: \n\nc")
    assert content_key(b"Subject: ab\n\nc") != content_key(b"Subject: a\n\nbc")


def test_mutated_mails_never_crash_and_are_each_classified():
    """A sample of `python -m benchmarks.mutated_mails`, which does 5,000."""
    chance = random.Random(8)
    originals = mails()
    for raw in (mutated(chance, originals) for _ in range(250)):
        storable(take_in(raw, DESK, lambda ids: OURS & set(ids)))
        assert len(content_key(raw)) == 64


def test_sender_check_counts_only_the_named_servers_word():
    strict = replace(DESK, authenticator="mx.coding.example")
    raw = (FOLDER / "dmarc-pass.eml").read_bytes()
    assert take_in(raw, strict).verdict.fate is Fate.ANSWER
    forged = raw.replace(b"mx.coding.example;", b"mx.elsewhere.example;")
    assert take_in(forged, strict).verdict.fate is Fate.HOLD
    below = b"Authentication-Results: mx.coding.example; dmarc=none\r\n" + raw
    assert take_in(below, strict).verdict.fate is Fate.HOLD
    assert take_in((FOLDER / "plain.eml").read_bytes(), strict).verdict.fate is Fate.HOLD


def test_an_empty_list_of_senders_holds_everybody():
    found = take_in((FOLDER / "plain.eml").read_bytes(), replace(DESK, allowed=()))
    assert found.verdict.fate is Fate.HOLD


HOSTILE = {
    "unclosed tags": b"<a " * 300_000,
    "declarations": b"<![" * 300_000,
    "nested elements": b"<div>" * 180_000,
    "entities": b"&" * 900_000,
    "nested tables": b"<table>" * 140_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_html_is_read_in_bounded_work(name):
    """Each of these took the standard parsers minutes; the suite would not end."""
    raw = b"From: jo@clinic.example\nContent-Type: text/html\n\n" + HOSTILE[name]
    assert take_in(raw, DESK).verdict.fate is Fate.ANSWER


def test_a_million_parts_are_not_parsed():
    raw = (
        b"From: jo@clinic.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\n\n" * 10**6
    )
    assert take_in(raw, DESK).verdict.fate is Fate.UNREADABLE
