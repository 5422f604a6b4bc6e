"""Reads edit tables of CMS's own size: seconds and memory, text and Excel.

    python -m benchmarks.cms [--sheet]

The files are generated in CMS's layout: four zips of 470,000 rows each, as in version 32.3 (about
1.87 million rows in all), of which 311 are the shipped rows; with --sheet one Excel file more.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests import cms_files

ROWS, PARTS = 470_000, 4
FIRST = {1: "0", 2: "2", 3: "4", 4: "9"}  # the parts follow column 1


def _rows(part: int, chance: random.Random) -> Iterator[cms_files.Row]:
    for number in range(ROWS):
        one = f"{FIRST[part]}{number // 48:04d}"[:5]
        other = f"{chance.randrange(100_000):05d}"
        yield cms_files.edit(one, other, "20180101", chance.choice(("*", "20231231")))


def _text(folder: Path, part: int) -> Path:
    name = f"ccipra-v323r0-f{part}"
    own = cms_files.shipped_edits("practitioner") if part == PARTS else []
    rows = sorted([*_rows(part, random.Random(part)), *own])
    lines = ("\t".join(row) + "\r\n" for row in [*cms_files.PTP_HEAD, *rows])
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.TXT", "".join(lines))
    return path


def _sheet(folder: Path) -> Path:
    import openpyxl

    path = folder / "ccipra-v323r0-f4.xlsx"
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    for row in [*cms_files.PTP_HEAD, *_rows(PARTS, random.Random(PARTS))]:
        page.append(list(row))
    book.save(path)
    return path


def _measure(folder: Path, files: list[Path]) -> None:
    command = [sys.executable, "-m", "ingest", "cms", "--tables", str(folder / "held")]
    printed = folder / "printed"
    with printed.open("w") as out:
        started = time.perf_counter()
        run = subprocess.Popen([*command, *map(str, files)], stdout=out, stderr=out)
        _, status, used = os.wait4(run.pid, 0)
        seconds = time.perf_counter() - started
    print(
        f"{files[0].suffix[1:]}: {len(files)} files, {seconds:.1f} s ({used.ru_utime:.1f} s of "
        f"processor), most memory {used.ru_maxrss / 1024:.0f} MB, exit status {status >> 8}"
    )
    print("  " + printed.read_text().strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", action="store_true", help="an Excel file of 470,000 rows too")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make:
        _make(given.make, given.sheet)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        # In a process of its own: what it needed would be counted as the command's memory.
        again = [sys.executable, "-m", "benchmarks.cms", *sys.argv[1:], "--make", scratch]
        subprocess.run(again, check=True)
        _measure(folder, sorted(folder.glob("*.zip")))
        if given.sheet:
            _measure(folder, sorted(folder.glob("*.xlsx")))


def _make(folder: Path, sheet: bool) -> None:
    for part in range(1, PARTS + 1):
        _text(folder, part)
    if sheet:
        _sheet(folder)


if __name__ == "__main__":
    main()
