"""CMS's own edits and limits: read as published, dated, and obeyed by the rules."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import knowledge as knowledge_base
from assistant.evidence import Severity
from assistant.knowledge import Knowledge
from assistant.rules import edits
from assistant.rules.edits import PairStatus
from tests import cms_files as cms
from tests.cms_held import (
    HOSPITAL,
    PRACTITIONER,
    Q3,
    Q4,
    edit_table,
    held,
    limits_file,
    pair,
)

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
