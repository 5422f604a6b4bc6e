"""Taking work: one statement claims a row, a lease holds it, a token guards every write.

The same on both databases; SQLAlchemy leaves FOR UPDATE out for SQLite, which lets one writer in
at a time. A transaction never spans a model call, IMAP or SMTP: claim, commit; work; commit.
"""

from __future__ import annotations

import logging
import random
import threading
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    Table,
    and_,
    or_,
    select,
    text,
    update,
)

from web.consults.states import Sending, State
from web.database.engine import reader

log = logging.getLogger("web.consults")

HEARTBEATS = 4  # in the length of a lease
LONGEST = 20  # leases: work that goes on for longer hangs, and is taken over
BACKOFF = timedelta(seconds=15)
LONGEST_BACKOFF = timedelta(hours=1)


class LeaseLost(Exception):
    """Another worker has taken the row over: stop, write nothing."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A row in our hands."""

    table: Table
    id: int
    token: str
    taken: int  # claims since the last orderly end, this one included
    state: str


def now(connection: Connection) -> datetime:
    """The moment by the database's clock, so that workers' clocks do not matter.

    SQLite has none of its own; there all who share the file share the machine.
    """
    if connection.dialect.name != "postgresql":
        return datetime.now(UTC)
    told = connection.scalar(text("SELECT clock_timestamp() AT TIME ZONE 'UTC'"))
    assert isinstance(told, datetime)
    return told.replace(tzinfo=UTC)


def backoff(attempts: int, first: timedelta = BACKOFF) -> timedelta:
    """How long to wait after so many failures; never the same for all who failed together."""
    longest: timedelta = min(first * 2 ** min(attempts, 20), LONGEST_BACKOFF)
    return longest * random.uniform(0.5, 1.0)


def change(connection: Connection, lease: Lease, **values: object) -> None:
    """Write to the row while it is ours, and keep it.

    Raises:
        LeaseLost: it is not ours any more; nothing was written.
    """
    t = lease.table
    ours = and_(t.c.id == lease.id, t.c.lease_token == lease.token)
    if not connection.execute(update(t).where(ours).values(**values)).rowcount:
        raise LeaseLost


def finish(connection: Connection, lease: Lease, **values: object) -> None:
    """Write to the row while it is ours, and let go of it.

    Raises:
        LeaseLost: it is not ours any more; nothing was written.
    """
    change(connection, lease, lease_token=None, lease_until=None, taken=0, **values)


@dataclass
class Leases:
    """The rows that one process holds.

    Attributes:
        engine: the database.
        length: how long a lease lasts without a heartbeat.
    """

    engine: Engine
    length: timedelta = timedelta(seconds=30)
    _held: dict[str, tuple[Lease, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self, table: Table, states: Collection[State | Sending]) -> Lease | None:
        """The oldest row that is due in one of the states, now ours; None where there is none."""
        with reader(self.engine).connect() as connection:  # an idle worker takes no write lock
            if connection.execute(_due(table, states, now(connection))).first() is None:
                return None
        token = uuid.uuid4().hex
        with self.engine.begin() as connection:
            at = now(connection)
            due = _due(table, states, at).with_for_update(skip_locked=True)
            row = connection.execute(
                update(table)
                .where(table.c.id == due.scalar_subquery())  # "=": one row, planned once
                .values(lease_token=token, lease_until=at + self.length, taken=table.c.taken + 1)
                .returning(table.c.id, table.c.taken, table.c.state)
            ).first()
        if row is None:
            return None
        lease = Lease(table, row.id, token, row.taken, row.state)
        with self._lock:
            self._held[token] = (lease, LONGEST * HEARTBEATS)
        return lease

    def forget(self, lease: Lease) -> None:
        """Beat for it no more."""
        with self._lock:
            self._held.pop(lease.token, None)

    def beat(self) -> None:
        """Extend what is held; a row whose work hangs is left to others."""
        with self._lock:
            held = [lease for lease, left in self._held.values() if left > 0]
            self._held = {k: (lease, left - 1) for k, (lease, left) in self._held.items()}
        if not held:
            return
        with self.engine.begin() as connection:
            until = now(connection) + self.length
            for lease in held:
                t = lease.table
                ours = and_(t.c.id == lease.id, t.c.lease_token == lease.token)
                connection.execute(update(t).where(ours).values(lease_until=until))

    def beat_until(self, stop: threading.Event) -> None:
        """Beat four times a lease until told to stop."""
        while not stop.wait(self.length.total_seconds() / HEARTBEATS):
            try:
                self.beat()
            except Exception as error:  # the database is away; the next beat tries again
                log.warning("A heartbeat failed: %s", type(error).__name__)


def _due(table: Table, states: Collection[State | Sending], at: datetime) -> Select[tuple[int]]:
    return (
        select(table.c.id)
        .where(table.c.state.in_(states), table.c.run_at <= at, _is_free(table, at))
        .order_by(table.c.run_at, table.c.id)
        .limit(1)
    )


def _is_free(table: Table, at: datetime) -> ColumnElement[bool]:
    return or_(table.c.lease_until.is_(None), table.c.lease_until < at)


def row_of(connection: Connection, lease: Lease) -> RowMapping:
    """The row as it stands, while it is ours.

    Raises:
        LeaseLost: it is not ours any more.
    """
    t = lease.table
    ours = and_(t.c.id == lease.id, t.c.lease_token == lease.token)
    found = connection.execute(select(t).where(ours)).mappings().first()
    if found is None:
        raise LeaseLost
    return found
