"""Which files of CMS's are refused, and who sees what was taken in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.knowledge import Table
from assistant.knowledge.ages import expired_values, table_ages
from assistant.rules.edits import PairStatus
from ingest.__main__ import main
from tests import cms_files as cms
from tests.cms_held import (
    Q3,
    Q4,
    edit_table,
    held,
    limits_file,
    pair,
    rvu_zip,
)

# What is refused


def _bad_files(folder: Path) -> dict[str, Path]:
    rows = cms.shipped_edits("practitioner")
    text = cms.ptp_text(rows)
    limits = cms.mue_csv("Practitioner", cms.shipped_limits("practitioner"))
    values = cms.pprrvu_csv(2026, "October", "33.4009", cms.shipped_values())
    zipped = cms.zipped(folder / "cut.zip", {"ccipra-v323r0-f4.TXT": text * 5}).read_bytes()
    swapped = values.replace(b"0.45,0.41,", b"0.41,0.54,", 1)
    two = values.replace(b"33.4009,09", b"32.0000,09", 1)
    made = {
        "name does not say whose": ("edits.txt", text),
        "not a row of an edit table": ("ccipra-v323r0-f4.TXT", text[:-40]),
        "after the quarter of version 32.0": ("ccipra-v320r0-f4.TXT", cms.ptp_text(
            [*rows, cms.edit("97530", "97537", "20261001")])),
        "holds no row of an edit table": (
            "ccipra-v323r0-f1.TXT", b"\r\n".join(text.split(b"\r\n")[:6])),
        "does not say from when": ("mue.csv", limits),
        "only those of practitioners": (
            "MCR_MUE_DMESupplierServices_Eff_10-01-2026.csv",
            limits.replace(b"Practitioner Services", b"DME Supplier Services")),
        "holds no limit of any therapy code": (
            "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", cms.mue_csv("Practitioner", {})),
        "is no code with its limit": (
            "MCR_MUE_PractitionerServices_Eff_01-01-2026.csv",
            limits.replace(b"97110,6,3", b"97110,six,3")),
        "the name must say nonQPP or QPP": ("PPRRVU2026_Oct.csv", values),
        "do not say one year and release": ("PPRRVU2025_Oct_nonQPP.csv", values),
        "is not the total": ("PPRRVU2026_Oct_nonQPP.csv", swapped),
        "has 2 conversion factors": ("PPRRVU26_OCT_nonQPP.csv", two),
        "columns «CONV FACTOR»": (
            "PPRRVU2026_OCT_nonQPP.csv", values.replace(b"CONV,", b"CONU,")),
        "are not three indices": (
            "GPCI2026.csv", cms.gpci_csv(2026, [(*cms.LOCALITIES[0][:4], "1.0", "NA", "1")])),
        "list of one quarter's changes": (
            "practitioner-quarterly-additions-deletions-revisions-ptp.csv",
            b"Column 1,Column 2,Modifier Indicator\r\n97530,97537,1\r\n"),
        "none of CMS's tables": ("visits.csv", b"patient,code\r\n1,97110\r\n"),
        "damaged or no zip": ("q4.zip", b"PK\x03\x04 and then nothing"),
        "cut.zip": ("cut.zip", zipped[: len(zipped) // 2]),
        "no Excel file that can be read": ("ccipra-v323r0-f2.xlsx", b"not a workbook"),
    }  # fmt: skip
    for number, (name, content) in enumerate(made.values()):
        (folder / str(number)).mkdir()
        cms.written(folder / str(number) / name, content)
    paths = {why: folder / str(n) / made[why][0] for n, why in enumerate(made)}
    return {**paths, "there is no such file": folder / "gone.zip"}


def test_a_wrong_file_is_refused_with_the_reason_and_the_old_table_stays(tmp_path, folder, take):
    good = [
        edit_table(tmp_path, cms.shipped_edits("practitioner")),
        limits_file(tmp_path, "10-01-2026", cms.shipped_limits("practitioner")),
        rvu_zip(tmp_path, 2026, "33.4009", "d"),
    ]
    assert take(*good)[0] == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for why, path in _bad_files(tmp_path).items():
        status, said = take(path)
        assert status == 1, (why, said)
        assert "refused" in said, (why, said)
        assert why in said, (why, said)
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == before, why


def test_a_wrong_file_does_not_hold_up_the_others(tmp_path, folder, take):
    bad = cms.written(tmp_path / "bad.zip", b"")
    status, _ = take(bad, limits_file(tmp_path, "10-01-2026", {"97110": (6, 3)}))
    assert status == 1
    assert [one.table for one in held(folder).cms.releases] == [Table.MUE_PRACTITIONER]


def test_a_table_cut_short_is_refused_unless_it_is_meant(tmp_path, folder, take):
    take(limits_file(tmp_path, "07-01-2026", cms.shipped_limits("practitioner")))
    short = limits_file(tmp_path, "10-01-2026", {"97110": (6, 3)})
    assert "it is cut short" in take(short)[1]
    assert take(short, options=("--smaller",))[0] == 0


def test_the_same_file_again_changes_nothing(tmp_path, folder, take):
    file = edit_table(tmp_path, cms.shipped_edits("practitioner"))
    take(file)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}
    status, said = take(file)
    assert status == 0
    assert "unchanged  NCCI edits, practitioner, version 32.3" in said
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()} == before


def test_an_older_revision_is_refused_and_a_newer_one_replaces(tmp_path, folder, take):
    text = cms.ptp_text([cms.edit("97530", "97537", "20200101")])
    take(cms.written(tmp_path / "ccipra-v323r1-f4.TXT", text))
    older = cms.ptp_text([cms.edit("97530", "97542", "20200101")])
    assert "is older (revision 0)" in take(cms.written(tmp_path / "ccipra-v323r0-f4.TXT", older))[1]
    take(cms.written(tmp_path / "ccipra-v323r2-f4.TXT", older))
    assert pair(held(folder), "97530", "97537", Q4).result.status is PairStatus.NONE
    assert pair(held(folder), "97530", "97542", Q4).result.status is PairStatus.MODIFIER


def test_looking_only_writes_nothing(tmp_path, folder, take):
    status, said = take(
        edit_table(tmp_path, [cms.edit("97530", "97537", "20200101")]), options=("--check",)
    )
    assert (status, folder.exists()) == (0, False)
    assert "Only looked: nothing was written." in said


def test_a_stop_before_the_list_is_written_leaves_the_old_table(
    tmp_path, folder, take, monkeypatch
):
    take(edit_table(tmp_path, [cms.edit("97530", "97537", "20200101")], "322"))
    monkeypatch.setattr("ingest.cms.storing.dump_releases", lambda held: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take(edit_table(tmp_path, [cms.edit("97530", "97542", "20200101")], "323"))
    assert [one.version for one in held(folder).cms.releases] == ["32.2"]
    assert pair(held(folder), "97530", "97537", Q3).result.status is PairStatus.MODIFIER


# Who sees it


def test_a_running_assistant_sees_what_another_process_reads_in(
    tmp_path, take, folder, monkeypatch
):
    monkeypatch.setenv("ASSISTANT_TABLES", str(folder))
    monkeypatch.setattr("assistant.knowledge.cms._LOOK_AGAIN", 0.0)
    assistant = Assistant.open(tmp_path)
    asked = Inquiry(("97530 20 min and 97542 20 min, Medicare, PT, 2026-11-15",), Q4)
    assert "is listed, but it is inferred" in str(assistant.answer(asked).findings)
    take(edit_table(tmp_path, cms.shipped_edits("practitioner")))
    answer = assistant.answer(asked)
    assert "is listed, but" not in str(answer.findings)
    assert "cms-ptp-practitioner-32.3" in {cited.source for cited in answer.citations}


def test_ages_tell_what_is_held_and_what_has_expired(tmp_path, folder, take):
    take(
        edit_table(tmp_path, [cms.edit("97530", "97537", "20200101")], "330"),
        rvu_zip(tmp_path, 2026, "33.4009", "d"),
    )
    ages = table_ages(held(folder), date(2027, 2, 1))
    own = next(age for age in ages if age.table == Table.PTP_PRACTITIONER)
    assert (own.version, own.is_latest, own.has_expired, own.days_left) == (
        "version 33.0", True, False, 58,
    )  # fmt: skip
    hospital = next(age for age in ages if age.table == Table.PTP_HOSPITAL)
    assert (hospital.version, hospital.has_expired) == ("shipped", True)
    assert "expired 32 days ago" in hospital.line()
    names = {value.name for value in expired_values(held(folder), date(2027, 2, 1))}
    assert "medicare/kx_threshold_ot" in names
    assert "medicare/kx_threshold_ot" not in {
        value.name for value in expired_values(held(folder), date(2026, 11, 21))
    }


def test_the_command_shows_the_ages(tmp_path, folder, take, capsys):
    take(edit_table(tmp_path, [cms.edit("97530", "97537", "20180101")], "310"))
    main(["tables", "--tables", str(folder)])
    said = capsys.readouterr().out
    assert "NCCI edits, practitioner, version 31.0: 2025-01-01 to 2025-03-31" in said
    assert "Geographic indices (GPCI): not held." in said


def test_a_broken_list_of_releases_says_what_to_do(folder, capsys):
    folder.mkdir()
    (folder / "releases.json").write_text("{", encoding="utf-8")
    assert main(["tables", "--tables", str(folder)]) == 1
    assert "read CMS's files in again" in capsys.readouterr().err


def test_a_release_that_is_removed_leaves_what_was_held_before(tmp_path, folder, take, capsys):
    limits = {"97110": (6, 3), "97530": (4, 3)}
    take(limits_file(tmp_path, "07-01-2026", limits))
    take(limits_file(tmp_path, "10-01-2026", limits | {"97530": (5, 3)}))
    command = ["tables", "--tables", str(folder), "--remove"]
    assert main([*command, "cms-mue-practitioner-2026-10-01"]) == 0
    assert "What was held before it serves" in capsys.readouterr().out
    assert [one.version for one in held(folder).cms.releases] == ["2026-07-01"]
    assert main([*command, "cms-mue-practitioner-2026-10-01"]) == 1
    assert "These were: cms-mue-practitioner-2026-07-01." in capsys.readouterr().err
    assert take(limits_file(tmp_path, "10-01-2026", limits))[0] == 0
    assert len(held(folder).cms.releases) == 2
