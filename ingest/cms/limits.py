"""The medically unlikely edits (MUE) as CMS publishes them: one file a quarter and setting."""

from __future__ import annotations

import re
from datetime import date

from assistant.knowledge import Table
from ingest.cms.members import Member, Refused
from ingest.cms.parsed import Codes, Parsed, quarter_end, quarter_start

COLUMNS = ("code", "setting", "units", "mai", "start", "end", "certainty", "source")
_SETTINGS = {
    "practitioner": (Table.MUE_PRACTITIONER, "practitioner"),
    "outpatient hospital": (Table.MUE_HOSPITAL, "outpatient_hospital"),
}
_VALUES = re.compile(r"(?P<setting>.+?)\s+services\s+mue\s+values?", re.I)
_DAY = re.compile(r"(?<!\d)(\d\d)-(\d\d)-(20\d\d)(?!\d)")
_QUARTER = re.compile(r"(20\d\d)[-_ ]?q([1-4])", re.I)
_CODE = re.compile(r"[0-9A-Z]{5}")


def recognise(rows: list[list[str]]) -> bool:
    """Whether the first rows are those of a table of unit limits."""
    return any(_VALUES.fullmatch(" ".join(cell.split())) for row in rows for cell in row)


def parse(member: Member, codes: Codes) -> Parsed:
    """The limits of the codes held here.

    Raises:
        Refused: its name, its header or a row is not as CMS writes it.
    """
    rows = member.rows()
    place, header = next(
        (n, [" ".join(cell.split()).lower() for cell in row])
        for n, row in enumerate(rows)
        if recognise([row])
    )
    value = next(n for n, cell in enumerate(header) if _VALUES.fullmatch(cell))
    table, setting = _setting(member, header[value])
    start, end = _quarter(member)
    code = _column(member, header, "cpt code")
    mai = _column(member, header, "adjudication indicator")
    source = f"cms-{table}-{start}"
    kept, count = [], 0
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        if sum(map(bool, row)) < 2:
            continue  # an empty line, or a note below the table
        found = _limit(member, number, row, (code, value, mai))
        count += 1
        if found[0] in codes:
            kept.append((found[0], setting, *found[1:], str(start), str(end), "verified", source))
    if not kept:
        raise Refused(f"{member.name}: holds no limit of any therapy code: it is cut short.")
    return Parsed(member, table, str(start), 0, start, end, COLUMNS, kept, count)


def _setting(member: Member, header: str) -> tuple[Table, str]:
    match = _VALUES.fullmatch(header)
    name = match["setting"].removesuffix(" services") if match else header
    if name not in _SETTINGS:
        raise Refused(
            f"{member.name}: the limits of {name} services; only those of practitioners and "
            "outpatient hospitals are held here."
        )
    return _SETTINGS[name]


def _quarter(member: Member) -> tuple[date, date]:
    for name in (member.name, member.inside):
        if day := _DAY.search(name):
            month, year = int(day[1]), int(day[3])
            if not 1 <= month <= 12:
                break
            quarter = (month + 2) // 3
        elif named := _QUARTER.search(name):
            year, quarter = int(named[1]), int(named[2])
        else:
            continue
        return quarter_start(year, quarter), quarter_end(year, quarter)
    raise Refused(
        f"{member.name}: unit limits, but the name does not say from when. Keep CMS's own name, "
        "such as MCR_MUE_PractitionerServices_Eff_10-01-2026.csv."
    )


def _column(member: Member, header: list[str], wanted: str) -> int:
    for place, cell in enumerate(header):
        if cell.endswith(wanted):
            return place
    raise Refused(f"{member.name}: the header has no column «{wanted}»: the layout is not known.")


def _limit(
    member: Member, number: int, row: list[str], places: tuple[int, int, int]
) -> tuple[str, str, str]:
    cells = [row[place].strip() if place < len(row) else "" for place in places]
    code, units, mai = cells[0].zfill(5), cells[1], cells[2][:1]
    if not _CODE.fullmatch(code) or not units.isdecimal() or mai not in ("1", "2", "3"):
        raise Refused(
            f"{member.name}: row {number:,}: {', '.join(cells)} is no code with its limit and "
            "adjudication indicator."
        )
    return code, str(int(units)), mai
