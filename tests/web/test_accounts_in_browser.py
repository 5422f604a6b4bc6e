"""Accounts and the admin's pages in a real browser: the journey, soundness, both widths."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from test_pages_in_browser import SWITCHES

TOP = Path(__file__).parents[2]
PASSWORD = "four lemons on a shelf"


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    local = tmp_path_factory.mktemp("local")
    environment = {
        "ASSISTANT_DATA": str(tmp_path_factory.mktemp("data")),
        "ASSISTANT_LOCAL": str(local),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "web"]
    with subprocess.Popen(
        command, cwd=TOP, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
        server.terminate()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield made
        made.close()


def sound(page: Page) -> None:
    """No axe violation, nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_an_admin_invites_a_person_who_signs_in(
    browser: Browser, entrance: str, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 850}
    base = entrance.partition("/enter/")[0]
    owner = browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    owner.set_default_timeout(30_000)
    owner.goto(base + "/codes")
    expect(owner.get_by_role("heading", level=1)).to_have_text("Sign in")
    sound(owner)
    owner.goto(entrance)
    assert owner.url == base + "/"
    owner.goto(base + "/admin/accounts")
    name = f"Dana {width}"
    owner.get_by_label("Name", exact=True).fill(name)
    owner.get_by_label("Role", exact=True).select_option("reviewer")
    owner.get_by_role("button", name="Add and make a link").click()
    link = owner.get_by_label("Link", exact=True).input_value()
    sound(owner)

    dana = browser.new_context(viewport=size, java_script_enabled=False).new_page()
    dana.goto(link)
    dana.get_by_label("Password").fill(PASSWORD)
    dana.get_by_label("The same again").fill(PASSWORD)
    dana.get_by_role("button", name="Set the password").click()
    assert dana.url == base + "/"
    dana.goto(link)
    expect(dana.get_by_role("main")).to_contain_text("used already")
    assert dana.goto(base + "/admin").status == 403  # type: ignore[union-attr]
    dana.goto(base + "/account")
    dana.get_by_label("What it is for").fill("Reports")
    dana.get_by_role("button", name="Make a key").click()
    expect(dana.get_by_label("New key")).to_have_value(re.compile("^tca_"))
    dana.get_by_role("button", name="Sign out here").click()
    expect(dana.get_by_role("heading", level=1)).to_have_text("Sign in")
    dana.get_by_label("Name").fill(name.upper())
    dana.get_by_label("Password").fill("x" * 12)
    dana.get_by_role("button", name="Sign in").click()
    expect(dana.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    dana.get_by_label("Password").fill(PASSWORD)
    dana.get_by_role("button", name="Sign in").click()
    assert dana.url == base + "/"
    for page in (owner, dana):
        page.context.close()


def test_a_payer_of_ones_own_is_checked_before_it_is_kept(browser: Browser, entrance: str) -> None:
    base = entrance.partition("/enter/")[0]
    blocks = re.findall(r"```yaml\n(.*?)```", (TOP / "docs/payers.md").read_text("utf-8"), re.S)
    page = browser.new_context().new_page()
    page.goto(entrance)
    page.goto(base + "/admin/payers")
    for name, text, button, told in (
        ("ourplan.yaml", blocks[1], "Check and save", "no source is called"),
        ("../x.yaml", blocks[1], "Check and save", "Name the file like"),
        ("sources.yaml", blocks[0], "Check and save", "Saved"),
        ("other.yaml", blocks[1], "Check and save", "must be its name"),
        ("ourplan.yaml", blocks[1].replace("ama", "ours"), "Check only", "not cms or ama"),
        ("ourplan.yaml", "a: [", "Check and save", "ourplan.yaml"),
        ("ourplan.yaml", blocks[1], "Check only", "nothing was changed"),
        ("ourplan.yaml", blocks[1], "Check and save", "Saved"),
    ):
        page.get_by_label(re.compile("File name")).fill(name)
        page.get_by_label("Text", exact=True).fill(text)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("main .problem, main .done")).to_contain_text(told)
    expect(page.locator(".found li")).to_have_count(2)
    page.get_by_role("link", name="ourplan.yaml").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("name: Our Plan"))
    page.context.close()
