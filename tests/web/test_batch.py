"""Files of visits: reviewed as the command does, each person their own, resumed after a stop."""

import io
import time
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update

from assistant.answering import Assistant
from assistant.review_file import CsvWriter, review_visits
from web.batch.batches import Batches, NoSuchBatch, Show, erase
from web.batch.pages import safe_name
from web.batch.tables import batch_visits, batches
from web.database.engine import open_database

HEAD = "visit,date_of_service,payer,discipline,code,minutes,clinician,separate,allowed_before\n"
GOOD = "V{0},2026-03-02,Medicare,PT,97110,{1},therapist,yes,100\n"
FILE = (
    HEAD
    + "".join(GOOD.format(n, 8 + n % 30) for n in range(450))
    + "BAD,2026-03-02,Medicare,PT,97110,abc,therapist,,\n"
).encode()
ME, OTHER = 7, 8


@pytest.fixture
def kept(database_address: str, assistant: Assistant):
    engine = open_database(database_address)
    yield Batches(engine, assistant)
    engine.dispose()


def settled(kept: Batches, own: str) -> None:
    for _ in range(600):
        if not kept.get(ME, own).is_running:
            return
        time.sleep(0.05)
    pytest.fail("the review did not end")


class TestBatches:
    def test_the_download_is_what_the_command_writes(
        self, kept: Batches, assistant: Assistant
    ) -> None:
        own = kept.take(ME, "march.csv", FILE)
        settled(kept, own)
        out = io.StringIO()
        review_visits(
            io.StringIO(FILE.decode()), CsvWriter(out), assistant.tools, assistant.knowledge
        )
        assert "".join(kept.as_csv(own)) == out.getvalue()
        found = kept.get(ME, own)
        assert (found.visits, found.failed, found.state) == (451, 1, "done")
        assert kept.counts(own)[Show.FAILED] == 1

    def test_a_stopped_review_goes_on_where_it_was(self, kept: Batches) -> None:
        own = kept.take(ME, "march.csv", FILE)
        settled(kept, own)
        whole = "".join(kept.as_csv(own))
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        with kept._engine.begin() as connection:
            connection.execute(delete(batch_visits).where(batch_visits.c.place >= 200))
            connection.execute(
                update(batches).values(state="running", source=FILE, visits=200, seen=long_ago)
            )
        kept.resume()
        settled(kept, own)
        assert "".join(kept.as_csv(own)) == whole
        assert kept.get(ME, own).visits == 451

    def test_a_file_is_its_owners_alone(self, kept: Batches) -> None:
        own = kept.take(ME, "march.csv", FILE)
        settled(kept, own)
        assert kept.all(OTHER) == []
        with pytest.raises(NoSuchBatch):
            kept.get(OTHER, own)
        with pytest.raises(NoSuchBatch):
            kept.remove(OTHER, own)

    def test_an_unknown_column_is_refused_by_name(self, kept: Batches) -> None:
        own = kept.take(
            ME, "names.csv", b"visit,date_of_service,code,patient_name\nV,2026-03-02,97110,J\n"
        )
        settled(kept, own)
        assert kept.get(ME, own).state == "refused"
        assert "patient_name" in kept.get(ME, own).error

    def test_retention_takes_the_visits_along(self, kept: Batches) -> None:
        own = kept.take(ME, "march.csv", FILE)
        settled(kept, own)
        with kept._engine.begin() as connection:
            assert erase(connection, datetime.now(UTC) + timedelta(days=1)) == [own]
        assert kept.all(ME) == []
        assert kept.visits(own) == []


class TestPages:
    def test_upload_watch_filter_download_delete(self, client: TestClient) -> None:
        sent = client.post("/batch", files={"file": ("../x;y.csv", FILE)}, follow_redirects=False)
        place = sent.headers["location"]
        for _ in range(600):
            if client.get(f"{place}/progress").status_code == 286:
                break
            time.sleep(0.05)
        assert "BAD" in client.get(f"{place}?show=failed").text
        reply = client.get(f"{place}/lines.csv")
        assert reply.headers["content-disposition"] == 'attachment; filename="x-y-lines.csv"'
        assert reply.text.count("\n") > 451
        client.post(f"{place}/delete")
        assert client.get(place).status_code == 404

    def test_an_empty_file_is_said(self, client: TestClient) -> None:
        reply = client.post("/batch", files={"file": ("a.csv", b"")})
        assert reply.status_code == 422
        assert "The file is empty" in reply.text

    @pytest.mark.parametrize(
        ("name", "safe"),
        [('a"b\r\nc.csv', "a-b-c"), ("..", "visits"), ("März.csv", "M-rz"), ("x" * 99, "x" * 60)],
    )
    def test_names_are_made_safe(self, name: str, safe: str) -> None:
        assert safe_name(name) == safe
