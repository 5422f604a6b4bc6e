"""The consult queue in a real browser: by mouse, by keyboard alone, two reviewers at once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from browsing import SIZES, SWITCHES, served, violations, visiting
from chatting import PASSWORD
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import func, select

from assistant.answering import Assistant
from web.access import OWNER, Person, Role
from web.accounts.rates import Rates
from web.app import create_app
from web.consults.desk import ConsultDesk
from web.consults.intake import take
from web.consults.letters import Desk
from web.consults.settings import DeskSettings
from web.consults.states import State
from web.consults.tables import decisions, outgoing
from web.settings import Settings

PICTURES = os.environ.get("SCREENSHOTS")
RACES = 100
APPROVE_ALL = """
async (forms) => {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
  const send = (form) => fetch(form.address, {
    method: "POST", headers: {"X-CSRF-Token": token},
    body: new URLSearchParams({body: form.body, based_on: form.based_on}),
  }).then((reply) => reply.status);
  window.statuses = Promise.all(forms.map(send));
}
"""


@dataclass
class Place:
    """A running desk, and its two reviewers."""

    app: FastAPI
    address: str
    ann: Person
    ben: Person

    @property
    def desk(self) -> ConsultDesk:
        found = self.app.state.consults
        assert isinstance(found, ConsultDesk)
        return found

    def drafted(self, *numbers: int) -> list[int]:
        """The numbers of consults that wait with their draft."""
        ids = [take(self.desk.engine, _mail(number)).consult_id for number in numbers]
        for _ in range(2400):
            if all(self.desk.reviews.open(one).state is State.DRAFTED for one in ids):
                return ids
            time.sleep(0.05)
        raise AssertionError("the desk drafts nothing")


def _mail(number: int) -> bytes:
    return (
        f"From: Jo Baker <jo@clinic.example>\r\nTo: desk@practice.example\r\n"
        f"Subject: Visit {number}\r\nMessage-ID: <q{number}@clinic.example>\r\n"
        "\r\n10 min 97110 and 20 min 97530, Medicare, PT, 11/18/2026.\r\n"
    ).encode()


@pytest.fixture(scope="module")
def place(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    given = DeskSettings(
        Desk("desk@practice.example", allowed=("@clinic.example",)), undo=timedelta(hours=1)
    )
    file = tmp_path_factory.mktemp("desk") / "desk.sqlite"
    app = create_app(Settings(f"sqlite:///{file}", rates=Rates(0, 0, 0)), assistant, given)
    accounts = app.state.safety.accounts
    ann = accounts.add(OWNER, "ann", Role.REVIEWER, PASSWORD).person
    ben = accounts.add(OWNER, "ben", Role.REVIEWER, PASSWORD).person
    with served(app) as address:
        yield Place(app, address, ann, ben)
    app.state.safety.engine.dispose()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield made
        made.close()


def sound(page: Page, name: str) -> None:
    """Nothing that axe finds, nothing wider than the window; kept as a picture where wanted."""
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.mark.parametrize("size", SIZES)
def test_a_reviewer_reads_marks_approves_and_calls_back(
    browser: Browser, place: Place, size: tuple[int, str]
) -> None:
    (number,) = place.drafted(1000 + SIZES.index(size))
    look = f"{size[0]}-{size[1]}"
    with visiting(browser, place.app, place.address, place.ann, size) as page:
        page.goto(f"{place.address}/consults")
        sound(page, f"consults-{look}")
        page.locator(f"#consult-{number}").click()
        sound(page, f"consult-{look}")
        editor = page.get_by_label("Reply (Markdown)")
        wrote = editor.input_value()
        editor.fill(f"{wrote}\nBill 5 units of 97140.\n")
        expect(page.locator("#marks mark").filter(has_text="97140").first).to_be_visible()
        page.get_by_role("button", name="Approve and send").click()
        expect(page.get_by_text("or answer for it")).to_be_visible()
        sound(page, f"consult-to-confirm-{look}")
        editor.fill(wrote)
        page.get_by_role("button", name="Approve and send").click()
        expect(page.locator("#standing")).to_contain_text("Goes out in")
        sound(page, f"consult-approved-{look}")
        page.get_by_role("button", name="Call it back").click()
        expect(page.locator("#standing")).to_contain_text("to review")
        page.get_by_text("Close it without a reply").click()
        page.get_by_label("Reason").fill("Answered by phone")
        page.get_by_role("button", name="Reject").click()
        expect(page.locator("#standing")).to_contain_text("rejected")
        sound(page, f"consult-rejected-{look}")


def test_by_keyboard_alone(browser: Browser, place: Place) -> None:
    (number,) = place.drafted(2000)
    with visiting(browser, place.app, place.address, place.ann) as page:
        page.goto(f"{place.address}/consults")
        page.keyboard.press("/")
        page.keyboard.type("Visit 2000")
        expect(page.locator(".queue a.open")).to_have_count(1)
        page.keyboard.press("Tab")
        page.locator("body").evaluate("() => document.activeElement.blur()")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Visit 2000")
        page.keyboard.press("e")
        page.keyboard.press("Control+Home")
        page.keyboard.type("Good morning. ")
        page.locator("#body").evaluate("field => field.blur()")
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        expect(page.locator("#standing")).to_contain_text("on its way")
    reply = place.desk.reviews.open(number).reply
    assert reply is not None
    assert b"Good morning." in reply.raw


def test_what_somebody_types_survives_another_ones_version(browser: Browser, place: Place) -> None:
    (number,) = place.drafted(2500)
    with visiting(browser, place.app, place.address, place.ann) as page:
        page.goto(f"{place.address}/consults/{number}")
        page.locator("#body").press_sequentially("Mine. ")
        newest = place.desk.reviews.open(number).newest
        assert newest is not None
        theirs = newest.draft.body.replace("Hello,", "Good day,")
        place.desk.reviews.edit(number, theirs, "ben", newest.draft.body_hash)
        expect(page.locator("#moved-on")).to_be_visible(timeout=15_000)  # asked every 5 s
        page.get_by_role("button", name="Approve and send").click()
        expect(page.locator("#problem")).to_contain_text("has changed since you read it")
        assert "Mine." in page.locator("#body").input_value()
    assert place.desk.reviews.open(number).state is State.DRAFTED


def test_two_reviewers_approve_at_once_and_one_counts(browser: Browser, place: Place) -> None:
    ids = place.drafted(*range(3000, 3000 + RACES))
    reviews = place.desk.reviews
    forms = []
    for number in ids:
        newest = reviews.open(number).newest
        assert newest is not None
        address = f"/consults/{number}/approve"
        draft = newest.draft
        forms.append({"address": address, "body": draft.body, "based_on": draft.body_hash})
    with (
        visiting(browser, place.app, place.address, place.ann) as one,
        visiting(browser, place.app, place.address, place.ben) as other,
    ):
        for page in (one, other):
            page.goto(f"{place.address}/consults/{ids[0]}")
        expect(other.locator("#standing")).to_contain_text("ann has it open too")
        for page in (one, other):
            page.goto(f"{place.address}/account")  # a page that does not follow the consult
        one.evaluate(APPROVE_ALL, forms)
        other.evaluate(APPROVE_ALL, forms)
        answers = [page.evaluate("() => window.statuses") for page in (one, other)]
    assert {tuple(sorted(pair)) for pair in zip(*answers, strict=True)} == {(200, 409)}
    with place.desk.engine.connect() as connection:
        for table in (outgoing, decisions):
            counted = select(table.c.consult_id, func.count()).where(table.c.consult_id.in_(ids))
            counts = connection.execute(counted.group_by(table.c.consult_id)).all()
            assert dict(tuple(row) for row in counts) == dict.fromkeys(ids, 1)
