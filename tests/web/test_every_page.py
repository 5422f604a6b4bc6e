"""Every page in every state, wide and narrow, light and dark: nothing that axe-core finds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browsing import SIZES, SWITCHES, axe, served, violations, visiting
from furnished import Furnished, furnished
from page_states import LOOKS, NO_PAGES, Look
from playwright.sync_api import Page, sync_playwright

from web.accounts.gates import gates
from web.accounts.rates import Rates
from web.app import create_app
from web.settings import Settings

PROGRAMS = ("/api/", "/v1/", "/mcp")
PICTURES = os.environ.get("SCREENSHOTS")  # a folder, where they are wanted
FAULTS = """() => {
  const faults = [];
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  const twice = ids.filter((id, n) => ids.indexOf(id) !== n);
  for (const id of new Set(twice)) faults.push("twice: " + id);
  for (const link of document.querySelectorAll("a[href^='#']"))
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1))))
      faults.push("leads nowhere: " + link.hash);
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) faults.push(`wider than the window: ${wide} > ${innerWidth}`);
  return faults;
}"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("furnished")) as made:
        yield made


@pytest.fixture(scope="module")
def pages(chromium: Path, copy: Furnished) -> Iterator[dict[str, Page]]:
    """One page of each person, used again for every look."""
    people = {"admin": copy.admin, "member": copy.member, "visitor": copy.member}
    with served(copy.app) as address, sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        made = {
            who: stack.enter_context(visiting(browser, copy.app, address, person))
            for who, person in people.items()
        }
        made["visitor"].context.clear_cookies()
        for page in made.values():
            page.context.add_init_script(axe())
            page.goto(f"{address}/login")
        yield made


def test_every_page_is_looked_at(copy: Furnished) -> None:
    """A new page is not forgotten, one that is gone is taken out."""
    routes = {gate.path for gate in gates(copy.app) if gate.method == "GET"}
    listed = {route.removeprefix("POST ") for route in LOOKS} | NO_PAGES
    assert {route for route in routes if not route.startswith(PROGRAMS)} == listed


LISTED = [look for looks in LOOKS.values() for look in looks]


def test_every_look_has_a_name_of_its_own() -> None:
    assert len({look.name for look in LISTED}) == len(LISTED)


@pytest.mark.parametrize("look", LISTED, ids=lambda look: look.name)
def test_nothing_is_found(pages: dict[str, Page], copy: Furnished, look: Look) -> None:
    page = pages[look.who]
    bring(page, copy, look)
    assert looked_at(page, look.name) == {}


def bring(page: Page, copy: Furnished, look: Look) -> None:
    """Open the page anew and bring it into its state."""
    page.set_viewport_size({"width": 1280, "height": 900})
    name, rest = re.match(r"([^?/]*)(.*)", look.address).groups()  # type: ignore[union-attr]
    start = page.url.partition("://")[2].partition("/")[0]
    reply = page.goto(f"http://{start}{copy.at[name] if name else ''}{rest}")
    assert reply is None or reply.status == look.status  # None: the same page, another anchor
    look.do(page)


def looked_at(page: Page, name: str) -> dict[str, list[str]]:
    """What is wrong at each size and in each scheme.

    Wide and light, and narrow and dark, show between them every layout and every colour. Where
    pictures are wanted (`SCREENSHOTS`), as on the machine that runs every change, all four do.
    """
    found = {}
    for width, scheme in SIZES if PICTURES else SIZES[::3]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate("scrollTo(0, 0)")  # else the bar on top covers half of something
        found[f"{width} {scheme}"] = [*violations(page), *page.evaluate(FAULTS)]
        if PICTURES:
            file = f"{re.sub('[^a-z0-9]+', '-', name.lower())}-{width}-{scheme}.jpg"
            page.screenshot(path=Path(PICTURES) / file, full_page=True, quality=80, type="jpeg")
    page.emulate_media(color_scheme="light")
    return {where: faults for where, faults in found.items() if faults}


def test_too_many_requests(pages: dict[str, Page], copy: Furnished, tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path / 'kept.sqlite'}", rates=Rates(1, 1, 1))
    app = create_app(settings, copy.app.state.parts.assistant)
    browser = pages["admin"].context.browser
    assert browser is not None
    with served(app) as address, visiting(browser, app, address, copy.admin) as page:
        page.goto(address)
        assert page.goto(address).status == 429  # type: ignore[union-attr]
        assert looked_at(page, "too many requests") == {}
    app.state.safety.engine.dispose()
