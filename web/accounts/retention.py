"""Retention: what is older than so many days is deleted for good, and the log says that it was.

A room that keeps what people said gives a function `erase(connection, before)`: it deletes what was
last touched before that moment and returns the ids of what it deleted. `web.erasing` lists them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from assistant.errors import CodingError
from web.accounts.attempts import Attempts
from web.accounts.audit import Audit
from web.accounts.person import PROGRAM, Person
from web.accounts.preferences import Preferences
from web.accounts.sessions import Sessions
from web.database.engine import scrub

SETTING = "retention_days"
LONGEST = 36_500  # days
DAY = 24 * 3600.0
SETTLED = 300.0  # seconds after the start until the first run

Erase = Callable[[Connection, datetime], list[str]]


class UnusableRetention(CodingError):
    """The days are unusable; says what to give."""


class Retention:
    """The retention of one copy.

    Args:
        erasers: by what is deleted, such as "conversation".
    """

    def __init__(
        self,
        engine: Engine,
        audit: Audit,
        preferences: Preferences,
        sessions: Sessions,
        attempts: Attempts,
        erasers: Mapping[str, Erase],
    ) -> None:
        self._engine = engine
        self._audit = audit
        self._preferences = preferences
        self._sessions = sessions
        self._attempts = attempts
        self._erasers = erasers
        self._stop = threading.Event()

    @property
    def days(self) -> int | None:
        """After how many days what was not touched is deleted; None for never."""
        kept = self._preferences.get(SETTING)
        return int(kept) if kept else None

    def set_days(self, by: Person, given: str) -> None:
        """Set the days; an empty text for never.

        Raises:
            UnusableRetention: it is no number of days.
        """
        given = given.strip()
        if given and not (given.isdecimal() and 1 <= int(given) <= LONGEST):
            raise UnusableRetention(f"Give 1 to {LONGEST:,} days, or nothing to keep everything.")
        self._preferences.set(by, SETTING, int(given) if given else None)

    def run(self, by: Person = PROGRAM) -> dict[str, int]:
        """Delete what is too old, for good; how many of each kind were deleted."""
        self._sessions.forget_ended()
        self._attempts.forget_old()
        days = self.days
        if days is None:
            return {}
        before = datetime.now(UTC) - timedelta(days=days)
        deleted = {kind: self._erase(by, kind, before) for kind in self._erasers}
        scrub(self._engine)
        return deleted

    def _erase(self, by: Person, kind: str, before: datetime) -> int:
        with self._engine.begin() as connection:
            gone = self._erasers[kind](connection, before)
            if gone:
                self._audit.append(
                    connection,
                    by,
                    "retention.deleted",
                    kind,
                    before=before.isoformat(timespec="seconds"),
                    ids=gone,
                )
        return len(gone)

    def begin(self, failed: Callable[[BaseException], None]) -> None:
        """Run once a day from now on, until `end`."""
        self._stop.clear()
        threading.Thread(target=self._daily, args=(failed,), name="retention", daemon=True).start()

    def _daily(self, failed: Callable[[BaseException], None]) -> None:
        wait = SETTLED
        while not self._stop.wait(wait):
            wait = DAY
            try:
                self.run()
            except Exception as error:  # tomorrow it is tried again
                failed(error)

    def end(self) -> None:
        """Run no more."""
        self._stop.set()
