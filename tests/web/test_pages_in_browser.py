"""The chat in a real browser: by mouse, by keyboard alone, without scripts, wide and narrow."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

TOP = Path(__file__).parents[2]
TIE = "12 min 97530, 9 min 97140 and 9 min 97116, Medicare, PT today"
SWITCHES = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PICTURES = os.environ.get("SCREENSHOTS")  # a folder, where they are wanted
LIGHTEST = 200_000  # bytes that the heaviest page may take, before compression of what it loads


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "ASSISTANT_DATA": str(tmp_path_factory.mktemp("data")),
        "ASSISTANT_PORT": str(port),
        "PATH": os.environ["PATH"],
    }
    with subprocess.Popen(
        [sys.executable, "-m", "web"], cwd=TOP, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        entrance = server.stdout.readline().split()[-1]
        assert f":{port}/enter/" in entrance
        yield entrance
        server.terminate()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield made
        made.close()


class Watched:
    """A page of who has the printed address; console errors and foreign requests are counted."""

    def __init__(self, context: BrowserContext, entrance: str) -> None:
        context.set_default_timeout(30_000)
        self.context, self.address = context, entrance.partition("/enter/")[0]
        self.page = context.new_page()
        self.page.goto(entrance)
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _heard(self, message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            self.complaints.append(str(message))

    def _asked(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"asked elsewhere: {url}")

    def open(self, place: str = "/") -> Page:
        self.page.goto(self.address + place)
        return self.page

    def ask(self, text: str) -> Page:
        turns = self.page.locator(".turn")
        before = turns.count()
        self.page.get_by_role("textbox", name=re.compile("question|Continue")).fill(text)
        self.page.keyboard.press("Enter")
        expect(turns).to_have_count(before + 1)
        return self.page


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    made = Watched(context, address)
    yield made
    assert made.complaints == []
    context.close()


def lines(page: Page, turn: int = -1) -> list[list[str]]:
    rows = page.locator(".turn").nth(turn).locator("table.lines tbody tr").all()
    return [
        [
            row.locator(".code").inner_text(),
            " ".join(row.locator(".modifier").all_inner_texts()),
            row.locator(".units").inner_text(),
        ]
        for row in rows
    ]


def test_a_visit_is_asked_continued_and_kept(watched: Watched) -> None:
    watched.open()
    page = watched.ask("33 min 97110 and 7 min 97140, Medicare, PT")
    assert lines(page) == [["97110", "GP", "2"], ["97140", "GP", "1"]]
    watched.ask("The payer counts each code alone.")
    assert lines(page) == [["97110", "GP", "2"]]
    box = page.get_by_role("textbox", name="Continue")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(page.locator("#status")).to_have_text("Answer: 97110, 2 units.")
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("link", name="All conversations").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("33 min 97110")).first.click()
    expect(page.locator(".turn")).to_have_count(2)


def test_an_example_begins_a_conversation(watched: Watched) -> None:
    page = watched.open()
    page.get_by_role("button", name=re.compile("shoulder pulleys")).click()
    expect(page.locator(".turn")).to_have_count(1)
    assert lines(page) == [["97110", "GP", "1"], ["97530", "GP", "1"]]


def test_by_keyboard_alone(watched: Watched) -> None:
    page = watched.open()
    page.keyboard.type("15 minutes of squats, PT")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Medicare")
    box = page.get_by_role("textbox", name="Your question")
    expect(box).to_have_value("15 minutes of squats, PT\nMedicare")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_role("button", name="leg strength").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last).to_be_focused()
    assert lines(page) == [["97110", "GP", "1"]]
    watched.open("/conversations")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()


def test_a_tie_is_chosen_with_a_button(watched: Watched) -> None:
    watched.open()
    page = watched.ask(TIE)
    assert lines(page) == [["97530", "GP", "1"], ["97140", "GP", "1"]]
    page.get_by_role("button", name=re.compile("97116")).click()
    expect(page.locator(".turn")).to_have_count(2)
    assert sorted(lines(page)) == [["97116", "GP", "1"], ["97530", "GP", "1"]]


def test_lines_and_claims_are_copied(watched: Watched) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched.open()
    page = watched.ask("10 min 97110 and 20 min 97530, Medicare, PT")
    page.get_by_role("button", name="Copy claim").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "97110\tGP\t1\n97530\tGP\t1"
    page.get_by_role("button", name="Copy the line 97530").click()
    assert page.evaluate("navigator.clipboard.readText()") == "97530\tGP\t1"


def test_a_citation_is_found_and_opens(watched: Watched) -> None:
    watched.open()
    page = watched.ask("20 min of 97530, Medicare, PT")
    page.locator(".prose a.cite").first.click()
    expect(page.get_by_role("dialog").locator("mark")).to_be_in_viewport()
    page.get_by_role("link", name="As a page").click()
    expect(page.get_by_role("main").locator("mark")).to_be_visible()


def test_what_was_typed_survives_a_program_that_does_not_answer(watched: Watched) -> None:
    watched.open()
    page = watched.ask("20 min of 97530, Medicare, PT")
    page.route("**/messages", lambda route: route.abort())
    box = page.get_by_role("textbox", name="Continue")
    box.fill("25 min instead")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Your text is still here")
    expect(box).to_have_value("25 min instead")
    page.unroute("**/messages")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.get_by_role("alert")).to_be_hidden()
    watched.complaints = [said for said in watched.complaints if "ERR_FAILED" not in said]


def test_too_long_a_message_is_said_and_kept(watched: Watched) -> None:
    watched.open()
    page = watched.ask("20 min of 97530, Medicare, PT")
    box = page.get_by_role("textbox", name="Continue")
    box.fill("x" * 20_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("20,001 characters")
    assert len(box.input_value()) == 20_001
    watched.complaints = [said for said in watched.complaints if "422" not in said]


def test_everything_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    watched = Watched(context, address)
    page = watched.open()
    page.get_by_role("textbox", name="Your question").fill(TIE)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.get_by_role("button", name="Copy claim")).to_be_hidden()
    page.get_by_role("button", name=re.compile("97116")).click()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("textbox", name="Continue").fill("x" * 20_001)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("20,001 characters")
    expect(page.get_by_role("textbox", name="Continue")).to_have_value("x" * 20_001)
    page.get_by_text("Options", exact=True).click()
    page.get_by_role("textbox", name="Title").fill("A tie")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A tie")
    page.get_by_text("Options", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")
    context.close()


def test_a_conversations_page_is_light(watched: Watched) -> None:
    sizes: list[int] = []
    watched.open()
    watched.ask(TIE)
    watched.page.wait_for_load_state("networkidle")
    watched.page.on("response", lambda reply: sizes.append(len(reply.body())))
    watched.page.reload()
    watched.page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < LIGHTEST
