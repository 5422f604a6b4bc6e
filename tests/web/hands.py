"""Two ways to work a page: the mouse, and the keyboard alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

MOST_STOPS = 250  # of the Tab key before a place counts as out of reach
FOCUS = """wanted => {
  const here = document.activeElement;
  const style = getComputedStyle(here), field = here.closest(".field");
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const at = here.getBoundingClientRect();
  const seen = at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth;
  const shown = ring || Boolean(field && getComputedStyle(field).boxShadow !== "none");
  return {
    there: here === wanted,
    lost: here === document.body ? "" : shown && seen ? "" : here.outerHTML.slice(0, 120),
  };
}"""


class Mouse:
    """Points and clicks; types into what was clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Choosers are caught from the start: asked for beside the press, the press can win.
        page.on("filechooser", lambda _: None)

    def press(self, wanted: Locator) -> None:
        """Use a link, a button, a summary."""
        wanted.click()

    def write(self, wanted: Locator, text: str) -> None:
        """Put a text in the place of what a field holds."""
        wanted.click()
        wanted.fill(text)

    def add(self, wanted: Locator, text: str) -> None:
        """Put a text before what a field holds."""
        wanted.click()
        self.page.keyboard.press("Control+Home")
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, choice: str) -> None:
        """Choose from a list."""
        wanted.select_option(label=choice)

    def give(self, wanted: Locator, file: Path) -> None:
        """Choose a file."""
        with self.page.expect_file_chooser() as chooser:
            self.press(wanted)
        chooser.value.set_files(file)


class Keyboard(Mouse):
    """Tab, Enter, arrows and letters alone; every stop of the Tab key must be seen."""

    def reach(self, wanted: Locator) -> None:
        """Go on with the Tab key until the element has the focus; no stop may trap or hide it."""
        handle = wanted.element_handle()
        for _ in range(MOST_STOPS):
            found = self.page.evaluate(FOCUS, handle)
            if found["there"]:
                assert not found["lost"], f"the focus is not seen at {found['lost']}"
                return
            self.page.keyboard.press("Tab")
            lost = self.page.evaluate(FOCUS, handle)["lost"]
            assert not lost, f"the focus is not seen at {lost}"
        raise AssertionError(f"the Tab key does not lead to {wanted}")

    def press(self, wanted: Locator) -> None:
        """Use a link, a button, a summary."""
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        """Put a text in the place of what a field holds."""
        self.reach(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def add(self, wanted: Locator, text: str) -> None:
        """Put a text before what a field holds."""
        self.reach(wanted)
        self.page.keyboard.press("Control+Home")
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, choice: str) -> None:
        """Choose from a list, as its letters find it."""
        self.reach(wanted)
        self.page.keyboard.type(choice)
