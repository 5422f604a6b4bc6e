"""Every page that a person can open, in each state worth a look: the table that tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

Deed = Callable[[Page], object]


def nothing(page: Page) -> None:
    """The page as it comes."""


@dataclass(frozen=True, slots=True)
class Look:
    """A page in one state.

    Attributes:
        name: of the state; the picture's file is called after it.
        address: where it stands, or the name of something furnished.
        who: admin, member (who has nothing yet) or visitor.
        do: what brings the page into the state.
        status: with which the page is answered before that.
    """

    name: str
    address: str
    do: Deed = nothing
    who: str = "admin"
    status: int = 200


def opened(*words: str) -> Deed:
    """Opens each `details` whose summary holds the words; without words all of them."""

    def do(page: Page) -> None:
        if not words:
            page.evaluate(
                "document.querySelectorAll('main details').forEach(d => { d.open = true })"
            )
        for one in words:
            page.locator("summary").filter(has_text=one).first.click()

    return do


def menu(page: Page) -> None:
    """The menu of a narrow window."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("summary").filter(has_text="Menu").click()


def source_beside(page: Page) -> None:
    """A citation's source in the panel beside the answer."""
    page.locator(".prose a.cite").first.click()
    expect(page.get_by_role("dialog").locator("#panel-body article")).to_be_visible()


def glance(page: Page) -> None:
    """A citation's passage at its chip."""
    page.locator(".prose a.cite").first.focus()
    expect(page.get_by_role("tooltip")).to_be_visible()


def judging(page: Page) -> None:
    """The reasons for a poor answer, and the message to be edited."""
    page.get_by_role("button", name="Poor answer").last.click()
    expect(page.get_by_label("What was wrong?")).to_be_visible()
    page.get_by_label("Edit message 1").click()


def too_long(page: Page) -> None:
    """A message longer than one may be."""
    page.locator("#text").fill("x" * 20_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("20,001 characters")


def note_checked(page: Page) -> None:
    """A note held against its code."""
    page.get_by_label("Note", exact=False).first.fill(
        "97530 x 15 min: sit to stand from a low chair, moderate cues for hip hinge, to get off "
        "the toilet safely. Tolerated well. " + "a" * 120
    )
    page.get_by_role("button", name="Check").first.click()
    expect(page.locator("#checked h2").first).to_be_visible()


def note_empty(page: Page) -> None:
    """Nothing to check."""
    page.get_by_label("Note", exact=True).fill("  ")
    page.get_by_role("button", name="Check").first.click()
    expect(page.get_by_role("alert")).to_be_visible()


def refused_log_in(page: Page) -> None:
    """A wrong password."""
    page.get_by_label("Name").fill("Mary Kay")
    page.get_by_label("Password").fill("x" * 12)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


def locked_out(page: Page) -> None:
    """Too many wrong passwords."""
    for _ in range(6):
        page.get_by_label("Name").fill("Nobody Here")
        page.get_by_label("Password").fill("x" * 12)
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("minutes")


def other_password(page: Page) -> None:
    """Another password the second time."""
    page.get_by_label("Password").fill("four lemons on a shelf")
    page.get_by_label("The same again").fill("five lemons on a shelf")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_be_visible()


def key_made(page: Page) -> None:
    """A key that is shown once."""
    page.get_by_label("What it is for").fill("Reports")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_label("New key")).to_be_visible()


def unsupported_figure(page: Page) -> None:
    """A reply that says more than the tools hold, to be answered for."""
    page.get_by_label("Reply (Markdown)").press("Control+End")
    page.keyboard.type("\nBill 5 units of 97140.")
    expect(page.locator("#marks mark").first).to_be_visible()
    page.get_by_role("button", name="Approve and send").click()
    expect(page.get_by_text("or answer for it")).to_be_visible()


WORKED = "/worksheet?payer=medicare&discipline=PT&allowed_before=2400"
ROWS = "&code=97110&minutes=33&start=&end=&clinician=&code=97140&minutes=7&start=&end=&clinician="
FAULTY = "/worksheet?payer=medicare&allowed_before=abc&code=97110&minutes=-3&start=&end=&clinician="

# By the route whose page it is. A route that shows a page and is not here fails the tests.
LOOKS: dict[str, tuple[Look, ...]] = {
    "/": (
        Look("start", "/"),
        Look("start, for the first time", "/", who="member"),
        Look("menu", "/", menu),
        Look("a message too long", "a choice", too_long),
    ),
    "/conversations": (
        Look("history", "/conversations"),
        Look("history, options open", "/conversations", opened("Options")),
        Look("history, nothing found", "/conversations?q=nobody said this"),
        Look("history, nothing kept", "/conversations", who="member"),
    ),
    "/conversations/{conversation_id}": (
        Look("a tie, judged", "a tie"),
        Look("blocks by the clock, all open", "a clock", opened()),
        Look("the KX amount", "the KX amount", opened()),
        Look("a choice", "a choice", opened()),
        Look("missing facts", "missing facts"),
        Look("a dispute and a second turn", "a dispute", opened("source")),
        Look("a source beside", "a dispute", source_beside),
        Look("a passage at its chip", "a dispute", glance),
        Look("judging and editing", "a choice", judging),
        Look("words alone", "words alone"),
        Look("nothing to say", "nothing to say"),
        Look("identifiers masked", "identifiers"),
        Look("each code alone", "each code alone", opened()),
        Look("long text", "long text"),
        Look("no answer", "a failure"),
        Look("stopped", "stopped"),
        Look("waiting", "waiting"),
        Look("conversation options", "a choice", opened("Options")),
        Look("a conversation that is gone", "/conversations/none", status=404),
    ),
    "/conversations/{conversation_id}/messages/{position}/trace": (
        Look("every tool call", "a dispute/messages/0/trace", opened()),
    ),
    "/worksheet": (
        Look("worksheet", "/worksheet"),
        Look("worksheet, worked out", WORKED + ROWS, opened()),
        Look("worksheet, with faults", FAULTY),
    ),
    "/codes": (
        Look("codes", "/codes"),
        Look("codes, found", "/codes?q=transfer practice"),
        Look("codes, none found", "/codes?q=sourdough"),
        Look("codes, too long a search", "/codes?q=" + "x" * 300, status=422),
    ),
    "/codes/compare": (
        Look("codes side by side", "/codes/compare?codes=97110,97530,97535"),
        Look("codes side by side, none", "/codes/compare", status=422),
    ),
    "/codes/{code}": (
        Look("a code", "/codes/97530", opened()),
        Look("a code on its own clock", "/codes/92507"),
        Look("a code in a year not held", "/codes/97110?on=2031-01-05"),
        Look("a code that is none", "/codes/12345", status=422),
    ),
    "/pairs": (
        Look("pairs", "/pairs"),
        Look("pairs, an edit", "/pairs?codes=97530,97140,97116&on=2019-06-03", opened()),
        Look("pairs, none held", "/pairs?codes=97530,97140"),
        Look("pairs, unreadable", "/pairs?codes=97530", status=422),
    ),
    "/notes": (Look("a note", "/notes"),),
    "POST /notes": (
        Look("a note, checked", "/notes", note_checked),
        Look("a note, empty", "/notes", note_empty),
    ),
    "/batch": (
        Look("batch", "/batch", opened()),
        Look("batch, nothing yet", "/batch", who="member"),
    ),
    "/batch/{own}": (
        Look("a file, reviewed", "reviewed"),
        Look("a file, none in this group", "reviewed?show=clean&after=99"),
        Look("a file, refused", "refused"),
        Look("a file, in progress", "in progress"),
        Look("a file of somebody else", "/batch/none", who="member", status=404),
    ),
    "/flowchart": (Look("the chart", "/flowchart"), Look("a path on it", "path of a choice")),
    "/statements/{statement_id}": (Look("a statement", "a statement"),),
    "/values/{cited:path}": (Look("a value", "/values/medicare/kx_threshold_ot@2026-01-01"),),
    "/disputes/{dispute_id}": (Look("a dispute's page", "a dispute's page"),),
    "/sources/{source_id}": (Look("a source", "/sources/cms-claims-manual-ch5"),),
    "/knowledge": (
        Look("knowledge", "/knowledge"),
        Look("knowledge, found", "/knowledge?q=denied 97530 with 97140"),
        Look("knowledge, none found", "/knowledge?q=how do I bake sourdough bread"),
        Look("knowledge, unreadable day", "/knowledge?q=97530&on=tomorrow"),
    ),
    "/knowledge/guides": (
        Look("guides", "/knowledge/guides?q=97530 97140"),
        Look("guides, none found", "/knowledge/guides?q=sourdough"),
    ),
    "/knowledge/guides/{guide_id}": (Look("a guide", "/knowledge/guides/97110-or-97112"),),
    "/knowledge/sources": (Look("sources", "/knowledge/sources?q=manual"),),
    "/knowledge/documents": (
        Look("documents", "/knowledge/documents", opened()),
        Look("documents, for a member", "/knowledge/documents", who="member"),
    ),
    "/knowledge/documents/{document_id}": (
        Look("a document", "/knowledge/documents/letter"),
        Look("a passage in its document",
             "/knowledge/documents/letter?passage=letter-0000000001#letter-0000000001"),
    ),
    "/knowledge/documents/{document_id}/remove": (
        Look("a document to remove", "/knowledge/documents/letter/remove"),
        Look("not allowed", "/knowledge/documents/letter/remove", who="member", status=403),
    ),
    "/knowledge/jobs/{job_id}": (
        Look("a document on its way", "/knowledge/jobs/running"),
        Look("a document added", "/knowledge/jobs/done"),
        Look("a document refused", "/knowledge/jobs/failed"),
    ),
    "/knowledge/disputes": (Look("disputes", "/knowledge/disputes?topic=modifier_59"),),
    "/knowledge/flagged": (Look("flagged", "/knowledge/flagged"),),
    "/knowledge/tables": (Look("tables", "/knowledge/tables"),),
    "/consults": (
        Look("consults", "/consults", opened()),
        Look("consults, every state", "/consults?state=all"),
        Look("consults, none found", "/consults?q=sourdough"),
    ),
    "/consults/{consult_id}": (
        Look("consult to review", "consult drafted", opened()),
        Look("consult with a file", "consult with a file", opened()),
        Look("consult to answer for", "consult drafted", unsupported_figure),
        Look("consult received", "consult received"),
        Look("consult held", "consult held", opened()),
        Look("consult in quarantine", "consult quarantined"),
        Look("consult set aside", "consult set_aside"),
        Look("consult approved", "consult approved", opened()),
        Look("consult of unknown fate", "consult unknown"),
        Look("consult sent", "consult sent", opened()),
        Look("consult asked back", "consult asked"),
        Look("consult rejected", "consult rejected"),
        Look("consult failed", "consult failed"),
        Look("consult that is none", "/consults/9999", status=404),
    ),
    "/login": (
        Look("sign in", "/login", who="visitor"),
        Look("sign in, refused", "/login", refused_log_in, who="visitor"),
        Look("sign in, locked out", "/login", locked_out, who="visitor"),
    ),
    "/enter/{token}": (
        Look("an entrance of an earlier start", "/enter/old", who="visitor", status=403),
    ),
    "/join/{token}": (
        Look("an invitation", "invited", who="visitor"),
        Look("an invitation, mistyped", "invited", other_password, who="visitor"),
        Look("an invitation that is over", "/join/old", who="visitor", status=410),
    ),
    "/account": (
        Look("account", "/account"),
        Look("account, a member's", "/account", who="member"),
        Look("account, a new key", "/account", key_made),
    ),
    "/admin": (
        Look("admin", "/admin"),
        Look("admin, not allowed", "/admin", who="member", status=403),
    ),
    "/admin/accounts": (Look("admin, accounts", "/admin/accounts", opened()),),
    "/admin/keys": (Look("admin, keys", "/admin/keys"),),
    "/admin/payers": (Look("admin, payers", "/admin/payers", opened()),),
    "/admin/replies": (Look("admin, replies", "/admin/replies", opened()),),
    "/admin/retention": (Look("admin, retention", "/admin/retention"),),
    "/admin/audit": (
        Look("admin, audit log", "/admin/audit"),
        Look("admin, audit log of an unreadable day", "/admin/audit?first=soon", status=422),
    ),
    "/admin/audit/verify": (Look("admin, audit log verified", "/admin/audit/verify"),),
}  # fmt: skip

# What a browser is handed that is no page: files, data, pieces of a page, a way on.
NO_PAGES = {
    "/admin/audit.csv",
    "/admin/payers/{name}",
    "/batch/{own}/lines.csv",
    "/batch/{own}/progress",
    "/consults/{consult_id}/mail.eml",
    "/consults/{consult_id}/receipt.json",
    "/consults/{consult_id}/receipt.pdf",
    "/conversations.jsonl",
    "/conversations/{conversation_id}/export.csv",
    "/conversations/{conversation_id}/export.pdf",
    "/conversations/{conversation_id}/messages/{position}/stream",
    "/health",
}
