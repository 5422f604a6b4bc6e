"""The audit log holds everything, and nobody alters it unseen. Retention deletes for real."""

import io
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chatting import FIRST, begin
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DBAPIError

from web.__main__ import main
from web.access import OWNER, Role
from web.accounts.audit import Audit, Wanted
from web.accounts.person import PROGRAM
from web.accounts.safety import Safety
from web.chat.conversations import Conversations
from web.chat.tables import conversations
from web.database.engine import open_database
from web.erasing import ERASERS


@pytest.fixture
def engine(database_address: str) -> Iterator[Engine]:
    made = open_database(database_address)
    yield made
    made.dispose()


@pytest.fixture
def audit(engine: Engine) -> Audit:
    made = Audit(engine)
    for number in range(5):
        made.record(OWNER, "conversation.read", f"conversation/{number}", message=number)
    return made


def unguard(engine: Engine) -> None:
    """What only who owns the database can do: take its guards away."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
            return
        for guard in ("update", "delete", "replace"):
            connection.execute(text(f"DROP TRIGGER audit_no_{guard}"))


class TestChain:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE audit SET person = 'x' WHERE id = 3",
            "UPDATE audit SET id = 9 WHERE id = 3",
            "DELETE FROM audit WHERE id = 3",
            "DELETE FROM audit",
        ],
    )
    def test_the_database_refuses_a_change(self, engine: Engine, audit: Audit, change: str) -> None:
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))
        assert audit.verify().rows == 5

    def test_nor_does_it_replace_or_empty(self, engine: Engine, audit: Audit) -> None:
        change = "TRUNCATE audit"
        if engine.dialect.name == "sqlite":
            change = "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 3"
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))
        assert audit.verify().fault == ""

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ("UPDATE audit SET person = 'x' WHERE id = 3", "Row 3 was altered"),
            ("UPDATE audit SET detail = '{}' WHERE id = 2", "Row 2 was altered"),
            ("DELETE FROM audit WHERE id = 3", "Row 3 is missing"),
            ("DELETE FROM audit WHERE id = 1", "Row 1 is missing"),
            ("UPDATE audit SET hash = 'x' WHERE id = 4", "Row 4 was altered"),
        ],
    )
    def test_who_gets_past_the_guards_is_seen(
        self, engine: Engine, audit: Audit, change: str, told: str
    ) -> None:
        unguard(engine)
        with engine.begin() as connection:
            connection.execute(text(change))
        assert told in audit.verify().fault

    def test_a_cut_end_is_seen_by_a_noted_hash(self, engine: Engine, audit: Audit) -> None:
        noted = audit.verify().head
        audit.record(OWNER, "conversation.read", "conversation/6")
        assert audit.verify(noted).fault == ""
        unguard(engine)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM audit WHERE id >= 5"))
        assert audit.verify().fault == ""
        assert "the end was cut" in audit.verify(noted).fault

    def test_many_at_once_make_one_chain(self, engine: Engine, audit: Audit) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: audit.record(OWNER, "conversation.read", str(n)), range(40)))
        verdict = audit.verify()
        assert (verdict.rows, verdict.fault) == (45, "")

    def test_a_change_that_fails_leaves_no_row(self, engine: Engine, audit: Audit) -> None:
        def fail() -> None:
            with engine.begin() as connection:
                audit.append(connection, OWNER, "conversation.deleted", "conversation/1")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert audit.verify().rows == 5


class TestWhatIsWritten:
    def test_every_read_and_change_of_a_conversation(self, client: TestClient) -> None:
        where = begin(client)
        client.get(where)
        client.post(f"{where}/messages", data={"position": "1", "text": "25 min of 97530"})
        client.post(f"{where}/rename", data={"title": "Shoulder"})
        client.post(f"{where}/delete")
        about = f"conversation/{where.rsplit('/', 1)[1]}"
        log = client.app.state.safety.audit  # type: ignore[attr-defined]
        done = [event.action for event in log.events(Wanted(object=about))][::-1]
        told = [action.partition(".")[2] for action in done]
        assert told[:3] == ["begun", "read", "asked"]
        assert told[-1] == "deleted"
        assert {"begun", "read", "asked", "renamed", "deleted"} == set(told)
        assert log.verify().fault == ""

    def test_admins_filter_export_and_verify(self, client: TestClient) -> None:
        log = client.app.state.safety.audit  # type: ignore[attr-defined]
        sly = client.app.state.safety.accounts.add(  # type: ignore[attr-defined]
            OWNER, "=2+3", Role.MEMBER, "four lemons on a shelf"
        )
        log.record(sly.person, "conversation.read", "conversation/x")
        html = client.get("/admin/audit", params={"person": "=2+3"}).text
        rows = html[html.index("<tbody>") : html.index("</tbody>")]
        assert "conversation/x" in rows
        assert "account.made" not in rows
        reply = client.get("/admin/audit.csv", params={"person": "=2+3"})
        assert reply.headers["content-disposition"].startswith('attachment; filename="audit-')
        lines = reply.text.splitlines()
        assert lines[0] == "id,at,account,person,action,object,detail,previous,hash"
        assert ",'=2+3,conversation.read," in lines[1]
        assert "are as they were written" in client.get("/admin/audit/verify").text
        assert "2026-13" in str(client.get("/admin/audit", params={"first": "2026-13"}).url)
        assert client.get("/admin/audit", params={"first": "2026-13"}).status_code == 422
        assert [e.action for e in log.events(Wanted(action="audit.exported"))] != []

    def test_older_rows_are_a_page_further(self, client: TestClient) -> None:
        log = client.app.state.safety.audit  # type: ignore[attr-defined]
        for number in range(120):
            log.record(OWNER, "conversation.read", f"conversation/{number}")
        html = client.get("/admin/audit", params={"action": "conversation.read"}).text
        older = re.search(r'href="(/admin/audit\?[^"]*before=\d+)"', html)
        assert older is not None
        rest = client.get(older[1].replace("&amp;", "&")).text
        assert rest.count("<tr>") == 20 + 1


class TestRetention:
    def test_old_conversations_go_and_the_log_says_so(
        self, engine: Engine, kept_in: Conversations
    ) -> None:
        old, new = kept_in.start("a" * 32, FIRST), kept_in.start("b" * 32, FIRST)
        month = datetime.now(UTC) - timedelta(days=31)
        with engine.begin() as connection:
            is_old = update(conversations).where(conversations.c.id == old)
            connection.execute(is_old.values(updated=month))
        safety = Safety.open(engine)
        retention = safety.retention(ERASERS)
        assert retention.run() == {}
        retention.set_days(OWNER, "30")
        assert retention.run() == {"conversation": 1, **_others()}
        assert [heading.id for heading in kept_in.history()] == [new]
        row = next(safety.audit.events(Wanted(action="retention.deleted")))
        assert (row.account_id, row.object) == (PROGRAM.id, "conversation")
        assert row.detail["ids"] == [old]
        changed = next(safety.audit.events(Wanted(action="setting.changed")))
        assert changed.detail == {"former": None, "value": 30}
        assert safety.audit.verify().fault == ""

    @pytest.fixture
    def kept_in(self, engine: Engine, assistant: object) -> Conversations:
        return Conversations(engine, assistant)  # type: ignore[arg-type]

    def test_what_was_deleted_is_not_in_the_files(
        self, client: TestClient, kept: Conversations, tmp_path: Path
    ) -> None:
        begin(client, "20 min of 97530 quokka-one, Medicare")
        where = begin(client, "20 min of 97530 quokka-two, Medicare")
        client.post(f"{where}/delete")
        held = _bytes(tmp_path)
        assert b"quokka-one" in held
        assert b"quokka-two" not in held
        safety = client.app.state.safety  # type: ignore[attr-defined]
        with safety.engine.begin() as connection:
            connection.execute(
                update(conversations).values(updated=datetime.now(UTC) - timedelta(days=3))
            )
        client.post("/admin/retention", data={"days": "2"})
        told = client.post("/admin/retention/run").text
        assert re.search(r"Deleted: [^<]*conversation 1", told)
        assert b"quokka" not in _bytes(tmp_path)

    @pytest.mark.parametrize("days", ["0", "-1", "x", "1.5", "99999999"])
    def test_days_that_are_none_are_said(self, client: TestClient, days: str) -> None:
        reply = client.post("/admin/retention", data={"days": days})
        assert reply.status_code == 422
        assert "Give 1 to 36,500 days" in reply.text


def _others() -> dict[str, int]:
    return {kind: 0 for kind in ERASERS if kind != "conversation"}


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("kept.sqlite*"))


class TestCommands:
    @pytest.fixture
    def run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> Callable[..., tuple[int, str, str]]:
        """Types a command; its status, and what it wrote."""
        monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))

        def command(*words: str, typed: str = "") -> tuple[int, str, str]:
            monkeypatch.setattr(sys, "argv", ["web", *words])
            monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
            status = main()
            return (status, *capsys.readouterr())

        return command

    def test_an_admin_is_made_and_the_log_verified(
        self, run: Callable[..., tuple[int, str, str]], tmp_path: Path
    ) -> None:
        status, _, told = run("admin", "add", "Boss", typed="boss\n")
        assert (status, "at least 12" in told) == (2, True)
        made = run("admin", "add", "Boss", typed="four lemons on a shelf\n")
        assert made == (0, "Boss can sign in as an admin.\n", "")
        key = run("key", "add", "Boss", "reports")[1].strip()
        engine = open_database(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
        safety = Safety.open(engine)
        assert safety.log_in("boss", "four lemons on a shelf") is not None
        holder = safety.keys.holder(key)
        assert holder is not None
        assert holder.name == "Boss"
        assert "unaltered" in run("audit", "verify")[1]
        assert "no days are set" in run("retention", "run")[1]
        unguard(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE audit SET person = 'x' WHERE id = 1"))
        engine.dispose()
        status, _, told = run("audit", "verify")
        assert (status, "Row 1 was altered" in told) == (1, True)
