"""The audit log: who read or changed what, in a chain that shows any later alteration.

Each row's hash covers the row and the hash before it; the database refuses to change or remove
rows. The log holds names of accounts and ids of things, never what was said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, insert, select, text

from web.accounts.person import Person
from web.accounts.tables import audit
from web.database.engine import reader
from web.database.writing import writing

LOCK = 7_214_002  # PostgreSQL advisory lock: rows are chained one after the other
NOTHING = "0" * 64  # what the first row's hash covers
PAGE = 100
FEW = {"yield_per": 500}  # rows in memory at once

# Made once: every reading and change asks them.
_NEWEST = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
_APPEND = insert(audit)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log."""

    id: int
    at: datetime
    account_id: int
    person: str
    action: str
    object: str
    detail: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; what is empty does not narrow.

    Attributes:
        before: only rows with a lower number, for the next page.
    """

    person: str = ""
    action: str = ""
    object: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds.

    Attributes:
        rows: how many rows hold, from the first.
        head: hash of the last of them; noted elsewhere, it shows later whether the end was cut.
        fault: where and how the chain breaks; empty where it holds.
    """

    rows: int
    head: str
    fault: str = ""


class Audit:
    """The audit log of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, person: Person, action: str, about: str = "", **detail: Any) -> None:
        """Write what a person did, in a transaction of its own."""
        with writing(self._engine) as connection:
            self.append(connection, person, action, about, **detail)

    def append(
        self, connection: Connection, person: Person, action: str, about: str = "", **detail: Any
    ) -> None:
        """Write what a person did, in the transaction that does it."""
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        last = connection.execute(_NEWEST).first()
        row = {
            "id": last.id + 1 if last else 1,
            "at": datetime.now(UTC),
            "account_id": person.id,
            "person": person.name,
            "action": action,
            "object": about[:120],
            "detail": detail,
            "previous": last.hash if last else NOTHING,
        }
        connection.execute(_APPEND, {**row, "hash": _hash(row)})

    def events(self, wanted: Wanted, limit: int | None = PAGE) -> Iterator[Event]:
        """The rows asked for, the newest first."""
        query = _narrowed(select(audit), wanted).order_by(audit.c.id.desc()).limit(limit)
        with (
            reader(self._engine).connect() as connection,
            closing(connection.execute(query, execution_options=FEW)) as rows,
        ):
            for row in rows:
                yield Event(**row._mapping)

    def actions(self) -> list[str]:
        """The kinds of rows there are."""
        with reader(self._engine).connect() as connection:
            found = connection.scalars(select(audit.c.action).distinct().order_by(audit.c.action))
            return list(found)

    def verify(self, noted: str = "") -> Verdict:
        """Whether every row is as it was written, and none is missing.

        Args:
            noted: hash of a last row that was noted earlier; it must still be there.
        """
        rows, head, seen = 0, NOTHING, not noted
        for row in self._chain():
            if fault := _fault(row, rows + 1, head):
                return Verdict(rows, head, fault)
            rows, head = row.id, row.hash
            seen = seen or head == noted
        if not seen:
            return Verdict(rows, head, f"The noted row {noted[:12]}… is gone: the end was cut.")
        return Verdict(rows, head)

    def _chain(self) -> Iterator[Row[Any]]:
        query = select(audit).order_by(audit.c.id)
        with (
            reader(self._engine).connect() as connection,
            closing(connection.execute(query, execution_options=FEW)) as rows,
        ):
            yield from rows


def _hash(row: Mapping[str, Any]) -> str:
    told = {name: row[name] for name in audit.c.keys() if name != "hash"}  # noqa: SIM118
    told["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    plain = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _fault(row: Row[Any], expected: int, head: str) -> str:
    if row.id != expected:
        return f"Row {expected} is missing; row {row.id} follows."
    if row.previous != head:
        return f"Row {row.id} does not follow row {row.id - 1} as that stands now."
    if row.hash != _hash(row._asdict()):
        return f"Row {row.id} was altered."
    return ""


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.person:
        query = query.where(audit.c.person == wanted.person)
    if wanted.action:
        query = query.where(audit.c.action == wanted.action)
    if wanted.object:
        query = query.where(audit.c.object.icontains(wanted.object, autoescape=True))
    if wanted.first:
        query = query.where(audit.c.at >= datetime.combine(wanted.first, time(), UTC))
    if wanted.last:
        end = datetime.combine(wanted.last, time(), UTC) + timedelta(days=1)
        query = query.where(audit.c.at < end)
    if wanted.before is not None:
        query = query.where(audit.c.id < wanted.before)
    return query
