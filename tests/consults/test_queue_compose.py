"""The demo of docker-compose.yml as plain processes, from the sample mails to an approved reply."""

from __future__ import annotations

import html
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from signal import SIGTERM

import composed
import dovecot
import httpx
import postgres
import pytest
from composed import Services

PASSWORD = "four lemons on a shelf"


@pytest.fixture
def services() -> Iterator[Services]:
    if postgres.programs() is None:
        pytest.skip(postgres.MISSING)
    if dovecot.program() is None:
        pytest.skip(dovecot.MISSING)
    if os.geteuid() != 0:
        pytest.skip("The demo's mail server changes users, as in its container: run as root.")
    with tempfile.TemporaryDirectory() as name:  # not pytest's own, which only its user may enter
        folder = Path(name)
        folder.chmod(0o755)
        with composed.demo(folder) as running:
            running.more["ASSISTANT_MAIL_UNDO_SECONDS"] = "1"
            yield running


@contextmanager
def reviewer(services: Services) -> Iterator[httpx.Client]:
    """The admin, signed in by the page's own form."""
    base = f"http://127.0.0.1:{services.environment('web')['ASSISTANT_PORT']}"
    with httpx.Client(base_url=base, timeout=60, headers={"Origin": base}) as client:
        token = field(client.get("/login").text, "csrf")
        sent = {"name": "ann", "password": PASSWORD, "next": "/", "csrf": token}
        assert client.post("/login", data=sent).status_code == 303
        yield client


def consults(client: httpx.Client, state: str) -> list[str]:
    """The numbers of the consults that stand so, the oldest first."""
    return re.findall(r'href="/consults/(\d+)"', client.get(f"/consults?state={state}").text)


def approve(client: httpx.Client, number: str) -> None:
    page = client.get(f"/consults/{number}").text
    found = re.search(r'(?s)<textarea id="body"[^>]*>(.*?)</textarea>', page)
    assert found, page
    sent = {name: field(page, name) for name in ("based_on", "csrf")}
    sent |= {"body": html.unescape(found[1]), "confirmed": "1"}
    assert client.post(f"/consults/{number}/approve", data=sent).status_code == 303


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


def test_the_samples_are_drafted_and_an_approved_reply_arrives(services):
    page = services.command("web")
    assert "-m ingest build" in page[-1]
    # Without the index, which has tests of its own and takes a minute.
    page[-1] = page[-1][page[-1].index("exec ") :]
    services.run("web", "python", "-m", "web", "admin", "add", "ann", typed=f"{PASSWORD}\n" * 2)
    services.start("web", page)
    services.until_healthy("web")
    for _ in range(int(services.compose["services"]["worker"]["deploy"]["replicas"])):
        services.start("worker")
    services.until_healthy("worker")
    assert "10 sample questions" in services.run("web", "python", "-m", "web.consults.samples")

    with reviewer(services) as client:
        _approve_one(services, client)
    ended = services.stop()
    assert ended[-2:] == [0, 0]  # the workers let go of what they held
    assert set(ended) <= {0, -SIGTERM}


def _approve_one(services: Services, client: httpx.Client) -> None:
    services.until(
        lambda: len(consults(client, "drafted")) == 10, "the samples were not all drafted"
    )
    number = consults(client, "drafted")[-1]
    approve(client, number)
    inbox = services.folder / "mail" / "dana@northwind-rehab.example" / "new"
    services.until(lambda: inbox.is_dir() and any(inbox.iterdir()), "no reply came")
    (came,) = inbox.iterdir()
    reply = message_from_bytes(came.read_bytes(), policy=policy.default)
    assert reply["From"].addresses[0].addr_spec == "desk@coding.example"
    assert reply["Subject"].startswith("Re: ")
    assert "Bill 97110" in reply.get_body(("plain",)).get_content()
    closed = lambda: number in consults(client, "sent")  # noqa: E731
    services.until(closed, "it was sent, and does not stand as sent")
