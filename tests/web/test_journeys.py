"""The main thing of each page from end to end: by mouse wide and narrow, and by keyboard alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browsing import SIZES, SWITCHES, served, visiting
from furnished import VISITS, Furnished, furnished
from hands import Keyboard, Mouse
from playwright.sync_api import Page, expect, sync_playwright

PICTURES = os.environ.get("SCREENSHOTS")  # a folder, where they are wanted
NOTE = "97530 x 15 min: sit to stand from a low chair, moderate cues, to get off the toilet."
LOOKS = {
    "mouse, wide": (Mouse, SIZES[0]),
    "mouse, narrow": (Mouse, SIZES[3]),
    "keyboard": (Keyboard, SIZES[1]),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("furnished")) as made:
        yield made


@pytest.fixture(scope="module")
def hands(chromium: Path, copy: Furnished) -> Iterator[dict[str, Mouse]]:
    with served(copy.app) as address, sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        made = {}
        for name, (hand, size) in LOOKS.items():
            page = stack.enter_context(visiting(browser, copy.app, address, copy.admin, size))
            page.goto(address)
            made[name] = hand(page)
        yield made


@pytest.fixture(params=LOOKS)
def hand(request: pytest.FixtureRequest, hands: dict[str, Mouse]) -> Iterator[Mouse]:
    """One way to work; what the page shows at the end is kept where pictures are wanted."""
    made = hands[request.param]
    yield made
    if PICTURES:
        name = f"{request.node.originalname}-{request.param}".removeprefix("test_")
        file = f"journey-{re.sub('[^a-z0-9]+', '-', name)}.jpg"
        made.page.screenshot(path=Path(PICTURES) / file, quality=80, type="jpeg")


def start(hand: Mouse, place: str = "/") -> Page:
    """The page at a place; the focus stands at its beginning."""
    origin = "/".join(hand.page.url.split("/")[:3])
    hand.page.goto(f"{origin}{place}")
    return hand.page


def test_a_question_is_asked_and_gone_on_with(hand: Mouse) -> None:
    page = start(hand)
    hand.write(page.locator("#text"), "10 min 97110 and 20 min 97530, Medicare, PT")
    hand.press(page.get_by_role("button", name="Ask", exact=True))
    expect(page.locator(".turn:not(.waits)")).to_have_count(1)
    hand.press(page.get_by_role("button", name="What would earn one more unit?"))
    expect(page.locator(".turn:not(.waits)")).to_have_count(2)
    hand.press(page.locator(".prose a.cite").last)
    panel = page.get_by_role("dialog")
    expect(panel.locator("mark, .marked").first).to_be_visible()
    hand.press(panel.get_by_role("button", name="Close"))
    expect(panel).to_be_hidden()
    hand.press(page.get_by_label("Edit message 1"))
    field = page.get_by_label("The message as it should be").first
    hand.write(field, "15 min 97140, Medicare, PT")
    hand.press(page.get_by_role("button", name="Ask this instead").first)
    expect(page.locator(".turn:not(.waits)")).to_have_count(1)
    expect(page.locator("table.lines tbody .code")).to_have_text("97140")


def test_a_missing_fact_is_given_with_a_button(hand: Mouse) -> None:
    page = start(hand)
    hand.write(page.locator("#text"), "15 minutes of squats, Medicare, PT")
    hand.press(page.get_by_role("button", name="Ask", exact=True))
    hand.press(page.get_by_role("button", name="leg strength"))
    expect(page.locator("table.lines tbody .code")).to_have_text("97110")


def test_a_conversation_is_found_renamed_pinned_and_deleted(hand: Mouse) -> None:
    page = start(hand)
    hand.write(page.locator("#text"), "20 min 97112 for balance, Medicare, PT")
    hand.press(page.get_by_role("button", name="Ask", exact=True))
    expect(page.locator(".turn:not(.waits)")).to_have_count(1)
    start(hand, "/conversations")
    hand.write(page.get_by_label("Search in titles and messages"), "97112 for balance")
    hand.press(page.get_by_role("button", name="Search"))
    row = page.locator(".found li").first
    hand.press(row.get_by_role("button", name="Pin"))
    hand.press(page.get_by_label("Options: 20 min 97112 for balance").first)
    hand.write(page.get_by_label("Title", exact=True).first, "Balance")
    hand.press(page.get_by_role("button", name="Rename").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Balance")
    expect(page.get_by_role("button", name="Pinned")).to_be_visible()
    hand.press(page.locator("summary", has_text="Options"))
    hand.press(page.get_by_role("button", name="Delete for good"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")
    expect(page.get_by_role("link", name="Balance", exact=True)).to_have_count(0)


def test_a_worksheet_is_filled_in(hand: Mouse) -> None:
    page = start(hand, "/worksheet")
    hand.choose(page.locator("select[name=payer]"), "Medicare Part B")
    hand.choose(page.locator("select[name=discipline]"), "PT")
    for row, (code, minutes) in enumerate((("97110", "33"), ("97140", "7")), 1):
        hand.write(page.get_by_label(f"Code, row {row}"), code)
        hand.write(page.get_by_label(f"Minutes, row {row}"), minutes)
    expect(page.locator("#result table.lines tbody tr")).to_have_count(2)
    expect(page.locator("#result .units").first).to_have_text("2")
    expect(page).to_have_url(re.compile("code=97110.*minutes=33"))
    hand.press(page.locator("#result summary", has_text="Why each line"))
    expect(page.locator("#result .reasons li").first).to_be_visible()


def test_a_code_is_found_read_and_compared(hand: Mouse) -> None:
    page = start(hand, "/codes")
    hand.write(page.get_by_label("Search codes"), "transfer practice")
    expect(page.locator("#found .count")).to_contain_text("transfer practice")
    hand.press(page.locator("#found a", has_text="97530"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("97530")
    hand.press(page.locator(".neighbours a").first)
    expect(page.locator(".compared thead th[scope=col]")).to_have_count(2)


def test_a_pair_is_looked_up(hand: Mouse) -> None:
    page = start(hand, "/pairs")
    hand.write(page.get_by_label("Codes"), "97530 97140")
    hand.press(page.get_by_role("button", name="Check"))
    expect(page.locator(".pair-card .edit-history")).to_be_visible()


def test_a_note_is_checked(hand: Mouse) -> None:
    page = start(hand, "/notes")
    hand.write(page.get_by_label("Note", exact=True), NOTE)
    hand.write(page.get_by_label("Codes billed"), "97530")
    hand.press(page.get_by_role("button", name="Check"))
    expect(page.locator("#checked mark").first).to_be_visible()
    expect(page.locator("#checked .missing").first).to_be_visible()


def test_a_file_of_visits_is_reviewed(hand: Mouse, tmp_path: Path) -> None:
    page = start(hand, "/batch")
    file = tmp_path / "visits.csv"
    file.write_text(VISITS, encoding="utf-8")
    hand.give(page.get_by_label("CSV file"), file)
    hand.press(page.get_by_role("button", name="Review"))
    expect(page.locator("#progress progress")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("4 visits reviewed")
    hand.press(page.get_by_role("link", name="Need attention"))
    expect(page.locator(".visits tbody tr")).not_to_have_count(0)
    with page.expect_download() as lines:
        hand.press(page.get_by_role("link", name="Download as CSV"))
    assert "99999" in Path(lines.value.path()).read_text("utf-8")


def test_a_guide_is_found_and_read(hand: Mouse) -> None:
    page = start(hand, "/knowledge")
    hand.write(page.get_by_label("Search the passages"), "denied 97530 with 97140")
    hand.press(page.get_by_role("button", name="Search"))
    first = page.locator("#found .passages a").first
    expect(first).to_contain_text("97530 and 97140")
    hand.press(first)
    expect(page.locator(".passage.marked")).to_be_in_viewport()


def test_a_key_is_made_and_a_person_let_in(hand: Mouse) -> None:
    page = start(hand, "/account")
    hand.write(page.get_by_label("What it is for"), "Reports")
    hand.press(page.get_by_role("button", name="Make a key"))
    expect(page.get_by_label("New key")).to_have_value(re.compile("^tca_"))
    start(hand, "/admin/accounts")
    name = f"Person {page.locator('.people li').count()}"
    hand.write(page.get_by_label("Name", exact=True), name)
    hand.choose(page.get_by_label("Role", exact=True), "reviewer")
    hand.press(page.get_by_role("button", name="Add and make a link"))
    expect(page.get_by_label("Link", exact=True)).to_have_value(re.compile("/join/"))
    hand.press(page.get_by_role("button", name=f"Close {name}"))
    expect(page.get_by_role("button", name=f"Open {name} again")).to_be_visible()


def test_a_consult_is_read_approved_and_called_back(hand: Mouse, copy: Furnished) -> None:
    page = start(hand, "/consults")
    hand.press(page.locator(f"#consult-{copy.own('consult drafted')}"))
    hand.add(page.get_by_label("Reply (Markdown)"), "Good morning. ")
    hand.press(page.get_by_role("button", name="Approve and send"))
    expect(page.locator("#standing")).to_contain_text("Goes out in")
    hand.press(page.get_by_role("button", name="Call it back"))
    expect(page.locator("#standing")).to_contain_text("to review")
