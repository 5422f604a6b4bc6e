"""The geographic indices (GPCI, Addendum E) as CMS publishes them, one file a year."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.knowledge import Table
from ingest.cms.members import Member, Refused
from ingest.cms.parsed import Parsed

COLUMNS = (
    "contractor", "state", "number", "name", "work", "pe", "mp", "start", "end", "source",
)  # fmt: skip
_CONTRACTOR = re.compile(r"(?=.*\bcontractor\b)|^mac$|^carrier")
_WORK = re.compile(r"\b(?:pw|work) gpci\b")
_PE = re.compile(r"\bpe gpci\b")
_MP = re.compile(r"\bmp gpci\b")
_YEAR = re.compile(r"(20\d\d) (?:pw|work) gpci")
_LETTER = re.compile(r"rvu\d\d([a-d])", re.I)
_HIGHEST = Decimal(5)  # no index has come near; a larger number is no index


def recognise(rows: list[list[str]]) -> bool:
    """Whether the first rows are those of a table of geographic indices."""
    return any(_is_header(row) for row in rows)


def _is_header(row: list[str]) -> bool:
    cells = list(map(_plain, row))
    return any(map(_WORK.search, cells)) and any(c.startswith("locality") for c in cells)


def _plain(cell: str) -> str:
    return " ".join(cell.split()).lower()


def parse(member: Member) -> Parsed:
    """Every locality with its indices.

    Raises:
        Refused: its header or a row is not as CMS writes it.
    """
    rows = member.rows()
    place = next(n for n, row in enumerate(rows) if _is_header(row))
    header = [_plain(cell) for cell in rows[place]]
    year = _year(member, [*rows[:place], rows[place]])
    source = f"cms-{Table.GPCI}-{year}"
    ends = (f"{year}-01-01", f"{year}-12-31", source)
    columns = _columns(member, header)
    kept = [
        (*found, *ends)
        for number, row in enumerate(rows[place + 1 :], start=place + 2)
        if (found := _locality(member, number, row, columns))
    ]
    if not kept:
        raise Refused(f"{member.name}: holds no locality: it is cut short.")
    letter = _LETTER.search(member.inside)
    revision = "abcd".index(letter[1].lower()) + 1 if letter else 0
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Parsed(member, Table.GPCI, str(year), revision, first, last, COLUMNS, kept, len(kept))


def _year(member: Member, rows: list[list[str]]) -> int:
    text = _plain(" ".join(cell for row in rows for cell in row))
    found = _YEAR.search(text) or re.search(r"\bcy (20\d\d)", text)
    found = found or re.search(r"gpci(20\d\d)", member.name.lower())
    if found is None:
        raise Refused(f"{member.name}: geographic indices, but of no year. Keep CMS's own name.")
    return int(found[1])


def _columns(member: Member, header: list[str]) -> dict[str, int | None]:
    def one(pattern: str | re.Pattern[str]) -> int | None:
        return next((n for n, cell in enumerate(header) if re.search(pattern, cell)), None)

    work = [n for n, cell in enumerate(header) if _WORK.search(cell)]
    floored = [n for n in work if "with 1.0" in header[n] or "with the 1.0" in header[n]]
    found = {
        "contractor": one(_CONTRACTOR),
        "state": one(r"^state$"),
        "number": one(r"^locality(?: number)?$"),
        "name": one(r"^(?:locality )?name$"),
        "work": (floored or work)[0],
        "pe": one(_PE),
        "mp": one(_MP),
    }
    missing = [name for name, place in found.items() if place is None and name != "state"]
    if missing or (len(work) > 1 and len(floored) != 1):
        raise Refused(
            f"{member.name}: the header does not say which columns are "
            f"{', '.join(missing) or 'the work indices in force'}: the layout is not known."
        )
    return found


def _locality(
    member: Member, number: int, row: list[str], columns: dict[str, int | None]
) -> tuple[str, ...] | None:
    def cell(name: str) -> str:
        place = columns[name]
        return row[place].strip() if place is not None and place < len(row) else ""

    contractor, locality = cell("contractor"), cell("number")
    if not (contractor.isdecimal() and locality.isdecimal()):
        return None  # a note below the table
    indices = [cell(name) for name in ("work", "pe", "mp")]
    if not all(map(_is_index, indices)):
        raise Refused(f"{member.name}: row {number}: {', '.join(indices)} are not three indices.")
    name = " ".join(cell("name").rstrip("* ").split())
    return (contractor.zfill(5), cell("state"), locality.zfill(2), name, *indices)


def _is_index(text: str) -> bool:
    try:
        return 0 < Decimal(text) < _HIGHEST
    except InvalidOperation:
        return False
