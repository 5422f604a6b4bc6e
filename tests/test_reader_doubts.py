"""Where the words do not bear out what was read, it is asked; where they do, it is counted."""

import pytest

from assistant.answering import Assistant
from assistant.conversation import AnswerKind
from tests.test_reader import answer


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("97110 40 min with 6 min of chat about football, Medicare PT", "40 and 6 minutes stand"),
        ("97116 18 min by the PTA, second pair of hands, while the PT led, Medicare", "therapist"),
        ("PT and PTA do 9 minutes of manual, Medicare", "therapist"),
        ("PTA supervised 97150, 30 min, 4 patients, Medicare", "assistant"),
        (
            "aquatic 97113 40 min in a group of 3, Medicare PT",
            "time in a group has a code of its own",
        ),
    ],
)
def test_what_the_words_do_not_bear_out_is_asked(
    assistant: Assistant, said: str, asked: str
) -> None:
    got = answer(assistant, said)
    assert got.kind is AnswerKind.CLARIFY
    assert asked in got.questions[0].text


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("30 min of 97110 including 6 min rest breaks, Medicare PT", ["97110 x2 GP"]),
        ("28 min of 97110 including a 6 minute rest, Medicare PT", ["97110 x1 GP"]),
        ("97110 25 min after a 10 minute rest break, Medicare PT", ["97110 x2 GP"]),
        ("97110 20 min (6 of which on the stepper unattended), Medicare PT", ["97110 x1 GP"]),
        ("97112 23 min, of which PTA 4, Medicare", ["97112 x1 GP", "97112 x1 CQ GP"]),
        ("97530 30 min, half OT, half COTA, Medicare", ["97530 x1 GO", "97530 x1 CO GO"]),
        ("97161 took 20 and the rest of the 45 min was 97110. Medicare", None),
        (
            "OT did 97535 for 16 min, then hands over to the COTA who finishes with 24 min of "
            "97530, Medicare",
            ["97535 x1 GO", "97530 x2 CO GO"],
        ),
        ("97530 30 min: PT and PTA together the whole time, Medicare", ["97530 x2 GP"]),
        ("97110 35 of the planned 50 min, Medicare PT", ["97110 x2 GP"]),
        (
            "saw mrs k for 40 min today, 25 min 97110, 15 min 97112, Medicare PT",
            ["97110 x2 GP", "97112 x1 GP"],
        ),
        ("97535 38 mins of which 10 was the COTA, Medicare", ["97535 x2 GO", "97535 x1 CO GO"]),
        ("97110 24 min, Medicare PT and no SLP this year", ["97110 x2 GP"]),
        ("planned 97110 30 min, did 12. Medicare PT", ["97110 x1 GP"]),
        ("97140 16 min, no PTA today, Medicare PT", ["97140 x1 GP"]),
        ("aide walked the patient 10 min then PT 97116 15 min, Medicare", ["97116 x1 GP"]),
    ],
)
def test_what_they_bear_out_is_counted(
    assistant: Assistant, said: str, lines: list[str] | None
) -> None:
    lines = lines or ["97161 x1 GP", "97110 x2 GP"]
    (claim,) = answer(assistant, said).claims
    told = [f"{one.code} x{one.units} {' '.join(one.modifiers)}" for one in claim.lines]
    assert sorted(told) == sorted(lines)


def test_minutes_of_the_whole_that_stand_under_no_code_are_told(assistant: Assistant) -> None:
    got = answer(assistant, "Total 52 min. 97110 24 min, 97530 18 min. Medicare PT")
    assert any("10 stand under no code" in one for one in got.assumptions)
    got = answer(assistant, "Total 52 min. 97110 24 min, 97530 28 min. Medicare PT")
    assert not any("under no code" in one for one in got.assumptions)


def test_a_claim_that_is_sure_asks_nothing(assistant: Assistant) -> None:
    got = answer(assistant, "97110 10 min and another 13 min, 2026-11-02, Medicare, PT")
    assert [(one.code, one.units) for one in got.claims[0].lines] == [("97110", 2)]
    assert not got.questions
