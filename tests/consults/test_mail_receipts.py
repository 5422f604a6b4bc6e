"""A consult's receipt: everything in JSON, and a PDF that can be read."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from web.consults import drafting, receipts, replying
from web.consults.letters import Desk, Letter

DESK = Desk("desk@coding.example")
AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def receipt(the_assistant):
    text = "Patient John Smith: 10 min 97110 and 20 min 97530, Medicare, PT, 11/18/2026"
    asked = Letter("<q@x.example>", reply_to="jo@clinic.example", subject="Units", text=text)
    made = drafting.draft(asked, DESK, the_assistant, date(2026, 11, 21))
    edit = drafting.edited(made, made.body.replace("Thank you", "Thanks"), "Ann")
    raw = replying.build(asked, edit, DESK, message_id="<1@coding.example>", at=AT)
    return receipts.Receipt(
        7, "ab" * 32, AT, "jo@clinic.example", "Units", "sent",
        (receipts.Version(1, made, AT), receipts.Version(2, edit, AT)),
        (receipts.Decided("Ann", "approved", AT, edit.body_hash, "checked"),),
        (receipts.Sent("<1@coding.example>", "jo@clinic.example", raw, "sent", AT, "250 ok"),),
    )  # fmt: skip


def pages(pdf):
    opened = pypdfium2.PdfDocument(pdf)
    shown = [page.get_textpage().get_text_range() for page in opened]
    opened.close()
    return [text.replace("\r\n", "\n") for text in shown]


def test_the_json_holds_all_that_led_to_the_reply(receipt):
    data = json.loads(json.dumps(receipts.as_json(receipt)))
    assert data["tool_calls"] == receipt.versions[0].draft.answer["trace"] != []
    assert [draft["made_by"] for draft in data["drafts"]] == ["embedded", "Ann"]
    assert data["decisions"][0]["body_hash"] == data["drafts"][1]["body_hash"]
    assert data["sent"][0]["sha256"] == hashlib.sha256(receipt.sent[0].raw).hexdigest()
    assert data["sent"][0]["raw"].encode() == receipt.sent[0].raw
    assert set(data["versions"]) == {"program", "knowledge", "engine"}
    assert data["citations"][0]["url"].startswith("https://")
    assert data["claims"][0]["timed_units"] == 2


def test_no_identifier_stands_in_it(receipt):
    assert "Smith" not in json.dumps(receipts.as_json(receipt))


def test_the_pdf_can_be_read_page_by_page(receipt):
    shown = pages(receipts.as_pdf(receipt))
    assert len(shown) > 3
    assert all(f"Page {n}" in page for n, page in enumerate(shown, 1))
    text = "\n".join(shown)
    for said in (
        "Receipt of consult 7", "97110 × 1 with GP, 10 minutes", "Timed minutes: 10 (97110)",
        "approved", "checked", "250 ok", "Draft 2", "<1@coding.example>", "§20.2",
    ):  # fmt: skip
        assert said in text
    assert "are shown as" not in text


def test_characters_that_the_fonts_lack_are_counted_and_said(receipt):
    shown = "\n".join(pages(receipts.as_pdf(replace(receipt, subject="単位 Units é"))))
    assert "¿¿ Units é" in shown
    assert "2 characters that the fonts of this page do not hold" in shown


@pytest.mark.parametrize(
    "text", ["<b>&amp;<para>", "x" * 5_000, "\x00\x1b\u202e", "\n" * 300, "a\ud800b", "| a |" * 999]
)
def test_nothing_makes_the_pdf_fail(receipt, text):
    draft = replace(receipt.versions[1].draft, body=text)
    odd = replace(receipt, subject=text, versions=(receipts.Version(1, draft, AT),))
    assert receipts.as_pdf(odd).startswith(b"%PDF")


def test_a_consult_without_draft_or_reply_has_a_receipt(receipt):
    bare = replace(receipt, versions=(), decisions=(), sent=(), state="quarantined")
    assert receipts.as_json(bare)["asked"] == []
    assert "Nothing was sent." in "\n".join(pages(receipts.as_pdf(bare)))
