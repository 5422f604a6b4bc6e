"""The unit rules against an oracle that tries every bill; `benchmarks/prove_units.py` does all."""

import pytest

from assistant.rules import units
from benchmarks import prove_units
from tests import oracle

SAMPLE = 4_000
SEED = 20260101


def test_sampled_visits_are_billed_as_the_oracle_bills_them() -> None:
    compared, found = prove_units.differences(oracle.sample(SAMPLE, SEED))
    assert found == []
    assert compared == SAMPLE


def test_every_visit_of_two_codes_is_billed_as_the_oracle_bills_it() -> None:
    compared, found = prove_units.differences(oracle.multisets(2))
    assert found == []
    assert compared == 1830


def test_the_full_proof_covers_all_multisets() -> None:
    assert sum(map(oracle.how_many, oracle.SIZES)) == 2_542_199
    assert sum(1 for _ in oracle.multisets(3)) == oracle.how_many(3)


def test_the_pruned_oracle_overlooks_no_bill() -> None:
    for minutes in oracle.sample(300, SEED):
        if len(minutes) < 5:
            assert oracle.total_time(minutes) == oracle.total_time_unpruned(minutes), minutes


@pytest.mark.parametrize(
    ("minutes", "bills"),
    [
        ({"97112": 24, "97110": 23}, [{"97112": 2, "97110": 1}]),
        ({"97112": 20, "97110": 20}, [{"97112": 2, "97110": 1}, {"97112": 1, "97110": 2}]),
        ({"97110": 33, "97140": 7}, [{"97110": 2, "97140": 1}]),
        (
            {"97110": 18, "97140": 13, "97116": 10, "97112": 8},
            [{"97110": 1, "97140": 1, "97116": 1}],
        ),
        ({"97112": 7, "97110": 7, "97140": 7}, [{"97112": 1}, {"97110": 1}, {"97140": 1}]),
        ({"97110": 6, "97140": 1}, [{}]),
    ],
)
def test_the_oracle_bills_the_manuals_examples(
    minutes: dict[str, int], bills: list[dict[str, int]]
) -> None:
    assert oracle.total_time(minutes) == {frozenset(bill.items()) for bill in bills}


def test_a_wrong_rule_is_found_out() -> None:
    ours = units.by_midpoint({"97110": 10, "97112": 10, "97140": 10}).result
    bills = oracle.total_time({"97110": 10, "97112": 10, "97140": 10})
    assert not prove_units.agrees(ours, bills, 30)


def test_the_command_ends_well_on_a_sample(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove_units.main(["--sample", "200", "--processes", "1"]) == 0
    assert "200 of 200 visits, both rules: equal" in capsys.readouterr().out
