"""What is held of CMS's tables after files were taken in, and tables of edits to take in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant import knowledge as knowledge_base
from assistant.claim import Setting
from assistant.knowledge import Knowledge
from assistant.rules import edits
from tests import cms_files as cms

PRACTITIONER, HOSPITAL = Setting.PRACTITIONER, Setting.OUTPATIENT_HOSPITAL
Q3, Q4 = date(2026, 8, 15), date(2026, 11, 15)
TIMED = ("97110", "97530")


def held(folder: Path) -> Knowledge:
    return knowledge_base.load(tables=folder)


def edit_table(
    folder: Path, rows: list[cms.Row], version: str = "323", setting: str = "pra", part: int = 4
) -> Path:
    name = f"cci{setting}-v{version}r0-f{part}"
    return cms.zipped(folder / f"{name}.zip", {f"{name}.TXT": cms.ptp_text(rows)})


def pair(knowledge: Knowledge, one: str, other: str, on: date, table: Setting = PRACTITIONER):
    return edits.pair(one, other, on=on, table=table, knowledge=knowledge)


def limits_file(folder: Path, day: str, limits: dict[str, tuple[int, int]]) -> Path:
    name = f"MCR_MUE_PractitionerServices_Eff_{day}.csv"
    return cms.zipped(folder / "mue.zip", {name: cms.mue_csv("Practitioner", limits)})


def rvu_zip(folder: Path, year: int, factor: str, letter: str = "a", **changed) -> Path:
    months = {"a": ("January", "Jan"), "c": ("July", "Jul"), "d": ("October", "Oct")}
    month, short = months[letter]
    values = {**cms.shipped_values(), **changed}
    old, new = f"PPRRVU{year % 100}_{short.upper()}", f"PPRRVU{year}_{short}_nonQPP"
    name = new if year >= 2026 else old
    content = cms.pprrvu_csv(year, month, factor, values)
    files = {
        f"{name}.csv": content,
        f"{name}.txt": b"fixed width, not read",
        f"GPCI{year}.csv": cms.gpci_csv(year, cms.LOCALITIES),
        f"ANES{year}.csv": b"Contractor,Locality,Factor\r\n10112,00,20.1\r\n",
    }
    return cms.zipped(folder / f"rvu{year % 100}{letter}.zip", files)
