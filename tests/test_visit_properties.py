"""What must hold of a reviewed visit, whatever is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from assistant import knowledge as knowledge_base
from assistant.claim import (
    Block,
    ClaimLine,
    Clinician,
    CountingRule,
    Discipline,
    Service,
    Setting,
    Visit,
)
from assistant.rules import units
from assistant.rules.visit import VisitReview, review
from assistant.rules.visit_facts import MOST_POOLED_CODES

KNOWLEDGE = knowledge_base.load()
POOLED = ("97110", "97112", "97116", "97124", "97140", "97530", "97535", "97750", "97032")
OTHERS = ("97150", "97161", "97164", "G0283", "97012", "97129", "97130", "97550")
BY = (Clinician.THERAPIST, Clinician.THERAPIST, Clinician.ASSISTANT)
DAYS = (date(2018, 1, 1), date(2019, 12, 31), date(2021, 6, 1), date(2026, 3, 2), date(2026, 10, 1))
PAYERS = ("medicare", "medicare-advantage", "aetna", "anthem", "cigna", "bcbs-nebraska", None)

pooled = st.builds(Service, st.sampled_from(POOLED), st.integers(1, 50), st.sampled_from(BY))
others = st.builds(Service, st.sampled_from(OTHERS), st.integers(0, 60))
visits = st.builds(
    Visit,
    services=st.tuples(st.lists(pooled, min_size=1, max_size=6), st.lists(others, max_size=2)).map(
        lambda lists: (*lists[0], *lists[1])
    ),
    date_of_service=st.sampled_from(DAYS),
    payer=st.sampled_from(PAYERS),
    discipline=st.sampled_from((*Discipline, None)),
    setting=st.sampled_from(Setting),
    counting_rule=st.sampled_from((None, *CountingRule)),
    separate=st.sampled_from((None, True, False)),
    allowed_before=st.none() | st.decimals(0, 4000, places=2),
    visit_allowed=st.none() | st.decimals(0, 300, places=2),
)


def pool_of(visit: Visit) -> int:
    return sum(s.minutes or 0 for s in visit.services if KNOWLEDGE.code(s.code).is_pooled)


def pooled_units(lines: tuple[ClaimLine, ...]) -> int:
    return sum(line.units for line in lines if KNOWLEDGE.code(line.code).is_pooled)


def bills(found: VisitReview) -> tuple[tuple[ClaimLine, ...], ...]:
    return found.lines, *found.alternatives


def without_kx(modifiers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(m for m in modifiers if m != "KX")


def as_claimed(found: VisitReview) -> set[frozenset[tuple[object, ...]]]:
    """The bills as sets of lines; without KX, whose place the order of lines decides."""
    return {
        frozenset(
            (line.code, line.units, line.minutes, without_kx(line.modifiers)) for line in lines
        )
        for lines in bills(found)
    }


def asked(found: VisitReview) -> set[tuple[str, frozenset[str]]]:
    """The questions with their options; those of a tie are the bills, compared elsewhere."""
    return {(q.id, frozenset(q.options if q.id != "tie" else ())) for q in found.questions}


@given(visits)
def test_never_more_units_than_the_pool_allows(visit: Visit) -> None:
    found = review(replace(visit, counting_rule=CountingRule.CMS), KNOWLEDGE)
    for lines in bills(found):
        assert pooled_units(lines) == units.units_of(pool_of(visit))


@given(visits, st.integers(1, 40), st.sampled_from(BY))
def test_more_minutes_are_never_fewer_units(visit: Visit, more: int, by: Clinician) -> None:
    code = visit.services[0].code
    longer = replace(visit, services=(*visit.services, Service(code, more, by)))
    before, after = review(visit, KNOWLEDGE), review(longer, KNOWLEDGE)
    assert after.counted.timed_units >= before.counted.timed_units
    assert pooled_units(after.lines) >= pooled_units(before.lines)


@given(visits.flatmap(lambda v: st.tuples(st.just(v), st.permutations(v.services))))
def test_the_order_of_services_does_not_matter(
    given_twice: tuple[Visit, list[Service]],
) -> None:
    visit, shuffled = given_twice
    one = review(visit, KNOWLEDGE)
    other = review(replace(visit, services=tuple(shuffled)), KNOWLEDGE)
    assert as_claimed(one) == as_claimed(other)
    assert set(one.findings) == set(other.findings)
    assert asked(one) == asked(other)


@given(visits, st.data())
def test_splitting_a_block_in_two_changes_nothing(visit: Visit, data: st.DataObject) -> None:
    start, services = 8 * 60, []
    for service in visit.services:
        length = max(service.minutes or 0, 1)
        services.append(replace(service, minutes=None, block=Block(start, start + length)))
        start += length
    whole = replace(visit, services=tuple(services))
    long_ones = [n for n, s in enumerate(services) if s.block and s.block.minutes > 1]
    if not long_ones:
        return
    place = data.draw(st.sampled_from(long_ones))
    block = services[place].block
    assert block is not None
    cut = data.draw(st.integers(block.start + 1, block.end - 1))
    halves = [
        replace(services[place], block=Block(block.start, cut)),
        replace(services[place], block=Block(cut, block.end)),
    ]
    split = replace(visit, services=(*services[:place], *halves, *services[place + 1 :]))
    one, other = review(whole, KNOWLEDGE), review(split, KNOWLEDGE)
    assert (one.lines, one.alternatives, one.findings, one.questions, one.unbilled) == (
        other.lines,
        other.alternatives,
        other.findings,
        other.questions,
        other.unbilled,
    )


@given(visits)
def test_therapist_and_assistant_minutes_are_the_total(visit: Visit) -> None:
    counted = review(visit, KNOWLEDGE).counted
    assert sum(share.total for share in counted.shares.values()) == sum(
        service.minutes or 0 for service in visit.services
    )
    for code, share in counted.shares.items():
        assert share.therapist >= 0 <= share.assistant
        assert share.assistant == 0 or code in counted.assisted


@given(visits)
def test_a_second_review_is_the_same(visit: Visit) -> None:
    assert review(visit, KNOWLEDGE) == review(visit, knowledge_base.load())


@given(visits)
def test_each_code_s_units_are_split_not_changed(visit: Visit) -> None:
    found = review(visit, KNOWLEDGE)
    for lines, counted in zip(bills(found), found.counted.alternatives, strict=True):
        for code, n in counted.items():
            assert sum(line.units for line in lines if line.code == code) == n
        assert {line.code for line in lines} == counted.keys()
        assert len(
            {(line.code, line.modifiers) for line in lines if "KX" not in line.modifiers}
        ) == (len([line for line in lines if "KX" not in line.modifiers]))


@given(visits)
def test_modifiers_keep_their_rules(visit: Visit) -> None:
    found = review(visit, KNOWLEDGE)
    for line in (line for lines in bills(found) for line in lines):
        assert len(set(line.modifiers)) == len(line.modifiers)
        assert sum(m in ("GP", "GO", "GN") for m in line.modifiers) <= 1
        assert not {"CQ", "CO"} <= set(line.modifiers)
        assert "59" not in line.modifiers or visit.separate is True
        if "CQ" in line.modifiers:
            assert "GO" not in line.modifiers
            assert visit.date_of_service >= date(2020, 1, 1)


@given(visits, st.decimals(0, 500, places=2))
def test_kx_stays_once_it_is_due(visit: Visit, more: Decimal) -> None:
    visit = replace(visit, payer="medicare", allowed_before=visit.allowed_before or Decimal(2000))
    later = replace(visit, allowed_before=(visit.allowed_before or Decimal(0)) + more)
    lines, after = (review(v, KNOWLEDGE).lines for v in (visit, later))
    for line, same in zip(lines, after, strict=True):
        assert "KX" not in line.modifiers or "KX" in same.modifiers


@given(visits)
def test_every_reason_and_finding_rests_on_something_held(visit: Visit) -> None:
    found = review(visit, KNOWLEDGE)
    named = [f.statement for f in found.findings]
    named += [why.statement for line in found.lines for why in line.why]
    for statement in filter(None, named):
        assert "@" in statement or statement in KNOWLEDGE.statements


def test_a_tie_of_as_many_codes_as_are_counted_offers_every_bill() -> None:
    codes = [c.code for c in KNOWLEDGE.codes.values() if c.is_pooled][:MOST_POOLED_CODES]
    visit = Visit(tuple(Service(c, 8) for c in codes), date(2026, 3, 2), "medicare", Discipline.PT)
    assert len(bills(review(visit, KNOWLEDGE))) == comb(MOST_POOLED_CODES, 6)
