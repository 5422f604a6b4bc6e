"""Files in the layouts in which CMS publishes its tables, made by ordinary libraries."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[1] / "knowledge_base/tables"
NOTICE = "CPT only copyright 2026 American Medical Association.  All rights reserved."
PTP_HEAD = (
    (NOTICE, "", "", "", "", "", ""),
    ("Column1/Column2 Edits", "", "", "", "", "", ""),
    (
        "Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier",
        "PTP Edit Rationale",
    ),
    ("", "", "prior to 1996", "Date", "Date", "0=not allowed", ""),
    ("", "", "", "", "*=no data", "1=allowed", ""),
    ("", "", "", "", "", "9=not applicable", ""),
)  # fmt: skip
STRANGERS = (
    ("0001A", "0591T", "", "20220101", "20231231", "1", "Misuse of Column Two code"),
    ("93000", "93005", "*", "19960101", "*", "0", "More extensive procedure"),
    ("97530", "E0100", "", "20240101", "*", "1", "Misuse of Column Two code"),
)
Row = Sequence[str]


def edit(one: str, other: str, start: str, end: str = "*", indicator: str = "1") -> Row:
    """A row of the edit table."""
    before = "*" if start == "19960101" else ""
    return (one, other, before, start, end, indicator, "Misuse of Column Two code")


def shipped_edits(setting: str) -> list[Row]:
    """The shipped rows of a table, as CMS would print them."""
    with (ROOT / "edits/ncci.csv").open(encoding="utf-8", newline="") as file:
        return [
            edit(
                row["column1"],
                row["column2"],
                (row["start"] or "2013-01-01").replace("-", ""),
                row["end"].replace("-", "") or "*",
                row["indicator"],
            )
            for row in csv.DictReader(file)
            if row["table"] == setting
        ]


def ptp_text(rows: Iterable[Row]) -> bytes:
    """The text file: tabs, CRLF, a notice and a header over four lines."""
    lines = [*PTP_HEAD, *sorted([*rows, *STRANGERS])]
    return "".join("\t".join(line) + "\r\n" for line in lines).encode("latin-1")


def ptp_sheet(rows: Iterable[Row]) -> bytes:
    """The Excel file; CMS's has the header in one row with line breaks."""
    head = ["\n".join(filter(None, column)) for column in zip(*PTP_HEAD[2:], strict=True)]
    return sheet([[NOTICE], ["Column1/Column2 Edits"], head, *sorted([*rows, *STRANGERS])])


def sheet(rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append([cell if cell != "" else None for cell in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def mue_csv(setting: str, limits: Mapping[str, tuple[int, int]]) -> bytes:
    """The unit limits: a notice in one cell over several lines, a header with a line break."""
    words = {1: "1 Line Edit", 2: "2 Date of Service Edit: Policy"}
    words[3] = "3 Date of Service Edit: Clinical"
    head = f"{setting} Services MUE Values"
    rows = [
        [f"{NOTICE}\n\nFARS/DFARS restrictions apply.", "", "", ""],
        ["HCPCS/\nCPT Code", head, "MUE Adjudication Indicator", "MUE Rationale"],
        ["0001U", "1", words[2], "Code Descriptor / CPT Instruction"],
        *[[code, str(n), words[mai], "Clinical: Data"] for code, (n, mai) in limits.items()],
        ["J1100", "120", words[3], "Prescribing Information"],
    ]
    return _csv(rows)


def shipped_limits(setting: str) -> dict[str, tuple[int, int]]:
    """The shipped limits; an indicator that is not known counts as 3."""
    with (ROOT / "limits/mue.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (int(row["units"]), int(row["mai"] or 3))
            for row in csv.DictReader(file)
            if row["setting"] == setting
        }


_PPRRVU_HEAD = """\
,,{year} National Physician Fee Schedule Relative Value File {month} Release{blank}
,,CPT codes and descriptions only are copyright {year} American Medical Association.{blank}
,,{blank}
,,{blank}
,,RELEASED 06/30/{year}{blank}
{opps}
,,,,NOT USED,,,,,,,,,,,,,,,,,,,{mid}PHYSICIAN,,DIAGNOSTIC,PE USED,PE USED,MP USED
,,,,FOR,,,NON-FAC,,FACILITY,,,,,,,,,,,,,,{mid}SUPERVISION OF,,IMAGING,FOR OPPS,FOR OPPS,FOR OPPS
,,,STATUS,MEDICARE,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,POST,\
MULT,BILAT,ASST,CO-,TEAM,{pric}ENDO,CONV,DIAGNOSTIC,CALCULATION,FAMILY,PAYMENT,PAYMENT,PAYMENT
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,\
OP,OP,OP,PROC,SURG,SURG,SURG,SURG,{ind}BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT
"""


def pprrvu_csv(
    year: int, month: str, factor: str, values: Mapping[str, Mapping[str, str]]
) -> bytes:
    """The relative values: 32 columns since 2026, 31 before; the descriptor is not CMS's."""
    new = year >= 2026
    width = 32 if new else 31
    head = _PPRRVU_HEAD.format(
        year=year,
        month=month,
        blank="," * (width - 3),
        opps="," * (width - 2) + "NON-FACILITY,FACILITY",
        mid=",,," if new else ",,",
        pric="PRIC," if new else "",
        ind="IND," if new else "",
    )
    rows = [_value_row(code, row, factor, width) for code, row in values.items()]
    return head.replace("\n", "\r\n").encode() + _csv(rows)


def _value_row(code: str, row: Mapping[str, str], factor: str, width: int) -> list[str]:
    from decimal import Decimal

    work, pe, facility, mp = (
        Decimal(row[name]) for name in ("work", "pe_nonfacility", "pe_facility", "mp")
    )
    cells = [
        code, "", "not read", row["status"], "", str(work), str(pe), "", str(facility), "", str(mp),
        str(work + pe + mp), str(work + facility + mp), "7", "XXX", "0.00", "0.00", "0.00",
        row["multiple_procedure"], "0", "0", "0", "0",
    ]  # fmt: skip
    cells += ["0"] * (width - 31)
    return [*cells, "", factor, "09", "0", "99", "0.00", "0.00", "0.00"]


def shipped_values() -> dict[str, dict[str, str]]:
    """The shipped relative values by code."""
    with (ROOT / "rvu/2026.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: {**row, "pe_facility": row["pe_facility"] or "0.00"}
            for row in csv.DictReader(file)
        }


def gpci_csv(year: int, localities: Iterable[Row], *, two_work_columns: bool = False) -> bytes:
    """The geographic indices with the notes below them."""
    work = [f"{year} PW GPCI (with 1.0 Floor)***"]
    if two_work_columns:
        work = [f"{year} PW GPCI (without 1.0 Floor)", *work]
    head = [
        "Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name",
        *work, f"{year} PE GPCI", f"{year} MP GPCI",
    ]  # fmt: skip
    rows = [
        [f"ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY LOCALITY"],
        [],
        head,
        *[[*row[:4], *(["0.9"] if two_work_columns else []), *row[4:]] for row in localities],
        ["MAC Assignments as of November 22, 2023"],
        ["*Work GPCI reflects a 1.5 floor in Alaska."],
    ]
    return _csv([[*row, *[""] * (len(head) - len(row))] for row in rows])


LOCALITIES = (
    ("10112", "AL", "00", "ALABAMA", "1.000", "0.875", "0.566"),
    ("02102", "AK", "01", "ALASKA*", "1.500", "1.065", "0.551"),
    ("01182", "CA", "18", "LOS ANGELES-LONG BEACH-ANAHEIM (LOS ANGELES/ORANGE CNTY)", "1.041",
     "1.183", "0.664"),
    ("01112", "CA", "05", "SAN FRANCISCO-OAKLAND-BERKELEY (SAN FRANCISCO CNTY)", "1.095", "1.410",
     "0.425"),
    ("01112", "CA", "52", "SAN FRANCISCO-OAKLAND-BERKELEY (MARIN CNTY)", "1.095", "1.410",
     "0.459"),
    ("13202", "NY", "01", "MANHATTAN", "1.064", "1.162", "1.586"),
    ("04412", "TX", "18", "HOUSTON", "1.008", "0.993", "1.376"),
)  # fmt: skip


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("cp1252")


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """A zip with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def written(path: Path, content: bytes) -> Path:
    """The file with that content."""
    path.write_bytes(content)
    return path
