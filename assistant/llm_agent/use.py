"""How much the model was used: counted for an answer, kept for a day."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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
        limit = f" of {self.day_tokens:,}" if self.day_tokens else ""
        return f"{self.engine}: {self.used.tokens:,}{limit} tokens used today"


class UseBook:
    """The use of each day, in the data folder. Holds numbers only, nothing that was said."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=5)
        connection.execute(_TABLE)
        return connection

    def of_day(self, day: date) -> Use:
        """What all models together used on a day."""
        query = "SELECT sum(calls), sum(tokens_read), sum(tokens_written) FROM use WHERE day = ?"
        with closing(self._open()) as connection:
            row = connection.execute(query, (day.isoformat(),)).fetchone()
        return Use(*(int(n or 0) for n in row))

    def add(self, day: date, engine: str, use: Use) -> None:
        """Count what one answer used."""
        values = (day.isoformat(), engine, use.calls, use.tokens_read, use.tokens_written)
        with closing(self._open()) as connection, connection:
            connection.execute(_ADD, values)
