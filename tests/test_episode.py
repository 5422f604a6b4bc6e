"""The episode clock, on both sides of each last day."""

import json
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import knowledge as knowledge_base
from assistant.errors import ImpossibleFact, NotInForce
from assistant.rules import episode
from assistant.rules.episode import Episode, State

CASES = yaml.safe_load((Path(__file__).parent / "cases/episode.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def knowledge() -> knowledge_base.Knowledge:
    return knowledge_base.load()


def facts(given: dict[str, Any]) -> Episode:
    dates = tuple(given.get("treatment_dates", ()))
    return Episode(**{**given, "treatment_dates": dates})


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_what_is_due_when(case: dict[str, Any], knowledge: knowledge_base.Knowledge) -> None:
    ruling = episode.clock(facts(case["episode"]), on=case["day"], knowledge=knowledge)
    items = {item.what: item for item in ruling.result.items}
    found = {
        what: [items[what].state.value, items[what].by, items[what].days_left]
        for what in case["expect"]
    }
    assert found == case["expect"]
    if "statement" in case:
        assert items["certification"].statement == case["statement"]


@pytest.mark.parametrize("case", CASES, ids=itemgetter("name"))
def test_what_is_overdue_is_a_finding(
    case: dict[str, Any], knowledge: knowledge_base.Knowledge
) -> None:
    ruling = episode.clock(facts(case["episode"]), on=case["day"], knowledge=knowledge)
    overdue = [item.what for item in ruling.result.items if item.state is State.OVERDUE]
    slugs = [f.id for f in ruling.findings if f.id.endswith("-overdue")]
    assert slugs == [f"episode-{what.replace('_', '-')}-overdue" for what in overdue]


def test_a_late_signature_is_a_finding(knowledge: knowledge_base.Knowledge) -> None:
    late = Episode(date(2026, 1, 5), certified_on=date(2026, 2, 20))
    ruling = episode.clock(late, on=date(2026, 3, 1), knowledge=knowledge)
    assert [f.id for f in ruling.findings] == ["episode-certification-late"]


def test_every_step_rests_on_a_statement(knowledge: knowledge_base.Knowledge) -> None:
    for case in CASES:
        ruling = episode.clock(facts(case["episode"]), on=case["day"], knowledge=knowledge)
        named = [r.statement for r in ruling.because] + [f.statement for f in ruling.findings]
        assert all(name in knowledge.statements for name in named)


def test_the_clock_is_plain_json(knowledge: knowledge_base.Knowledge) -> None:
    ruling = episode.clock(Episode(date(2026, 1, 5)), on=date(2026, 1, 6), knowledge=knowledge)
    again = json.loads(json.dumps(ruling.result.to_dict()))
    assert [item["what"] for item in again["due"]] == [
        "certification",
        "recertification",
        "progress_report",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"recertified_on": date(2026, 1, 1)},
        {"last_report": date(2026, 1, 1)},
        {"discharged_on": date(2026, 1, 1)},
        {"treatment_dates": (date(2026, 1, 1),)},
        {"plan_days": -1},
        {"plan_days": 9999},
        {"plan_days": 1.5},
        {"treatment_days": -1},
        {"treatment_days": True},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_dates_and_counts_that_cannot_be(
    wrong: dict[str, Any], knowledge: knowledge_base.Knowledge
) -> None:
    with pytest.raises(ImpossibleFact):
        episode.clock(Episode(date(2026, 1, 5), **wrong), on=date(2026, 2, 1), knowledge=knowledge)


def test_a_day_before_the_episode_cannot_be_asked_about(
    knowledge: knowledge_base.Knowledge,
) -> None:
    with pytest.raises(ImpossibleFact, match="before the first treatment"):
        episode.clock(Episode(date(2026, 1, 5)), on=date(2026, 1, 4), knowledge=knowledge)


def test_a_time_not_held_is_refused_by_name(knowledge: knowledge_base.Knowledge) -> None:
    with pytest.raises(NotInForce):
        episode.clock(Episode(date(2005, 1, 5)), on=date(2005, 2, 1), knowledge=knowledge)
