"""What one of CMS's files was found to hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.knowledge import Release, Table
from assistant.knowledge.releases import EDITS, ReleaseFile
from ingest.cms.members import Member

QUARTERS = {"JAN": 1, "APR": 2, "JUL": 3, "OCT": 4}
Codes = Collection[str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of one file that are about codes held here, and which release they belong to.

    Attributes:
        kept: as they will stand in the tables' folder, `columns` naming the cells.
        rows: how many were read.
    """

    member: Member
    table: Table
    version: str
    revision: int
    start: date
    until: date
    columns: tuple[str, ...]
    kept: Sequence[tuple[str, ...]]
    rows: int
    part: int = 1
    first: str = ""
    last: str = ""
    conversion_factor: str = ""

    @property
    def source(self) -> str:
        """The id under which its rows are cited."""
        return f"cms-{self.table}-{self.version}"

    def file(self) -> ReleaseFile:
        """How the release will list it."""
        digest = self.member.digest()
        part = f"-f{self.part}" if self.table in EDITS.values() else ""
        return ReleaseFile(
            name=self.member.name,
            inside=self.member.inside,
            sha256=digest,
            rows=self.rows,
            kept=len(self.kept),
            rows_file=f"{self.table}-{self.version}{part}-{digest[:12]}.csv",
            part=self.part,
            first=self.first,
            last=self.last,
        )

    def release(self, file: ReleaseFile, today: date) -> Release:
        """The release as far as this file goes."""
        return Release(
            self.table,
            self.version,
            self.revision,
            self.start,
            self.until,
            today,
            (file,),
            self.conversion_factor,
        )


def quarter_start(year: int, quarter: int) -> date:
    """The quarter's first day."""
    return date(year, 3 * quarter - 2, 1)


def quarter_end(year: int, quarter: int) -> date:
    """The quarter's last day."""
    following = date(year + 1, 1, 1) if quarter == 4 else quarter_start(year, quarter + 1)
    return following - timedelta(days=1)
