"""What tests in a real browser share: a served application, a page that is signed in, axe."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Literal
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page

from web.access import COOKIE, Person

SWITCHES = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES: list[tuple[int, Literal["light", "dark"]]] = [
    (1280, "light"),
    (1280, "dark"),
    (390, "light"),
    (390, "dark"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application while it runs in a thread of the tests."""
    config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@contextmanager
def visiting(
    browser: Browser, app: FastAPI, address: str, person: Person, size: tuple[int, str] = SIZES[0]
) -> Iterator[Page]:
    """A page of that person; complaints of the console and requests elsewhere fail the test."""
    width, scheme = size
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",  # else a colour is measured on its way
    )
    context.set_default_timeout(30_000)
    session = app.state.safety.sessions.begin(person, "test")
    context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: object) -> None:
        said = str(getattr(message, "text", ""))
        if (
            getattr(message, "type", "") in ("error", "warning")
            and "the server responded" not in said
        ):
            complaints.append(said)

    def ask(url: str) -> None:
        if urlsplit(url).netloc not in ("", urlsplit(address).netloc):
            complaints.append(f"asked elsewhere: {url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: ask(request.url))
    yield page
    context.close()
    assert complaints == []


@cache
def axe() -> str:
    """The program axe-core."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong with the page as it stands, one line each.

    Args:
        page: any page.
        rules: only these; none for all of WCAG 2.2 AA and good practice.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())  # not by a script element: the page's policy forbids inline script
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    found = page.evaluate(
        "only => axe.run(document, "
        "{runOnly: only, resultTypes: ['violations'], iframes: false, preload: false})",
        only,
    )
    return [
        f"{one['id']}: {one['help']} at {[node['html'][:120] for node in one['nodes'][:4]]}"
        for one in found["violations"]
    ]
