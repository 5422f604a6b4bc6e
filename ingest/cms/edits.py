"""The procedure-to-procedure edits (NCCI PTP) as CMS publishes them: four files a quarter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from itertools import chain

from assistant.knowledge import Table
from ingest.cms.members import Member, Refused
from ingest.cms.parsed import Codes, Parsed, quarter_end, quarter_start

COLUMNS = (
    "column1", "column2", "indicator", "start", "end", "table", "certainty", "source", "note",
)  # fmt: skip
_FIRST_YEAR = 1994  # of version 0: version 32 is that of 2026
_NAME = re.compile(
    r"cci(?P<table>pra|oph)-?v(?P<major>\d\d)(?P<minor>[0-3])r(?P<rev>\d)-f(?P<part>\d)"
)
_TABLES = {
    "pra": (Table.PTP_PRACTITIONER, "practitioner"),
    "oph": (Table.PTP_HOSPITAL, "outpatient_hospital"),
}
_HEADER = re.compile(r"column\s*1\s*\tcolumn\s*2\s*\t\*", re.I)
_ROW = re.compile(
    r"([0-9A-Z]{5}) *\t([0-9A-Z]{5}) *\t *\*? *\t *(\d{8}) *\t *(\d{8}|\*) *\t *([019]) *(?:\t.*)?"
)
_HEADER_LINES = 30


def recognise(rows: list[list[str]]) -> bool:
    """Whether the first rows are those of an edit table."""
    return any(_HEADER.match("\t".join(row)) for row in rows)


def parse(member: Member, codes: Codes, tick: Callable[[int], None]) -> Parsed:
    """The rows whose two codes are held here.

    Args:
        member: the file.
        codes: those held here.
        tick: told now and then how many rows were read.

    Raises:
        Refused: its name or a row is not as CMS writes it.
    """
    named = _NAME.search(member.name.lower()) or _NAME.search(member.inside.lower())
    if named is None:
        raise Refused(
            f"{member.name}: an edit table, but the name does not say whose and which version. "
            "Keep CMS's own name, such as ccipra-v323r0-f1.TXT or ccioph-v323r0-f1.TXT."
        )
    table, setting = _TABLES[named["table"]]
    year, quarter = _FIRST_YEAR + int(named["major"]), int(named["minor"]) + 1
    version = f"{named['major']}.{named['minor']}"
    reader = _Reader(member, quarter_end(year, quarter), version)
    kept = [
        (one, other, indicator, start, end, setting, "verified", f"cms-{table}-{version}", "")
        for one, other, start, end, indicator in reader.rows(codes, tick)
    ]
    return Parsed(
        member=member,
        table=table,
        version=version,
        revision=int(named["rev"]),
        start=quarter_start(year, quarter),
        until=quarter_end(year, quarter),
        columns=COLUMNS,
        kept=kept,
        rows=reader.count,
        part=int(named["part"]),
        first=reader.first if reader.in_order else "",
        last=reader.last if reader.in_order else "",
    )


class _Reader:
    """Reads every row, holds on to few."""

    def __init__(self, member: Member, until: date, version: str) -> None:
        self._member = member
        self._until = f"{until:%Y%m%d}"
        self._version = version
        self.count = 0
        self.first = self.last = ""
        self.in_order = True

    def rows(
        self, codes: Codes, tick: Callable[[int], None]
    ) -> Iterator[tuple[str, str, str, str, str]]:
        """Codes, days and indicator of the rows between two codes held here."""
        with closing(self._member.lines()) as text:
            yield from self._rows(enumerate(text, start=1), codes, tick)

    def _rows(
        self, lines: Iterator[tuple[int, str]], codes: Codes, tick: Callable[[int], None]
    ) -> Iterator[tuple[str, str, str, str, str]]:
        first = self._first_row(lines)
        for number, line in chain((first,), lines):
            row = _ROW.fullmatch(line)
            if row is None:
                if line.strip():
                    raise self._refused(number, f"{line[:60]!r} is not a row of an edit table")
                continue
            one, other, start, end, indicator = row.groups()
            self._note(number, one, start)
            if one in codes and other in codes:
                ended = "" if end == "*" else self._day(number, end)
                yield one, other, self._day(number, start), ended, indicator
            if not self.count % 50_000:
                tick(self.count)

    def _first_row(self, lines: Iterator[tuple[int, str]]) -> tuple[int, str]:
        seen = False
        for number, line in lines:
            seen = seen or _HEADER.match(line) is not None
            if seen and _ROW.fullmatch(line):
                return number, line
            if number > _HEADER_LINES:
                break
        raise Refused(f"{self._member.name}: holds no row of an edit table: download it again.")

    def _note(self, number: int, one: str, start: str) -> None:
        self.count += 1
        self.first = self.first or one
        self.in_order = self.in_order and self.last <= one
        self.last = one
        if start > self._until:
            raise self._refused(
                number,
                f"an edit begins on {start}, after the quarter of version {self._version}: "
                "the name and the content do not belong together",
            )

    def _day(self, number: int, text: str) -> str:
        try:
            return str(datetime.strptime(text, "%Y%m%d").date())
        except ValueError:
            raise self._refused(number, f"{text} is not a day") from None

    def _refused(self, number: int, why: str) -> Refused:
        return Refused(f"{self._member.name}: line {number:,}: {why}.")
