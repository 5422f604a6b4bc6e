"""An answer in the making in Chromium: watched, stopped, lost and found; and its sources beside."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import free_port, serving
from slow_assistant import Slow
from test_pages_in_browser import PICTURES, SWITCHES, Watched, lines

from assistant.answering import Assistant
from web.accounts.rates import Rates
from web.app import create_app
from web.settings import Settings

FIRST = "10 min 97110 and 20 min 97530, Medicare, PT"


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield made
        made.close()


@pytest.fixture
def slow(assistant: Assistant) -> Slow:
    return Slow(assistant)


def made_of(assistant: Assistant, folder: Path) -> FastAPI:
    settings = Settings(f"sqlite:///{folder / 'kept.sqlite'}", rates=Rates(0, 0, 0))
    app = create_app(settings, assistant)
    app.state.parts.readiness.begin = lambda: None
    return app


@pytest.fixture
def slowly(browser: Browser, slow: Slow, tmp_path: Path) -> Iterator[Watched]:
    with serving(made_of(slow, tmp_path), free_port()) as entrance:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        yield Watched(context, entrance)
        slow.may_go_on.set()
        context.close()


@pytest.fixture
def watched(browser: Browser, assistant: Assistant, tmp_path: Path) -> Iterator[Watched]:
    with serving(made_of(assistant, tmp_path), free_port()) as entrance:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        made = Watched(context, entrance)
        yield made
        assert made.complaints == []
        context.close()


def look(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"chat-{name}.png", caret="initial")


def sound(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def say(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.keyboard.press("Enter")


def test_the_claim_is_there_before_the_words(slowly: Watched, slow: Slow) -> None:
    page = slowly.open()
    say(page, FIRST)
    expect(page.locator(".turn.waits table.lines")).to_be_visible()
    expect(page.locator(".progress")).to_have_text("Asking the language model")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert lines(page) == [["97110", "GP", "1"], ["97530", "GP", "1"]]
    assert page.get_by_text("Full 15-minute blocks").is_hidden()
    sound(page)
    look(page, "making")
    slow.may_go_on.set()
    expect(page.locator(".turn .prose").get_by_text("Full 15-minute blocks")).to_be_visible()
    expect(page.locator(".turn.waits")).to_have_count(0)
    expect(page.locator("#status")).to_have_text("Answer: 97110, 1 unit; 97530, 1 unit.")
    say(page, "What if the PTA did all of it?")
    expect(page.locator(".turn:not(.waits)")).to_have_count(2)
    assert lines(page)[0] == ["97110", "CQ GP", "1"]
    assert slowly.complaints == []


def test_an_answer_is_stopped_by_keyboard(slowly: Watched, slow: Slow) -> None:
    page = slowly.open()
    say(page, FIRST)
    expect(page.locator(".turn.waits table.lines")).to_be_visible()
    page.get_by_role("button", name="Stop").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn:not(.waits) table.lines")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_restart_in_the_middle_of_an_answer(
    browser: Browser, slow: Slow, assistant: Assistant, tmp_path: Path
) -> None:
    port = free_port()
    context = browser.new_context()
    with serving(made_of(slow, tmp_path), port) as entrance:
        watched = Watched(context, entrance)
        page = watched.open()
        say(page, FIRST)
        expect(page.locator(".turn.waits table.lines")).to_be_visible()
    with serving(made_of(assistant, tmp_path), port):
        expect(page.locator(".turn:not(.waits)")).to_have_count(1)
        assert lines(page) == [["97110", "GP", "1"], ["97530", "GP", "1"]]
        slow.may_go_on.set()
        page.reload()
        expect(page.locator(".turn")).to_have_count(1)
    context.close()


def test_two_tabs_lose_and_double_nothing(watched: Watched) -> None:
    page = watched.open()
    say(page, FIRST)
    expect(page.locator(".turn")).to_have_count(1)
    other = watched.context.new_page()
    other.goto(page.url)
    say(page, "What if the PTA did all of it?")
    expect(page.locator(".turn")).to_have_count(2)
    say(other, "What if 20 min of 97110?")
    expect(other.locator(".turn")).to_have_count(3)
    page.reload()
    asked = page.locator(".turn .said p").all_inner_texts()
    assert asked == [FIRST, "What if the PTA did all of it?", "What if 20 min of 97110?"]


def test_two_tabs_ask_while_an_answer_is_made(slowly: Watched, slow: Slow) -> None:
    page = slowly.open()
    say(page, FIRST)
    expect(page.locator(".turn.waits table.lines")).to_be_visible()
    other = slowly.context.new_page()
    other.goto(page.url)
    expect(other.locator(".turn.waits table.lines")).to_be_visible()
    say(other, "What if the PTA did all of it?")
    expect(other.locator(".turn")).to_have_count(2)
    slow.may_go_on.set()
    expect(other.locator(".turn:not(.waits)")).to_have_count(2)
    expect(page.locator(".turn:not(.waits)")).to_have_count(1)
    page.reload()
    expect(page.locator(".turn:not(.waits)")).to_have_count(2)
    asked = page.locator(".turn .said p").all_inner_texts()
    assert asked == [FIRST, "What if the PTA did all of it?"]
    assert lines(page)[0] == ["97110", "CQ GP", "1"]


def test_offline_and_back(watched: Watched) -> None:
    page = watched.open()
    say(page, FIRST)
    expect(page.locator(".turn")).to_have_count(1)
    watched.context.set_offline(True)
    say(page, "What if 20 min of 97110?")
    expect(page.get_by_role("alert")).to_contain_text("Your text is still here")
    watched.context.set_offline(False)
    # The reply is lost on its way, so the page cannot know that the message arrived.
    page.route("**/messages", lambda route: (route.fetch(), route.abort()))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Your text is still here")
    page.unroute("**/messages")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    watched.complaints = [said for said in watched.complaints if "ERR_" not in said]


def test_a_source_is_glanced_at_and_opened_beside_by_keyboard(watched: Watched) -> None:
    page = watched.open()
    say(page, FIRST)
    chip = page.locator(".prose a.cite").first
    chip.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Medicare Claims Processing Manual")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    chip.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("timed minutes")
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.locator("mark")).to_be_in_viewport()
    expect(panel.get_by_role("heading", name="Source 1")).to_be_focused()
    sound(page)
    look(page, "panel")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(chip).to_be_focused()
    page.locator(".sources summary").click()
    page.locator(".sources a.opens").first.click()
    expect(page.locator("mark")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_what_is_done_with_an_answer(watched: Watched, width: int, scheme: str) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    watched.open()
    say(page, FIRST)
    page.get_by_role("button", name="What would earn one more unit?").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last.locator(".changed")).to_contain_text("→ 18 minutes")
    page.get_by_role("button", name="Poor answer").last.click()
    page.get_by_label("What was wrong?").select_option("Wrong units")
    page.get_by_label("In your words").fill("three were billed")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept with this answer.")).to_be_visible()
    page.get_by_label("Edit message 1").click()
    expect(page.get_by_text("what came after it is removed").first).to_be_visible()
    sound(page)
    look(page, f"judged-{width}-{scheme}")
    page.get_by_label("The message as it should be").first.fill("15 min 97140, Medicare, PT")
    page.get_by_role("button", name="Ask this instead").first.click()
    expect(page.locator(".turn")).to_have_count(1)
    assert lines(page) == [["97140", "GP", "1"]]
    page.get_by_role("button", name="Answer again").click()
    expect(page.locator(".turn table.lines")).to_be_visible()
    page.get_by_role("button", name="Pin").click()
    expect(page.get_by_role("button", name="Pinned")).to_be_visible()
    with page.expect_download() as csv:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert csv.value.suggested_filename.endswith(".csv")
    watched.open("/conversations")
    page.get_by_label(re.compile("Options: ")).first.click()
    sound(page)
    look(page, f"history-{width}-{scheme}")


def test_on_paper_the_sources_are_open_and_the_buttons_gone(watched: Watched) -> None:
    page = watched.open()
    say(page, FIRST)
    expect(page.locator(".turn")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".sources blockquote").first).to_be_visible()
    for part in (".actions", ".composer-holder", ".edit", ".follow-ups"):
        expect(page.locator(part).first).to_be_hidden()
