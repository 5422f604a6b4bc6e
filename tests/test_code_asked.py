"""Which code a whole message asks for: named beside it, told with its minutes, or left open."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.plain_reader.asked.activity_asked import activity_between_codes, is_disputed
from assistant.plain_reader.words.clauses import goes_with

CASES = Path(__file__).parent / "cases"
ROWS: list[dict[str, Any]] = [
    row
    for name in ("code_asked.yaml", "code_told.yaml")
    for row in yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
]
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


def answer(assistant: Assistant, *said: str) -> Answer:
    return assistant.answer(Inquiry(said, TODAY))


def codes(reply: Answer) -> set[str]:
    chosen = {choice.code for choice in reply.code_choices if choice.code}
    return chosen | {line.code for claim in reply.claims for line in claim.lines}


def asked(reply: Answer) -> list[str]:
    return [q.text for q in reply.questions if q.id.startswith(("choice", "which-code"))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["say"][:80])
def test_the_message_gets_its_code_or_the_question(
    assistant: Assistant, row: dict[str, Any]
) -> None:
    reply = answer(assistant, row["say"])
    if "between" in row:
        candidates = {code for choice in reply.code_choices for code in choice.candidates}
        assert asked(reply)
        assert set(row["between"]) <= candidates
    else:
        assert not asked(reply)
        assert codes(reply) == set(row["codes"]) - {"none"}


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("Can I bill 97535 for teaching her to use a sock aid?", "**Yes, 97535.**"),
        ("Can I bill 97530 for leg presses to strengthen the quads?", "**Not 97530.**"),
        ("Is 97112 right for balance training on foam?", "**Yes, 97112.**"),
        ("We billed 97530 for bicep curls, was that right?", "**Not 97530.**"),
    ],
)
def test_yes_or_no_comes_first(assistant: Assistant, said: str, first: str) -> None:
    assert answer(assistant, said).text.startswith(first)


@pytest.mark.parametrize(
    "said",
    [
        "Can I bill 97530 for a PTA?",
        "Can I bill 97110 for telehealth?",
        "97530 vs 97110: what's the difference?",
        "97110 or 97530: patient on Medicare, which pays more?",
        "Can I bill 97140 with 97530?",
    ],
)
def test_a_question_on_a_rule_chooses_no_code(assistant: Assistant, said: str) -> None:
    assert answer(assistant, said).code_choices == []


@pytest.mark.parametrize(
    ("said", "bill"),
    [
        ("Practiced lifting crates from floor to shelf. 15 minutes. Medicare, PT", "97530"),
        ("Time: 9:00-9:15. Squats to strengthen the quads. PT, Medicare", "97110"),
        ("Splint made, fitted and its wear taught, first visit, 45 min OT Medicare", "97760"),
        ("Treadmill 10 min, I stood cueing his step length, PT Medicare", "97116"),
        ("Taught fall prevention at home, 15 min with pt repeating it back, PT Medicare", "97535"),
        ("Getting out of a low car seat, cues for hand placement, x 15 min, OT Medicare", "97530"),
    ],
)
def test_the_time_may_stand_apart_from_what_was_done(
    assistant: Assistant, said: str, bill: str
) -> None:
    reply = answer(assistant, said)
    assert [line.code for claim in reply.claims for line in claim.lines] == [bill]
    assert len(reply.code_choices) == 1


def test_two_people_with_two_codes_ask_for_the_activity(assistant: Assistant) -> None:
    said = "I say 97530, they bill 97110. It was lifting boxes to a shelf for his job"
    assert is_disputed(said)
    assert "lifting boxes" in activity_between_codes(said)
    assert codes(answer(assistant, said)) == {"97530"}


def test_a_question_has_options_whatever_is_open(assistant: Assistant) -> None:
    first = "feeding with oral aversion and tactile defensiveness, new textures"
    reply = answer(assistant, first)
    assert reply.code_choices[0].candidates == ["92526", "97533"]
    options = reply.questions[0].options
    assert len(options) == 2
    settled = {option: codes(answer(assistant, first, option)) for option in options}
    assert sorted(map(sorted, settled.values())) == [["92526"], ["97533"]]


@pytest.mark.parametrize(
    ("words", "hangs"),
    [
        ("cues for foot placement", True),
        ("3x10 with eyes closed", True),
        ("min assist at the pelvis", True),
        ("I stood cueing heel strike", True),
        ("lifting boxes to a shelf", False),
        ("manual stretching", False),
    ],
)
def test_a_clause_that_says_how_belongs_to_what_it_follows(words: str, hangs: bool) -> None:
    assert goes_with(words) is hangs


@pytest.mark.parametrize(
    "said", ["97130 alone for 20 minutes, SLP", "97551 30 min", "98981 20 min"]
)
def test_an_add_on_without_its_first_code_is_said(assistant: Assistant, said: str) -> None:
    reply = answer(assistant, said)
    assert "add-on-alone" in {finding.id for finding in reply.findings}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("biofeedback training 40 minutes and 97110 15 minutes, PT Medicare", "90901"),
        ("FEES by the SLP, 30 minutes", "92612"),
        ("97018 and L3808, OT", "L3808"),
    ],
)
def test_what_is_not_held_is_said_beside_the_rest(
    assistant: Assistant, said: str, names: str
) -> None:
    assert names in answer(assistant, said).text


def test_the_answers_of_a_quiz_are_no_treatment(assistant: Assistant) -> None:
    asked = "Which code? A) 97110 B) 97530 C) 97535"
    reply = answer(assistant, f"The patient lifts crates to a shelf for his job. {asked}")
    assert codes(reply) == {"97530"}
    assert "97535" not in reply.text
