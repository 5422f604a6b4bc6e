"""How tests talk to the page, and what they read off it."""

import re

from fastapi.testclient import TestClient
from httpx import Response

from web.access import COOKIE, OWNER, Person
from web.accounts import csrf

ADDRESS = "http://127.0.0.1:8080"
FIRST = "10 min 97110 and 20 min 97530, Medicare, PT"
FRAGMENT = {"X-Fragment": "1"}
PASSWORD = "four lemons on a shelf"


def begin(client: TestClient, text: str = FIRST) -> str:
    reply = client.post("/conversations", data={"text": text}, follow_redirects=False)
    assert reply.status_code == 303
    return reply.headers["location"]


def page(client: TestClient, text: str = FIRST) -> str:
    return client.get(begin(client, text)).text


def cells(html: str) -> list[list[str]]:
    """The claim lines as the page shows them: code, modifiers, units, minutes."""
    body = re.search(r'<table class="lines">.*?<tbody>(.*?)</tbody>', html, re.S)
    assert body is not None
    return [
        [
            re.sub(r"<[^>]+>", " ", re.sub(r'<span class="name">.*?</span>', "", cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)[:4]
        ]
        for row in body[1].split("</tr>")[:-1]
    ]


def sign_in(client: TestClient, person: Person = OWNER) -> TestClient:
    """The client, in a session of that person; its changes carry the token of our own forms."""
    session = client.app.state.safety.sessions.begin(person, "test")  # type: ignore[attr-defined]
    client.cookies.set(COOKIE, session, domain="127.0.0.1", path="/")
    client.headers[csrf.HEADER] = csrf.token_for(session)
    return client


def form_token(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def log_in(
    client: TestClient, name: str = "mary kay", password: str = PASSWORD, next: str = "/"
) -> Response:
    token = form_token(client.get("/login").text)
    sent = {"name": name, "password": password, "next": next, "csrf": token}
    return client.post("/login", data=sent, follow_redirects=False)
