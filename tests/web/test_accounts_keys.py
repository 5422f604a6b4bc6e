"""API keys, whose conversations are whose, how often one may ask, and being open to a network."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from chatting import ADDRESS, FIRST, PASSWORD, begin, log_in, sign_in
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from web.access import COOKIE, OWNER, Person, Role
from web.accounts.rates import Limiter, Rates
from web.accounts.safety import Safety
from web.app import create_app
from web.settings import Settings, UnusableSetting


class TestKeys:
    def test_a_key_is_shown_once_and_opens_programs_routes_only(
        self, client: TestClient, stranger: TestClient
    ) -> None:
        shown = client.post("/account/keys", data={"label": "our reports"}).text
        key = re.search(r'value="(tca_[^"]+)"', shown)
        assert key is not None
        assert key[1] not in client.get("/account").text
        program = TestClient(client.app, base_url=ADDRESS)
        program.headers["Authorization"] = f"Bearer {key[1]}"
        assert program.post("/api/ask", json={"messages": [FIRST]}).status_code == 200
        assert program.get("/v1/models").status_code == 200
        assert program.get("/account", follow_redirects=False).status_code == 303
        client.post("/account/keys/1/revoke")
        refused = program.post("/api/ask", json={"messages": [FIRST]})
        assert refused.status_code == 401
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["www-authenticate"] == "Bearer"
        assert program.get("/v1/models").json()["error"]["type"] == "invalid_request_error"

    def test_without_key_or_session_programs_are_refused(self, stranger: TestClient) -> None:
        for header in ({}, {"Authorization": "Bearer none"}, {"Authorization": "Basic eDp5"}):
            reply = stranger.post("/api/ask", json={"messages": [FIRST]}, headers=header)
            assert reply.status_code == 401
            assert reply.json()["status"] == 401

    def test_a_wrong_key_is_not_made_good_by_a_session(self, client: TestClient) -> None:
        reply = client.get("/v1/models", headers={"Authorization": "Bearer tca_x"})
        assert reply.status_code == 401

    def test_nobody_revokes_anothers_key_but_an_admin(self, safety: Safety, mary: Person) -> None:
        key = safety.keys.make(OWNER, "backup")
        with pytest.raises(Exception, match="no such key"):
            safety.keys.revoke(mary, 1)
        assert safety.keys.holder(key) == OWNER
        mine = safety.keys.make(mary, "mine", days=1)
        assert safety.keys.holder(mine) == mary
        safety.keys.revoke(OWNER, 2)
        assert safety.keys.holder(mine) is None

    def test_no_secret_reaches_the_log(
        self, stranger: TestClient, safety: Safety, mary: Person, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        key = safety.keys.make(mary, "reports")
        stranger.get("/v1/models", headers={"Authorization": f"Bearer {key}"})
        log_in(stranger)
        stranger.get(f"/enter/{safety.entrance}")
        ours = " ".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
        session = stranger.cookies[COOKIE]
        assert [s for s in (key, PASSWORD, session, safety.entrance) if s in ours] == []


class TestOwnership:
    def test_nobody_finds_anothers_conversation(
        self, client: TestClient, safety: Safety, mary: Person
    ) -> None:
        where = begin(client)
        hers = sign_in(TestClient(client.app, base_url=ADDRESS), mary)
        said = {"position": "1", "text": "25 min of 97530"}
        assert hers.get(where).status_code == 404
        assert hers.post(f"{where}/messages", data=said).status_code == 404
        assert hers.post(f"{where}/rename", data={"title": "mine"}).status_code == 404
        hers.post(f"{where}/delete")
        assert FIRST not in hers.get("/conversations", params={"q": "97110"}).text
        chart = {"conversation": where.rsplit("/", 1)[1], "message": 0}
        assert hers.get("/flowchart", params=chart).status_code == 404
        assert FIRST in client.get(where).text

    def test_an_id_that_is_anothers_begins_another_conversation(
        self, client: TestClient, mary: Person
    ) -> None:
        where = begin(client)
        hers = sign_in(TestClient(client.app, base_url=ADDRESS), mary)
        form = {"id": where.rsplit("/", 1)[1], "text": FIRST}
        reply = hers.post("/conversations", data=form, follow_redirects=False)
        assert reply.headers["location"] not in (None, where)

    def test_an_admin_does_not_read_anothers_words(self, client: TestClient, mary: Person) -> None:
        hers = sign_in(TestClient(client.app, base_url=ADDRESS), mary)
        where = begin(hers)
        assert client.get(where).status_code == 404
        log = client.get("/admin/audit").text
        assert where.rsplit("/", 1)[1] in log
        assert "97110" not in log


class TestRates:
    def test_one_too_many_waits(self) -> None:
        limiter = Limiter(Rates(person=3, address=0, log_in=1))
        assert [limiter.wait("person", "1") for _ in range(3)] == [0, 0, 0]
        assert 0 < limiter.wait("person", "1") <= 60
        assert limiter.wait("person", "2") == 0
        assert all(limiter.wait("address", "x") == 0 for _ in range(50))

    @pytest.fixture
    def paced(self, assistant: Assistant, tmp_path: Path) -> Iterator[FastAPI]:
        settings = Settings(f"sqlite:///{tmp_path / 'paced.sqlite'}", rates=Rates(2, 6, 20))
        app = create_app(settings, assistant)
        yield app
        app.state.safety.engine.dispose()

    def test_persons_and_addresses_are_told_when_to_come_back(self, paced: FastAPI) -> None:
        client = sign_in(TestClient(paced, base_url=ADDRESS))
        seen = [client.post("/api/ask", json={"messages": [FIRST]}) for _ in range(3)]
        assert [reply.status_code for reply in seen] == [200, 200, 429]
        assert seen[2].headers["content-type"] == "application/problem+json"
        assert int(seen[2].headers["retry-after"]) > 0
        anybody = TestClient(paced, base_url=ADDRESS)
        codes = [anybody.get("/login").status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        assert anybody.get("/health").status_code in (200, 503)

    def test_log_ins_are_counted_apart(self, assistant: Assistant, tmp_path: Path) -> None:
        rates = Rates(0, 0, 2)
        app = create_app(Settings(f"sqlite:///{tmp_path / 'p.sqlite'}", rates=rates), assistant)
        app.state.safety.accounts.add(OWNER, "Mary Kay", Role.MEMBER, PASSWORD)
        client = TestClient(app, base_url=ADDRESS)
        assert [log_in(client, f"n{n}").status_code for n in range(3)] == [401, 401, 429]
        app.state.safety.engine.dispose()


class TestOpenToANetwork:
    def test_it_refuses_to_start_without_an_admin_and_says_how_to_make_one(
        self, assistant: Assistant, tmp_path: Path
    ) -> None:
        settings = Settings(f"sqlite:///{tmp_path / 'kept.sqlite'}", host="0.0.0.0")
        with pytest.raises(UnusableSetting, match="python -m web admin add NAME"):
            create_app(settings, assistant)
        local = create_app(Settings(settings.database), assistant)
        safety = local.state.safety
        safety.accounts.add(OWNER, "Only a member", Role.MEMBER, PASSWORD)
        with pytest.raises(UnusableSetting):
            create_app(settings, assistant)
        safety.accounts.add(OWNER, "Boss", Role.ADMIN, PASSWORD)
        opened = create_app(settings, assistant)
        assert opened.state.safety.entrance == ""
        for app in (local, opened):
            app.state.safety.engine.dispose()
