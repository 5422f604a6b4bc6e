"""The relative values (PPRRVU) as CMS publishes them; its column of descriptors is never read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.knowledge import Table
from ingest.cms.members import Member, Refused
from ingest.cms.parsed import QUARTERS, Codes, Parsed, quarter_start

COLUMNS = (
    "code", "status", "work", "pe_nonfacility", "pe_facility", "mp", "multiple_procedure",
    "start", "end", "source", "certainty",
)  # fmt: skip
_HEADER_ROWS = 4  # CMS stacks a column's name over so many rows
_WANTED = {
    "status": "STATUS CODE",
    "work": "WORK RVU",
    "pe": "NON-FAC PE RVU",
    "pe_facility": "FACILITY PE RVU",
    "mp": "MP RVU",
    "total": "NON-FACILITY TOTAL",
    "multiple": "MULT PROC",
    "factor": "CONV FACTOR",
}
_TITLE = re.compile(r"(20\d\d) +National Physician Fee Schedule Relative Value File(.*)", re.I)
_NAME = re.compile(r"pprrvu(?:20)?(\d\d)[-_ ]?(jan|apr|jul|oct|v\d{4})", re.I)
_ROUNDING = Decimal("0.01")
_TWO_FACTORS = 2026  # since then there is a file for qualifying APM participants and another


def recognise(rows: list[list[str]]) -> bool:
    """Whether the first rows are those of a relative value file."""
    return _header(rows) is not None


def _header(rows: list[list[str]]) -> int | None:
    found = (n for n, row in enumerate(rows) if [c.upper() for c in row[:2]] == ["HCPCS", "MOD"])
    return next(found, None)


def parse(member: Member, codes: Codes) -> Parsed:
    """The values of the codes held here, and the file's conversion factor.

    Raises:
        Refused: its name, its header or a row is not as CMS writes it.
    """
    rows = member.rows()
    place = _header(rows) or 0
    columns = _columns(member, rows[max(0, place - _HEADER_ROWS + 1) : place + 1])
    year, quarter = _release(member, rows[:place])
    table = _table(member, year)
    start, version = quarter_start(year, quarter), f"{year}{'ABCD'[quarter - 1]}"
    ends = (str(start), str(date(year, 12, 31)), f"cms-{table}-{version}", "verified")
    kept, factors, count = [], set(), 0
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        if not any(row):
            continue
        cells = _cells(member, number, row, columns)
        count += 1
        factors.add(cells["factor"])
        if row[0] in codes and not row[1]:
            values = ("status", "work", "pe", "pe_facility", "mp", "multiple")
            kept.append((row[0], *(cells[name] for name in values), *ends))
    if not kept:
        raise Refused(f"{member.name}: holds no values of any therapy code: it is cut short.")
    return Parsed(
        member, table, version, 0, start, date(year, 12, 31), COLUMNS, kept, count,
        conversion_factor=_factor(member, factors),
    )  # fmt: skip


def _columns(member: Member, stacked: list[list[str]]) -> Mapping[str, int]:
    width = max(map(len, stacked))
    cells = [[*row, *[""] * (width - len(row))] for row in stacked]
    names = [" ".join(filter(None, column)).upper() for column in zip(*cells, strict=True)]
    found = {}
    for key, wanted in _WANTED.items():
        fits = [n for n, name in enumerate(names) if name == wanted]
        if len(fits) != 1:
            raise Refused(
                f"{member.name}: the header has {len(fits)} columns «{wanted}» instead of one: "
                "the layout is not known."
            )
        found[key] = fits[0]
    return found


def _release(member: Member, preamble: list[list[str]]) -> tuple[int, int]:
    """Year and quarter, which title and name must agree upon."""
    title = next((t for row in preamble for cell in row if (t := _TITLE.search(cell))), None)
    name = _NAME.search(member.name)
    said = {(2000 + int(name[1]), QUARTERS.get(name[2].upper(), 1))} if name else set()
    if title:
        month = next((m for m in QUARTERS if m in title[2].upper()), None)
        quarter = QUARTERS[month] if month else next((q for _, q in said), 0)
        said.add((int(title[1]), quarter))
    if len(said) != 1 or not next(iter(said))[1]:
        read = ", ".join(f"{year} quarter {quarter or 'unsaid'}" for year, quarter in sorted(said))
        raise Refused(
            f"{member.name}: title and name do not say one year and release "
            f"({read or 'neither says any'}). Keep CMS's own name, such as "
            "PPRRVU2026_Oct_nonQPP.csv."
        )
    return next(iter(said))


def _table(member: Member, year: int) -> Table:
    name = member.name.lower()
    if "nonqpp" not in name and "qpp" in name:
        return Table.RVU_QP
    if "nonqpp" not in name and year >= _TWO_FACTORS:
        raise Refused(
            f"{member.name}: since {_TWO_FACTORS} there are two such files; the name must say "
            "nonQPP or QPP, as CMS's does."
        )
    return Table.RVU


def _cells(
    member: Member, number: int, row: list[str], columns: Mapping[str, int]
) -> dict[str, str]:
    if len(row) <= max(columns.values()):
        raise Refused(f"{member.name}: row {number:,} is cut short: download the file again.")
    cells = {key: row[place] for key, place in columns.items()}
    try:
        work, pe, mp, total = (Decimal(cells[key] or "0") for key in ("work", "pe", "mp", "total"))
        Decimal(cells["factor"] or "0"), Decimal(cells["pe_facility"] or "0")
    except InvalidOperation:
        raise Refused(f"{member.name}: row {number:,} has no numbers for values.") from None
    if abs(work + pe + mp - total) > _ROUNDING:
        raise Refused(
            f"{member.name}: row {number:,} ({row[0]}): {work} + {pe} + {mp} is not the total "
            f"{total} that stands there: the columns are not where they should be."
        )
    numbers = ("work", "pe", "pe_facility", "mp")
    return {**cells, **{key: cells[key] or "0" for key in numbers}}


def _factor(member: Member, found: set[str]) -> str:
    factors = {Decimal(text) for text in found if text} - {Decimal(0)}
    if len(factors) != 1:
        raise Refused(
            f"{member.name}: has {len(factors)} conversion factors instead of one: "
            f"{', '.join(map(str, sorted(factors)))}."
        )
    return str(factors.pop())
