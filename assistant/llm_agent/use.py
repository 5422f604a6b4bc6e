"""How much the model was used: counted for an answer, kept for a day."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.llm_agent.trouble import Trouble

log = logging.getLogger("assistant.model")
FILE = "model_use.sqlite"
_TABLES = (
    """
CREATE TABLE IF NOT EXISTS use (
    day TEXT NOT NULL, engine TEXT NOT NULL, calls INTEGER NOT NULL,
    tokens_read INTEGER NOT NULL, tokens_written INTEGER NOT NULL, PRIMARY KEY (day, engine)
)""",
    """
CREATE TABLE IF NOT EXISTS set_aside (
    id INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, tokens INTEGER NOT NULL
)""",
)
_TAKEN = """
SELECT (SELECT coalesce(sum(tokens_read + tokens_written), 0) FROM use WHERE day = :day)
     + (SELECT coalesce(sum(tokens), 0) FROM set_aside WHERE day = :day)"""
_ADD = """
INSERT INTO use VALUES (?, ?, ?, ?, ?) ON CONFLICT (day, engine) DO UPDATE SET
calls = calls + excluded.calls, tokens_read = tokens_read + excluded.tokens_read,
tokens_written = tokens_written + excluded.tokens_written"""


@dataclass(slots=True)
class Use:
    """Calls and tokens; tokens are estimated from the text where a provider names none."""

    calls: int = 0
    tokens_read: int = 0
    tokens_written: int = 0

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.tokens_read + self.tokens_written

    def add(self, more: Use) -> None:
        """Count more to it."""
        self.calls += more.calls
        self.tokens_read += more.tokens_read
        self.tokens_written += more.tokens_written


def in_a_line(engine: str, tokens: int, most: int) -> str:
    """What a day used so far, in one line; `most` is 0 where there is no limit."""
    limit = f" of {most:,}" if most else ""
    return f"{engine}: {tokens:,}{limit} tokens used today"


@dataclass(frozen=True, slots=True)
class DayUse:
    """What a day's answers used, and how much they may.

    Attributes:
        engine: the model that is set up, as provider:name.
        used: of all models on that day.
        day_tokens: most tokens a day; 0 for no limit.
        answer_tokens: most tokens for one answer.
    """

    engine: str
    used: Use
    day_tokens: int
    answer_tokens: int

    @property
    def left(self) -> int | None:
        """Tokens that may still be used that day; None where there is no limit."""
        return max(0, self.day_tokens - self.used.tokens) if self.day_tokens else None

    @property
    def told(self) -> str:
        """The same in one line."""
        return in_a_line(self.engine, self.used.tokens, self.day_tokens)


class UseBook:
    """The use of each day, in the data folder. Holds numbers only, nothing that was said."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The book, the only one who writes into it; what is written is kept at the end."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            opened = sqlite3.connect(self._path, timeout=5, isolation_level=None)
            with closing(opened) as connection:
                connection.execute("BEGIN IMMEDIATE")
                for table in _TABLES:
                    connection.execute(table)
                yield connection
                connection.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise Trouble("uncounted") from error

    def of_day(self, day: date) -> Use:
        """What all models together used on a day.

        Raises:
            Trouble: the data folder cannot be read or written.
        """
        with self._opened() as connection:
            return _of_day(connection, day)

    def add(self, day: date, engine: str, use: Use) -> Use:
        """Count what was used; what the day has used with it.

        Raises:
            Trouble: it could not be written.
        """
        with self._opened() as connection:
            return _add(connection, day, engine, use)

    def set_aside(self, day: date, tokens: int, most: int) -> int:
        """Hold tokens of the day for one call of the model, before it is made; its number.

        What is held by a process that dies stays held until the day is over: the call may have
        been paid for.

        Args:
            most: tokens of the day; 0 for no limit.

        Raises:
            Trouble: used and held together leave too few; or nothing can be written.
        """
        with self._opened() as connection:
            connection.execute("DELETE FROM set_aside WHERE day < ?", (day.isoformat(),))
            taken = int(connection.execute(_TAKEN, {"day": day.isoformat()}).fetchone()[0])
            if most and taken + tokens > most:
                raise Trouble("day_budget")
            held = "INSERT INTO set_aside (day, tokens) VALUES (?, ?)"
            return int(connection.execute(held, (day.isoformat(), tokens)).lastrowid or 0)

    def settle(self, number: int, day: date, engine: str, use: Use) -> Use:
        """Count what a call used in place of what was held for it; what the day has used.

        Raises:
            Trouble: it could not be written.
        """
        with self._opened() as connection:
            connection.execute("DELETE FROM set_aside WHERE id = ?", (number,))
            return _add(connection, day, engine, use)


def _add(connection: sqlite3.Connection, day: date, engine: str, use: Use) -> Use:
    values = (day.isoformat(), engine, use.calls, use.tokens_read, use.tokens_written)
    connection.execute(_ADD, values)
    return _of_day(connection, day)


def _of_day(connection: sqlite3.Connection, day: date) -> Use:
    query = "SELECT sum(calls), sum(tokens_read), sum(tokens_written) FROM use WHERE day = ?"
    row = connection.execute(query, (day.isoformat(),)).fetchone()
    return Use(*(int(n or 0) for n in row))


class Purse:
    """The day's budget, as one answer takes from it call by call.

    Args:
        book: where the day is counted.
        engine: the model.
        most: tokens of the day; 0 for no limit.
    """

    def __init__(self, book: UseBook, day: date, engine: str, most: int) -> None:
        self._book, self._day, self._engine, self._most = book, day, engine, most
        self.day_used: int | None = None

    def take(self, tokens: int) -> int:
        """Hold tokens for a call; the number under which they are held.

        Raises:
            Trouble: the day has too few left, or they cannot be counted.
        """
        return self._book.set_aside(self._day, tokens, self._most)

    def settle(self, number: int, use: Use) -> None:
        """Count what the call used instead."""
        try:
            self.day_used = self._book.settle(number, self._day, self._engine, use).tokens
        except Trouble as trouble:  # it is paid for by now: what it said may be shown
            log.warning("%s", trouble)
