"""How tests talk to the page, and what they read off it."""

import re

from fastapi.testclient import TestClient

ADDRESS = "http://127.0.0.1:8080"
FIRST = "10 min 97110 and 20 min 97530, Medicare, PT"
FRAGMENT = {"X-Fragment": "1"}


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
