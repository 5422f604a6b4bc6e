"""Signing in and out, and what keeps others from it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from chatting import ADDRESS, PASSWORD, form_token, log_in, sign_in
from fastapi.testclient import TestClient

from web.access import COOKIE, OWNER, SECURE_COOKIE, Person, Role
from web.accounts import attempts, passwords
from web.accounts.pages import own_address
from web.accounts.people import UnusableAccount
from web.accounts.safety import Safety
from web.accounts.sessions import Lasting


class TestLogIn:
    def test_the_right_password_opens_the_page_asked_for(
        self, stranger: TestClient, mary: Person
    ) -> None:
        led = stranger.get("/codes?q=97110", follow_redirects=False)
        assert led.headers["location"] == "/login?next=%2Fcodes%3Fq%3D97110"
        assert 'value="/codes?q=97110"' in stranger.get(led.headers["location"]).text
        reply = log_in(stranger, next="/codes?q=97110")
        assert reply.headers["location"] == "/codes?q=97110"
        assert stranger.get("/account").status_code == 200

    def test_the_cookie_is_kept_from_scripts_and_other_sites(
        self, stranger: TestClient, mary: Person
    ) -> None:
        cookies = log_in(stranger).headers.get_list("set-cookie")
        session = next(c for c in cookies if c.startswith(f"{COOKIE}="))
        assert "HttpOnly" in session
        assert "SameSite=lax" in session
        assert "Path=/" in session
        assert "Secure" not in session  # plain http on this machine

    def test_over_https_the_cookie_goes_nowhere_else(
        self, stranger: TestClient, mary: Person
    ) -> None:
        stranger.base_url = ADDRESS.replace("http:", "https:")
        cookies = log_in(stranger).headers.get_list("set-cookie")
        session = next(c for c in cookies if c.startswith(f"{SECURE_COOKIE}="))
        assert "Secure" in session

    def test_a_session_planted_before_is_not_the_one_after(
        self, stranger: TestClient, mary: Person
    ) -> None:
        planted = "an-attackers-own-session"
        stranger.cookies.set(COOKIE, planted, domain="127.0.0.1", path="/")
        log_in(stranger)
        held = [c.value for c in stranger.cookies.jar if c.name == COOKIE]
        assert planted not in held
        other = TestClient(stranger.app, base_url=ADDRESS, cookies={COOKIE: planted})
        assert other.get("/account", follow_redirects=False).status_code == 303

    def test_a_second_log_in_ends_the_first_session(
        self, stranger: TestClient, safety: Safety, mary: Person
    ) -> None:
        first = safety.log_in("Mary Kay", PASSWORD)
        assert first is not None
        second = safety.log_in("Mary Kay", PASSWORD, former=first)
        assert second not in (None, first)
        assert safety.sessions.person(first) is None

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://elsewhere.example/",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "\\\\elsewhere.example",
            "javascript:alert(1)",
            "/\t/elsewhere.example",
            "elsewhere.example",
            "",
        ],
    )
    def test_a_log_in_leads_nowhere_else(
        self, stranger: TestClient, mary: Person, elsewhere: str
    ) -> None:
        assert own_address(elsewhere) == "/"
        assert log_in(stranger, next=elsewhere).headers["location"] == "/"

    def test_wrong_name_and_wrong_password_look_alike(
        self, stranger: TestClient, mary: Person
    ) -> None:
        replies = [log_in(stranger, "Mary Kay", "x" * 20), log_in(stranger, "Nobody", "x" * 20)]
        assert {reply.status_code for reply in replies} == {401}
        told = [re.sub(r'value="[^"]*"|"X-CSRF[^}]*', "", reply.text) for reply in replies]
        assert "The name or the password is wrong." in told[0]
        assert told[0] == told[1]

    def test_a_name_nobody_has_costs_as_many_hashes(
        self, safety: Safety, mary: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared: list[str] = []
        real = passwords._hasher

        class Counting:
            def verify(self, kept: str, given: str) -> bool:
                compared.append(kept)
                return real.verify(kept, given)

            def hash(self, given: str) -> str:
                return real.hash(given)

        monkeypatch.setattr(passwords, "_hasher", Counting())
        for name in ("Mary Kay", "Nobody", "owner"):
            compared.clear()
            assert safety.log_in(name, "x" * 20) is None
            assert len(compared) == 1
            assert compared[0].startswith("$argon2id$")

    def test_passwords_are_kept_as_the_library_advises(self, real_hasher: PasswordHasher) -> None:
        kept = real_hasher.hash(PASSWORD)
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert passwords.matches(PASSWORD, kept)
        assert not passwords.matches(PASSWORD + " ", kept)
        assert not passwords.matches(PASSWORD, None)

    def test_a_weaker_form_is_renewed_at_the_log_in(
        self, safety: Safety, mary: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        former = safety.accounts.stored_password(mary.id)
        stronger = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
        monkeypatch.setattr(passwords, "_hasher", stronger)
        assert safety.log_in("Mary Kay", PASSWORD) is not None
        renewed = safety.accounts.stored_password(mary.id)
        assert renewed != former
        assert passwords.matches(PASSWORD, renewed)

    def test_too_many_failures_lock_the_name_whether_or_not_it_exists(
        self, stranger: TestClient, mary: Person
    ) -> None:
        for name in ("MARY  kay", "nobody"):
            seen = [log_in(stranger, name, "x" * 20).status_code for _ in range(attempts.ALLOWED)]
            assert seen == [401] * attempts.ALLOWED
            reply = log_in(stranger, name)  # Mary's is the right one now
            assert reply.status_code == 429
            assert 0 < int(reply.headers["retry-after"]) <= attempts.LOCKED_FOR.seconds
            assert "Too many tries for this name" in reply.text

    def test_the_owner_has_no_password(self, safety: Safety) -> None:
        assert safety.log_in("owner", "") is None
        with pytest.raises(UnusableAccount, match="belongs to this computer"):
            safety.accounts.set_password(OWNER, OWNER.id, PASSWORD)

    def test_a_form_from_elsewhere_signs_nobody_in(
        self, stranger: TestClient, mary: Person
    ) -> None:
        sent = {"name": "Mary Kay", "password": PASSWORD}
        assert stranger.post("/login", data=sent).status_code == 403
        other = TestClient(stranger.app, base_url=ADDRESS)
        sent["csrf"] = form_token(other.get("/login").text)
        stranger.get("/login")
        assert stranger.post("/login", data=sent).status_code == 403

    @pytest.mark.parametrize(
        ("password", "told"),
        [
            ("short", "at least 12"),
            ("x" * 201, "up to 200"),
            ("abababababababab", "repeats"),
            ("mary kay 2026", "more than the name"),
        ],
    )
    def test_an_easy_password_is_refused(self, safety: Safety, password: str, told: str) -> None:
        with pytest.raises(passwords.UnusablePassword, match=told):
            safety.accounts.add(OWNER, "Mary Kay", Role.MEMBER, password)
        assert [account.name for account in safety.accounts.all()] == ["owner"]


class TestEntrance:
    def test_the_printed_address_lets_the_owner_in_and_leaves_no_trace_of_it(
        self, stranger: TestClient, safety: Safety
    ) -> None:
        reply = stranger.get(f"/enter/{safety.entrance}", follow_redirects=False)
        assert (reply.status_code, reply.headers["location"]) == (303, "/")
        assert stranger.get("/").status_code == 200
        assert stranger.get("/admin").status_code == 200

    @pytest.mark.parametrize("token", ["x", "0" * 43, "é", "%00"])
    def test_another_one_does_not(self, stranger: TestClient, token: str) -> None:
        assert stranger.get(f"/enter/{token}").status_code == 403
        assert stranger.get("/", follow_redirects=False).status_code == 303

    def test_each_start_has_its_own_and_a_network_has_none(self, safety: Safety) -> None:
        assert Safety.open(safety.engine, is_local=True).entrance != safety.entrance
        open_one = Safety.open(safety.engine)
        assert open_one.entrance == ""
        assert open_one.enter("") is None


class TestSessions:
    def test_they_end_when_idle_and_in_any_case(self, safety: Safety, mary: Person) -> None:
        for lasting in (
            Lasting(idle=timedelta(0), whole=timedelta(hours=1)),
            Lasting(idle=timedelta(hours=1), whole=timedelta(0)),
        ):
            short = Safety.open(safety.engine, lasting=lasting)
            token = short.sessions.begin(mary, "test")
            assert short.sessions.person(token) is None
            assert short.sessions.count(mary) == 0
            short.sessions.forget_ended()

    def test_signing_out_ends_it_on_the_server(self, stranger: TestClient, mary: Person) -> None:
        log_in(stranger)
        kept = dict(stranger.cookies)
        stranger.post("/logout", data={"csrf": form_token(stranger.get("/account").text)})
        again = TestClient(stranger.app, base_url=ADDRESS, cookies=kept)
        assert again.get("/account", follow_redirects=False).status_code == 303

    def test_signing_out_everywhere_ends_all(self, stranger: TestClient, mary: Person) -> None:
        others = [sign_in(TestClient(stranger.app, base_url=ADDRESS), mary) for _ in range(2)]
        sign_in(stranger, mary).post("/account/logout-everywhere")
        for client in (stranger, *others):
            assert client.get("/account", follow_redirects=False).status_code == 303

    def test_only_hashes_are_stored(
        self, stranger: TestClient, safety: Safety, mary: Person, tmp_path: Path
    ) -> None:
        secrets = [
            safety.sessions.begin(mary, "test"),
            safety.keys.make(mary, "reports"),
            safety.accounts.invite(OWNER, mary.id),
            safety.entrance,
            PASSWORD,
        ]
        stored = b"".join(file.read_bytes() for file in tmp_path.glob("kept.sqlite*"))
        assert b"reports" in stored
        assert [s for s in secrets if s.encode() in stored] == []

    def test_another_role_or_password_ends_sessions(self, safety: Safety, mary: Person) -> None:
        for change in (
            lambda: safety.accounts.set_role(OWNER, mary.id, Role.REVIEWER),
            lambda: safety.accounts.set_password(mary, mary.id, PASSWORD + "!"),
            lambda: safety.accounts.close(OWNER, mary.id),
        ):
            token = safety.sessions.begin(mary, "test")
            assert safety.sessions.person(token) is not None
            change()
            assert safety.sessions.person(token) is None
        assert safety.log_in("Mary Kay", PASSWORD + "!") is None  # closed
