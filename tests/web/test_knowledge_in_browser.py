"""Knowledge in a real browser, by keyboard alone: found and read, added, read and removed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import SWITCHES, served, violations, visiting
from fastapi import FastAPI
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from assistant.answering import Assistant
from assistant.folders import data_folder
from assistant.library.store import FILE
from tests.built import copied, shipped
from web.access import OWNER
from web.accounts.rates import Rates
from web.app import create_app
from web.knowledge.intake import INCOMING
from web.knowledge.shelf import shelf
from web.settings import Settings

DOCUMENTS = Path(__file__).parents[1] / "documents"
PICTURES = os.environ.get("SCREENSHOTS")  # a folder, where they are wanted
AT_WORK = 240_000  # ms that adding may take on a machine that does other things


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Over a copy of the index in use, where there is one; else over one that is made here."""
    folder = tmp_path_factory.mktemp("browser")
    there = data_folder()
    data = copied(there if (there / FILE).is_file() else shipped(folder), folder / "data")
    assistant = Assistant.open(data)
    settings = Settings(f"sqlite:///{folder / 'kept.sqlite'}", rates=Rates(0, 0, 0))
    made = create_app(settings, assistant)
    yield made
    made.state.safety.engine.dispose()
    assistant.library.close()


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield made
        made.close()


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on with the Tab key until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def sound(page: Page, name: str) -> None:
    """No axe violation, nothing wider than the window."""
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"knowledge-{name}.png", full_page=True)


def test_a_guide_is_found_by_keyboard(browser: Browser, app: FastAPI, address: str) -> None:
    with visiting(browser, app, address, OWNER) as page:
        page.goto(f"{address}/knowledge")
        tab_to(page, page.get_by_label("Search the passages"))
        page.keyboard.type("denied 97530 with 97140")
        page.keyboard.press("Enter")
        first = page.locator("#found .passages a").first
        expect(first).to_contain_text("denied")
        assert "q=denied" in page.url
        tab_to(page, first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("97530 was denied")
        marked = page.locator(".passage.marked")
        expect(marked).to_be_in_viewport()
        tab_to(page, page.locator(".guide-text a.cite").first)
        page.keyboard.press("Enter")
        expect(page.locator(".sources li").first).to_be_focused()


def test_a_document_is_added_read_and_removed_by_keyboard(
    browser: Browser, app: FastAPI, address: str
) -> None:
    folder = app.state.parts.assistant.library.folder
    for one in list(shelf(folder).documents):  # whatever the copied folder held
        app.state.intake.remove(OWNER, one.id, one.title)
    with visiting(browser, app, address, OWNER) as page:
        # Choosers are caught from the start: asked for beside the key, the key can win.
        page.on("filechooser", lambda _: None)
        page.goto(f"{address}/knowledge/documents")
        if page.locator("details.add:not([open])").count():
            tab_to(page, page.get_by_text("Add a document", exact=True))
            page.keyboard.press("Enter")
        tab_to(page, page.get_by_label("File, up to"))
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(DOCUMENTS / "meadowlark-policy.pdf")
        tab_to(page, page.get_by_label("Who says it"))
        page.keyboard.type("Payer")
        tab_to(page, page.get_by_role("button", name="Add", exact=True))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Adding")
        sound(page, "adding")
        expect(page.get_by_text("It is added.")).to_be_visible(timeout=AT_WORK)
        sound(page, "added")
        assert not list((folder / INCOMING).iterdir()), "the file itself is not kept"
        tab_to(page, page.get_by_role("link", name="Read it"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Meadowlark")
        expect(page.get_by_text("page 2").first).to_be_visible()
        sound(page, "document")
        page.goto(f"{address}/knowledge?q=Meadowlark prior approval after 12 visits")
        tab_to(page, page.locator("#found .passages a").first)
        page.keyboard.press("Enter")
        expect(page.locator(".passage.marked")).to_be_in_viewport()
        tab_to(page, page.get_by_role("link", name="Remove …"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Remove for good")).to_be_visible()
        sound(page, "remove")
        tab_to(page, page.get_by_role("button", name="Remove for good"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("It is removed.")).to_be_visible(timeout=AT_WORK)
    assert [one.title for one in shelf(folder).documents if "Meadowlark" in one.title] == []
    assert {"knowledge.add", "knowledge.remove"} <= set(app.state.safety.audit.actions())
