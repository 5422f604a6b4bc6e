"""The pictures agree with the rules."""

import pytest

from assistant.answering import Assistant
from assistant.conversation import Step
from web.pictures import chart, minutes, timeline


class TestPictures:
    @pytest.mark.parametrize(
        ("given", "units", "to_next"),
        [(0, 0, 8), (7, 0, 1), (8, 1, 15), (22, 1, 1), (23, 2, 15), (37, 2, 1), (38, 3, 15)],
    )
    def test_a_bar_agrees_with_the_rule(self, given: int, units: int, to_next: int) -> None:
        parts = [minutes.Part("97110", given)]
        drawn = minutes.picture(parts, minutes.CountingRule.CMS)
        if not given:
            assert drawn is None
            return
        assert drawn is not None
        (bar,) = drawn.bars
        assert (bar.units, bar.to_next) == (units, to_next)
        assert sum(mark.reached for mark in bar.marks) == units
        assert bar.stretches[0].x + bar.stretches[0].width == pytest.approx(bar.end, abs=0.01)

    def test_codes_that_count_alone_have_a_bar_each(self) -> None:
        parts = [minutes.Part("97110", 33), minutes.Part("97140", 7)]
        drawn = minutes.picture(parts, minutes.CountingRule.AMA)
        assert drawn is not None
        assert [(bar.label, bar.units) for bar in drawn.bars] == [("97110", 2), ("97140", 0)]
        assert drawn.bars[0].stretches[0].in_words == "2 × 15 + 3"

    def test_overlaps_are_marked_and_touching_ends_are_none(self) -> None:
        first = {"code": "97110", "start": 605, "end": 623}
        apart = timeline.timeline([first, {"code": "97530", "start": "10:23", "end": "10:40"}])
        shared = timeline.timeline([first, {"code": "97530", "start": "10:20", "end": "10:40"}])
        assert apart is not None
        assert shared is not None
        assert apart.overlaps == ()
        assert [span.in_words for span in shared.overlaps] == ["10:20-10:23"]

    def test_the_chart_holds_every_question_once_and_no_box_covers_another(
        self, assistant: Assistant
    ) -> None:
        held = assistant.knowledge.flowchart()
        drawn = chart.picture(held)
        asked = [box.id for box in drawn.boxes if box.kind == "question"]
        assert sorted(asked) == sorted(held.questions)
        assert {b.id for b in drawn.boxes if b.kind == "outcome"} == set(held.outcomes)
        for one in drawn.boxes:
            for other in drawn.boxes:
                apart = (
                    one is other
                    or one.x + one.width <= other.x
                    or other.x + other.width <= one.x
                    or one.y + one.height <= other.y
                    or other.y + other.height <= one.y
                )
                assert apart, (one.id, other.id)

    def test_an_open_question_ends_the_path(self, assistant: Assistant) -> None:
        held = assistant.knowledge.flowchart()
        core = next(question for question in held.questions.values() if question.core)
        drawn = chart.picture(held, [Step(core.text, "open", "squats")])
        assert not any(arrow.taken and arrow.start.id == core.id for arrow in drawn.arrows)
        assert not any(box.passed for box in drawn.boxes if box.kind == "outcome")
        assert next(box for box in drawn.boxes if box.id == core.id).passed
