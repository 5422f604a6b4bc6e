"""Conversations found again, renamed, deleted, and kept over a restart."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chatting import ADDRESS, FIRST, begin, cells, sign_in
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from web.app import create_app
from web.chat.conversations import Conversations, new_id
from web.chat.pages import LISTED
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

    def test_a_long_list_has_pages(self, client: TestClient, kept: Conversations) -> None:
        for number in range(LISTED + 2):
            kept.start(new_id(), f"{number + 8} min of 97530")
        first = client.get("/conversations?q=97530").text
        assert first.count('class="title"') == LISTED
        assert "/conversations?q=97530&amp;page=2" in first
        second = client.get("/conversations?q=97530&page=2").text
        assert second.count('class="title"') == 2
        assert "Earlier ones" not in second
        assert client.get("/conversations?page=0").status_code == 422

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


def test_many_who_write_at_once_lose_nothing(client: TestClient, kept: Conversations) -> None:
    where = begin(client).rsplit("/", 1)[1]
    said = [f"{n} min of 97530, Medicare, PT" for n in range(8, 16)]
    with ThreadPoolExecutor(len(said)) as pool:
        list(pool.map(lambda text: kept.ask(where, 1, text), said))
    exchanges = kept.get(where).exchanges
    assert [e.position for e in exchanges] == list(range(9))
    assert sorted(e.text for e in exchanges[1:]) == sorted(said)
