"""`assistant review`: files in, files out, faults told by line, memory flat."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import knowledge as knowledge_base
from assistant import visit_rows
from assistant.command_line import main
from assistant.errors import ImpossibleFact
from assistant.review_file import CsvWriter, review_visits
from assistant.tools import BillingTools
from assistant.visit_rows import COLUMNS, REMEMBERED, read

KNOWLEDGE = knowledge_base.load()
TOOLS = BillingTools(KNOWLEDGE)
HEADER = "visit,date_of_service,payer,discipline,code,minutes,clinician,separate,allowed_before\n"
GOOD = (
    f"{HEADER}"
    "V1,2026-03-02,Medicare,PT,97110,10,,,2300\n"
    "V1,,,,97530,20,therapist,,\n"
    "\n"
    ",,,,,,,,\n"
    "V2,3/2/2026,aetna,pt,97140,23,Assistant,YES,\n"
    'V3,2026-03-02,Medicare Part B,OT,97535,38,,,"$2,470.00"\n'
)


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text(GOOD, encoding="utf-8-sig")
    return path


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_to_csv(visits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "lines.csv"
    assert main(["review", str(visits), "--out", str(out)]) == 0
    rows = [row for row in lines_of(out) if row["kind"] == "line"]
    shown = [(r["visit"], r["code"], r["units"], r["modifiers"], r["row"]) for r in rows]
    assert shown == [
        ("V1", "97110", "1", "GP", "2"),
        ("V1", "97530", "1", "GP", "2"),
        ("V2", "97140", "2", "CQ GP", "6"),
        ("V3", "97535", "3", "GO KX", "7"),
    ]
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "3 of 3 visits reviewed.\n"


def test_csv_to_json_lines(visits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", str(visits), "--format", "jsonl"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["visit"] for one in found] == ["V1", "V2", "V3"]
    assert [one["payer"] for one in found] == ["medicare", "aetna", "medicare"]
    assert found[1]["lines"] == [
        {"code": "97140", "units": 2, "modifiers": ["CQ", "GP"], "minutes": 23}
    ]
    assert any("How Aetna counts" in said for said in found[1]["assumptions"])


def test_a_fault_is_told_by_line_and_the_rest_goes_on(
    visits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visits.write_text(GOOD.replace(",20,", ",twenty,"))
    out = tmp_path / "lines.csv"
    assert main(["review", str(visits), "--out", str(out)]) == 1
    failed = [row for row in lines_of(out) if row["kind"] == "failed"]
    assert [(r["visit"], r["row"], r["id"]) for r in failed] == [("V1", "3", "minutes")]
    assert {r["visit"] for r in lines_of(out)} == {"V1", "V2", "V3"}
    told = capsys.readouterr().err
    assert f"{visits}:3: minutes: 97530: give whole minutes" in told
    assert "2 of 3 visits reviewed, 1 failed" in told


def test_many_faults_are_all_in_the_result_and_few_on_the_screen(
    visits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visits.write_text(HEADER + "".join(f"V{n},x,,PT,97110,15,,,\n" for n in range(50)))
    out = tmp_path / "lines.csv"
    assert main(["review", str(visits), "--out", str(out)]) == 1
    assert len(lines_of(out)) == 50
    assert capsys.readouterr().err.count("\n") == 21


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("", "Columns missing: visit"),
        ("visit,code\n", "Columns missing: date_of_service"),
        ("visit,date_of_service,code,minuts\n", "Columns unknown: minuts"),
        ("visit,date_of_service,code,code\n", "Columns named twice: code"),
        ("visit;date_of_service;code\n", "Columns unknown"),
        ("V1,2026-03-02,97110\n", "Columns unknown"),
    ],
)
def test_a_file_without_its_columns_is_unusable(
    header: str, told: str, visits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visits.write_text(header + "V1,2026-03-02,97110\n" if header else "")
    assert main(["review", str(visits)]) == 2
    assert told in capsys.readouterr().err


def test_files_that_cannot_be_used(
    visits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = visits.read_bytes()
    assert main(["review", str(tmp_path / "none.csv")]) == 2
    assert main(["review", str(tmp_path)]) == 2
    assert main(["review", str(visits), "--out", str(tmp_path / "no" / "lines.csv")]) == 2
    assert main(["review", str(visits), "--out", str(visits)]) == 2
    assert "name another file" in capsys.readouterr().err
    assert visits.read_bytes() == before
    with pytest.raises(SystemExit, match="2"):
        main(["review", str(visits), "--format", "xlsx"])


def test_the_columns_stand_in_any_order() -> None:
    text = "Code,Date of service,Visit,minutes\n97110,2026-03-02,V1,15\n"
    (given,) = read(io.StringIO(text), KNOWLEDGE)
    assert [(s.code, s.minutes) for s in given.to_visit().services] == [("97110", 15)]


@pytest.mark.parametrize(
    "start_end",
    ["9:05,9:20", "09:05,09:20", "9:05 AM,9:20 am", "9:05a.m.,9:20 P.M.", "9:05:00,9:20:00"],
)
def test_clock_times(start_end: str) -> None:
    text = f"visit,date_of_service,code,start,end\nV1,2026-03-02,97110,{start_end}\n"
    (given,) = read(io.StringIO(text), KNOWLEDGE)
    assert [s.block and s.block.start for s in given.services] == [9 * 60 + 5]


def test_noon_and_midnight() -> None:
    text = (
        "visit,date_of_service,code,start,end\nV1,2026-03-02,97110,12:00 PM,12:15 PM\n"
        "V1,,97530,12:00 AM,12:15 AM\nV1,,97140,11:45 PM,24:00\n"
    )
    (given,) = read(io.StringIO(text), KNOWLEDGE)
    assert [str(s.block) for s in given.services] == ["12:00-12:15", "0:00-0:15", "23:45-24:00"]


FORMULAS = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", " =1", "\uff1d1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_spreadsheet_runs_nothing_of_ours(formula: str) -> None:
    text = io.StringIO()
    rows = csv.DictWriter(text, list(COLUMNS))
    rows.writeheader()
    base = {"date_of_service": "2026-03-02", "code": "97110", "minutes": "15"}
    rows.writerow(base | {"visit": formula, "payer": formula})
    rows.writerow(base | {"visit": f"{formula}2", "minutes": formula})
    out = io.StringIO()
    review_visits(io.StringIO(text.getvalue()), CsvWriter(out), TOOLS, KNOWLEDGE)
    for row in csv.reader(io.StringIO(out.getvalue())):
        assert not any(cell.strip()[:1] in {*"=+-@\uff1d"} - {""} for cell in row if cell.strip())
    assert f"'{formula.strip()}" in next(iter(list(csv.reader(io.StringIO(out.getvalue())))[1:]))


def test_a_visit_is_missed_only_so_far_back() -> None:
    ids = [*range(REMEMBERED), REMEMBERED, 0, 2]
    text = "visit,date_of_service,code\n" + "".join(f"V{n},2026-03-02,97161\n" for n in ids)
    found = list(read(io.StringIO(text), KNOWLEDGE))
    assert [bool(one.faults) for one in found[-2:]] == [False, True]


class Endless(io.TextIOBase):
    """A file that makes its lines as they are read."""

    def __init__(self, visits: int) -> None:
        self._lines = self._made(visits)

    @staticmethod
    def _made(visits: int) -> Iterator[str]:
        yield HEADER
        for n in range(visits):
            yield f"V{n % 7}-{n},2026-03-02,Medicare,PT,97110,10,,,\n"
            yield f"V{n % 7}-{n},,,,97530,20,,,\n"

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        return next(self._lines, "")


class Nowhere(io.TextIOBase):
    def write(self, text: str, /) -> int:
        return len(text)


def peak_of(visits: int) -> int:
    tracemalloc.start()
    given: Any = Endless(visits)
    review_visits(given, CsvWriter(Nowhere()), TOOLS, KNOWLEDGE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_rows, "REMEMBERED", 100)
    peak_of(10)  # reads the knowledge base
    assert peak_of(4000) < 1_000_000  # bytes; 250 a visit would be more


def test_from_a_pipe_to_a_reader_that_stops_early(visits: Path) -> None:
    many = HEADER + "".join(f"V{n},2026-03-02,,PT,97110,15,,,\n" for n in range(3000))
    command = [sys.executable, "-m", "assistant", "review", "-"]
    done = subprocess.run(command, input=many, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 6001
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(many)
            process.stdin.close()
        assert process.wait(60) in (0, 1)
        assert "Traceback" not in process.stderr.read()


def test_the_help_names_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["review", "--help"])
    told = capsys.readouterr().out
    page = (Path(__file__).parents[1] / "docs/review-file.md").read_text("utf-8")
    for name in COLUMNS:
        assert name in told
        assert f"`{name}`" in page


def test_the_page_s_own_example_is_reviewed() -> None:
    page = (Path(__file__).parents[1] / "docs/review-file.md").read_text("utf-8")
    example = page.split("```csv\n")[1].split("```")[0]
    found = list(read(io.StringIO(example), KNOWLEDGE))
    assert [(one.id, one.faults) for one in found] == [("V1", []), ("V2", [])]


def test_a_header_alone_is_an_empty_file() -> None:
    assert list(read(io.StringIO(HEADER), KNOWLEDGE)) == []
    with pytest.raises(ImpossibleFact):
        list(read(io.StringIO("\n"), KNOWLEDGE))
