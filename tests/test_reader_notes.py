"""Notes shown in a message: when they are asked about, and that the question is no part of them."""

from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.conversation import AnswerKind, Inquiry

TODAY = date(2026, 11, 21)
NOTE = "Pt seen for 97530 x 2 units, 25 min. Pt performed sit to stands and stairs. Tolerated well."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize(
    "asked",
    ["Check this note: ", "Hi, can you review my note?\n", "Is this documentation ok for 97530? "],
)
def test_a_short_note_is_held_against_what_it_must_show(assistant: Assistant, asked: str) -> None:
    reply = assistant.answer(Inquiry((asked + NOTE,), TODAY))
    assert reply.kind is AnswerKind.GUIDANCE
    assert not reply.claims
    assert "Present: Each intervention or modality given, timed and untimed: «Pt seen" in reply.text
    assert "Missing: The total of timed minutes." in reply.text


def test_the_minutes_of_a_visit_are_no_minimal_help(assistant: Assistant) -> None:
    reply = assistant.answer(Inquiry(("Check this note: " + NOTE,), TODAY))
    assert "Missing: Help, cues and changes made" in reply.text


@pytest.mark.parametrize(
    ("said", "has"),
    [
        ("Does my note have to list start and stop times for each timed code?", "start and stop"),
        ("Note: 97110 20 min, 97530 15 min, Medicare, PT. How should I bill this?", "Bill 97110"),
        ("97110 20 min, Medicare, PT. The note is done, just count it.", "Bill 97110"),
    ],
)
def test_a_question_on_notes_and_a_visit_are_no_note(
    assistant: Assistant, said: str, has: str
) -> None:
    assert has in assistant.answer(Inquiry((said,), TODAY)).text
