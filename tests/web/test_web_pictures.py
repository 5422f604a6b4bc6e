"""The pictures agree with the rules."""

from decimal import Decimal

import pytest

from assistant.answering import Assistant
from assistant.conversation import Claim, Step
from web.pictures import chart, minutes, threshold, timeline


def claim(day: str, before: str, visit: str | None = None, bucket: str = "pt_slp") -> Claim:
    """A claim of which only the year's dollars are told."""
    given = {"bucket": bucket, "threshold": "2480.00", "before": before, "visit": visit}
    given["review_amount"] = "3000.00"
    return Claim(None, "cms", day, "PT", [], 0, None, 0, threshold=given)


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


class TestYear:
    def test_dollars_stand_on_the_day_against_both_amounts(self) -> None:
        drawn = threshold.year(claim("2026-07-02", "2400", "95"))
        assert drawn is not None
        assert drawn.own.x == pytest.approx(100 * 182 / 365, abs=0.01)
        heights = (drawn.own.before_at, drawn.threshold_at, drawn.own.after_at, drawn.review_at)
        assert list(heights) == sorted(heights)
        assert drawn.threshold_at / drawn.review_at == pytest.approx(2480 / 3000, abs=0.001)
        assert drawn.left == Decimal(-15)
        assert "$2,400.00 before this visit, this visit $95.00" in drawn.in_words

    @pytest.mark.parametrize(("day", "x"), [("2026-01-01", 0.0), ("2028-12-31", 100 * 365 / 366)])
    def test_the_ends_of_a_year_are_the_ends_of_the_picture(self, day: str, x: float) -> None:
        drawn = threshold.year(claim(day, "0"))
        assert drawn is not None
        assert drawn.own.x == pytest.approx(x, abs=0.001)

    def test_what_lies_above_every_amount_still_fits(self) -> None:
        drawn = threshold.year(claim("2026-11-21", "9000", "100"))
        assert drawn is not None
        assert drawn.review_at < drawn.own.before_at < drawn.own.after_at < 100

    @pytest.mark.parametrize(
        ("earlier", "days"),
        [
            ([("2026-03-02", "900", "80")], [3, 11]),
            ([("2026-03-02", "900", "80"), ("2026-03-02", "950", "80")], [3, 11]),
            ([("2026-03-02", "900", "80"), ("2026-06-01", "700", None)], [6, 11]),
            ([("2026-03-02", "2390", "80")], [11]),  # more than on the later day: not this patient
            ([("2026-11-21", "900", "80")], [11]),
            ([("2026-12-01", "2600", "80")], [11]),
            ([("2025-03-02", "900", "80")], [11]),
            ([("2026-03-02", "900", "80", "ot")], [11]),
        ],
    )
    def test_earlier_visits_join_where_they_can_be_the_same_patients(
        self, earlier: list[tuple[str, ...]], days: list[int]
    ) -> None:
        drawn = threshold.year(claim("2026-11-21", "2400", "95"), [claim(*one) for one in earlier])
        assert drawn is not None
        assert [visit.day.month for visit in drawn.visits] == days
        assert drawn.visits[-1] is drawn.own

    def test_the_latest_word_on_a_day_counts(self) -> None:
        told = [claim("2026-03-02", "900"), claim("2026-03-02", "950")]
        drawn = threshold.year(claim("2026-11-21", "2400"), told)
        assert drawn is not None
        assert drawn.visits[0].before == 950

    def test_without_dollars_there_is_none(self) -> None:
        assert threshold.year(Claim(None, "cms", "2026-11-21", "PT", [], 0, None, 0)) is None
