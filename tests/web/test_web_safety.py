"""What strangers send is refused, what people write is shown and never run."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from chatting import ADDRESS, FIRST, page, sign_in
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.conversation import Answer, AnswerKind, Inquiry, Warned
from assistant.streaming import Event
from web import markdown
from web.app import create_app
from web.chat.conversations import Conversations
from web.presenting import without_repeats
from web.settings import Settings


class TestSafety:
    def test_every_reply_carries_the_headers(self, client: TestClient) -> None:
        for reply in (client.get("/"), client.get("/nothing"), client.get("/health")):
            policy = reply.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["referrer-policy"] == "same-origin"
            assert reply.headers["cache-control"] == "no-store"

    def test_no_page_holds_inline_script_or_style(self, client: TestClient) -> None:
        for html in (client.get("/").text, page(client), client.get("/flowchart").text):
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
            assert re.findall(r"<script(?![^>]* src=\"/static/)", html) == []
            assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css)', html)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:9999"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site", "Origin": ADDRESS},
        ],
    )
    def test_another_sites_page_cannot_change_anything(
        self, client: TestClient, kept: Conversations, headers: dict[str, str]
    ) -> None:
        reply = client.post("/conversations", data={"text": FIRST}, headers=headers)
        assert reply.status_code == 403
        assert (
            client.post("/api/ask", json={"messages": [FIRST]}, headers=headers).status_code == 403
        )
        assert kept.history() == []

    @pytest.mark.parametrize(
        "headers", [{"Origin": ADDRESS}, {"Sec-Fetch-Site": "same-origin"}, {}]
    )
    def test_our_own_page_can(self, client: TestClient, headers: dict[str, str]) -> None:
        assert client.post("/conversations", data={"text": FIRST}, headers=headers).is_success

    def test_only_known_names_are_answered(self, client: TestClient) -> None:
        for name in ("rebound.example", "127.0.0.1.rebound.example:8080"):
            assert client.get("/", headers={"Host": name}).status_code == 400
        for name in ("localhost:8080", "127.0.0.1", "[::1]:8080"):
            assert client.get("/", headers={"Host": name}).status_code == 200

    @pytest.mark.parametrize(
        "payload",
        [
            "<script>alert(1)</script> 20 min of 97530",
            '20 min of 97530"><img src=x onerror=alert(1)>',
            "</textarea><svg onload=alert(1)> 97530 20 min",
            "[x](javascript:alert(1)) 97530 20 min",
        ],
    )
    def test_what_a_user_writes_is_shown_and_never_run(
        self, client: TestClient, payload: str
    ) -> None:
        long = client.post("/conversations", data={"text": payload + "x" * 20_000}).text
        for html in (page(client, payload), client.get("/conversations").text, long):
            assert not re.search(r"<script>|<img|<svg onload|href=\"javascript", html)

    def test_failures_are_told_and_logged_without_anybodys_words(
        self, assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Broken(Assistant):
            def events(self, inquiry: Inquiry) -> Iterator[Event]:
                raise ValueError(f"cannot read {inquiry.messages[-1]}")

            def warm(self, inquiry: Inquiry) -> None:
                self.answer(inquiry)

        caplog.set_level(logging.DEBUG)
        broken = Broken(assistant.knowledge, assistant.library)
        app = create_app(Settings(f"sqlite:///{tmp_path / 'kept.sqlite'}"), broken)
        with TestClient(app, base_url=ADDRESS) as client:
            sign_in(client)
            app.state.parts.readiness.wait(30)
            reply = client.post("/conversations", data={"text": "shoulder pulleys 97110"})
            assert "Something failed here" in reply.text
            assert "shoulder pulleys 97110" in reply.text
            asked = client.post("/api/ask", json={"messages": ["shoulder pulleys"]})
            assert asked.json()["status"] == 500
            assert app.state.parts.readiness.is_ready is False
            assert client.get("/health").status_code == 503
        app.state.parts.conversations._engine.dispose()
        assert "ValueError" in caplog.text
        assert "pulleys" not in caplog.text


class TestMarkdown:
    def test_numbers_of_known_citations_become_links(self) -> None:
        html = markdown.to_html("Two units [1][2] and a[9].", [1, 2], "m1-source-")
        assert html.count('class="cite"') == 2
        assert 'href="#m1-source-2"' in html
        assert "a[9]" in html

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "[a](javascript:alert(1))",
            "![a](http://elsewhere.example/p.png)",
            "[a](data:text/html,x)",
            "<a href=x onclick=alert(1)>x</a>",
            "`<img src=x>`",
        ],
    )
    def test_nothing_in_it_runs_or_loads(self, text: str) -> None:
        html = markdown.to_html(text)
        assert not re.search(r"<script|<img|javascript:[^<]*\"|href=\"data:|<[^>]+onclick", html)

    def test_what_the_page_shows_apart_is_not_said_twice(self) -> None:
        found = Warned("w", "warning", "Some payers still ask.", None, 1)
        answer = Answer(
            AnswerKind.GUIDANCE,
            "**Yes.**\n\n**Watch**\n- Careful: Some payers still ask. [1]\n\n**Why**\n- Because.",
            findings=[found],
        )
        assert without_repeats(answer) == "**Yes.**\n\n**Why**\n- Because."
