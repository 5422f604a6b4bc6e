"""What nobody read is said to be not held; it is never answered as «no edit»."""

from datetime import date

import pytest

from assistant.claim import Discipline, Service, Setting, Visit
from assistant.knowledge import load
from assistant.rules.edits import PairStatus, pair
from assistant.rules.visit import review

KNOWLEDGE = load()
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("one", "other", "on", "expected"),
    [
        ("97530", "97140", TODAY, PairStatus.NONE),
        ("97530", "97140", date(2026, 12, 31), PairStatus.NONE),
        ("97530", "97140", date(2027, 1, 1), PairStatus.NOT_HELD),
        ("20560", "97140", TODAY, PairStatus.NOT_HELD),
        ("97010", "97110", TODAY, PairStatus.NOT_HELD),
        ("97550", "97110", TODAY, PairStatus.NONE),
        ("98940", "97140", TODAY, PairStatus.UNCONFIRMED),
    ],
)
def test_pairs(one, other, on, expected):
    for first, second in ((one, other), (other, one)):
        ruling = pair(first, second, on=on, table=Setting.PRACTITIONER, knowledge=KNOWLEDGE)
        assert ruling.result.status is expected


def findings(minutes, **more):
    services = tuple(Service(code, m) for code, m in minutes.items())
    visit = Visit(services, TODAY, "medicare", Discipline.OT, **more)
    return {f.id: f for f in review(visit, KNOWLEDGE).findings}


def test_cognitive_minutes_beside_pooled_ones_warn_where_pooling_would_change_the_count():
    found = findings({"97530": 25, "97129": 25})["cognitive-pool"]
    assert "50 minutes are 3" in found.text


@pytest.mark.parametrize("minutes", [{"97530": 15, "97129": 15}, {"97129": 25}, {"97530": 25}])
def test_and_do_not_where_it_would_not(minutes):
    assert "cognitive-pool" not in findings(minutes)
