"""Edited drafts: every figure that the tools do not hold is marked, and nothing else."""

from datetime import date

import pytest

from web.consults import drafting, figures
from web.consults.letters import Desk, Letter

DESK = Desk("desk@coding.example")


@pytest.fixture(scope="module")
def made(the_assistant):
    text = "10 min 97110 and 20 min 97530, Medicare, PT, 11/18/2026"
    asked = Letter("<q@x.example>", reply_to="jo@clinic.example", subject="Units", text=text)
    return drafting.draft(asked, DESK, the_assistant, date(2026, 11, 21))


def edited(made, old, new):
    assert old in made.body
    return made.body.replace(old, new, 1)


def test_our_own_draft_has_no_mark(made):
    assert figures.unsupported(made.body, made) == ()


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("97110 | 1     |", "97110 | 2     |", "2"),
        ("97110 | 1     | GP ", "97110 | 1     | KX ", "KX"),
        ("| 97110 | 1 ", "| 97112 | 1 ", "97112"),
        ("which is 2 units", "which is 3 units", "3 units"),
        ("allowed $57.28", "allowed $67.28", "$67.28"),
        ("Bill 97110 × 1", "Bill 97112 × 1", "97112"),
        ("Thank you for writing.", "Add modifier 59 to 97530.", "modifier 59"),
        ("Thank you for writing.", "Please put KX on 97110.", "KX"),
        ("Thank you for writing.", "Medicare pays 85 percent.", "85 percent"),
        ("Thank you for writing.", "As stated in [77].", "[77]"),
        ("Thank you for writing.", "Call 555-010-0100; add 59 to 97530.", "59"),
        ("Thank you for writing.", "Bill three units of 97110.", "three"),
    ],
)
def test_a_figure_that_nobody_found_is_marked(made, old, new, shown):
    body = edited(made, old, new)
    marks = figures.unsupported(body, made)
    assert shown in {mark.shown for mark in marks}
    for mark in marks:
        assert body[mark.start : mark.end] == mark.shown or not mark.shown.strip()
        assert mark.why.endswith(".")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Thank you for writing.", "Thank you, it was good to hear from you."),
        ("Thank you for writing.", "Both lines carry GP because this is a PT plan of care."),
        ("Thank you for writing.", "Your 30 timed minutes come to 2 units."),
        ("Thank you for writing.", "Call us at 555-010-0100 or write to help@coding.example."),
        ("Thank you for writing.", "See https://www.cms.gov/manuals for more."),
        ("**Why**", "**The reasons**"),
    ],
)
def test_what_the_tools_hold_or_what_is_no_figure_is_not_marked(made, old, new):
    assert figures.unsupported(edited(made, old, new), made) == ()


def test_a_deleted_line_is_no_fault(made):
    lines = [line for line in made.body.split("\n") if "97530" not in line]
    assert figures.unsupported("\n".join(lines), made) == ()


def test_marks_stand_where_they_are_in_the_whole_body(made):
    body = f"{made.body}\n\nWe would bill 97140 too."
    (mark,) = figures.unsupported(body, made)
    assert (mark.shown, mark.start) == ("97140", body.rindex("97140"))
