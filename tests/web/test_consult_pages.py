"""The reviewers' pages: the queue, one consult, what is done there and what is said of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from chatting import ADDRESS, PASSWORD, sign_in
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from assistant.answering import Assistant
from web.access import OWNER, Role
from web.accounts.audit import Wanted
from web.accounts.rates import Rates
from web.app import create_app
from web.consults import policies
from web.consults.intake import take
from web.consults.letters import Desk, Mark
from web.consults.reviewing import Reviews
from web.consults.settings import DeskSettings
from web.consults.shown import age, pieces
from web.consults.states import State
from web.settings import Settings

FILTERS = {
    "state=drafted": True,
    "state=held": False,
    "code=97530": True,
    "code=97140": False,
    "payer=medicare": True,
    "payer=aetna": False,
    "sender=@clinic.example": True,
    "sender=@other.example": False,
    "q=visit": True,
    "q=100%": False,
    "overdue=1": False,
    "assigned=me": False,
    "assigned=nobody": True,
    "state=nonsense&page=x&severity=what": True,
}


def mail(number: int, text: str = "10 min 97110 and 20 min 97530, Medicare, PT.") -> bytes:
    return (
        f"From: Jo Baker <biller@clinic.example>\r\nTo: desk@practice.example\r\n"
        f"Subject: Visit <b>{number}</b>\r\nMessage-ID: <q{number}@clinic.example>\r\n"
        f"\r\n{text}\r\n"
    ).encode()


@pytest.fixture
def desk(assistant: Assistant, tmp_path: Path) -> Iterator[TestClient]:
    """Ann is signed in; the desk's own threads draft, nothing is sent for an hour."""
    given = DeskSettings(
        Desk("desk@practice.example", allowed=("@clinic.example",)), undo=timedelta(hours=1)
    )
    settings = Settings(f"sqlite:///{tmp_path / 'desk.sqlite'}", rates=Rates(0, 0, 0))
    app = create_app(settings, assistant, given)
    with TestClient(app, base_url=ADDRESS) as made:
        ann = app.state.safety.accounts.add(OWNER, "ann", Role.REVIEWER, PASSWORD)
        yield sign_in(made, ann.person)
    app.state.consults.engine.dispose()


def reviews(desk: TestClient) -> Reviews:
    return desk.app.state.consults.reviews  # type: ignore[attr-defined, no-any-return]


def until(look: Callable[[], bool]) -> None:
    for _ in range(1200):
        if look():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def drafted(desk: TestClient, number: int = 1, **more: str) -> int:
    taken = take(desk.app.state.consults.engine, mail(number, **more))  # type: ignore[attr-defined]
    until(lambda: reviews(desk).open(taken.consult_id).state is State.DRAFTED)
    return taken.consult_id


def form(desk: TestClient, number: int, **changed: str) -> dict[str, str]:
    newest = reviews(desk).open(number).newest
    assert newest is not None
    return {"body": newest.draft.body, "based_on": newest.draft.body_hash, **changed}


def told(desk: TestClient, number: int) -> list[str]:
    """What the audit log says was done."""
    audit = desk.app.state.safety.audit  # type: ignore[attr-defined]
    rows = audit.events(Wanted(object=f"consult/{number}"))
    return [row.action for row in rows if row.action != "consult.read"]


def verdicts(desk: TestClient, number: int) -> list[str]:
    return [decision.verdict for decision in reviews(desk).open(number).decisions]


class TestQueue:
    def test_it_lists_what_waits_with_what_was_found(self, desk: TestClient) -> None:
        number = drafted(desk)
        page = desk.get("/consults").text
        assert f'href="/consults/{number}"' in page
        assert "Visit &lt;b&gt;1&lt;/b&gt;" in page
        for shown in ("to review", "97530", "Medicare Part B", "biller@clinic.example"):
            assert shown in page

    def test_a_filter_narrows_it(self, desk: TestClient) -> None:
        link = f'href="/consults/{drafted(desk)}"'
        shown = {}
        for query in FILTERS:
            reply = desk.get(f"/consults?{query}", headers={"hx-target": "queue"})
            assert "<html" not in reply.text
            shown[query] = link in reply.text
        assert shown == FILTERS

    def test_without_a_desk_it_says_how_to_set_one_up(self, client: TestClient) -> None:
        assert "ASSISTANT_MAIL_ADDRESS" in client.get("/consults").text


class TestOne:
    def test_mail_draft_and_evidence_stand_side_by_side(self, desk: TestClient) -> None:
        page = desk.get(f"/consults/{drafted(desk)}").text
        assert "10 min 97110 and 20 min 97530, Medicare, PT." in page
        for shown in ("Approve and send", "What it rests on", "Every figure is held"):
            assert shown in page

    def test_what_the_mail_says_is_text(self, desk: TestClient) -> None:
        evil = "10 min 97110, Medicare, PT <script>alert(1)</script><img src=x onerror=alert(1)>"
        page = desk.get(f"/consults/{drafted(desk, text=evil)}").text
        assert "<script>alert" not in page
        assert "<img" not in page

    def test_an_unsupported_figure_is_marked_while_it_is_typed(self, desk: TestClient) -> None:
        number = drafted(desk)
        body = form(desk, number)["body"] + "\nBill 5 units of 97140."
        told = desk.post(f"/consults/{number}/marks", data={"body": body}).text
        assert "<mark>97140</mark>" in told
        assert "{{" not in told

    def test_approved_goes_out_and_can_be_called_back(self, desk: TestClient) -> None:
        number = drafted(desk)
        page = desk.post(f"/consults/{number}/approve", data=form(desk, number)).text
        assert "Call it back" in page
        assert reviews(desk).open(number).state is State.APPROVED
        desk.post(f"/consults/{number}/undo")
        assert reviews(desk).open(number).state is State.DRAFTED
        assert verdicts(desk, number) == ["approved", "undone"]

    def test_an_edit_is_kept_as_a_version_and_sent(self, desk: TestClient) -> None:
        number = drafted(desk)
        typed = form(desk, number)["body"].replace("Hello,", "Dear Jo,")
        desk.post(f"/consults/{number}/edit", data=form(desk, number, body=typed))
        assert "version 2, by ann" in desk.get(f"/consults/{number}").text
        desk.post(f"/consults/{number}/approve", data=form(desk, number, asks="1"))
        reply = reviews(desk).open(number).reply
        assert reply is not None
        assert b"Dear Jo," in reply.raw

    def test_a_wrong_figure_is_sent_only_by_who_answers_for_it(self, desk: TestClient) -> None:
        number = drafted(desk)
        wrong = form(desk, number)["body"] + "\r\nBill 5 units of 97140."
        refused = desk.post(f"/consults/{number}/approve", data=form(desk, number, body=wrong))
        assert refused.status_code == 422
        assert "answer for it" in refused.text
        assert "Bill 5 units of 97140." in refused.text
        assert reviews(desk).open(number).state is State.DRAFTED
        desk.post(f"/consults/{number}/approve", data=form(desk, number, body=wrong, confirmed="1"))
        (decision,) = reviews(desk).open(number).decisions
        assert decision.reason == "answers for what the tools do not hold"

    def test_an_older_version_is_not_approved_and_no_text_is_lost(self, desk: TestClient) -> None:
        number = drafted(desk)
        old = form(desk, number)
        body = old["body"].replace("Hello,", "Good day,")
        reviews(desk).edit(number, body, "ben", old["based_on"])
        mine = old["body"].replace("Hello,", "Dear Jo,")
        reply = desk.post(f"/consults/{number}/approve", data=old | {"body": mine})
        assert reply.status_code == 409
        assert "Dear Jo," in reply.text
        assert reviews(desk).open(number).state is State.DRAFTED

    def test_reject_needs_a_reason_and_can_be_undone(self, desk: TestClient) -> None:
        number = drafted(desk)
        assert desk.post(f"/consults/{number}/reject", data={"reason": " "}).status_code == 409
        desk.post(f"/consults/{number}/reject", data={"reason": "answered by phone"})
        assert "answered by phone" in desk.get(f"/consults/{number}").text
        desk.post(f"/consults/{number}/reopen")
        assert reviews(desk).open(number).state is State.DRAFTED

    def test_set_apart_released_assigned_put_off_noted(self, desk: TestClient) -> None:
        number = drafted(desk)
        desk.post(f"/consults/{number}/assign", data={"to": "ann"})
        assert "/consults/" + str(number) in desk.get("/consults?assigned=me").text
        desk.post(f"/consults/{number}/note", data={"note": "ask their\r\nbiller"})
        assert "ask their\nbiller" in desk.get(f"/consults/{number}").text
        desk.post(f"/consults/{number}/snooze", data={"hours": "4"})
        link = f'href="/consults/{number}"'
        assert link not in desk.get("/consults").text
        assert link in desk.get("/consults?snoozed=1").text
        desk.post(f"/consults/{number}/snooze", data={"hours": ""})
        assert link in desk.get("/consults").text
        desk.post(f"/consults/{number}/quarantine", data={"reason": "odd"})
        assert reviews(desk).open(number).state is State.QUARANTINED
        desk.post(f"/consults/{number}/release")
        until(lambda: reviews(desk).open(number).state is State.DRAFTED)

    def test_two_see_each_other(self, desk: TestClient) -> None:
        number = drafted(desk)
        reviews(desk).look(number, "ben")
        assert "ben has it open" in desk.post(f"/consults/{number}/look").text
        assert "ben has it open" in desk.get("/consults").text

    def test_receipt_and_mail_are_handed_out(self, desk: TestClient) -> None:
        number = drafted(desk)
        data = desk.get(f"/consults/{number}/receipt.json").json()
        assert data["consult"] == number
        assert desk.get(f"/consults/{number}/receipt.pdf").content.startswith(b"%PDF")
        assert desk.get(f"/consults/{number}/mail.eml").content == mail(1)

    def test_every_reading_and_change_is_in_the_audit_log(self, desk: TestClient) -> None:
        number = drafted(desk)
        desk.get(f"/consults/{number}")
        desk.post(f"/consults/{number}/approve", data=form(desk, number))
        audit = desk.app.state.safety.audit  # type: ignore[attr-defined]
        rows = audit.events(Wanted(object=f"consult/{number}"))
        assert {row.action for row in rows} >= {"consult.read", "consult.approved"}
        assert audit.verify().fault == ""

    def test_what_was_not_done_is_not_told_as_done(self, desk: TestClient) -> None:
        number = drafted(desk)
        late = {**form(desk, number), "based_on": "another"}
        assert desk.post(f"/consults/{number}/approve", data=late).status_code == 409
        assert desk.post(f"/consults/{number}/undo").status_code == 409
        assert told(desk, number) == []
        unchanged = desk.post(f"/consults/{number}/edit", data=form(desk, number))
        assert (unchanged.status_code, told(desk, number)) == (200, [])
        desk.post(f"/consults/{number}/approve", data=form(desk, number))
        assert told(desk, number) == ["consult.approved"]

    @pytest.mark.parametrize("action", ["edit", "approve", "reject", "quarantine", "assign"])
    def test_what_cannot_be_written_down_is_not_done(self, desk: TestClient, action: str) -> None:
        number = drafted(desk)
        given = form(desk, number, to="ann", reason="why")
        given["body"] += "\n\nMore." if action == "edit" else ""
        with desk.app.state.safety.engine.begin() as connection:  # type: ignore[attr-defined]
            connection.execute(text("ALTER TABLE audit RENAME TO gone"))
        with suppress(OperationalError):
            assert desk.post(f"/consults/{number}/{action}", data=given).status_code >= 500
        read = reviews(desk).open(number)
        assert (read.state, read.reply, read.decisions) == (State.DRAFTED, None, ())
        assert (len(read.versions), read.about["assigned_to"]) == (1, "")

    @pytest.mark.parametrize("place", ["", "/look", "/approve", "/receipt.pdf", "/mail.eml"])
    def test_an_unknown_one_is_not_found(self, desk: TestClient, place: str) -> None:
        ask = desk.post if place in ("/look", "/approve") else desk.get
        assert ask(f"/consults/999{place}").status_code == 404


class TestPolicies:
    def test_an_admin_lets_drafts_go_out_and_takes_it_back(self, desk: TestClient) -> None:
        sign_in(desk)
        wrong = desk.post("/admin/replies", data={"sender": "clinic", "kind": "claim"})
        assert wrong.status_code == 422
        desk.post("/admin/replies", data={"sender": "@clinic.example", "kind": "claim"})
        engine = desk.app.state.consults.engine  # type: ignore[attr-defined]
        (policy,) = policies.in_force(engine)
        assert (policy.sender, policy.set_by) == ("@clinic.example", "owner")
        desk.post(f"/admin/replies/{policy.id}/remove")
        assert policies.in_force(engine) == []


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "just now"), (59, "59 min"), (60, "1 h"), (47 * 60, "47 h"), (49 * 60, "2 days")],
)
def test_ages_are_said_in_a_unit_that_fits(minutes: int, said: str) -> None:
    assert age(timedelta(minutes=minutes)) == said


def test_the_pieces_are_the_body() -> None:
    marks = [Mark(2, 4, "cd", "wrong"), Mark(3, 5, "de", "overlaps"), Mark(6, 7, "g", "odd")]
    cut = pieces("abcdefgh", marks)
    assert "".join(piece.text for piece in cut) == "abcdefgh"
    assert [piece.text for piece in cut if piece.why] == ["cd", "g"]


def test_no_script_stands_in_a_template() -> None:
    for file in Path("web/templates/consults").glob("*.html"):
        assert not re.search(r"<script>|style=|onclick", file.read_text(encoding="utf-8"))
