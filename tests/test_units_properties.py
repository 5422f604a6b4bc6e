"""What must hold of the unit rules for any minutes at all."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ImpossibleFact
from assistant.evidence import Ruling
from assistant.rules import units
from assistant.rules.units import Allocation

CODES = (
    *("97032", "97033", "97034", "97035", "97110", "97112", "97113", "97116", "97124", "97140"),
    *("97530", "97533", "97535", "97537", "97542", "97750", "97760"),
)
Rule = Callable[[dict[str, int]], Ruling[Allocation]]
RULES = pytest.mark.parametrize("rule", [units.by_total_time, units.by_midpoint])

visits = st.dictionaries(st.sampled_from(CODES), st.integers(0, 120), max_size=8)


def as_set(allocation: Allocation) -> set[frozenset[tuple[str, int]]]:
    return {frozenset(bill.items()) for bill in allocation.alternatives}


@given(visits)
def test_units_never_exceed_the_pool(minutes: dict[str, int]) -> None:
    total = sum(minutes.values())
    ruled = units.by_total_time(minutes).result
    assert ruled.total_minutes == total
    for bill in ruled.alternatives:
        assert sum(bill.values()) == ruled.total_units == (total + 7) // 15


@RULES
@given(visits)
def test_no_code_is_billed_for_minutes_it_did_not_have(rule: Rule, minutes: dict[str, int]) -> None:
    for bill in rule(minutes).result.alternatives:
        assert all(n > 0 and 15 * (n - 1) < minutes[code] for code, n in bill.items())


@RULES
@given(visits)
def test_every_whole_fifteen_is_billed(rule: Rule, minutes: dict[str, int]) -> None:
    for bill in rule(minutes).result.alternatives:
        assert all(bill.get(code, 0) >= spent // 15 for code, spent in minutes.items())


@RULES
@given(visits, st.sampled_from(CODES), st.integers(1, 60))
def test_more_minutes_are_never_fewer_units(
    rule: Rule, minutes: dict[str, int], code: str, more: int
) -> None:
    longer = {**minutes, code: minutes.get(code, 0) + more}
    assert rule(longer).result.total_units >= rule(minutes).result.total_units


@given(visits, st.sampled_from(CODES), st.integers(1, 60))
def test_a_code_with_more_minutes_never_loses_its_unit(
    minutes: dict[str, int], code: str, more: int
) -> None:
    before = units.by_midpoint(minutes).result.units.get(code, 0)
    longer = {**minutes, code: minutes.get(code, 0) + more}
    assert units.by_midpoint(longer).result.units.get(code, 0) >= before


@RULES
@given(visits.flatmap(lambda v: st.tuples(st.just(v), st.permutations(list(v.items())))))
def test_the_order_of_lines_does_not_matter(
    rule: Rule, given_twice: tuple[dict[str, int], list[tuple[str, int]]]
) -> None:
    minutes, shuffled = given_twice
    assert as_set(rule(minutes).result) == as_set(rule(dict(shuffled)).result)


@RULES
@given(visits)
def test_a_code_of_no_minutes_changes_nothing(rule: Rule, minutes: dict[str, int]) -> None:
    without = {code: spent for code, spent in minutes.items() if spent}
    assert rule(minutes).result == rule(without).result


@RULES
@given(visits)
def test_the_choices_are_different_and_the_first_is_taken(
    rule: Rule, minutes: dict[str, int]
) -> None:
    ruled = rule(minutes).result
    assert len(as_set(ruled)) == len(ruled.alternatives)
    assert ruled.alternatives[0] == ruled.units


@given(visits)
def test_tied_codes_have_the_same_minutes_left(minutes: dict[str, int]) -> None:
    bills = units.by_total_time(minutes).result.alternatives
    first = bills[0]
    for bill in bills[1:]:
        changed = [code for code in minutes if bill.get(code, 0) != first.get(code, 0)]
        assert len({minutes[code] % 15 for code in changed}) == 1


@RULES
@given(visits)
def test_minutes_to_the_next_unit_are_what_it_takes(rule: Rule, minutes: dict[str, int]) -> None:
    ruled = rule(minutes).result
    assert 1 <= ruled.to_next_unit <= 15
    gains = [
        rule({**minutes, code: minutes.get(code, 0) + ruled.to_next_unit}).result.total_units
        for code in minutes or CODES[:1]
    ]
    assert max(gains) == ruled.total_units + 1


@RULES
@given(visits)
def test_unbilled_minutes_and_billed_codes_are_all_there_is(
    rule: Rule, minutes: dict[str, int]
) -> None:
    ruled = rule(minutes).result
    spent = {code for code, m in minutes.items() if m}
    assert set(ruled.unbilled) | set(ruled.units) == spent
    assert set(ruled.unbilled).isdisjoint(ruled.units)


@RULES
@given(visits)
def test_reasons_are_given_and_carry_statements(rule: Rule, minutes: dict[str, int]) -> None:
    because = rule(minutes).because
    assert all(reason.text and reason.statement for reason in because)
    assert because or not any(minutes.values())


@RULES
@given(
    st.one_of(
        st.integers(max_value=-1),
        st.integers(min_value=1441),
        st.floats().filter(bool),
        st.text(),
        st.none(),
        st.just(True),
    )
)
def test_impossible_minutes_are_named(rule: Rule, minutes: object) -> None:
    with pytest.raises(ImpossibleFact, match="97110") as caught:
        rule({"97110": minutes})  # type: ignore[dict-item]
    assert caught.value.field == "minutes"
