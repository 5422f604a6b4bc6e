"""Files of visits: taken in, reviewed in the background, filtered, handed out, removed."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, update

from assistant.answering import Assistant
from assistant.errors import ImpossibleFact
from assistant.privacy import mask
from assistant.review_file import CsvWriter, failed_data, review_visits, reviewed_data
from assistant.rules.visit import VisitReview
from assistant.visit_rows import Fault, GivenVisit
from web.batch.tables import batch_visits, batches
from web.chat.conversations import new_id
from web.database.engine import reader
from web.errors import NotKept
from web.problems import log_failure

LARGEST = 20_000_000  # bytes
CHUNK = 200  # visits written in one transaction
ABANDONED = timedelta(seconds=60)  # after which another worker takes an unfinished file over
PAGE = 100
_NAMES = ("name", "date of birth", "social security number", "health plan number")
WEIGHTS = ("error", "warning", "info")


class NoSuchBatch(NotKept):
    """No file is kept under that id for this person."""


class Show(StrEnum):
    """Which of a file's visits are asked for."""

    ALL = "all"
    ATTENTION = "attention"
    FAILED = "failed"
    ASKS = "asks"
    CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of visits and how far it is."""

    id: str
    name: str
    state: str
    visits: int
    failed: int
    error: str
    created: datetime

    @property
    def is_running(self) -> bool:
        """Whether visits are still being reviewed."""
        return self.state == "running"


class Batches:
    """The files of visits of one copy.

    Args:
        engine: the database.
        assistant: its tools review.
    """

    def __init__(self, engine: Engine, assistant: Assistant) -> None:
        self._engine = engine
        self._assistant = assistant

    def take(self, person_id: int, name: str, content: bytes) -> str:
        """Keep a file and begin its review; its id.

        Raises:
            ImpossibleFact: the file is empty or too large.
        """
        if not content.strip():
            raise ImpossibleFact("file", name, "The file is empty. Choose a CSV file of visits.")
        if len(content) > LARGEST:
            raise ImpossibleFact(
                "file", name, f"The file has more than {LARGEST // 1_000_000} MB: send it in parts."
            )
        own, now = new_id(), datetime.now(UTC)
        name = mask(name).text[:200] or "visits.csv"
        row = {"id": own, "person_id": person_id, "name": name}
        row |= {"source": content, "size": len(content), "state": "running", "error": ""}
        row |= {"visits": 0, "failed": 0, "created": now, "seen": now}
        with self._engine.begin() as connection:
            connection.execute(insert(batches).values(row))
        self._begin(own)
        return own

    def resume(self) -> None:
        """Go on with what a stopped program left unfinished."""
        left = select(batches.c.id).where(
            batches.c.state == "running", batches.c.seen < datetime.now(UTC) - ABANDONED
        )
        with reader(self._engine).connect() as connection:
            unfinished = list(connection.scalars(left))
        for own in unfinished:
            self._begin(own)

    def _begin(self, own: str) -> None:
        threading.Thread(target=self._review, args=(own,), name=f"batch-{own}", daemon=True).start()

    def _review(self, own: str) -> None:
        try:
            self._run(own)
        except ImpossibleFact as error:  # the first line does not name the columns
            self._end(own, "refused", str(error))
        except Exception as error:
            log_failure(error)
            self._end(own, "refused", "The review broke off. Send the file again.")

    def _run(self, own: str) -> None:
        query = select(batches.c.source).where(batches.c.id == own)
        with reader(self._engine).connect() as connection:
            content = connection.scalar(query)
            done = connection.scalar(_count(own)) or 0
        if content is None:
            return
        text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="surrogateescape")
        writer = _Writer(self._engine, own, skip=done)
        assistant = self._assistant
        review_visits(text, writer, assistant.tools, assistant.knowledge)
        writer.flush()
        self._end(own, "done")

    def _end(self, own: str, state: str, error: str = "") -> None:
        with self._engine.begin() as connection:
            ended = {"state": state, "error": error, "source": None, "seen": datetime.now(UTC)}
            connection.execute(update(batches).where(batches.c.id == own).values(ended))

    def all(self, person_id: int) -> list[Batch]:
        """A person's files, the latest first."""
        query = _columns().where(batches.c.person_id == person_id)
        with reader(self._engine).connect() as connection:
            found = connection.execute(query.order_by(batches.c.created.desc()).limit(PAGE))
            return [Batch(*row) for row in found]

    def get(self, person_id: int, own: str) -> Batch:
        """One of a person's files.

        Raises:
            NoSuchBatch: there is none under that id.
        """
        query = _columns().where(batches.c.person_id == person_id, batches.c.id == own)
        with reader(self._engine).connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NoSuchBatch("This file is not kept here (any more).")
        return Batch(*row)

    def visits(
        self, own: str, show: Show = Show.ALL, *, after: int = -1, limit: int = PAGE
    ) -> list[tuple[int, dict[str, Any]]]:
        """Visits with their places in the file, from the one after `after` on."""
        query = select(batch_visits.c.place, batch_visits.c.review).where(
            batch_visits.c.batch_id == own, batch_visits.c.place > after, *_that(show)
        )
        with reader(self._engine).connect() as connection:
            found = connection.execute(query.order_by(batch_visits.c.place).limit(limit))
            return [(place, review) for place, review in found]

    def counts(self, own: str) -> dict[Show, int]:
        """How many visits each filter shows."""
        with reader(self._engine).connect() as connection:
            return {show: connection.scalar(_count(own).where(*_that(show))) or 0 for show in Show}

    def as_csv(self, own: str, show: Show = Show.ALL) -> Iterator[str]:
        """The reviews as `assistant review` writes them, a page of visits at a time."""
        out = io.StringIO()
        writer, after = CsvWriter(out), -1
        while page := self.visits(own, show, after=after):
            for _, review in page:
                writer.write(review)
            after = page[-1][0]
            yield out.getvalue()
            out.seek(0)
            out.truncate()
        if out.getvalue():
            yield out.getvalue()

    def remove(self, person_id: int, own: str) -> None:
        """Delete one of a person's files with its reviews.

        Raises:
            NoSuchBatch: there is none under that id.
        """
        self.get(person_id, own)
        with self._engine.begin() as connection:
            connection.execute(delete(batch_visits).where(batch_visits.c.batch_id == own))
            connection.execute(delete(batches).where(batches.c.id == own))


def _columns() -> Any:
    named = ("id", "name", "state", "visits", "failed", "error", "created")
    return select(*(batches.c[name] for name in named))


def _count(own: str) -> Any:
    return select(func.count()).select_from(batch_visits).where(batch_visits.c.batch_id == own)


def _that(show: Show) -> list[Any]:
    its = batch_visits.c
    grave = its.severity.in_(("error", "warning"))
    conditions: dict[Show, list[Any]] = {
        Show.ALL: [],
        Show.ATTENTION: [or_(its.failed, its.asks, grave)],
        Show.FAILED: [its.failed],
        Show.ASKS: [its.asks],
        Show.CLEAN: [~its.failed, ~its.asks, ~grave],
    }
    return conditions[show]


def _without_names(review: dict[str, Any]) -> dict[str, Any]:
    """A review to be kept: a visit's number stays, a name in its place or in a fault does not."""
    review["visit"] = mask(str(review["visit"] or ""), _NAMES).text or review["visit"]
    for error in review.get("errors", ()):
        error["text"] = mask(error["text"]).text
    return review


class _Writer:
    """Keeps the reviews, some hundred in one transaction.

    Args:
        skip: visits that an earlier run has kept already.
    """

    def __init__(self, engine: Engine, own: str, skip: int) -> None:
        self._engine, self._own, self._skip = engine, own, skip
        self._place = 0
        self._rows: list[dict[str, Any]] = []

    def reviewed(self, given: GivenVisit, review: VisitReview) -> None:
        """A visit that was reviewed."""
        self._add(_without_names(reviewed_data(given, review)))

    def failed(self, given: GivenVisit, faults: list[Fault]) -> None:
        """A visit that was not, and why."""
        self._add(_without_names(failed_data(given, faults)))

    def _add(self, review: dict[str, Any]) -> None:
        place, self._place = self._place, self._place + 1
        if place < self._skip:
            return
        found = {finding["severity"] for finding in review.get("findings", ())}
        self._rows.append(
            {
                "batch_id": self._own,
                "place": place,
                "severity": next((weight for weight in WEIGHTS if weight in found), ""),
                "asks": bool(review.get("questions")),
                "failed": review["status"] == "failed",
                "review": review,
            }
        )
        if len(self._rows) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what is gathered, and how far the file is."""
        if not self._rows:
            return
        failed = sum(row["failed"] for row in self._rows)
        far = {
            "visits": batches.c.visits + len(self._rows),
            "failed": batches.c.failed + failed,
            "seen": datetime.now(UTC),
        }
        with self._engine.begin() as connection:
            connection.execute(insert(batch_visits), self._rows)
            connection.execute(update(batches).where(batches.c.id == self._own).values(far))
        self._rows = []


def erase(connection: Connection, before: datetime) -> list[str]:
    """Delete the files last touched before a moment; their ids."""
    old = list(connection.scalars(select(batches.c.id).where(batches.c.seen < before)))
    connection.execute(delete(batch_visits).where(batch_visits.c.batch_id.in_(old)))
    connection.execute(delete(batches).where(batches.c.id.in_(old)))
    return old
