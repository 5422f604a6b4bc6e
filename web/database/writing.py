"""Transactions that write: one at a time, and on SQLite those that come together share one commit.

A commit waits for the disk. Transactions that wait meanwhile for their turn are made in one go
and committed together: each is whole or not there, none is over before it is on the disk, and a
hundred at once take hardly longer than one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from web.database.engine import is_sqlite

MOST = 64  # transactions in one commit, so that the first need not wait for ever


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes, committed on the disk when the block is left.

    Never nest two: the inner one would wait for the outer one for ever.
    """
    if not is_sqlite(engine):
        with engine.begin() as connection:
            yield connection
        return
    with _turns.setdefault(engine, _Turns()).transaction(engine) as connection:
        yield connection


class _Group:
    """Transactions that are committed together, on one connection."""

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect()
        try:
            self._whole = self.connection.begin()
        except BaseException:
            self.connection.close()
            raise
        self.size = 0
        self._over = threading.Event()
        self._error: Exception | None = None

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """One of its transactions; of one that fails nothing stays.

        The first needs no savepoint, which takes as long as a statement: the whole is undone.
        """
        try:
            if self.size:
                with self.connection.begin_nested():
                    yield self.connection
            else:
                yield self.connection
        except BaseException:
            if not self.size:
                self._whole.rollback()
            raise
        self.size += 1

    def commit(self) -> None:
        """Let what was written be on the disk, and who waits for it go on."""
        try:
            with self.connection:
                self._commit()
        except Exception as error:  # each of its transactions says so
            self._error = error
        finally:
            self._over.set()

    def _commit(self) -> None:
        if not self._whole.is_active:
            return  # undone: there was one transaction, and it failed
        try:
            self._whole.commit()
        except Exception:
            self.connection.invalidate()  # closed with what is still open in it
            raise

    def wait(self) -> None:
        """Wait until it is committed.

        Raises:
            SQLAlchemyError: it could not be.
        """
        self._over.wait()
        if self._error is not None:
            raise self._error


class _Turns:
    """Who writes to one SQLite file from this process, one after the other."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._coming = 0
        self._group: _Group | None = None

    @contextmanager
    def transaction(self, engine: Engine) -> Iterator[Connection]:
        """One transaction, in the group that is open or in a new one."""
        self._come(1)
        with self._turn:
            self._come(-1)
            group = self._group = self._group or _Group(engine)
            is_last = True
            try:
                with group.part() as connection:
                    yield connection
                is_last = not self._coming or group.size == MOST
            finally:  # one that failed ends the group: SQLite may have undone more than its part
                if is_last:
                    self._group = None
                    group.commit()
        group.wait()

    def _come(self, number: int) -> None:
        with self._counting:
            self._coming += number


_turns: WeakKeyDictionary[Engine, _Turns] = WeakKeyDictionary()
