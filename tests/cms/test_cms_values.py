"""CMS's relative values, factors and localities, as the rules then pay by them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from assistant import knowledge as knowledge_base
from assistant.claim import ClaimLine
from assistant.errors import ImpossibleFact, NotInForce
from assistant.knowledge import Knowledge
from assistant.rules import payment
from tests import cms_files as cms
from tests.cms_held import (
    Q3,
    Q4,
    held,
    rvu_zip,
)

# Relative values, conversion factors, localities


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
