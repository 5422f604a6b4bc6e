"""The JSON routes as a program uses them."""

import csv
import io
import re
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from chatting import ADDRESS, PASSWORD, begin, sign_in
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from web.access import OWNER, Person, Role
from web.accounts.rates import Rates
from web.accounts.safety import Safety
from web.app import create_app
from web.settings import Settings

VISIT = {
    "visit": "1041",
    "date_of_service": "2026-11-20",
    "payer": "medicare",
    "discipline": "PT",
    "services": [{"code": "97110", "minutes": 33}, {"code": "97140", "minutes": 7}],
}
AS_CSV = (
    "visit,date_of_service,payer,discipline,code,minutes\n"
    "1041,2026-11-20,medicare,PT,97110,33\n"
    "1041,2026-11-20,medicare,PT,97140,7\n"
)


def by_key(client: TestClient, safety: Safety, person: Person) -> TestClient:
    """A program with a key of that person and no session."""
    key = safety.keys.make(person, "tests")
    return TestClient(client.app, base_url=ADDRESS, headers={"Authorization": f"Bearer {key}"})


@pytest.fixture(scope="module")
def stranger(
    assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """One application for all of these; nobody is signed in."""
    database = tmp_path_factory.mktemp("rest") / "kept.sqlite"
    app = create_app(Settings(f"sqlite:///{database}", rates=Rates(0, 0, 0)), assistant)
    with TestClient(app, base_url=ADDRESS) as made:
        yield made
        app.state.safety.engine.dispose()


@pytest.fixture(scope="module")
def safety(stranger: TestClient) -> Safety:
    return stranger.app.state.safety  # type: ignore[attr-defined, no-any-return]


@pytest.fixture(scope="module")
def mary(safety: Safety) -> Person:
    """A member."""
    return safety.accounts.add(OWNER, "Mary Kay", Role.MEMBER, PASSWORD).person


@pytest.fixture(scope="module")
def program(stranger: TestClient, safety: Safety) -> TestClient:
    return by_key(stranger, safety, OWNER)


@pytest.fixture(scope="module")
def client(stranger: TestClient) -> TestClient:
    """The owner, signed in."""
    return sign_in(TestClient(stranger.app, base_url=ADDRESS))


def every(client: TestClient, address: str, limit: int = 7) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = client.get(address, params={"limit": limit, "after": after}).json()
        found += page["items"]
        assert len(page["items"]) <= limit
        if page["next"] is None:
            return found
        after = page["next"]


class TestLists:
    @pytest.mark.parametrize(
        "address",
        [
            "codes",
            "payers",
            "values",
            "knowledge/sources",
            "knowledge/guides",
            "knowledge/disputes",
        ],
    )
    def test_pages_hold_everything_once(self, program: TestClient, address: str) -> None:
        whole = program.get(f"/api/{address}?limit=200").json()
        assert whole["next"] is None
        assert every(program, f"/api/{address}", 23) == whole["items"]
        assert len(whole["items"]) > 20

    def test_a_place_that_is_gone_is_said(self, program: TestClient) -> None:
        reply = program.get("/api/codes?after=00000")
        assert reply.status_code == 422
        assert "begin without `after`" in reply.json()["detail"]


class TestLookUps:
    def test_a_code_is_found_by_shorthand_and_read(self, program: TestClient) -> None:
        found = program.get("/api/codes?q=ther ex").json()["items"]
        assert found[0]["code"] == "97110"
        sheet = program.get("/api/codes/97110?on=2026-11-20").json()
        assert sheet["clock"] == "fifteen"
        assert {one["setting"] for one in sheet["unit_limits"]} == {
            "practitioner",
            "outpatient_hospital",
        }
        assert any(one["year"] == 2026 and one["allowed"] for one in sheet["payment"])

    def test_a_pair_on_two_days(self, program: TestClient) -> None:
        ask = "/api/pairs?codes=97530,97140&on="
        then = program.get(ask + "2019-06-03").json()["items"][0]
        now = program.get(ask + "2026-11-20").json()["items"][0]
        assert (then["column2"], then["indicator"]) == ("97530", 1)
        assert (now["column2"], now["status"]) == (None, "no edit")
        assert now["why"][0]["statement"]

    def test_a_value_on_a_day_and_on_one_that_is_not_held(self, program: TestClient) -> None:
        address = "/api/values/medicare/kx_threshold_ot?on="
        held = program.get(address + "2026-03-02").json()
        assert (held["in_force"]["value"], held["in_force"]["source"] != "") == (2480, True)
        before = program.get(address + "1990-01-01").json()
        assert before["in_force"] is None
        assert "We hold no" in before["why_not"]

    def test_a_payer_gives_what_held_that_day(self, program: TestClient) -> None:
        payer = program.get("/api/payers/medicare?on=2026-11-20").json()
        assert payer["values"]["counting_rule"]["value"] == "cms"

    def test_a_search_says_where_each_passage_is_read(self, program: TestClient) -> None:
        found = program.get("/api/search?q=denied 97530 with 97140").json()
        assert found["mode"] == "lexical"
        assert "97140" in found["items"][0]["title"]
        nothing = program.get("/api/search?q=how do I bake sourdough bread").json()
        assert (nothing["items"], nothing["next"]) == ([], None)

    def test_the_chart_ends_at_a_code_or_asks(self, program: TestClient) -> None:
        answers = {"functional": "yes", "technique": "no"}
        chosen = program.post("/api/flowchart", json={"answers": answers}).json()
        assert (chosen["code"], chosen["next_question"]) == ("97530", None)
        still = program.post("/api/flowchart", json={"answers": {}}).json()
        assert still["code"] is None
        assert len(still["next_question"]["options"]) > 1
        chart = program.get("/api/flowchart").json()
        assert chart["first"] in {one["id"] for one in chart["questions"]}

    def test_a_note_is_checked_and_masked(self, program: TestClient) -> None:
        note = "Patient John Smith, DOB 3/4/1950. 97530 x 15 min: sit to stand, moderate cues."
        found = program.post("/api/notes/check", json={"note": note, "codes": ["97530"]})
        assert found.json()["missing"] > 0
        assert found.json()["masked"]
        assert "1950" not in found.text

    def test_a_bare_number_is_no_day(self, program: TestClient) -> None:
        assert program.get("/api/codes/97110?on=0").status_code == 422
        assert program.get("/api/codes/97110?on=1700000000").status_code == 422


class TestReview:
    def test_json_and_csv_give_the_same_lines(self, program: TestClient) -> None:
        as_json = program.post("/api/review", json={"visits": [VISIT]}).json()
        headers = {"Content-Type": "text/csv"}
        as_csv = program.post("/api/review", content=AS_CSV, headers=headers).json()
        assert as_json == as_csv
        lines = as_json["visits"][0]["lines"]
        assert [(one["code"], one["units"]) for one in lines] == [("97110", 2), ("97140", 1)]

    def test_the_reply_may_be_csv(self, program: TestClient) -> None:
        given = {"visits": [VISIT | {"visit": "=cmd()"}]}
        reply = program.post("/api/review", json=given, headers={"Accept": "text/csv"})
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert rows[0]["visit"] == "'=cmd()"
        assert (rows[0]["code"], rows[0]["units"]) == ("97110", "2")

    def test_a_visit_that_cannot_be_fails_alone(self, program: TestClient) -> None:
        wrong = VISIT | {"visit": "2", "services": [{"code": "99999", "minutes": 20}]}
        found = program.post("/api/review", json={"visits": [VISIT, wrong, VISIT]}).json()
        assert [one["status"] for one in found["visits"]] == ["reviewed", "failed", "reviewed"]
        assert [one["visit"] for one in found["visits"]] == ["1041", "2", "1041"]
        assert found["failed"] == 1
        assert "99999" in found["visits"][1]["errors"][0]["text"]

    @pytest.mark.parametrize(
        ("body", "kind", "status", "says"),
        [
            (b"", "application/json", 422, "body"),
            (b"{", "application/json", 422, "body"),
            (b'{"visits": []}', "application/json", 422, "visits"),
            (b"", "text/csv", 422, "empty"),
            (b"name,dob\nx,y\n", "text/csv", 422, "Columns unknown"),
            (b"<a/>", "application/xml", 415, "text/csv"),
        ],
    )
    def test_what_cannot_be_read_is_said(
        self, program: TestClient, body: bytes, kind: str, status: int, says: str
    ) -> None:
        reply = program.post("/api/review", content=body, headers={"Content-Type": kind})
        assert (reply.status_code, reply.headers["content-type"]) == (
            status,
            "application/problem+json",
        )
        assert says in reply.json()["detail"]

    def test_too_many_visits_belong_in_a_file(self, program: TestClient) -> None:
        rows = "".join(f"{n},2026-11-20,97110,15\n" for n in range(501))
        body = "visit,date_of_service,code,minutes\n" + rows
        reply = program.post("/api/review", content=body, headers={"Content-Type": "text/csv"})
        assert reply.status_code == 422
        assert "/api/batches" in reply.json()["detail"]


class TestConversations:
    def test_ones_own_are_listed_read_and_deleted(
        self, client: TestClient, safety: Safety, mary: Person
    ) -> None:
        own = begin(client).rpartition("/")[2].partition("#")[0]
        owner, other = by_key(client, safety, OWNER), by_key(client, safety, mary)
        assert own in [one["id"] for one in owner.get("/api/conversations").json()["items"]]
        assert owner.get("/api/conversations?q=97110").json()["items"]
        assert owner.get("/api/conversations?q=nobody said this").json()["items"] == []
        kept = owner.get(f"/api/conversations/{own}").json()
        assert kept["messages"][0]["answer"]["claims"][0]["lines"][0]["code"] == "97110"
        assert other.get("/api/conversations").json()["items"] == []
        assert other.get(f"/api/conversations/{own}").status_code == 404
        assert other.delete(f"/api/conversations/{own}").status_code == 404
        assert owner.delete(f"/api/conversations/{own}").status_code == 204
        assert owner.get(f"/api/conversations/{own}").status_code == 404


class TestBatches:
    def test_a_file_is_sent_watched_read_and_deleted(
        self, program: TestClient, stranger: TestClient, safety: Safety, mary: Person
    ) -> None:
        rows = "".join(f"{n},2026-11-20,97110,{15 + n}\n" for n in range(12))
        file = ("../../vi<sits>.csv", "visit,date_of_service,code,minutes\n" + rows)
        sent = program.post("/api/batches", files={"file": file})
        assert sent.status_code == 202
        own = f"/api/batches/{sent.json()['id']}"
        assert re.fullmatch(r"[\w.-]+", sent.json()["name"])
        deadline = time.monotonic() + 60
        while program.get(own).json()["state"] == "running" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert program.get(own).json()["counts"]["all"] == 12
        visits = every(program, f"{own}/visits", 5)
        assert [one["place"] for one in visits] == list(range(12))
        assert program.get(f"{own}/lines.csv").text.count("\n") > 12
        other = by_key(stranger, safety, mary)
        for address in (own, f"{own}/visits", f"{own}/lines.csv"):
            assert other.get(address).status_code == 404
        assert other.delete(own).status_code == 404
        assert program.delete(own).status_code == 204
        assert program.get(own).status_code == 404


class TestKnowledge:
    def test_every_sentence_of_a_guide_says_what_carries_it(
        self, program: TestClient, assistant: Assistant
    ) -> None:
        guide = program.get("/api/knowledge/guides/97110-or-97112").json()
        cited = [c for p in guide["passages"] for s in p["sentences"] for c in s["rests_on"]]
        assert len(cited) > 5
        assert all(one["source"] in assistant.knowledge.sources for one in cited)
        source = program.get(f"/api/knowledge/sources/{cited[0]['source']}").json()
        fact = program.get(f"/api/knowledge/statements/{source['facts'][0]['id']}").json()
        assert fact == source["facts"][0]
        assert source["guides"] > 0

    def test_a_dispute_and_the_tables(self, program: TestClient) -> None:
        first = program.get("/api/knowledge/disputes?topic=units").json()["items"][0]
        assert program.get(f"/api/knowledge/disputes/{first['id']}").json() == first
        ages = program.get("/api/knowledge/tables").json()
        assert ages["on"] == str(date.today())
        assert len({one["table"] for one in ages["tables"]}) == 7

    def test_nothing_was_added_yet(self, program: TestClient) -> None:
        assert program.get("/api/knowledge/documents").json()["items"] == []
        assert program.get("/api/knowledge/flagged").json()["items"] == []
        assert program.get("/api/knowledge/documents/document:x").status_code == 404
        assert program.delete("/api/knowledge/documents/document:x").status_code == 404

    @pytest.mark.parametrize(
        ("name", "content", "given", "says"),
        [
            ("letter.exe", b"MZ", {}, "of a kind not read here"),
            ("letter.md", b"  ", {}, "is empty"),
            ("letter.md", b"x", {"authority": "king"}, "one of law"),
            ("letter.md", b"x", {"effective": "soon"}, "2026-11-21"),
            ("l.md", b"x", {"effective": "2026-02-01", "until": "2026-01-01"}, "lies before"),
        ],
    )
    def test_what_cannot_be_added_is_said(
        self, program: TestClient, name: str, content: bytes, given: dict[str, str], says: str
    ) -> None:
        reply = program.post(
            "/api/knowledge/documents", data=given, files={"file": (name, content)}
        )
        assert reply.status_code == 422
        assert says in reply.json()["detail"]

    def test_a_member_may_read_and_not_add(
        self, stranger: TestClient, safety: Safety, mary: Person
    ) -> None:
        member = by_key(stranger, safety, mary)
        assert member.get("/api/knowledge/documents").status_code == 200
        file = {"file": ("letter.md", b"Some words.")}
        assert member.post("/api/knowledge/documents", files=file).status_code == 403
        assert member.delete("/api/knowledge/documents/document:x").status_code == 403


class TestErrors:
    @pytest.mark.parametrize(
        ("method", "address", "status"),
        [
            ("GET", "/api/nothing", 404),
            ("GET", "/api/codes/12345", 404),
            ("GET", "/api/knowledge/guides/none", 404),
            ("GET", "/api/values/none", 404),
            ("PUT", "/api/codes", 405),
            ("GET", "/api/pairs?codes=97110", 422),
            ("GET", "/api/codes?limit=0", 422),
            ("POST", "/api/flowchart", 422),
        ],
    )
    def test_each_is_a_problem(
        self, program: TestClient, method: str, address: str, status: int
    ) -> None:
        reply = program.request(method, address)
        assert reply.status_code == status
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json().keys() == {"type", "title", "status", "detail"}

    def test_without_a_key_nothing_is_said(self, stranger: TestClient) -> None:
        reply = stranger.get("/api/codes")
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
        assert "API key" in reply.json()["detail"]

    def test_what_is_not_taken_says_what_is(self, program: TestClient) -> None:
        assert program.put("/api/batches").headers["allow"] == "GET, POST"
        assert program.put("/api/batches/0").headers["allow"] == "DELETE, GET"

    def test_a_store_that_cannot_be_read_is_said(
        self, program: TestClient, assistant: Assistant
    ) -> None:
        store = assistant.library.folder / "passages.sqlite"
        store.write_bytes(b"no database " * 100)
        try:
            reply = program.get("/api/knowledge/documents")
        finally:
            store.unlink()
        assert reply.status_code == 503
        assert "cannot be used as the store" in reply.json()["detail"]


class TestHealth:
    def test_it_says_what_is_stale(self, client: TestClient) -> None:
        assert client.app.state.parts.readiness.wait(60)  # type: ignore[attr-defined]
        told = client.get("/health").json()
        assert told["live"]
        assert told["ready"]
        stale = told["stale"]
        assert "Geographic indices (GPCI)" in stale["missing"]
        assert stale["index"].startswith("By words alone")
        names = [one["name"] for one in stale["values"]]
        assert "medicare/work_gpci_floor" in names or date.today() <= date(2026, 1, 30)

    def test_a_role_is_not_needed(self, stranger: TestClient) -> None:
        assert stranger.get("/health").status_code in (200, 503)
