"""How much the model was used: counted for an answer, kept for a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.llm_agent.trouble import Trouble

FILE = "model_use.sqlite"
_TABLE = """
CREATE TABLE IF NOT EXISTS use (
    day TEXT NOT NULL, engine TEXT NOT NULL, calls INTEGER NOT NULL,
    tokens_read INTEGER NOT NULL, tokens_written INTEGER NOT NULL, PRIMARY KEY (day, engine)
)"""
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
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
                connection.execute(_TABLE)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise Trouble("uncounted") from error

    def of_day(self, day: date) -> Use:
        """What all models together used on a day.

        Raises:
            Trouble: the data folder cannot be read or written.
        """
        query = "SELECT sum(calls), sum(tokens_read), sum(tokens_written) FROM use WHERE day = ?"
        with self._opened() as connection:
            row = connection.execute(query, (day.isoformat(),)).fetchone()
        return Use(*(int(n or 0) for n in row))

    def add(self, day: date, engine: str, use: Use) -> Use:
        """Count what one answer used; what the day has used with it.

        Raises:
            Trouble: it could not be written.
        """
        values = (day.isoformat(), engine, use.calls, use.tokens_read, use.tokens_written)
        with self._opened() as connection:
            connection.execute(_ADD, values)
        return self.of_day(day)
