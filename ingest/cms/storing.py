"""Writes what was read into the tables' folder: the rows first, then, at once, the list of them."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.errors import KnowledgeError
from assistant.knowledge.releases import (
    EDITS,
    LABELS,
    MANIFEST,
    Release,
    ReleaseFile,
    dump_releases,
    read_releases,
)
from assistant.library.locking import FileLock
from ingest.cms.members import Refused
from ingest.cms.parsed import Parsed

_LOCK = "cms.lock"
_HALF = 0.5  # a table with fewer rows than this share of the last one's is taken to be cut short
_KEEP_SECONDS = 3600  # another process may still be reading rows that were replaced


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the tables of one command."""

    taken: tuple[Release, ...]
    unchanged: tuple[Release, ...]
    refused: tuple[str, ...]


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """For the one process that may change the folder.

    Raises:
        KnowledgeError: another is at it, or the folder cannot be written.
    """
    lock = FileLock(folder / _LOCK)
    try:
        if not lock.take():
            raise KnowledgeError(f"Another process is writing {folder}. Try again when it is done.")
    except OSError as error:
        raise KnowledgeError(
            f"{folder} cannot be written: {error}. Name another with ASSISTANT_TABLES."
        ) from error
    try:
        yield
    finally:
        lock.release()


def store(folder: Path, tables: Sequence[Parsed], today: date, *, smaller: bool) -> Outcome:
    """Take the tables in; all that are taken serve at the same moment.

    Args:
        folder: the tables' folder, which nobody else is writing.
        tables: what was read.
        today: the day of reading.
        smaller: whether a table may have far fewer rows than the one before.
    """
    held = list(read_releases(folder))
    taken: dict[str, Release] = {}
    unchanged: dict[str, Release] = {}
    refused = []
    for parsed in tables:
        try:
            release = _joined(held, parsed, today, smaller)
        except Refused as error:
            refused.append(str(error))
            continue
        if release in held:
            unchanged[release.id] = release
            continue
        _write(folder / release.files[-1].rows_file, _csv(parsed))
        held = [one for one in held if one.id != release.id] + [release]
        taken[release.id] = release
    if taken:
        _write(folder / MANIFEST, dump_releases(held))
        _tidy(folder, held)
    same = tuple(one for name, one in unchanged.items() if name not in taken)
    return Outcome(tuple(taken.values()), same, tuple(refused))


def remove(folder: Path, name: str) -> Release:
    """Take a release out; what was held before it serves from then on.

    Args:
        folder: the tables' folder, which nobody else is writing.
        name: of the release, as `python -m ingest tables` shows it.

    Raises:
        KnowledgeError: none of that name was read in.
    """
    held = list(read_releases(folder))
    gone = next((one for one in held if one.id == name), None)
    if gone is None:
        there = ", ".join(one.id for one in held) or "none"
        raise KnowledgeError(f"No release {name} was read in. These were: {there}.")
    held.remove(gone)
    _write(folder / MANIFEST, dump_releases(held))
    _tidy(folder, held)
    return gone


def _joined(held: Iterable[Release], parsed: Parsed, today: date, smaller: bool) -> Release:
    """The release with this file in it, of which the file stands last."""
    file = parsed.file()
    own = parsed.release(file, today)
    before = next((one for one in held if one.id == own.id), None)
    _refuse_cut_short(held, own, file, smaller)
    if before is None:
        return own
    if before.revision > own.revision:
        raise Refused(
            f"{file.name}: is older (revision {own.revision}) than what is held of "
            f"{LABELS[own.table]}, version {own.version} (revision {before.revision})."
        )
    if any(one.sha256 == file.sha256 and one.part == file.part for one in before.files):
        return before
    if own.table not in EDITS.values() or own.revision > before.revision:
        return own
    others = tuple(one for one in before.files if one.part != file.part)
    return replace(own, files=(*others, file))


def _refuse_cut_short(
    held: Iterable[Release], own: Release, file: ReleaseFile, smaller: bool
) -> None:
    rows = [f.rows for r in held if r.table is own.table for f in r.files if f.part == file.part]
    if rows and not smaller and file.rows < _HALF * max(rows):
        raise Refused(
            f"{file.name}: has {file.rows:,} rows, the table held has {max(rows):,}: it is cut "
            "short. If CMS has really shortened it, give --smaller."
        )


def _csv(parsed: Parsed) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(parsed.columns)
    writer.writerows(parsed.kept)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    """Put the whole file there, or nothing."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with half.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _tidy(folder: Path, held: Iterable[Release]) -> None:
    """Remove rows that no release names any more, unless a reader may still want them."""
    named = {file.rows_file for release in held for file in release.files}
    for path in folder.glob("*.csv"):
        if path.name not in named and path.stat().st_mtime < time.time() - _KEEP_SECONDS:
            path.unlink(missing_ok=True)
