"""An answer in the making: watched, stopped, failed, overtaken, and never lost or doubled."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chatting import ADDRESS, FIRST, FRAGMENT, begin, cells, sign_in
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from slow_assistant import Slow
from sqlalchemy import func, select

from assistant.answering import Assistant
from assistant.streaming import Progress, Words
from web.app import create_app
from web.chat import queries, showing
from web.chat.answering import QUICK
from web.chat.nouns import State
from web.chat.tables import messages
from web.settings import Settings

LATER = {"later": "1"}


def served(assistant: Assistant, folder: Path) -> FastAPI:
    app = create_app(Settings(f"sqlite:///{folder / 'kept.sqlite'}"), assistant)
    app.state.parts.readiness.begin = lambda: None  # a slow one would hold its thread
    return app


@pytest.fixture
def slow(assistant: Assistant) -> Iterator[Slow]:
    made = Slow(assistant)
    yield made
    made.may_begin.set()
    made.may_go_on.set()


@pytest.fixture
def watcher(slow: Slow, tmp_path: Path) -> Iterator[TestClient]:
    app = served(slow, tmp_path)
    with TestClient(app, base_url=ADDRESS) as made:
        yield sign_in(made)
        slow.may_begin.set()
        slow.may_go_on.set()
    app.state.safety.engine.dispose()


def place(client: TestClient, text: str = FIRST) -> str:
    """The conversation's address, left while its answer is being made."""
    reply = client.post("/conversations", data={"text": text, **LATER}, follow_redirects=False)
    assert reply.status_code == 303
    return reply.headers["location"]


def events(reply: Response) -> list[tuple[str, str]]:
    """Name and data of a stream's events."""
    assert reply.headers["content-type"].startswith("text/event-stream")
    made = []
    for block in reply.text.split("\n\n"):
        lines = [line.partition(": ") for line in block.splitlines()]
        name = next((value for key, _, value in lines if key == "event"), "")
        if name:
            made.append((name, "\n".join(value for key, _, value in lines if key == "data")))
    return made


class TestStream:
    def test_the_claim_comes_before_the_words_and_the_whole_turn_at_the_end(
        self, watcher: TestClient, slow: Slow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def certain(*given: Any) -> str:
            slow.may_go_on.set()  # the words are made only once the claim is shown
            return shown(*given)

        shown = showing.certain
        monkeypatch.setattr(showing, "certain", certain)
        where = place(watcher)
        page = watcher.get(where).text
        assert f'sse-connect="{where}/messages/0/stream"' in page
        assert "97530" not in page[page.index('class="answer"') : page.index('id="composer"')]
        assert slow.waits.wait(30)
        sent = events(watcher.get(f"{where}/messages/0/stream"))
        names = [name for name, _ in sent]
        assert names.index("claim") < names.index("answer") == len(names) - 1
        told = dict(sent)
        assert cells(told["claim"]) == [["97110", "GP", "1", "10"], ["97530", "GP", "1", "20"]]
        assert "prose" not in told["claim"]
        assert cells(told["answer"]) == cells(told["claim"])
        assert "Asking the language model" in told["progress"]
        assert slow.begun == 1

    def test_who_comes_when_it_is_over_gets_the_turn_at_once(self, client: TestClient) -> None:
        where = begin(client)
        (only,) = events(client.get(f"{where}/messages/0/stream"))
        assert only[0] == "answer"
        assert 'class="lines"' in only[1]

    def test_many_watch_one_work(self, watcher: TestClient, slow: Slow) -> None:
        where = place(watcher)
        address = f"{where}/messages/0/stream"
        threading.Timer(0.5, slow.may_go_on.set).start()
        seen: list[list[str]] = []

        def watch() -> None:
            seen.append([name for name, _ in events(watcher.get(address))])

        threads = [threading.Thread(target=watch) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [names[-1] for names in seen] == ["answer"] * 4
        assert slow.begun == 1

    def test_a_message_that_is_not_there_is_not_watched(self, client: TestClient) -> None:
        where = begin(client)
        for address in (f"{where}/messages/7/stream", "/conversations/0/messages/0/stream"):
            assert client.get(address).status_code == 404


class TestNothingIsLost:
    def test_a_restart_in_the_middle_of_an_answer(
        self, watcher: TestClient, slow: Slow, assistant: Assistant, tmp_path: Path
    ) -> None:
        where = place(watcher)
        app = served(assistant, tmp_path)  # the program started again, the first left hanging
        with TestClient(app, base_url=ADDRESS) as client:
            sign_in(client)
            assert 'sse-connect="' in client.get(where).text
            assert events(client.get(f"{where}/messages/0/stream"))[-1][0] == "answer"
            page = client.get(where).text
            assert page.count("<article") == 1
            assert cells(page) == [["97110", "GP", "1", "10"], ["97530", "GP", "1", "20"]]
            slow.may_go_on.set()
            with app.state.safety.engine.connect() as connection:
                assert connection.scalar(select(func.count()).select_from(messages)) == 1
        app.state.safety.engine.dispose()

    def test_without_scripts_the_unanswered_question_has_a_button(
        self, watcher: TestClient, slow: Slow
    ) -> None:
        where = place(watcher)
        page = watcher.get(where).text
        assert f'<noscript><form method="post" action="{where}/messages/0/retry">' in page
        slow.may_go_on.set()
        html = watcher.post(f"{where}/messages/0/retry").text
        assert cells(html)[0][0] == "97110"
        assert html.count("<article") == 1

    def test_the_same_form_twice_is_one_message_and_another_text_is_another(
        self, client: TestClient
    ) -> None:
        where = begin(client)
        said = {"position": "1", "text": "25 min of 97530", "token": "a" * 32}
        for _ in range(2):
            client.post(f"{where}/messages", data=said, headers=FRAGMENT)
        client.post(f"{where}/messages", data={**said, "text": "26 min of 97530"})
        client.post(f"{where}/messages", data={**said, "token": "b" * 32})
        page = client.get(where).text
        assert page.count("<article") == 4

    def test_a_failure_is_said_and_the_message_kept(
        self, watcher: TestClient, slow: Slow, caplog: pytest.LogCaptureFixture
    ) -> None:
        slow.fails = True
        page = watcher.post("/conversations", data={"text": FIRST}).text
        assert "Something failed here" in page
        assert FIRST in page
        assert "pulleys" not in caplog.text
        slow.fails = False
        slow.may_go_on.set()
        (where,) = set(re.findall(r'action="(/conversations/\w+/messages/0/retry)"', page))
        assert cells(watcher.post(where).text)[0][0] == "97110"


class TestWaiting:
    def test_one_that_is_read_late_comes_with_the_reply(
        self, watcher: TestClient, slow: Slow
    ) -> None:
        slow.may_begin.clear()
        slow.may_go_on.set()
        threading.Timer(1.5 * QUICK, slow.may_begin.set).start()
        html = watcher.post("/conversations", data={"text": FIRST, **LATER}).text
        assert cells(html)
        assert "sse-connect" not in html

    def test_a_language_model_is_not_waited_for(self, watcher: TestClient, slow: Slow) -> None:
        html = watcher.post("/conversations", data={"text": FIRST, **LATER}).text
        assert "sse-connect" in html

    def test_however_much_is_kept_an_answer_finds_its_place(self, watcher: TestClient) -> None:
        given = {"its": "a", "place": 0, "try": "b", "ended": State.STOPPED, "made": None}
        engine = watcher.app.state.safety.engine  # type: ignore[attr-defined]
        asked = queries.SETTLED.compile(engine)
        values = tuple(asked.construct_params(given)[name] for name in asked.positiontup)
        with engine.connect() as connection:
            (plan,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values).all()
        assert plan.detail.startswith("SEARCH message USING INDEX")
        assert plan.detail.endswith("(conversation_id=? AND position=?)")


class TestStop:
    def test_a_claim_that_is_certain_is_kept(self, watcher: TestClient, slow: Slow) -> None:
        where = place(watcher)
        html = watcher.post(f"{where}/messages/0/stop").text
        assert cells(html)[1] == ["97530", "GP", "1", "20"]
        slow.may_go_on.set()
        assert watcher.get(where).text.count("<article") == 1

    def test_before_that_nothing_is_kept_but_the_question(
        self, watcher: TestClient, slow: Slow
    ) -> None:
        slow.may_begin.clear()
        where = place(watcher)
        html = watcher.post(f"{where}/messages/0/stop").text
        assert "You stopped this answer" in html
        slow.may_begin.set()
        slow.may_go_on.set()
        assert "You stopped this answer" in watcher.get(where).text
        assert "sse-connect" not in watcher.get(where).text
        assert cells(watcher.post(f"{where}/messages/0/retry").text)[0][0] == "97110"

    def test_an_answer_is_not_stopped(self, client: TestClient) -> None:
        where = begin(client)
        assert 'class="lines"' in client.post(f"{where}/messages/0/stop").text


class TestAgain:
    def test_an_edit_takes_the_messages_place_and_removes_what_came_after(
        self, client: TestClient
    ) -> None:
        where = begin(client)
        client.post(f"{where}/messages", data={"position": "1", "text": "What if 20 min of 97110?"})
        edited = {"text": "15 min 97140, Medicare, PT"}
        for _ in range(2):  # sent twice
            html = client.post(f"{where}/messages/0/edit", data=edited).text
            assert html.count("<article") == 1
            assert cells(html) == [["97140", "GP", "1", "15"]]
        assert "<h1>15 min 97140, Medicare, PT</h1>" in html

    def test_an_edit_without_a_change_removes_nothing(self, client: TestClient) -> None:
        where = begin(client)
        client.post(f"{where}/messages", data={"position": "1", "text": "What if 20 min of 97110?"})
        html = client.post(f"{where}/messages/0/edit", data={"text": f" {FIRST}\n"}).text
        assert html.count("<article") == 2

    def test_a_title_of_ones_own_outlives_an_edit(self, client: TestClient) -> None:
        where = begin(client)
        client.post(f"{where}/rename", data={"title": "Shoulder"})
        html = client.post(f"{where}/messages/0/edit", data={"text": "15 min 97140"}).text
        assert "<h1>Shoulder</h1>" in html

    def test_an_edit_is_masked_and_bounded(self, client: TestClient) -> None:
        where = begin(client)
        said = {"text": "Patient John Smith, MRN 4471182, 20 min of 97530, Medicare, PT"}
        assert "4471182" not in client.post(f"{where}/messages/0/edit", data=said).text
        assert client.post(f"{where}/messages/0/edit", data={"text": " "}).status_code == 422
        assert client.post(f"{where}/messages/9/edit", data=said).status_code == 404

    def test_an_answer_overtaken_by_an_edit_is_not_kept(
        self, watcher: TestClient, slow: Slow
    ) -> None:
        where = place(watcher)
        edited = {"text": "15 min 97140, Medicare, PT", **LATER}
        watcher.post(f"{where}/messages/0/edit", data=edited)
        slow.may_go_on.set()
        assert events(watcher.get(f"{where}/messages/0/stream"))[-1][0] == "answer"
        assert cells(watcher.get(where).text) == [["97140", "GP", "1", "15"]]
        assert slow.begun == 2

    def test_answering_again_keeps_what_came_after(self, client: TestClient) -> None:
        where = begin(client)
        client.post(f"{where}/messages", data={"position": "1", "text": "What if 20 min of 97110?"})
        html = client.post(f"{where}/messages/0/retry").text
        assert html.count("<article") == 2
        kept = client.app.state.parts.conversations  # type: ignore[attr-defined]
        exchanges = kept.get(where.rsplit("/", 1)[1]).exchanges
        assert {e.state for e in exchanges} == {State.ANSWERED}


def test_words_come_as_they_are_checked() -> None:
    from web.chat.answering import Work

    work = Work("ticket")
    for event in (Progress("reading"), Words("Two "), Words("units.")):
        work.take(event)
    assert work.seen.text == "Two units."
    assert not work.wait(0)
    work.end()
    work.take(Words(" Late."))
    assert work.seen.over
