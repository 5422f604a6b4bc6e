"""Every route times every role, held against the table in authorisation.yaml."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from chatting import ADDRESS, sign_in
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from web.access import OWNER, Role
from web.accounts.gates import gates, refuse_ungated
from web.accounts.rates import Rates
from web.app import create_app
from web.settings import Settings

TABLE = Path(__file__).with_name("authorisation.yaml")
DECLARED: dict[str, str] = yaml.safe_load(TABLE.read_text("utf-8"))
ROLES = {role.word: role for role in Role}
PROGRAMS = ("/api/", "/v1/", "/mcp")
HOW = (
    "The route {route} of {module} is not declared. Add the line\n\n    {route}: {role}\n\nto "
    "tests/web/authorisation.yaml (visitor, member, reviewer or admin: the least role that may "
    "use it), and let somebody else agree."
)


@pytest.fixture(scope="module")
def app(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("authorisation")
    settings = Settings(f"sqlite:///{folder / 'kept.sqlite'}", rates=Rates(0, 0, 0))
    made = create_app(settings, assistant)
    for role in (Role.MEMBER, Role.REVIEWER, Role.ADMIN):
        made.state.safety.accounts.add(OWNER, role.word, role, "quite a long password")
    yield made
    made.state.safety.engine.dispose()


@pytest.fixture(scope="module")
def clients(app: FastAPI) -> dict[str, TestClient]:
    """One client of each role by session, and one by key."""
    made = {"visitor": TestClient(app, base_url=ADDRESS, follow_redirects=False)}
    for role in ("member", "reviewer", "admin"):
        person = app.state.safety.accounts.named(role).person
        made[role] = sign_in(TestClient(app, base_url=ADDRESS, follow_redirects=False), person)
        key = app.state.safety.keys.make(person, "the matrix")
        made[f"{role}'s key"] = TestClient(
            app,
            base_url=ADDRESS,
            follow_redirects=False,
            headers={"Authorization": f"Bearer {key}"},
        )
    return made


def test_every_route_is_declared_with_the_role_it_asks_for(app: FastAPI) -> None:
    asked = {}
    for gate in gates(app):
        assert gate.role is not None
        route = f"{gate.method} {gate.path}"
        assert route in DECLARED, HOW.format(route=route, module=gate.module, role=gate.role.word)
        asked[route] = gate.role.word
    assert {route: role for route, role in DECLARED.items() if route in asked} == asked
    gone = sorted(DECLARED.keys() - asked.keys())
    assert gone == [], "These routes are declared and no more there: take their lines out."


def _is_let_in(client: TestClient, method: str, path: str) -> bool:
    """Whether the route itself was reached; what it makes of the empty request does not matter."""
    reply = client.request(method, re.sub(r"{[^}]+}", "0", path))
    refused = reply.status_code in (401, 403) or (
        reply.status_code == 303 and reply.headers["location"].startswith("/login?next=")
    )
    return not refused


# Reached by anyone, and refuses who brings no secret; test_accounts.py tries those.
SECRETS = ("/enter/{token}", "/login", "/join/{token}")
# These end the session that the next rows need; both are tried in test_accounts.py.
ENDS = ("/logout", "/account/logout-everywhere")


@pytest.mark.parametrize("route", [r for r in DECLARED if r.split()[1] not in SECRETS])
def test_who_is_let_in(clients: dict[str, TestClient], app: FastAPI, route: str) -> None:
    method, path = route.split()
    least = ROLES[DECLARED[route]]
    for who, client in clients.items():
        role, by_key = ROLES[who.partition("'")[0]], "key" in who
        if by_key and not path.startswith(PROGRAMS):
            role = Role.VISITOR  # a key opens no page
        if path in ENDS and role >= least:
            continue
        assert _is_let_in(client, method, path) == (role >= least), f"{who}: {route}"


@pytest.mark.parametrize("route", [r for r in DECLARED if r.split()[0] not in ("GET", "*")])
def test_no_session_changes_anything_without_our_forms_token(app: FastAPI, route: str) -> None:
    method, path = route.split()
    client = TestClient(app, base_url=ADDRESS, follow_redirects=False)
    sign_in(client, app.state.safety.accounts.named("admin").person)
    for token in ("", "a.b", app_token(app)):
        client.headers["X-CSRF-Token"] = token
        reply = client.request(method, re.sub(r"{[^}]+}", "0", path))
        assert reply.status_code == 403, route


def app_token(app: FastAPI) -> str:
    """A token of another session."""
    other = sign_in(TestClient(app, base_url=ADDRESS))
    return other.headers["X-CSRF-Token"]


def test_a_route_that_names_no_role_stops_the_start() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/leak")
    def leak() -> str:
        return "everything"

    with pytest.raises(RuntimeError, match=r"GET /leak.*does not say who may use it"):
        refuse_ungated(app)
    mounted = FastAPI(openapi_url=None)
    mounted.mount("/other", FastAPI())
    with pytest.raises(RuntimeError, match="/other"):
        refuse_ungated(mounted)
