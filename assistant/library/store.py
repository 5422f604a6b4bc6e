"""The passages in one SQLite file: what is true, and what the index is made from."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import LibraryError
from assistant.library.nouns import Document, Kind, Passage, Pointer, Remark
from assistant.library.rows import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    as_row,
    remarks_row,
    to_document,
    to_passage,
)
from assistant.library.schema import VERSION, statements_from
from assistant.library.words import words_in

__all__ = ["FILE", "Pointer", "Store"]

FILE = "passages.sqlite"
_BUSY_SECONDS = 10.0

_TITLE, _ASKED, _HEADING, _TEXT = 3.0, 3.0, 1.5, 1.0  # how much a word counts in each column


class Store:
    """Documents, passages and the words in them. Safe for several threads.

    Raises:
        LibraryError: the file is no store of ours, or cannot be read or written.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self.path = path
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path or ":memory:",
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"{path} cannot be used as the store of passages: {error}."
            ) from error

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA foreign_keys = ON")
        if self._version() == VERSION:
            return
        with self.transaction():
            for statement in statements_from(self._version(), self._is_empty()):
                self._connection.execute(statement)
            if self._version() != VERSION:
                raise LibraryError(
                    f"{self.path} is of another version ({self._version()}, not {VERSION}). Move "
                    "it away, then: python -m ingest build"
                )

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _is_empty(self) -> bool:
        return not self._connection.execute("SELECT 1 FROM sqlite_master").fetchone()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _all(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, given).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    # Documents

    def put(self, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document with its passages in place of what stood there before."""
        with self.transaction():
            self._take_out(document.id)
            row = asdict(document)
            self._insert("documents", row)
            for passage in passages:
                number = self._insert("passages", as_row(passage))
                shown = (passage.title, " \n".join(passage.asked_as), passage.heading, passage.text)
                self._connection.execute(
                    "INSERT INTO words (rowid, title, asked_as, heading, text) VALUES (?,?,?,?,?)",
                    (number, *shown),
                )
                self._connection.executemany(
                    "INSERT OR IGNORE INTO known_words VALUES (?)",
                    [(word,) for word in set(words_in(" ".join(shown)))],
                )
            self._changed()

    def remove(self, document: str) -> bool:
        """Whether there was such a document; it is gone now."""
        with self.transaction():
            found = self._take_out(document)
            if found:
                self._changed()
            return found

    def _insert(self, table: str, row: dict[str, Any]) -> int | None:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        return self._connection.execute(sql, tuple(row.values())).lastrowid

    def _take_out(self, document: str) -> bool:
        chosen = "(SELECT number FROM passages WHERE document = ?)"
        self._connection.execute(f"DELETE FROM words WHERE rowid IN {chosen}", (document,))
        self._connection.execute("DELETE FROM passages WHERE document = ?", (document,))
        gone = self._connection.execute("DELETE FROM documents WHERE id = ?", (document,))
        return gone.rowcount > 0

    def _changed(self) -> None:
        self._connection.execute("UPDATE state SET value = value + 1 WHERE key = 'content'")

    def remark(self, remarks: Mapping[str, Iterable[Remark]]) -> None:
        """Let passages carry these remarks, by id, in place of those they had.

        What the index is made from does not change.
        """
        with self.transaction():
            self._connection.executemany(
                "UPDATE passages SET remarks = ? WHERE id = ?",
                [(remarks_row(found), passage) for passage, found in remarks.items()],
            )

    def documents(self) -> tuple[Document, ...]:
        """Every document, ours first."""
        rows = self._all(f"SELECT {DOCUMENT_COLUMNS} FROM documents ORDER BY kind = 'document', id")
        return tuple(to_document(row) for row in rows)

    def document_from(self, origin: str, digest: str) -> Document | None:
        """The document read at this place, or else one with the same content."""
        rows = self._all(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE origin = ? OR hash = ? "
            "ORDER BY origin = ? DESC LIMIT 1",
            origin,
            digest,
            origin,
        )
        return to_document(rows[0]) if rows else None

    def document(self, document: str) -> Document | None:
        """One document, or None where there is none of that id."""
        rows = self._all(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE id = ?", document)
        return to_document(rows[0]) if rows else None

    def hashes(self, kinds: Iterable[Kind] = tuple(Kind)) -> dict[str, str]:
        """The content hash of every document of these kinds, by id."""
        rows = self._all("SELECT id, hash, kind FROM documents")
        return {row[0]: row[1] for row in rows if Kind(row[2]) in tuple(kinds)}

    # Passages

    def passages(self, document: str | None = None) -> tuple[Passage, ...]:
        """All passages, or those of one document, in their order."""
        where, given = ("WHERE document = ?", (document,)) if document else ("", ())
        rows = self._all(f"SELECT {PASSAGE_COLUMNS} FROM passages {where} ORDER BY number", *given)
        return tuple(to_passage(row) for row in rows)

    def passages_asked(self) -> tuple[Passage, ...]:
        """The passages that list ways of asking."""
        rows = self._all(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE asked_as <> '[]'")
        return tuple(to_passage(row) for row in rows)

    def passages_by_id(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Those of these passages that exist, by id."""
        wanted = json.dumps(list(ids))
        sql = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0]: to_passage(row) for row in self._all(sql, wanted)}

    def count(self) -> int:
        """How many passages there are."""
        return int(self._all("SELECT count(*) FROM passages")[0][0])

    def found_by_words(self, match: str, limit: int) -> list[tuple[str, float]]:
        """Passage ids with their BM25 score, the best first."""
        if not match:
            return []
        best = (
            f"SELECT rowid, bm25(words, {_TITLE}, {_ASKED}, {_HEADING}, {_TEXT}) AS score "
            "FROM words WHERE words MATCH ? ORDER BY score, rowid LIMIT ?"
        )
        sql = f"SELECT p.id, -score FROM ({best}) JOIN passages p ON p.number = rowid"
        return [(row[0], row[1]) for row in self._all(sql, match, limit)]

    def numbers_with(self, match: str) -> list[int]:
        """The numbers of the passages that a full-text query finds, ascending."""
        return [row[0] for row in self._all("SELECT rowid FROM words WHERE words MATCH ?", match)]

    def numbers(self, ids: Iterable[str]) -> dict[int, str]:
        """The ids of those of these passages that exist, by number."""
        sql = "SELECT number, id FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._all(sql, json.dumps(list(ids))))

    def added(self, ids: Iterable[str]) -> set[str]:
        """Those of these passages that stand in somebody else's documents."""
        sql = (
            "SELECT id FROM passages WHERE kind = 'document' "
            "AND id IN (SELECT value FROM json_each(?))"
        )
        return {row[0] for row in self._all(sql, json.dumps(list(ids)))}

    def known_words(self) -> frozenset[str]:
        """Every word that stands in a passage, lower case."""
        return frozenset(row[0] for row in self._all("SELECT word FROM known_words"))

    def known_codes(self) -> frozenset[str]:
        """Every procedure code that our own passages are about."""
        rows = self._all(
            "SELECT DISTINCT value FROM passages, json_each(passages.codes) "
            "WHERE kind <> 'document'"
        )
        return frozenset(row[0] for row in rows)

    # Vectors and the index

    def note(self, key: str) -> str:
        """What was noted under a name about the whole store, or ""."""
        rows = self._all("SELECT value FROM state WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def keep_note(self, key: str, value: str) -> None:
        """Note something about the whole store."""
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))

    def vectors(self, hashes: Iterable[str], fingerprint: str) -> dict[str, bytes]:
        """The stored vectors of these texts, by the hash of the text."""
        sql = (
            "SELECT text_hash, vector FROM vectors WHERE fingerprint = ? "
            "AND text_hash IN (SELECT value FROM json_each(?))"
        )
        return dict(self._all(sql, fingerprint, json.dumps(list(hashes))))

    def keep_vectors(self, fingerprint: str, vectors: Iterable[tuple[str, bytes]]) -> None:
        """Store vectors by the hash of the text they stand for."""
        rows = [(text_hash, fingerprint, vector) for text_hash, vector in vectors]
        with self.transaction():
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?,?,?)", rows)

    def drop_vectors(self, fingerprint: str, but: Iterable[str]) -> None:
        """Forget the vectors of texts that are no longer there."""
        with self.transaction():
            self._connection.execute(
                "DELETE FROM vectors WHERE fingerprint = ? AND text_hash NOT IN "
                "(SELECT value FROM json_each(?))",
                (fingerprint, json.dumps(list(but))),
            )

    def content(self) -> int:
        """A number that changes whenever passages change."""
        return int(self._all("SELECT value FROM state WHERE key = 'content'")[0][0])

    def pointer(self) -> Pointer | None:
        """Which index serves, or None before there is one."""
        rows = self._all("SELECT value FROM state WHERE key = 'index'")
        return Pointer(**json.loads(rows[0][0])) if rows else None

    def point_to(self, pointer: Pointer) -> None:
        """Let this index serve from now on."""
        value = json.dumps(asdict(pointer))
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO state VALUES ('index', ?)", (value,))
