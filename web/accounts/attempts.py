"""Failed log-ins, counted by the name typed, and the lock after too many.

A name that nobody has is counted and locked alike, so that nothing tells which names exist.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from web.accounts.people import handle_of
from web.accounts.tables import attempts
from web.accounts.tokens import digest
from web.database.engine import reader

ALLOWED = 5  # tries in a row; the last of them locks unless it is right
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class Attempts:
    """The failed log-ins of one copy."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def locked_for(self, name: str) -> int:
        """Seconds until the name may be tried again; 0 where it may be now."""
        query = select(attempts.c.locked).where(attempts.c.digest == _key(name))
        with reader(self._engine).connect() as connection:
            until = connection.scalar(query)
        now = datetime.now(UTC)
        return math.ceil((until - now).total_seconds()) if until and until > now else 0

    def count(self, name: str) -> None:
        """Count a try before its password is compared, so that many at once gain nothing."""
        try:
            self._count(name)
        except IntegrityError:  # another first try came between: now there is a row
            self._count(name)

    def _count(self, name: str) -> None:
        now, its = datetime.now(UTC), attempts.c.digest == _key(name)
        with self._engine.begin() as connection:
            row = connection.execute(select(attempts).where(its).with_for_update()).first()
            if row is None:
                first = {"digest": _key(name), "failures": 1, "last": now}
                connection.execute(insert(attempts).values(first))
                return
            stale = now - row.last > FORGOTTEN_AFTER
            failures = 1 if stale else row.failures + 1
            locked = now + LOCKED_FOR if failures >= ALLOWED else None
            change = {"failures": 0 if locked else failures, "last": now, "locked": locked}
            connection.execute(update(attempts).where(its).values(change))

    def succeeded(self, name: str) -> None:
        """Forget the failures."""
        with self._engine.begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.digest == _key(name)))

    def forget_old(self) -> None:
        """Remove what is older than a day."""
        old = attempts.c.last < datetime.now(UTC) - FORGOTTEN_AFTER
        with self._engine.begin() as connection:
            connection.execute(delete(attempts).where(old))


def _key(name: str) -> str:
    return digest(handle_of(name))
