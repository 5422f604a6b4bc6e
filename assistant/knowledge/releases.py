"""The releases of CMS's own tables that were read in: which, from whose file, for which days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.claim import Setting
from assistant.errors import KnowledgeError
from assistant.evidence import Authority, Certainty, Source, Statement

MANIFEST = "releases.json"
FORMAT = 1
LAST_PART = 4  # the parts in which CMS publishes each edit table (seen from version 30.1 to 32.3)
PUBLISHER = "Centers for Medicare & Medicaid Services"


class Table(StrEnum):
    """A table that CMS publishes."""

    PTP_PRACTITIONER = "ptp-practitioner"
    PTP_HOSPITAL = "ptp-hospital"
    MUE_PRACTITIONER = "mue-practitioner"
    MUE_HOSPITAL = "mue-hospital"
    RVU = "rvu"
    RVU_QP = "rvu-qp"
    GPCI = "gpci"


LABELS = {
    Table.PTP_PRACTITIONER: "NCCI edits, practitioner",
    Table.PTP_HOSPITAL: "NCCI edits, outpatient hospital",
    Table.MUE_PRACTITIONER: "MUE unit limits, practitioner",
    Table.MUE_HOSPITAL: "MUE unit limits, outpatient hospital",
    Table.RVU: "Relative values (PPRRVU)",
    Table.RVU_QP: "Relative values (PPRRVU), qualifying APM participants",
    Table.GPCI: "Geographic indices (GPCI)",
}
EDITS = {
    Setting.PRACTITIONER: Table.PTP_PRACTITIONER,
    Setting.OUTPATIENT_HOSPITAL: Table.PTP_HOSPITAL,
}
LIMITS = {
    Setting.PRACTITIONER: Table.MUE_PRACTITIONER,
    Setting.OUTPATIENT_HOSPITAL: Table.MUE_HOSPITAL,
}
_NCCI = "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits"
_PFS = "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files"


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One of CMS's files as it was read.

    Attributes:
        name: as CMS names it; `inside` is the zip it came in ("" for none).
        sha256: of the file's own bytes.
        rows: read; `kept` of them are about codes held here.
        rows_file: where the kept rows stand, in the tables' folder.
        part: of a table published in parts, else 1; `first` and `last` are its column 1 codes,
            empty where they are not in order.
    """

    name: str
    inside: str
    sha256: str
    rows: int
    kept: int
    rows_file: str
    part: int = 1
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one table.

    Attributes:
        version: as CMS numbers it: "32.3" for edits, "2026-10-01" for limits, "2026D", "2026".
        start: first day on which it holds; `until` is the last.
        read: the day on which it was read in here.
        conversion_factor: of relative values, as printed.
    """

    table: Table
    version: str
    revision: int
    start: date
    until: date
    read: date
    files: tuple[ReleaseFile, ...]
    conversion_factor: str = ""

    @property
    def id(self) -> str:
        """How sources and statements call it."""
        return f"cms-{self.table}-{self.version}"

    @property
    def is_whole(self) -> bool:
        """Whether every part of the table was read."""
        if self.table not in EDITS.values():
            return True
        return {file.part for file in self.files} >= set(range(1, LAST_PART + 1))

    @property
    def rows(self) -> int:
        """Rows read."""
        return sum(file.rows for file in self.files)

    @property
    def kept(self) -> int:
        """Rows about codes held here."""
        return sum(file.kept for file in self.files)

    def covers(self, *codes: str) -> bool:
        """Whether all column 1 rows of these codes were read, so that absence means no row."""
        return all(map(self._read_all_of, codes))

    def _read_all_of(self, code: str) -> bool:
        if self.is_whole:
            return True
        parts = sorted((f for f in self.files if f.first), key=lambda file: file.part)
        if not parts:
            return False
        if any(file.first <= code <= file.last for file in parts):
            return True
        before, after = parts[0], parts[-1]
        return (
            any(
                one.last < code < two.first and two.part == one.part + 1
                for one, two in pairwise(parts)
            )
            or (before.part == 1 and code < before.first)
            or (after.part == LAST_PART and code > after.last)
        )

    def source(self) -> Source:
        """The release as a document we cite."""
        return Source(
            id=self.id,
            title=f"{LABELS[self.table]}, {self.named}",
            publisher=PUBLISHER,
            url=_PFS if self.table in (Table.RVU, Table.RVU_QP, Table.GPCI) else _NCCI,
            authority=Authority.CMS_PAGE,
            published=str(self.start),
            seen_through=f"CMS's own file, read in here on {self.read}",
        )

    def statement(self) -> Statement:
        """What reading the release established."""
        whole = "whole" if self.is_whole else f"in part ({len(self.files)} of {LAST_PART} files)"
        return Statement(
            id=self.id,
            says=(
                f"{LABELS[self.table]}, {self.named}, was read {whole} from CMS's own "
                f"{'file' if len(self.files) == 1 else 'files'} on {self.read}: {self.rows:,} "
                f"rows, {self.kept:,} of them about codes held here."
            ),
            source=self.id,
            locator="; ".join(f"{f.name} (sha256 {f.sha256[:12]})" for f in self.files),
            certainty=Certainty.VERIFIED,
            start=self.start,
            until=self.until,
        )

    @property
    def named(self) -> str:
        """The version and its days, in words."""
        return f"version {self.version} ({self.start} to {self.until})"


def read_releases(folder: Path) -> tuple[Release, ...]:
    """The releases that a tables' folder holds; none where nothing was read in yet.

    Raises:
        KnowledgeError: its list of releases cannot be read.
    """
    path = folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise KnowledgeError(f"{path}: is of format {raw['format']}, not {FORMAT}.")
        return tuple(map(_release, raw["releases"]))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(
            f"{path}: cannot be read ({error}). Move it away and read CMS's files in again."
        ) from error


def _release(raw: dict[str, Any]) -> Release:
    given: dict[str, Any] = dict(raw)
    for name in ("start", "until", "read"):
        given[name] = date.fromisoformat(given[name])
    given["table"] = Table(given["table"])
    given["files"] = tuple(ReleaseFile(**one) for one in given["files"])
    return Release(**given)


def dump_releases(releases: Iterable[Release]) -> str:
    """The same as the text of the list."""
    return json.dumps({"format": FORMAT, "releases": [*map(_plain, releases)]}, indent=1) + "\n"


def _plain(release: Release) -> dict[str, Any]:
    return {name: _value(getattr(release, name)) for name in Release.__slots__}


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{name: getattr(f, name) for name in ReleaseFile.__slots__} for f in value]
    return str(value) if isinstance(value, date) else value


def newest_first(releases: Iterable[Release]) -> Iterator[Release]:
    """The releases, the latest first."""
    return iter(sorted(releases, key=lambda one: (one.start, one.revision), reverse=True))
