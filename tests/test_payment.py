"""Payment estimates: the reference's worked examples, and the file's dollars code by code."""

import csv
import json
import time
from datetime import date
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant import knowledge as knowledge_base
from assistant.claim import ClaimLine
from assistant.errors import CodingError, ImpossibleFact
from assistant.evidence import Certainty, Ruling
from assistant.rules import payment
from assistant.rules.dollars import Estimate, Gpci

CASES = yaml.safe_load((Path(__file__).parent / "cases/payment.yaml").read_text("utf-8"))
with (Path(__file__).parent / "cases/payment_dollars.csv").open(encoding="utf-8") as file:
    DOLLARS = list(csv.DictReader(file))
TODAY = date(2026, 3, 2)
KNOWLEDGE = knowledge_base.load()
PAYABLE = [row["code"] for row in DOLLARS if row["first"]]
visits = st.lists(
    st.tuples(st.sampled_from(PAYABLE), st.integers(1, 4), st.sampled_from([(), ("CQ",)])),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def knowledge() -> knowledge_base.Knowledge:
    return KNOWLEDGE


def lines(rows: list[Any]) -> list[ClaimLine]:
    return [ClaimLine(code, units, tuple(modifiers)) for code, units, modifiers in rows]


def estimate(
    rows: list[Any], knowledge: knowledge_base.Knowledge, **terms: Any
) -> Ruling[Estimate]:
    return payment.estimate(lines(rows), on=terms.pop("on", TODAY), knowledge=knowledge, **terms)


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_a_visit_is_paid_as_the_table_says(
    case: dict[str, Any], knowledge: knowledge_base.Knowledge
) -> None:
    ruling = estimate(
        case["lines"],
        knowledge,
        on=case.get("day", TODAY),
        qualifying_participant=case.get("qualifying", False),
        deductible_left=Decimal(case.get("deductible", "0")),
    )
    found = ruling.result.to_dict()
    expect = dict(case["expect"])
    refused = expect.pop("refused", {})
    for key, wanted in expect.items():
        if isinstance(wanted, dict):
            by_code = {line["code"]: line[key] for line in found["lines"]}
            assert {code: by_code[code] for code in wanted} == wanted
        else:
            assert found[key] == wanted
    assert {line["code"] for line in found["refused"]} == set(refused)
    for line in found["refused"]:
        assert refused[line["code"]] in line["reason"]
    assert set(expect.get("allowed", {})) == {line["code"] for line in found["lines"]}


@pytest.mark.parametrize("row", DOLLARS, ids=itemgetter("code"))
def test_first_and_reduced_units_are_the_files_dollars(
    row: dict[str, str], knowledge: knowledge_base.Knowledge
) -> None:
    alone = estimate([[row["code"], 1, []]], knowledge).result
    if not row["first"]:
        assert [line.code for line in alone.refused] == [row["code"]]
        return
    assert f"{alone.total_allowed:.2f}" == row["first"]
    participant = estimate([[row["code"], 1, []]], knowledge, qualifying_participant=True).result
    assert f"{participant.total_allowed:.2f}" == row["first_qualifying"]
    twice = estimate([[row["code"], 2, []]], knowledge).result.lines[0]
    assert f"{twice.units[1].allowed:.2f}" == (row["reduced"] or row["first"])


def test_mppr_is_what_it_takes_off(knowledge: knowledge_base.Knowledge) -> None:
    exercise = estimate([["97110", 1, []]], knowledge).result.total_allowed
    activity = estimate([["97530", 1, []]], knowledge).result.total_allowed
    assert 2 * exercise + activity == Decimal("93.19")
    together = estimate([["97110", 2, []], ["97530", 1, []]], knowledge).result
    assert together.total_allowed == Decimal("79.49")


def test_a_locality_scales_each_value(knowledge: knowledge_base.Knowledge) -> None:
    gpci = Gpci(Decimal("1.05"), Decimal("1.2"), Decimal("0.6"), "a city")
    found = estimate([["97110", 2, []]], knowledge, gpci=gpci).result
    first = Decimal("0.45") * gpci.work + Decimal("0.41") * gpci.pe + Decimal("0.01") * gpci.mp
    assert found.lines[0].units[0].allowed == round(first * Decimal("33.4009"), 2)
    assert found.locality == "a city"
    assert "a city" in " ".join(found.notes)


def test_the_parts_add_up(knowledge: knowledge_base.Knowledge) -> None:
    found = estimate([["97110", 3, ["GP", "CQ"]], ["97140", 1, ["GP"]]], knowledge).result
    assert found.total == found.medicare_pays + found.patient_pays
    assert found.total_allowed == sum(line.allowed for line in found.lines)
    assert found.total < found.total_allowed


def test_the_estimate_is_plain_json(knowledge: knowledge_base.Knowledge) -> None:
    found = estimate([["97110", 2, ["GP"]], ["97014", 1, []]], knowledge).result
    again = json.loads(json.dumps(found.to_dict()))
    assert again["lines"][0]["unit_allowed"] == ["29.06", "22.21"]
    assert again["lines"][0]["reduced_units"] == 1
    assert again["total_allowed"] == "51.27"
    assert not found.is_complete


def test_a_step_from_memory_is_said_to_be_one(knowledge: knowledge_base.Knowledge) -> None:
    ruling = estimate([["97530", 1, ["GP"]], ["97110", 1, ["GP", "CQ"]]], knowledge)
    cited = [knowledge.statements[r.statement] for r in ruling.because if r.statement]
    order = next(s for s in cited if s.id == "payment-mppr-before-assistant")
    assert order.certainty is Certainty.MEMORY
    assert any(
        "not seen written" in note.replace("have not ", "not ") for note in ruling.result.notes
    )


def test_equal_lines_of_therapist_and_assistant_are_pointed_out(
    knowledge: knowledge_base.Knowledge,
) -> None:
    found = estimate([["97110", 1, ["GP"]], ["97110", 1, ["GP", "CQ"]]], knowledge).result
    assert [unit.reduced for line in found.lines for unit in line.units] == [False, True]
    assert any("first one listed" in note for note in found.notes)


def test_every_reason_rests_on_a_statement(knowledge: knowledge_base.Knowledge) -> None:
    ruling = estimate([["97110", 2, ["GP", "CQ"]], ["97014", 1, []]], knowledge)
    named = [r.statement for r in ruling.because] + [f.statement for f in ruling.findings]
    assert all(name in knowledge.statements for name in named)


@pytest.mark.parametrize("units", [-1, 1.5, True, "2", None])
def test_impossible_units_are_named(units: Any, knowledge: knowledge_base.Knowledge) -> None:
    with pytest.raises(ImpossibleFact, match="97110"):
        payment.estimate([ClaimLine("97110", units)], on=TODAY, knowledge=knowledge)


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("NaN"), 3, None])
def test_an_impossible_deductible_is_named(
    amount: Any, knowledge: knowledge_base.Knowledge
) -> None:
    with pytest.raises(CodingError, match="deductible"):
        estimate([["97110", 1, []]], knowledge, deductible_left=amount)


@pytest.mark.parametrize("factor", [Decimal(0), Decimal(-1), Decimal("Infinity"), 1.0])
def test_an_impossible_locality_is_named(factor: Any) -> None:
    with pytest.raises(ImpossibleFact, match="GPCI"):
        Gpci(Decimal(1), factor, Decimal(1), "nowhere")


def test_no_lines_cost_nothing(knowledge: knowledge_base.Knowledge) -> None:
    assert estimate([], knowledge).result.to_dict()["total_allowed"] is None


def test_a_visit_is_estimated_in_a_moment(knowledge: knowledge_base.Knowledge) -> None:
    rows = lines([["97110", 2, ["GP"]], ["97530", 1, ["GP"]], ["97140", 1, ["GP", "CQ"]]])
    payment.estimate(rows, on=TODAY, knowledge=knowledge)
    runs = []
    for _ in range(200):
        start = time.perf_counter()
        payment.estimate(rows, on=TODAY, knowledge=knowledge)
        runs.append(time.perf_counter() - start)
    assert min(runs) < 0.0005  # a tenth of that where nothing else runs; see benchmarks


@given(visits.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_lines_does_not_change_what_is_allowed(
    given_twice: tuple[list[Any], list[Any]],
) -> None:
    rows, shuffled = given_twice
    as_given, otherwise = (estimate(r, KNOWLEDGE).result for r in (rows, shuffled))
    assert as_given.total_allowed == otherwise.total_allowed
    assert as_given.patient_pays == otherwise.patient_pays


@given(visits)
def test_together_is_never_more_than_apart(rows: list[Any]) -> None:
    together = estimate(rows, KNOWLEDGE).result
    apart = sum(
        estimate([[code, 1, modifiers]], KNOWLEDGE).result.total_allowed * units
        for code, units, modifiers in rows
    )
    assert together.total_allowed <= apart


@given(visits, st.decimals(0, 300, places=2))
def test_every_cent_is_somebodys(rows: list[Any], deductible: Decimal) -> None:
    found = estimate(rows, KNOWLEDGE, deductible_left=deductible).result
    for line in found.lines:
        for unit in line.units:
            assert 0 <= unit.deductible <= unit.allowed
            assert 0 <= unit.medicare_pays <= unit.allowed - unit.deductible - unit.coinsurance
            assert unit.medicare_pays == round(unit.medicare_pays, 2)
    assert found.patient_pays >= min(deductible, found.total_allowed)
    assert found.total <= found.total_allowed
