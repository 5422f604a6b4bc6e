"""What a claim leaves out is said; what it can bill already is billed."""

from collections import Counter

import pytest

from assistant.answering import Assistant
from assistant.conversation import AnswerKind
from benchmarks.therapybillbench import items
from tests.test_reader import answer, bill, cases

UNPLACED = "could not place"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize(
    ("said", "lines", "minutes", "units"),
    [
        (
            "97140 15 min, 97112 15 min, stairs 15 min, Medicare, PT",
            ["97112 x1", "97140 x1"],
            45,
            3,
        ),
        ("97140 23 min and squats 15 min, Medicare PT", ["97140 x2"], 38, 3),
        (
            "hot packs w/ estim unattended 15 mins, then TE x 30. BCBS, PT",
            ["97010 x1", "97110 x2"],
            30,
            2,
        ),
    ],
)
def test_lines_that_no_open_code_changes_are_billed(
    assistant: Assistant, said: str, lines: list[str], minutes: int, units: int
) -> None:
    reply = answer(assistant, said)
    (claim,) = reply.claims
    assert (bill(claim.lines), claim.alternatives) == (Counter(lines), [])
    assert (claim.total_timed_minutes, claim.timed_units) == (minutes, units)
    assert reply.questions
    assert "line-open" in [f.id for f in reply.findings]


@pytest.mark.parametrize(
    "said",
    [
        "97110 20 min and squats 15 min, Medicare PT",  # 97110 x2, or one of each code
        "97140 20 min and squats 20 min, Medicare PT",  # the third unit goes to either
        "97110 10 min and stairs 10 min, Medicare PT",
    ],
)
def test_lines_that_depend_on_the_open_code_wait(assistant: Assistant, said: str) -> None:
    reply = answer(assistant, said)
    assert (reply.kind, reply.claims) == (AnswerKind.CODE_CHOICE, [])
    assert "total-so-far" in [f.id for f in reply.findings]


def test_the_open_code_once_told_completes_the_claim(assistant: Assistant) -> None:
    said = "97140 15 min, 97112 15 min, stairs 15 min, Medicare, PT"
    reply = answer(assistant, said, "the way she steps, reciprocal pattern")
    assert bill(reply.claims[0].lines) == Counter(["97140 x1", "97112 x1", "97116 x1"])
    assert "line-open" not in [f.id for f in reply.findings]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("97110 20 min, bike 12, Medicare PT", "bike 12"),
        ("TE 20, foo 15, MT 10, Medicare PT", "foo 15"),
        ("97110: 20. 97140: 15. Vibration plate 10. Medicare PT", "Vibration plate 10"),
    ],
)
def test_a_number_that_belongs_to_nothing_is_said(
    assistant: Assistant, said: str, words: str
) -> None:
    told = [a for a in answer(assistant, said).assumptions if UNPLACED in a]
    assert len(told) == 1
    assert words in told[0]


def test_no_number_of_an_ordinary_message_is_called_unplaced(assistant: Assistant) -> None:
    rows = [row["say"] for row in cases("reader.yaml")]
    said = [(row,) if isinstance(row, str) else tuple(row) for row in rows]
    said += [i.turns for i in items.load(("units",)) if i.half == "work"]
    wrong = [s for s in said if any(UNPLACED in a for a in answer(assistant, *s).assumptions)]
    assert wrong == []


@pytest.mark.parametrize(
    "said",
    [
        "97110 20 min for an 82 y/o, pain 4/10, ROM 0-110 deg, 3x10 reps, 5 lb, Medicare PT",
        "97110 20 min (page 12, goal 3), BP 130/80, HR 72, Medicare PT on 11/3/2026",
        "97110 20 min, $2,400 used, visit 12 of 24, week 6, Medicare PT",
    ],
)
def test_ages_doses_and_pages_are_no_unplaced_numbers(assistant: Assistant, said: str) -> None:
    assert not [a for a in answer(assistant, said).assumptions if UNPLACED in a]


@pytest.mark.parametrize(
    "said",
    [
        "Treated husband and wife: he did 97110 20 min, she did 97530 25 min. Medicare PT",
        "one patient did 20 min of 97110 and the other did 25 min of 97530, Medicare PT",
        "Saw 2 pts: 97110 20 min and 97140 25 min, Medicare PT",
        "I had pt A for 97110 15 min then pt B for 97140 15 min then back to A for 97530 15 min",
    ],
)
def test_minutes_of_several_patients_are_asked_apart(assistant: Assistant, said: str) -> None:
    reply = answer(assistant, said)
    assert (reply.kind, reply.claims) == (AnswerKind.CLARIFY, [])
    assert [q.id for q in reply.questions] == ["patient"]


def test_a_block_moved_into_the_next_is_asked_about(assistant: Assistant) -> None:
    visit = "PTA 8:30-8:50 97110, PT 8:50-9:10 97140, Medicare"
    assert answer(assistant, visit, "PTA went until 8:53").kind is AnswerKind.CLARIFY


@pytest.mark.parametrize(
    "message",
    [
        "PT and OT co-treat medicare 60 minutes transfers and adl. each bill full hour?",
        "We co-treated, OT and SLP, 30 min, medicare. how do we bill",
    ],
)
def test_two_disciplines_at_once_are_split_before_anything_is_counted(
    assistant: Assistant, message: str
) -> None:
    told = answer(assistant, message)
    assert not told.claims
    assert [q.id for q in told.questions] == ["co-treatment-split"]
    assert "billed once" in told.text


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("12 min warm up on the bike, 25 min ther ex, Medicare PT", "warm-up"),
        ("The PTA gave one third of the 45 minutes of 97110. Medicare", "minutes"),
        ("A quarter of the 40 minutes of 97530 was done by the COTA. Medicare OT", "minutes"),
    ],
)
def test_what_changes_the_count_is_asked(assistant: Assistant, said: str, asked: str) -> None:
    assert asked in [q.id for q in answer(assistant, said).questions]


def test_a_warm_up_told_as_attended_is_not_asked_about(assistant: Assistant) -> None:
    said = "12 min supervised warm up on the bike with cues, 25 min ther ex, Medicare PT"
    assert "warm-up" not in [q.id for q in answer(assistant, said).questions]


def test_dollars_that_pass_the_amount_are_said_before_the_discipline_is_known(
    assistant: Assistant,
) -> None:
    over = answer(assistant, "$2,700 used this year. 97110 24 min Medicare")
    under = answer(assistant, "$1,700 used this year. 97110 24 min Medicare")
    assert "kx-discipline-open" in [f.id for f in over.findings]
    assert "kx-discipline-open" not in [f.id for f in under.findings]


def test_units_named_beside_bare_minutes_are_held_against_them(assistant: Assistant) -> None:
    reply = answer(assistant, "51 minutes 4 units medicare?")
    assert reply.claims[0].timed_units == 3
    assert "on 2 or more codes" in reply.text


@pytest.mark.parametrize(
    ("said", "payer"),
    [
        ("97110 15 min, medicaid texas, PT", "texas-medicaid"),
        ("97110 15 min, United, commercial plan, PT", "uhc"),
        ("97110 15 min PT. Primary: Aetna, secondary: Medicare", "aetna"),
    ],
)
def test_the_payer_that_pays_first_is_taken(assistant: Assistant, said: str, payer: str) -> None:
    assert answer(assistant, said).claims[0].payer == payer
