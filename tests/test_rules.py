"""The rules against tables that a biller can read; every row says who says so."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import knowledge as knowledge_base
from assistant.claim import (
    Block,
    ClaimLine,
    Clinician,
    CountingRule,
    Discipline,
    Service,
    Setting,
    Unbilled,
    Visit,
)
from assistant.errors import CodingError, NotInForce
from assistant.rules import edits, modifiers, units
from assistant.rules.visit import VisitReview, review

Knowledge = knowledge_base.Knowledge
CASES = Path(__file__).parent / "cases"


def cases(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))


THRESHOLDS = cases("modifiers")["thresholds"]


def table(name: str, part: str | None = None) -> pytest.MarkDecorator:
    rows = cases(name)[part] if part else cases(name)
    return pytest.mark.parametrize("case", rows, ids=itemgetter("name"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return knowledge_base.load()


@pytest.mark.parametrize("name", ["units", "own_clock", "edits", "assistants", "visits"])
def test_every_row_says_who_says_so(name: str, knowledge: Knowledge) -> None:
    for row in cases(name) + cases("modifiers")["lines"] + THRESHOLDS:
        cited = re.sub(r"^(computed by|inferred from) ", "", row["source"]).split()[0]
        assert cited in {*knowledge.sources, "CPT"}, row


def as_set(bills: Any) -> set[frozenset[tuple[str, int]]]:
    return {frozenset(bill.items()) for bill in bills}


@table("units")
def test_units(case: dict[str, Any]) -> None:
    by_total = units.by_total_time(case["minutes"]).result
    alone = units.by_midpoint(case["minutes"]).result
    assert as_set(by_total.alternatives) == as_set(case["cms"])
    assert by_total.units in case["cms"]
    assert alone.units == case["ama"]
    if "published" in case:
        assert case["published"] not in (*by_total.alternatives, alone.units)


@table("own_clock")
def test_codes_with_their_own_clock(case: dict[str, Any], knowledge: Knowledge) -> None:
    services = tuple(Service(code, minutes) for code, minutes in case["minutes"].items())
    found = review(Visit(services, date(2026, 3, 2), "medicare", Discipline.OT), knowledge)
    assert {line.code: line.units for line in found.lines} == case["expect"]
    assert [shown(rest) for rest in found.unbilled] == case.get("unbilled", [])
    billed = sum(line.minutes or 0 for line in found.lines)
    assert billed + sum(u.minutes for u in found.unbilled) == sum(case["minutes"].values())


STATUS = {
    "none": edits.PairStatus.NONE,
    "modifier": edits.PairStatus.MODIFIER,
    "blocked": edits.PairStatus.BLOCKED,
    "unconfirmed": edits.PairStatus.UNCONFIRMED,
}


@pytest.mark.parametrize("backwards", [False, True], ids=["as given", "backwards"])
@table("edits")
def test_edit_pairs(case: dict[str, Any], backwards: bool, knowledge: Knowledge) -> None:
    one, other = reversed(case["pair"]) if backwards else case["pair"]
    which = Setting(case.get("table", "practitioner"))
    ruling = edits.pair(one, other, on=case["day"], table=which, knowledge=knowledge)
    assert ruling.result.status is STATUS[case["status"]]
    assert {ruling.result.paid, ruling.result.denied} in ({""}, {one, other})
    if "column2" in case:
        assert ruling.result.denied == case["column2"]
    assert ruling.result.has_lived is case.get("lived", ruling.result.has_lived)
    assert case.get("says", "") in ruling.because[0].text
    assert ruling.because[0].statement in knowledge.statements


def test_an_inferred_row_never_denies(knowledge: Knowledge) -> None:
    inferred = [row for row in knowledge.all_edits() if not row.certainty.is_settled]
    assert len(inferred) > 200
    for row in inferred:
        ruling = edits.pair(
            row.column1, row.column2, on=date(2026, 11, 2), table=row.table, knowledge=knowledge
        )
        assert ruling.result.status is edits.PairStatus.UNCONFIRMED


def test_a_withdrawn_row_never_applied(knowledge: Knowledge) -> None:
    for row in knowledge.all_edits():
        assert not (row.is_void and row.start and row.in_force(row.start))


BUCKETS = {Discipline.PT: "pt_slp", Discipline.SLP: "pt_slp", Discipline.OT: "ot"}


@pytest.mark.parametrize("discipline", list(Discipline))
@pytest.mark.parametrize("case", THRESHOLDS, ids=lambda case: str(case["day"]))
def test_kx_below_at_and_above(
    case: dict[str, Any], discipline: Discipline, knowledge: Knowledge
) -> None:
    amount, cent = Decimal(case["amount"]), Decimal("0.01")
    for before, due in ((amount - cent, False), (amount, False), (amount + cent, True)):
        for given in ((before, None), (before - 1, Decimal(1))):
            ruling = modifiers.kx(discipline, *given, on=case["day"], knowledge=knowledge)
            assert ruling.result.passed is due
            assert ruling.result.bucket == BUCKETS[discipline]
            assert ruling.result.threshold == amount


@pytest.mark.parametrize("discipline", list(Discipline))
@pytest.mark.parametrize("day", cases("modifiers")["not_held"], ids=str)
def test_kx_of_a_year_not_held(day: date, discipline: Discipline, knowledge: Knowledge) -> None:
    with pytest.raises(NotInForce, match=str(day)):
        modifiers.kx(discipline, Decimal(1), None, on=day, knowledge=knowledge)


@table("assistants")
def test_assistants(case: dict[str, Any], knowledge: Knowledge) -> None:
    check(case, knowledge)


@table("modifiers", "lines")
def test_modifiers(case: dict[str, Any], knowledge: Knowledge) -> None:
    check(case, knowledge)


@table("visits")
def test_visits(case: dict[str, Any], knowledge: Knowledge) -> None:
    check(case, knowledge)


def check(case: dict[str, Any], knowledge: Knowledge) -> None:
    if "error" in case:
        with pytest.raises(CodingError, match=re.escape(case["error"])):
            review(visit_of(case), knowledge)
        return
    found = review(visit_of(case), knowledge)
    assert [shown_line(line) for line in found.lines] == case["lines"]
    assert {f.id for f in found.findings} >= set(case.get("findings", ()))
    if "findings" in case or not case.get("separate"):
        assert {f.id for f in found.findings} == set(case.get("findings", notices(found)))
    assert [q.id for q in found.questions] == case.get("questions", [q.id for q in found.questions])
    alternatives = [[shown_line(line) for line in lines] for lines in found.alternatives]
    assert alternatives == case.get("alternatives", [])
    assert [shown(rest) for rest in found.unbilled] == case.get("unbilled", [])
    for words, rest in zip(case.get("because", ()), found.unbilled, strict=False):
        assert words in rest.reason
    for words in case.get("assumptions", ()):
        assert any(words in said for said in found.assumptions)
    if "assumptions" not in case:
        assert not [said for said in found.assumptions if "How " not in said]


def notices(found: VisitReview) -> set[str]:
    """What a case that names no findings may hold: the story of an edit that ended."""
    return {f.id for f in found.findings if f.id.startswith("ncci-") and f.severity == "info"}


def visit_of(case: dict[str, Any]) -> Visit:
    dollars = {
        name: Decimal(str(case[name]))
        for name in ("allowed_before", "visit_allowed")
        if name in case
    }
    discipline = case.get("discipline", "PT")
    return Visit(
        services=tuple(map(service_of, case["services"])),
        date_of_service=case["day"],
        payer=case.get("payer", "medicare"),
        discipline=Discipline(discipline) if discipline else None,
        setting=Setting(case.get("setting", "practitioner")),
        counting_rule=CountingRule(case["rule"]) if "rule" in case else None,
        separate=case.get("separate"),
        total_treatment_minutes=case.get("total"),
        **dollars,
    )


def service_of(text: str) -> Service:
    """Such as "97110 23 assistant", "97150 - assistant" (no minutes), "97110 9:00-9:18"."""
    code, time, *by = text.split()
    who = Clinician(by[0]) if by else Clinician.THERAPIST
    if ":" in time:
        start, end = (int(t.split(":")[0]) * 60 + int(t.split(":")[1]) for t in time.split("-"))
        return Service(code, None, who, Block(start, end))
    return Service(code, None if time == "-" else int(time), who)


def shown_line(line: ClaimLine) -> str:
    return " ".join((f"{line.code} x{line.units}", *line.modifiers))


def shown(rest: Unbilled) -> str:
    return f"{rest.code} {rest.minutes}"
