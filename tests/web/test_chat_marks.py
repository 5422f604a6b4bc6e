"""What may be done with an answer and a conversation: judged, pinned, taken along, sent on."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pdfplumber
import pytest
from chatting import ADDRESS, FIRST, begin, page, sign_in
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.conversation import AnswerKind, Inquiry
from web.access import OWNER, Person
from web.accounts.audit import Wanted
from web.accounts.safety import Safety
from web.app import create_app
from web.chat.followups import MOST, follow_ups
from web.consults.letters import Desk
from web.consults.settings import DeskSettings
from web.settings import Settings

HTMX = {"HX-Request": "true"}
TODAY = date(2026, 11, 21)


class TestThumbs:
    def test_a_poor_answer_is_asked_why_and_the_reason_is_kept(self, client: TestClient) -> None:
        where = begin(client)
        address = f"{where}/messages/0/judge"
        piece = client.post(address, data={"thumb": "down"}, headers=HTMX).text
        assert "<html" not in piece
        assert "What was wrong?" in piece
        said = {"thumb": "down", "reason": "units", "note": "MRN 4471182: the bill has three"}
        html = client.post(address, data=said).text
        assert '<option value="units" selected>' in html
        assert "the bill has three" in html
        assert "4471182" not in html

    def test_a_thumb_is_taken_back_and_reasons_go_with_it(self, client: TestClient) -> None:
        where = begin(client)
        address = f"{where}/messages/0/judge"
        client.post(address, data={"thumb": "down", "reason": "units"})
        html = client.post(address, data={"thumb": "up", "reason": "units"}).text
        assert 'value="" aria-pressed="true" aria-label="Good answer"' in html
        assert "What was wrong?" not in html
        assert client.post(address, data={"thumb": ""}).text.count('aria-pressed="true"') == 0

    @pytest.mark.parametrize("thumb", ["sideways", "up<script>"])
    def test_nothing_else_is_a_thumb(self, client: TestClient, thumb: str) -> None:
        where = begin(client)
        assert client.post(f"{where}/messages/0/judge", data={"thumb": thumb}).status_code == 422

    def test_answering_again_forgets_the_thumb(self, client: TestClient) -> None:
        where = begin(client)
        client.post(f"{where}/messages/0/judge", data={"thumb": "up"})
        html = client.post(f"{where}/messages/0/retry").text
        assert 'aria-pressed="true" aria-label="Good answer"' not in html


class TestPins:
    def test_a_pinned_conversation_stays_on_top(self, client: TestClient) -> None:
        first = begin(client)
        begin(client, "20 min of 97530, Medicare")
        html = client.post(f"{first}/pin", data={"pinned": "1", "back": "list"}).text
        listed = re.findall(r'class="title" href="([^"]+)"', html)
        assert listed[0] == first
        html = client.post(f"{first}/pin", data={"pinned": "", "back": "list"}).text
        assert re.findall(r'class="title" href="([^"]+)"', html)[1] == first
        assert client.post("/conversations/0/pin", data={"pinned": "1"}).status_code == 404


class TestExports:
    def test_csv_holds_the_claim_lines_and_no_formula(self, client: TestClient) -> None:
        where = begin(client, "=HYPERLINK(0) 10 min 97110 and 20 min 97530, Medicare, PT")
        client.post(f"{where}/messages", data={"position": "1", "text": "What if the PTA did it?"})
        reply = client.get(f"{where}/export.csv")
        assert reply.headers["content-disposition"].startswith('attachment; filename="')
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert [(row["Code"], row["Modifiers"], row["Units"]) for row in rows] == [
            ("97110", "GP", "1"),
            ("97530", "GP", "1"),
            ("97110", "CQ GP", "1"),
            ("97530", "CQ GP", "1"),
        ]
        assert rows[0]["Question"].startswith("'=HYPERLINK")
        one = client.get(f"{where}/export.csv?message=1").text
        assert len(one.splitlines()) == 3
        assert client.get(f"{where}/export.csv?message=9").status_code == 404

    def test_pdf_holds_question_claim_and_sources(self, client: TestClient) -> None:
        where = begin(client, "10 min 97110 & 20 min 97530 <b>, Medicare, PT → ≥ 漢")
        reply = client.get(f"{where}/export.pdf")
        assert reply.headers["content-type"] == "application/pdf"
        with pdfplumber.open(io.BytesIO(reply.content)) as paper:
            text = "\n".join(sheet.extract_text() for sheet in paper.pages)
        assert "10 min 97110 & 20 min 97530 <b>, Medicare, PT -> >= ?" in text
        assert re.search(r"97530 +GP +1 +20", text)
        assert "Medicare Claims Processing Manual" in text

    def test_names_of_files_hold_nothing_of_their_own(self, client: TestClient) -> None:
        where = begin(client, '20 min 97530 "; filename=x.exe\r\nX-Made: up ../../etc')
        for kind in ("csv", "pdf"):
            headers = client.get(f"{where}/export.{kind}").headers
            assert re.fullmatch(
                rf'attachment; filename="[\w.-]+\.{kind}"', headers["content-disposition"]
            )
            assert "x-made" not in headers

    def test_everything_is_taken_along_but_others(
        self, client: TestClient, safety: Safety, mary: Person
    ) -> None:
        begin(client)
        begin(client, "20 min of 97530, Medicare")
        lines = client.get("/conversations.jsonl").text.splitlines()
        assert {json.loads(line)["messages"][0]["text"] for line in lines} == {
            FIRST,
            "20 min of 97530, Medicare",
        }
        assert client.get("/conversations.jsonl").headers["content-type"].startswith("application/")
        sign_in(client, mary)
        assert client.get("/conversations.jsonl").text == ""


def test_another_persons_conversation_cannot_be_touched(client: TestClient, mary: Person) -> None:
    where = begin(client)
    sign_in(client, mary)
    assert client.get(f"{where}/messages/0/stream").status_code == 404
    for action in ("stop", "retry", "edit", "judge"):
        reply = client.post(f"{where}/messages/0/{action}", data={"text": "x", "thumb": "up"})
        assert reply.status_code == 404, action
    assert client.post(f"{where}/pin", data={"pinned": "1"}).status_code == 404
    for kind in ("csv", "pdf"):
        assert client.get(f"{where}/export.{kind}").status_code == 404
    sign_in(client, OWNER)
    assert client.get(where).text.count("<article") == 1


def test_each_change_is_in_the_audit_log(client: TestClient, safety: Safety) -> None:
    where = begin(client)
    client.post(f"{where}/messages/0/judge", data={"thumb": "down", "note": "three units"})
    client.post(f"{where}/messages/0/retry")
    client.post(f"{where}/messages/0/edit", data={"text": "15 min 97140"})
    client.post(f"{where}/messages/0/stop")
    client.post(f"{where}/pin", data={"pinned": "1"})
    client.get(f"{where}/export.csv")
    told = list(safety.audit.events(Wanted(object=where.rsplit("/", 1)[1])))
    done = [event.action.removeprefix("conversation.") for event in reversed(told)]
    for action in ("begun", "judged", "retried", "edited", "stopped", "pinned", "exported"):
        assert action in done
    assert "three units" not in str(told)


class TestReviewers:
    @pytest.fixture
    def with_desk(self, assistant: Assistant, tmp_path: Path) -> Iterator[TestClient]:
        desk = DeskSettings(Desk("desk@practice.example"), undo=timedelta(0))
        app = create_app(Settings(f"sqlite:///{tmp_path / 'desk.sqlite'}"), assistant, desk)
        with TestClient(app, base_url=ADDRESS) as made:
            yield sign_in(made)
        app.state.consults.engine.dispose()

    def test_a_question_is_put_before_them_once(self, with_desk: TestClient) -> None:
        where = begin(with_desk)
        with_desk.post(f"{where}/messages", data={"position": "1", "text": "What if 8 min 97110?"})
        assert "Ask a reviewer" in with_desk.get(where).text
        for _ in range(2):
            html = with_desk.post(f"{where}/messages/1/consult").text
        assert html.count("Before the reviewers as consult 1") == 1
        read = with_desk.app.state.consults.reviews.open(1)  # type: ignore[attr-defined]
        assert read.about["asked_by"] == OWNER.id
        piece = with_desk.post(f"{where}/messages/0/consult", headers=HTMX).text
        assert "consult 2" in piece
        assert "<html" not in piece

    def test_without_a_desk_it_is_not_offered(self, client: TestClient) -> None:
        where = begin(client)
        assert "Ask a reviewer" not in client.get(where).text
        assert client.post(f"{where}/messages/0/consult").status_code == 503


@pytest.mark.parametrize(
    "asked",
    [
        FIRST,
        "OT: 30 min 97535 and 15 min 97110, Aetna",
        "PTA: 30 min 97110, Medicare",
        "15 min of leg strengthening squats, PT, Medicare",
        "OT: one-handed dressing training 15 min",
        "SLP: 45 min treating aphasia (92507), Medicare",
    ],
)
def test_each_suggestion_gets_an_answer_of_its_own(assistant: Assistant, asked: str) -> None:
    answer = assistant.answer(Inquiry((asked,), TODAY))
    suggested = follow_ups(answer)
    assert 0 < len(suggested) <= MOST
    for one in suggested:
        reply = assistant.answer(Inquiry((asked, one.text), TODAY))
        assert reply.kind not in (AnswerKind.CLARIFY, AnswerKind.DECLINED), one.text
        if one.text.startswith("What if"):
            assert reply.changes, one.text


def test_more_minutes_are_suggested_that_do_earn_a_unit(assistant: Assistant) -> None:
    answer = assistant.answer(Inquiry((FIRST,), TODAY))
    first = follow_ups(answer)[0]
    assert first.label == "What would earn one more unit?"
    reply = assistant.answer(Inquiry((FIRST, first.text), TODAY))
    assert reply.claims[0].timed_units == answer.claims[0].timed_units + 1


def test_disputes_stand_beside_the_rule_and_changes_first(client: TestClient) -> None:
    html = page(client)
    block = html[html.index('class="dispute"') :]
    assert re.search(r"<dt>Coding Ahead says</dt>.*three units", block, re.S)
    assert re.search(r"<dt>The rule gives</dt><dd>Two units.*source-1", block)
    where = begin(client, "15 min 97140, Medicare, PT")
    said = {"position": "1", "text": "The payer is Aetna."}
    turn = client.post(f"{where}/messages", data=said).text
    turn = turn[turn.index('id="m2"') :]
    places = [turn.index(f'class="{name}"') for name in ("changed", "claim", "prose")]
    assert places == sorted(places)
    assert "payer Medicare Part B → Aetna" in turn


def test_the_steps_are_shown_when_asked_for(client: TestClient) -> None:
    where = begin(client)
    assert "review_visit" not in client.get(where).text
    piece = client.get(f"{where}/messages/0/trace", headers=HTMX).text
    assert "<html" not in piece
    assert "review_visit" in piece
    assert "review_visit" in client.get(f"{where}/messages/0/trace").text
    assert client.get(f"{where}/messages/5/trace").status_code == 404


def test_odd_ids_are_not_found_and_break_nothing(client: TestClient) -> None:
    where = begin(client)
    for odd in ("%00", "0%00", "%F0%9F%98%80", "x" * 300, "%ff"):
        assert client.get(f"/conversations/{odd}").status_code == 404
        assert client.get(f"/conversations/{odd}/messages/0/stream").status_code == 404
        assert client.post(f"/conversations/{odd}/messages/0/retry").status_code == 404
    said = {"position": "1", "text": "8 min 97140", "token": "a\x00b"}
    assert client.post(f"{where}/messages", data=said).status_code == 200
    assert client.post(f"{where}/rename", data={"title": "a\x00b"}).status_code == 200
