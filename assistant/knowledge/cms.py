"""CMS's own tables as they were read in: the rows of every release, found by day."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from assistant.claim import Setting
from assistant.evidence import Certainty, Source, Statement
from assistant.knowledge import tables
from assistant.knowledge.nouns import Dated, EditPair, Locality, Rvu, UnitLimit
from assistant.knowledge.releases import (
    EDITS,
    LIMITS,
    MANIFEST,
    Release,
    Table,
    newest_first,
    read_releases,
)

K = TypeVar("K")
V = TypeVar("V")
Pairs = Mapping[frozenset[str], tuple[EditPair, ...]]
_LOOK_AGAIN = 1.0  # seconds between looks whether another process read something in


class CmsTables:
    """What a tables' folder held at one moment. Each file is read when first asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path()
        self.releases = tuple(newest_first(read_releases(folder))) if folder else ()
        self._merged: dict[int, Any] = {}
        self._pairs = cache(self._read_pairs)
        self._limits = cache(self._read_limits)
        self._rvus = cache(self._read_rvus)
        self._localities = cache(self._read_localities)

    def of(self, table: Table) -> Iterator[Release]:
        """The table's releases, the latest first."""
        return (one for one in self.releases if one.table is table)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Each release as a document we cite."""
        return {one.id: one.source() for one in self.releases}

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """What reading each release established."""
        return {one.id: one.statement() for one in self.releases}

    def over(self, own: Mapping[K, V], shipped: Mapping[K, V]) -> Mapping[K, V]:
        """What was read in laid over what is shipped; made once."""
        if not own:
            return shipped
        if id(own) not in self._merged:
            self._merged[id(own)] = {**shipped, **own}
        return cast(Mapping[K, V], self._merged[id(own)])

    def edit_releases(self, codes: Iterable[str], setting: Setting, on: date) -> Iterator[Release]:
        """The releases that speak of codes on a day, the latest first.

        A release holds the rows of all years with their dates, so a later one speaks of every
        day up to the end of its quarter.
        """
        return (r for r in self.of(EDITS[setting]) if on <= r.until and r.covers(*codes))

    def edits(self, one: str, other: str, release: Release) -> tuple[EditPair, ...]:
        """A release's rows of two codes, in either order."""
        return self._pairs(release).get(frozenset((one, other)), ())

    def all_edits(self) -> Iterator[EditPair]:
        """The edit rows of the latest release of each table."""
        for table in EDITS.values():
            for release in list(self.of(table))[:1]:
                for rows in self._pairs(release).values():
                    yield from rows

    def limit_release(self, setting: Setting, on: date) -> Release | None:
        """The release of the unit limits in force on a day."""
        held = self.of(LIMITS[setting])
        return next((one for one in held if one.start <= on <= one.until), None)

    def limit(self, code: str, release: Release) -> UnitLimit | None:
        """A release's limit of one code."""
        return self._limits(release).get(code)

    def all_limits(self) -> Iterator[UnitLimit]:
        """Every limit of every release, the latest first."""
        for table in LIMITS.values():
            for release in self.of(table):
                yield from self._limits(release).values()

    def rvu_release(self, on: date) -> Release | None:
        """The year's release in force on a day, or its first one where the day is earlier."""
        year = [one for one in self.of(Table.RVU) if one.start.year == on.year]
        return next((one for one in year if one.start <= on), year[-1] if year else None)

    def rvu(self, code: str, release: Release, on: date) -> Rvu | None:
        """A release's values of a code; inferred for the days before the release."""
        row = self._rvus(release).get(code)
        if row is None or row.start <= on:
            return row
        return replace(row, start=date(on.year, 1, 1), certainty=Certainty.INFERRED)

    def all_rvus(self) -> Iterator[Rvu]:
        """Every row of every release."""
        for release in self.of(Table.RVU):
            yield from self._rvus(release).values()

    @cached_property
    def statuses(self) -> Mapping[tuple[str, int], tuple[str, str, str]]:
        """Status of a code in a year, as its latest file has it: letter, no note, source."""
        found: dict[tuple[str, int], tuple[str, str, str]] = {}
        for row in self.all_rvus():
            found.setdefault((row.code, row.start.year), (row.status, "", row.source))
        return found

    def localities(self, on: date) -> tuple[Locality, ...]:
        """The localities of a day's year; none where its table was not read in."""
        held = self.of(Table.GPCI)
        release = next((one for one in held if one.start <= on <= one.until), None)
        return self._localities(release) if release else ()

    def conversion_factors(self, table: Table) -> Iterator[Dated]:
        """The factors printed in the relative value files, each with the days it holds."""
        held = list(self.of(table))
        for release in held:
            later = [r.start for r in held if release.start < r.start <= release.until]
            yield Dated(
                value=release.conversion_factor,
                start=release.start,
                until=min(later) - timedelta(days=1) if later else release.until,
                source=release.id,
                locator="column CONV FACTOR",
            )

    def _files(self, release: Release) -> Iterator[Path]:
        return (self._folder / file.rows_file for file in release.files)

    def _read_pairs(self, release: Release) -> Pairs:
        found: defaultdict[frozenset[str], list[EditPair]] = defaultdict(list)
        for path in self._files(release):
            for row in tables.edits(path):
                found[frozenset((row.column1, row.column2))].append(row)
        return {pair: tuple(rows) for pair, rows in found.items()}

    def _read_limits(self, release: Release) -> Mapping[str, UnitLimit]:
        rows = (row for path in self._files(release) for row in tables.unit_limits(path))
        return {row.code: row for row in rows}

    def _read_rvus(self, release: Release) -> Mapping[str, Rvu]:
        return {row.code: row for path in self._files(release) for row in tables.rvus(path)}

    def _read_localities(self, release: Release) -> tuple[Locality, ...]:
        return tuple(row for path in self._files(release) for row in tables.localities(path))


NOTHING = CmsTables()


class CmsFolder:
    """A tables' folder, looked at again when another process has read a release in.

    Args:
        folder: where `python -m ingest cms` writes; it need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, int] | None = None
        self._held = NOTHING
        self._next_look = 0.0

    @property
    def held(self) -> CmsTables:
        """What the folder holds now.

        Raises:
            KnowledgeError: its list of releases cannot be read.
        """
        if time.monotonic() >= self._next_look:
            stamp = self._stamp()
            if stamp != self._seen:
                self._held = CmsTables(self._folder) if stamp else NOTHING
                self._seen = stamp
            self._next_look = time.monotonic() + _LOOK_AGAIN
        return self._held

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self._folder / MANIFEST).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino
