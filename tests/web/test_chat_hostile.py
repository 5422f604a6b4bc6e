"""Markup in what users, models and documents write and in names of files: in Chromium none runs.

The browser is told to overlook our security policy, so that what is proved is the escaping itself;
the policy stands behind it.
"""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import free_port, serving
from test_pages_in_browser import SWITCHES

from assistant.answering import Assistant
from assistant.conversation import (
    Answer,
    AnswerKind,
    Citation,
    Claim,
    CodeChoice,
    Inquiry,
    Line,
    Question,
    Step,
    UnbilledMinutes,
    Warned,
    Why,
)
from assistant.evidence import Authority
from assistant.knowledge import Knowledge, load
from assistant.library import Document, Kind, Library, Passage
from assistant.library.store import Store
from assistant.streaming import Event, Finished, Stated, Words
from web.access import OWNER
from web.accounts.rates import Rates
from web.app import create_app
from web.chat.conversations import new_id
from web.settings import Settings

CASES = Path(__file__).parents[1] / "cases" / "hostile_markup.json"
PAYLOADS: list[str] = json.loads(CASES.read_text("utf-8"))

A_PAGE = 15  # cases in one conversation, whose answers come by as many streams

# Every listener that markup could have brought is called, those of a click without its effect.
PROVOKE = """() => {
  addEventListener("click", (event) => event.preventDefault(), true);
  addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  const names = ["load", "error", "mouseover", "mouseenter", "mousemove", "pointerover", "focus",
    "focusin", "click", "toggle", "begin", "start", "close", "submit", "propertychange"];
  for (const one of document.querySelectorAll("main *, title, aside *"))
    for (const name of names) one.dispatchEvent(new Event(name, {cancelable: true}));
}"""

FAULTS = """() => {
  const faults = window.ran === undefined ? [] : ["ran"];
  for (const one of document.querySelectorAll("*")) {
    for (const {name, value} of one.attributes) {
      if (name.startsWith("on") || name.includes("hx-on")) faults.push(`${one.tagName} ${name}`);
      if (["href", "src", "action", "formaction", "xlink:href", "data"].includes(name)
          && /^\\s*(javascript|vbscript|data):/i.test(value)) faults.push(`${name}=${value}`);
    }
  }
  const never = "script, iframe, object, embed, img, base, link, style, meta, math, video, audio";
  for (const one of document.querySelectorAll(`main :is(${never})`))
    faults.push(one.outerHTML.slice(0, 80));
  return faults;
}"""


# Looks at each piece as it comes into the page, and notes into which part of which turn.
WATCH = """() => {
  const faults = %s;
  window.came = [];
  window.seen = [];
  new MutationObserver((changes) => {
    for (const { target } of changes)
      if (target.matches?.(".certain, .prose, .progress"))
        window.came.push(`${target.closest(".turn")?.id} ${target.className.split(" ")[0]}`);
    window.seen.push(...faults());
  }).observe(document.getElementById("turns") ?? document.body, { childList: true, subtree: true });
}"""


def hostile(text: str) -> Answer:
    """An answer whose every free field holds the text."""
    why = [Why(text, 1)]
    return Answer(
        kind=AnswerKind.CLAIM,
        text=f"{text}\n\n{text} [1]",
        claims=[
            Claim(
                payer=text,
                counting_rule="cms",
                date_of_service="2026-11-21",
                discipline=text,
                lines=[Line("97110", 1, [text], 15, why)],
                total_timed_minutes=15,
                total_treatment_minutes=None,
                timed_units=1,
                unbilled=[UnbilledMinutes(text, 3, text)],
                blocks=[{"code": text, "start": 605, "end": 623}],
            )
        ],
        code_choices=[CodeChoice(text, text, [Step(text, text, text)], [text], why)],
        questions=[Question(text, text, [text], text)],
        assumptions=[text],
        findings=[
            Warned("a", "warning", text, text, 1),
            Warned(f"dispute-{text}", "info", f"{text}: {text} We hold: {text}", None, 1),
        ],
        citations=[
            Citation(1, text, text, text, text, text, "local", text, "verified", text, text)
        ],
        trace=[{"tool": text, "input": {text: text}, "output": {text: text}}],
        engine=text,
        changes=[text],
    )


class Hostile(Assistant):
    """Answers with what it was asked, unescaped, in every field."""

    def __init__(self, knowledge: Knowledge, library: Library) -> None:
        super().__init__(knowledge, library)
        self.come: dict[str, threading.Event] = {}  # whether the words were seen on the page

    def events(self, inquiry: Inquiry) -> Iterator[Event]:
        answer = hostile(inquiry.messages[-1])
        yield from (Stated(answer), Words(answer.text))
        if seen := self.come.get(inquiry.messages[-1]):
            seen.wait(60)
        yield Finished(answer)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("hostile")
    store = Store(folder / "passages.sqlite")
    for number, text in enumerate(PAYLOADS):
        document, cut = f"d{number}", f"d{number}-{number:010x}"
        about = {"kind": Kind.DOCUMENT, "title": text, "url": text, "authority": Authority.LOCAL}
        store.put(
            Document(
                document,
                origin=text,
                text=text,
                hash=str(number),
                publisher=text,
                added="2026-11-21",
                **about,
            ),
            [
                Passage(
                    cut,
                    document,
                    heading=text,
                    text=text,
                    start=0,
                    end=len(text),
                    source=text,
                    **about,
                )
            ],  # type: ignore[arg-type]
        )
    store.close()
    knowledge = load()
    assistant = Hostile(knowledge, Library(folder, knowledge))
    settings = Settings(f"sqlite:///{folder / 'kept.sqlite'}", rates=Rates(0, 0, 0))
    made = create_app(settings, assistant)
    made.state.parts.readiness.begin = lambda: None
    yield made
    made.state.safety.engine.dispose()
    assistant.library.close()


@pytest.fixture(scope="module")
def page(chromium: Path, app: FastAPI) -> Iterator[Page]:
    with serving(app, free_port()) as entrance, sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        context = browser.new_context(bypass_csp=True)
        made = context.new_page()
        made.set_default_timeout(60_000)
        made.on("dialog", lambda dialog: pytest.fail(dialog.message))
        made.add_init_script(f"addEventListener('DOMContentLoaded', {WATCH % FAULTS})")
        made.goto(entrance)
        made.address = entrance.partition("/enter/")[0]  # type: ignore[attr-defined]
        yield made
        browser.close()


def check(page: Page, place: str) -> None:
    page.goto(page.address + place)  # type: ignore[attr-defined]
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate(FAULTS) == [], place
    page.evaluate(PROVOKE)
    assert page.evaluate(FAULTS) == [], place


def test_the_cases_are_many_and_different() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 150


def test_a_payload_would_run_where_it_is_not_escaped(page: Page) -> None:
    """The check itself: written raw, most of the cases do run."""
    ran = 0
    for text in PAYLOADS[:20]:
        page.goto("about:blank")
        page.evaluate(
            "text => { document.body.append(document.createElement('main'));"
            "document.querySelector('main').innerHTML = text; }",
            text,
        )
        page.evaluate(PROVOKE)
        ran += bool(page.evaluate(FAULTS))
    assert ran >= 15


def test_what_users_and_models_write(page: Page, app: FastAPI) -> None:
    kept = app.state.parts.conversations.of(OWNER)
    its = new_id()
    kept.start(its, PAYLOADS[0])
    kept.begin(its, 0).wait()
    for number, text in enumerate(PAYLOADS[1:], 1):
        kept.begin(its, kept.put(its, number, text, str(number))).wait()
    assert len(kept.get(its).exchanges) == len(PAYLOADS)
    check(page, f"/conversations/{its}")
    assert page.locator(".turn").count() == len(PAYLOADS)
    for number in range(0, len(PAYLOADS), 15):
        check(page, f"/conversations/{its}/messages/{number}/trace")
    for text in PAYLOADS:  # as titles, in the list and beside it
        kept.start(new_id(), text)
    for number in range(1, 7):  # pages of thirty
        check(page, f"/conversations?page={number}")
    check(page, f"/conversations?q={quote(PAYLOADS[0])}")


@pytest.mark.parametrize("first", range(0, len(PAYLOADS), A_PAGE))
def test_every_piece_that_comes_by_the_stream(page: Page, app: FastAPI, first: int) -> None:
    """What users and models write comes as claim, words and whole answer; at no time it runs."""
    parts = app.state.parts
    kept, texts = parts.conversations.of(OWNER), PAYLOADS[first : first + A_PAGE]
    its = kept.start(new_id(), texts[0])
    for number, text in enumerate(texts[1:], 1):
        kept.put(its, number, text, str(number))
    said = [exchange.text for exchange in kept.get(its).exchanges]
    parts.assistant.come = {text: threading.Event() for text in said}
    page.goto(f"{page.address}/conversations/{its}")  # type: ignore[attr-defined]
    for number, text in enumerate(said, 1):
        page.wait_for_function(
            "number => ['certain', 'prose'].every(part => came.includes(`m${number} ${part}`))",
            arg=number,
        )
        parts.assistant.come[text].set()
    expect(page.locator(".turn:not(.waits)")).to_have_count(len(said), timeout=60_000)
    parts.assistant.come = {}
    assert page.evaluate("window.seen") == []
    assert page.evaluate(FAULTS) == []
    page.evaluate(PROVOKE)
    assert page.evaluate(FAULTS) == []


def test_what_comes_by_htmx(page: Page) -> None:
    page.goto(page.address + "/")  # type: ignore[attr-defined]
    page.locator("#text").fill(PAYLOADS[0])
    page.keyboard.press("Enter")
    page.locator(".turn").first.wait_for()
    for text in PAYLOADS[40:60]:
        before = page.locator(".turn").count()
        page.locator("#text").fill(text)
        page.keyboard.press("Enter")
        page.locator(".turn").nth(before).wait_for()
    page.locator(".prose a.cite").last.hover()
    page.locator("#glance").wait_for()
    assert page.evaluate(FAULTS) == []
    page.locator(".prose a.cite").last.click()
    page.locator(".source-panel").wait_for()
    assert page.evaluate(FAULTS) == []


def test_documents_and_their_names(page: Page) -> None:
    check(page, "/knowledge/documents")
    for number in range(0, len(PAYLOADS), 10):
        check(page, f"/knowledge/documents/d{number}?passage=d{number}-{number:010x}")


def test_names_of_files(page: Page, app: FastAPI) -> None:
    batches = app.state.parts.batches
    for text in PAYLOADS:
        own = batches.take(OWNER.id, text, b"visit,date\n")
    check(page, "/batch")
    check(page, f"/batch/{own}")
