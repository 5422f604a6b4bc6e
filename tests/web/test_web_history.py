"""Conversations found again, renamed, deleted, and kept over a restart."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from chatting import ADDRESS, FIRST, begin, cells, sign_in
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from web.app import create_app
from web.chat.conversations import Conversations, UnusableMessage, new_id
from web.database.engine import open_database
from web.settings import Settings


class TestHistory:
    def test_search_finds_titles_and_messages_literally(self, client: TestClient) -> None:
        begin(client, "20 min of 97530, Medicare")
        where = begin(client)
        client.post(f"{where}/messages", data={"position": "1", "text": "50% by the assistant"})
        assert FIRST in client.get("/conversations", params={"q": "50%"}).text
        listed = client.get("/conversations", params={"q": "50%"}).text
        assert "20 min of 97530, Medicare" not in listed[listed.index('class="found"') :]
        assert "No conversation holds" in client.get("/conversations", params={"q": "%%"}).text

    def test_rename_and_delete(self, client: TestClient, kept: Conversations) -> None:
        where = begin(client)
        html = client.post(f"{where}/rename", data={"title": "Shoulder <b>visit</b>"}).text
        assert "Shoulder &lt;b&gt;visit&lt;/b&gt;" in html
        assert "Shoulder" in client.get(where).text
        client.post(f"{where}/rename", data={"title": " "})
        assert "Shoulder" in client.get(where).text
        client.post(f"{where}/delete")
        assert kept.history() == []
        assert client.get(where).status_code == 404
        gone = client.post(f"{where}/messages", data={"position": "1", "text": "25 min 97530"})
        assert gone.status_code == 404
        assert kept.history() == []

    def test_what_was_said_outlives_a_restart(self, assistant: Assistant, tmp_path: Path) -> None:
        settings = Settings(f"sqlite:///{tmp_path / 'new' / 'kept.sqlite'}")
        shown = []
        for _ in range(2):
            app = create_app(settings, assistant)
            with TestClient(app, base_url=ADDRESS) as client:
                sign_in(client)
                if not shown:
                    where = begin(client)
                shown.append(cells(client.get(where).text))
            app.state.parts.conversations._engine.dispose()
        assert shown[0] == shown[1]

    def test_a_message_is_never_kept_without_its_answer(
        self, assistant: Assistant, tmp_path: Path
    ) -> None:
        class Broken(Assistant):
            def answer(self, inquiry: Inquiry) -> Answer:
                raise RuntimeError("pulleys")

        engine = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}")
        kept = Conversations(engine, Broken(assistant.knowledge, assistant.library))
        with pytest.raises(RuntimeError):
            kept.start(new_id(), FIRST)
        assert kept.history() == []
        with pytest.raises(UnusableMessage):
            kept.start(new_id(), " ")
        engine.dispose()


def test_many_who_write_at_once_lose_nothing(client: TestClient, kept: Conversations) -> None:
    where = begin(client).rsplit("/", 1)[1]
    said = [f"{n} min of 97530, Medicare, PT" for n in range(8, 16)]
    with ThreadPoolExecutor(len(said)) as pool:
        list(pool.map(lambda text: kept.ask(where, 1, text), said))
    exchanges = kept.get(where).exchanges
    assert [e.position for e in exchanges] == list(range(9))
    assert sorted(e.text for e in exchanges[1:]) == sorted(said)
