"""CMS's own files: read as published, dated, refused where wrong, and obeyed by the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from assistant import knowledge as knowledge_base
from assistant.answering import Assistant
from assistant.claim import ClaimLine, Setting
from assistant.conversation import Inquiry
from assistant.errors import ImpossibleFact, NotInForce
from assistant.evidence import Severity
from assistant.knowledge import Knowledge, Table
from assistant.knowledge.ages import expired_values, table_ages
from assistant.rules import edits, payment
from assistant.rules.edits import PairStatus
from ingest.__main__ import main
from tests import cms_files as cms

PRACTITIONER, HOSPITAL = Setting.PRACTITIONER, Setting.OUTPATIENT_HOSPITAL
Q3, Q4 = date(2026, 8, 15), date(2026, 11, 15)
TIMED = ("97110", "97530")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tables"


@pytest.fixture
def take(folder: Path, capsys: pytest.CaptureFixture[str]):
    """Give files to the command; its exit status and everything it printed come back."""

    def run(*paths: Path, options: tuple[str, ...] = ()) -> tuple[int, str]:
        status = main(["cms", "--tables", str(folder), "--all", *options, *map(str, paths)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def held(folder: Path) -> Knowledge:
    return knowledge_base.load(tables=folder)


def edit_table(
    folder: Path, rows: list[cms.Row], version: str = "323", setting: str = "pra", part: int = 4
) -> Path:
    name = f"cci{setting}-v{version}r0-f{part}"
    return cms.zipped(folder / f"{name}.zip", {f"{name}.TXT": cms.ptp_text(rows)})


def pair(knowledge: Knowledge, one: str, other: str, on: date, table: Setting = PRACTITIONER):
    return edits.pair(one, other, on=on, table=table, knowledge=knowledge)


# Edits


@pytest.mark.parametrize("excel", [False, True], ids=["text", "excel"])
def test_an_edit_read_from_cms_is_verified_and_denies(tmp_path, folder, take, excel):
    rows = cms.shipped_edits("practitioner")
    name = "ccipra-v323r0-f4"
    content = cms.ptp_sheet(rows) if excel else cms.ptp_text(rows)
    file = cms.zipped(tmp_path / "q4.zip", {f"{name}.{'xlsx' if excel else 'TXT'}": content})
    shipped = pair(knowledge_base.load(), "97530", "97750", Q4)
    assert shipped.result.status is PairStatus.UNCONFIRMED
    status, said = take(file)
    assert status == 0, said
    assert f"{len(rows) + 3:,} rows, {len(rows):,} of codes held here" in said
    assert "290 shipped or held before and now found in CMS's file, 287 of them inferred" in said
    assert "Nothing changed" in said
    now = pair(held(folder), "97530", "97750", Q4)
    assert now.result.status is PairStatus.MODIFIER
    assert now.because[0].statement == "cms-ptp-practitioner-32.3"


def test_a_pair_without_a_row_in_cms_file_has_no_edit(tmp_path, folder, take):
    rows = [r for r in cms.shipped_edits("practitioner") if r[:2] != ("97530", "97750")]
    _, said = take(edit_table(tmp_path, rows))
    assert "97530 / 97750: no edit any more (was inferred): CMS's file has no such row." in said
    found = pair(held(folder), "97530", "97750", Q4)
    assert found.result.status is PairStatus.NONE
    assert found.because[0].statement == "cms-ptp-practitioner-32.3"
    hospital = pair(held(folder), "97530", "97750", Q4, HOSPITAL)
    assert hospital.result.status is PairStatus.MODIFIER  # the other table is not touched


def test_two_releases_replay_history_by_date_of_service(tmp_path, folder, take):
    before = [
        cms.edit("97530", "97537", "20200101"),
        cms.edit("97112", "97124", "20200101", indicator="1"),
        cms.edit("97016", "97018", "20240101"),
    ]
    after = [
        cms.edit("97530", "97537", "20200101", "20260930"),
        cms.edit("97112", "97124", "20200101", "20260930", "1"),
        cms.edit("97112", "97124", "20261001", "*", "0"),
        cms.edit("97016", "97018", "20240101", "20240101", "9"),
        cms.edit("97110", "97533", "20261001"),
    ]
    assert take(edit_table(tmp_path, before, "322"))[0] == 0
    old = held(folder)
    assert pair(old, "97530", "97537", Q3).result.status is PairStatus.MODIFIER
    _, said = take(edit_table(tmp_path, after, "323"))
    assert "97110 / 97533: edit from 2026-10-01, indicator 1" in said
    assert "97530 / 97537: no edit any more: it ended on 2026-09-30." in said
    assert "97112 / 97124: from 2026-10-01 indicator 0" in said
    assert "97016 / 97018: no edit any more: its row of 2024-01-01 was withdrawn" in said
    new = held(folder)
    statuses = {
        (codes, on): pair(new, *codes, on).result.status
        for codes in (("97530", "97537"), ("97112", "97124"), ("97110", "97533"))
        for on in (date(2026, 9, 30), date(2026, 10, 1))
    }
    assert list(statuses.values()) == [
        PairStatus.MODIFIER, PairStatus.NONE,
        PairStatus.MODIFIER, PairStatus.BLOCKED,
        PairStatus.NONE, PairStatus.MODIFIER,
    ]  # fmt: skip
    withdrawn = pair(new, "97016", "97018", Q3)
    assert withdrawn.result.status is PairStatus.NONE
    assert "Version 32.2, of that quarter, said otherwise" in withdrawn.because[0].text
    assert pair(new, "97016", "97018", Q4).result.history == withdrawn.result.history[:1]


def test_the_releases_may_be_read_in_either_order(tmp_path, folder, take):
    rows = [cms.edit("97530", "97537", "20200101", "20260930")]
    take(edit_table(tmp_path, rows, "323"))
    _, said = take(edit_table(tmp_path, [cms.edit("97530", "97537", "20200101")], "322"))
    assert "version 32.3 is held and decides" in said
    assert pair(held(folder), "97530", "97537", Q4).result.status is PairStatus.NONE


def test_a_part_speaks_only_of_the_codes_whose_rows_it_holds(tmp_path, folder, take):
    rows = [cms.edit("97012", "97018", "20200101"), cms.edit("97110", "97113", "20200101")]
    text = cms.ptp_text(rows).decode("latin-1").splitlines(keepends=True)
    kept = [line for line in text if not line.startswith(("0001A", "93000", "97530"))]
    name = "ccipra-v323r0-f3.TXT"
    _, said = take(cms.written(tmp_path / name, "".join(kept).encode()))
    assert "In part: file 3 of 4" in said
    knowledge = held(folder)
    assert pair(knowledge, "97012", "97110", Q4).because[0].statement.startswith("cms-")
    outside = pair(knowledge, "97533", "97110", Q4)
    assert outside.because[0].statement == "ncci-no-row-inferred"
    whole = [edit_table(tmp_path, rows, part=part) for part in (1, 2, 3, 4)]
    _, said = take(*whole)
    assert "In part" not in said
    assert len(held(folder).cms.releases[0].files) == 4


def test_past_the_last_day_held_the_answer_says_that_it_has_expired(tmp_path, folder, take):
    shipped = pair(knowledge_base.load(), "97530", "97150", date(2027, 1, 1), HOSPITAL)
    assert shipped.result.status is PairStatus.NOT_HELD
    assert "expired on 2026-12-31" in shipped.because[0].text
    assert "On that last day: On 2026-12-31 an edit joins 97150" in shipped.because[0].text
    take(edit_table(tmp_path, [cms.edit("97530", "97537", "20270101")], "330"))
    assert pair(held(folder), "97530", "97537", date(2027, 3, 31)).result.status is (
        PairStatus.MODIFIER
    )
    late = pair(held(folder), "97530", "97537", date(2027, 4, 1))
    assert late.result.status is PairStatus.NOT_HELD
    assert "expired on 2027-03-31" in late.because[0].text


# Unit limits


def limits_file(folder: Path, day: str, limits: dict[str, tuple[int, int]]) -> Path:
    name = f"MCR_MUE_PractitionerServices_Eff_{day}.csv"
    return cms.zipped(folder / "mue.zip", {name: cms.mue_csv("Practitioner", limits)})


def over(knowledge: Knowledge, code: str, units: int, on: date):
    return edits.unit_limit(code, units, on=on, table=PRACTITIONER, knowledge=knowledge)


def test_unit_limits_follow_the_quarter_of_the_visit(tmp_path, folder, take):
    limits = cms.shipped_limits("practitioner")
    take(limits_file(tmp_path, "07-01-2026", {**limits, "97112": (3, 3)}))
    _, said = take(limits_file(tmp_path, "10-01-2026", {**limits, "97112": (5, 2)}))
    assert "97112: from 2026-10-01 5 a day (MAI 2), before 4 a day (MAI 3)." in said
    knowledge = held(folder)
    assert [knowledge.unit_limit("97112", PRACTITIONER, on).units for on in (Q3, Q4)] == [3, 5]
    absolute = over(knowledge, "97112", 6, Q4)[0]
    assert (absolute.severity, absolute.statement) == (
        Severity.ERROR, "cms-mue-practitioner-2026-10-01",
    )  # fmt: skip
    # The shipped limits end with 2026; a later day is judged by the last, and told so.
    late = over(knowledge, "97112", 6, date(2027, 2, 1))[0]
    assert late.severity is Severity.WARNING
    assert "The limit expired on 2026-12-31: look that of 2027-02-01 up." in late.text


def test_limits_that_cms_confirms_are_no_change(tmp_path, folder, take):
    limits = cms.shipped_limits("practitioner")
    _, said = take(limits_file(tmp_path, "10-01-2026", limits))
    assert f"Nothing changed; {len(limits)} shipped or held before and now found" in said


def test_a_code_that_cms_does_not_limit_has_no_limit(tmp_path, folder, take):
    limits = cms.shipped_limits("practitioner")
    del limits["97537"]
    _, said = take(limits_file(tmp_path, "10-01-2026", limits))
    assert "97537: from 2026-10-01 no limit held, before 6 a day." in said
    assert over(held(folder), "97537", 20, Q4) == ()
    assert over(held(folder), "97537", 20, date(2026, 5, 1)) != ()


# Relative values, conversion factors, localities


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


def allowed(knowledge: Knowledge, on: date, **given) -> Decimal:
    lines = (ClaimLine("97110", 2, ("GP",)), ClaimLine("97530", 1, ("GP",)))
    found = payment.estimate(lines, on=on, knowledge=knowledge, **given).result
    assert not found.refused, found.refused
    return found.total_allowed


def test_the_shipped_values_of_2026_come_out_of_the_file_unchanged(tmp_path, folder, take):
    status, said = take(rvu_zip(tmp_path, 2026, "33.4009", "c"))
    assert status == 0, said
    assert "Nothing changed; 71 shipped or held before and now found in CMS's file" in said
    assert "left       ANES2026.csv" in said
    knowledge, shipped = held(folder), knowledge_base.load()
    assert allowed(knowledge, Q4) == allowed(shipped, Q4) == Decimal("79.49")
    for row in shipped.all_rvus():
        own = knowledge.rvu(row.code, Q4)
        assert (own.work, own.pe, own.mp, own.status) == (row.work, row.pe, row.mp, row.status)
        assert own.source == "cms-rvu-2026C"
    assert "not read" not in "".join(p.read_text() for p in folder.glob("*.csv"))  # descriptors


def test_another_year_is_estimated_with_its_own_factor(tmp_path, folder, take):
    with pytest.raises(AssertionError, match="no relative values"):
        allowed(knowledge_base.load(), date(2019, 5, 1))
    status, said = take(rvu_zip(tmp_path, 2019, "36.0391"))
    assert status == 0, said
    lines = (ClaimLine("97110", 1, ("GP",)),)
    found = payment.estimate(lines, on=date(2019, 5, 1), knowledge=held(folder))
    assert found.result.conversion_factor == Decimal("36.0391")
    assert found.result.total_allowed == Decimal("31.35")  # 0.87 x 36.0391
    assert "cms-rvu-2019A" in {reason.statement for reason in found.because}
    factor = held(folder).dated("medicare/conversion_factor", on=date(2019, 5, 1))
    assert (factor.source, factor.certainty.value) == ("cms-rvu-2019A", "verified")


def test_a_factor_that_congress_changed_after_printing_stays(tmp_path, folder, take):
    _, said = take(rvu_zip(tmp_path, 2024, "32.7442"))
    assert "1 of them inferred or remembered until now" in said
    knowledge = held(folder)
    days = (date(2024, 1, 1), date(2024, 3, 8), date(2024, 3, 9), date(2024, 12, 31))
    factors = [knowledge.dated("medicare/conversion_factor", on=day).value for day in days]
    assert factors == ["32.7442", "32.7442", "33.2875", "33.2875"]
    values = knowledge.parameter("medicare/conversion_factor").values
    assert all(v.until < after.start for v, after in pairwise(values))


def test_quarters_of_one_year_follow_each_other(tmp_path, folder, take):
    changed = {"97530": {**cms.shipped_values()["97530"], "work": "0.54"}}
    take(rvu_zip(tmp_path, 2026, "33.4009", "c"))
    _, said = take(rvu_zip(tmp_path, 2026, "33.4009", "d", **changed))
    assert "97530: from 2026-10-01 work 0.44 → 0.54." in said
    knowledge = held(folder)
    assert [knowledge.rvu("97530", on).work for on in (Q3, Q4)] == [
        Decimal("0.44"), Decimal("0.54"),
    ]  # fmt: skip
    early = payment.estimate(
        (ClaimLine("97530", 1, ("GP",)),), on=date(2026, 2, 2), knowledge=knowledge
    )
    assert any("later release of the same year" in note for note in early.result.notes)


def test_an_older_file_does_not_hide_newer_shipped_values(tmp_path, folder, take):
    changed = {"97530": {**cms.shipped_values()["97530"], "work": "0.34"}}
    take(rvu_zip(tmp_path, 2026, "33.4009", "a", **changed))
    knowledge = held(folder)
    assert knowledge.rvu("97530", date(2026, 3, 1)).source == "cms-rvu-2026A"
    assert knowledge.rvu("97530", Q4).source == "cms-pfs-2026"  # RVU26C came later


def test_a_locality_is_meant_by_number_state_or_name(tmp_path, folder, take):
    take(rvu_zip(tmp_path, 2026, "33.4009", "c"))
    knowledge = held(folder)

    def factors(said: str):
        return payment.locality_gpci(said, on=Q4, knowledge=knowledge)

    angeles = factors("01182 18")
    assert (angeles.work, angeles.pe, angeles.mp) == (
        Decimal("1.041"), Decimal("1.183"), Decimal("0.664"),
    )  # fmt: skip
    assert factors("CA-18") == factors("los angeles") == angeles
    assert factors("Alaska").work == Decimal("1.500")
    with pytest.raises(ImpossibleFact, match=r"may mean 01112 05 .* 01112 52"):
        factors("San Francisco")
    with pytest.raises(ImpossibleFact, match="No payment locality of 2026"):
        factors("Atlantis")
    with pytest.raises(NotInForce, match="no payment localities of 2025"):
        payment.locality_gpci("Alaska", on=date(2025, 5, 1), knowledge=knowledge)
    # 97110: 0.45 x 1.041 + 0.41 x 1.183 + 0.01 x 0.664, x 33.4009
    lines = (ClaimLine("97110", 1, ("GP",)),)
    found = payment.estimate(lines, on=Q4, knowledge=knowledge, gpci=angeles)
    assert found.result.total_allowed == Decimal("32.07")
    assert "cms-gpci-2026" in {reason.statement for reason in found.because}


def test_the_work_index_with_its_floor_is_the_one_in_force(tmp_path, folder, take):
    content = cms.gpci_csv(2026, cms.LOCALITIES, two_work_columns=True)
    take(cms.written(tmp_path / "GPCI2026.csv", content))
    assert held(folder).localities(Q4)[0].work == Decimal("1.000")


def test_the_file_of_qualifying_participants_gives_their_factor_alone(tmp_path, folder, take):
    values = cms.shipped_values()
    content = cms.pprrvu_csv(2027, "January", "33.9000", values)
    take(cms.written(tmp_path / "PPRRVU2027_Jan_QPP.csv", content))
    knowledge, day = held(folder), date(2027, 5, 1)
    assert knowledge.dated("medicare/conversion_factor_qp", on=day).value == "33.9000"
    with pytest.raises(NotInForce):
        knowledge.dated("medicare/conversion_factor", on=day)
    with pytest.raises(NotInForce):
        knowledge.rvu("97110", day)


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
