"""Which published statements a visit touches."""

from datetime import date
from pathlib import Path

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.knowledge import load
from assistant.rules.disputes import on_minutes

DISPUTES = load().disputes


def touched(**minutes: int) -> list[str]:
    by_code = {name.removeprefix("c"): spent for name, spent in minutes.items()}
    return [dispute.id for dispute in on_minutes(DISPUTES, by_code)]


def test_the_very_example_is_touched():
    assert touched(c97110=10, c97530=20) == ["10-and-20-minutes-three-units"]
    assert touched(c97530=20) == ["20-minutes-97530-two-units"]


def test_so_is_its_wrong_half_alone():
    assert touched(c97110=18) == ["18-minutes-97110-two-units"]


def test_its_right_half_and_other_minutes_are_not():
    assert touched(c97530=15) == []
    assert touched(c97110=19) == []
    assert touched(c97110=18, c97140=10) == []


def test_an_answer_from_a_guide_shows_what_is_published_otherwise(tmp_path: Path):
    assistant = Assistant.open(tmp_path)
    asked = Inquiry(("How often does Medicare want a progress report?",), date(2026, 11, 21))
    answer = assistant.answer(asked)
    assert "Published otherwise" in answer.text
    assert "dispute-progress-every-10-visits" in {finding.id for finding in answer.findings}


def test_nearly_every_dispute_is_reached_from_a_guide():
    without = {one.id for one in DISPUTES if not one.applies.get("guides")}
    assert without == {"faq-90834", "descriptor-printed"}
    guides = {guide.id for guide in load().guides}
    assert all(guides.issuperset(one.applies.get("guides", ())) for one in DISPUTES)
