"""What the built-in reader makes of later turns: replies, corrections, follow-up questions."""

import re
from collections import Counter
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.conversation import AnswerKind
from tests.test_reader import answer, bills, cases


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize("row", cases("reader_turns.yaml"), ids=lambda row: str(row["say"])[:70])
def test_the_last_turn_becomes_the_bill(assistant: Assistant, row: dict[str, Any]) -> None:
    assert Counter(row["bill"].split(", ")) in bills(answer(assistant, *row["say"]))


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (("what does GP mean?", "and GO?"), "GO"),
        (("what is the KX threshold for 2026?", "and 2025?"), "2,410"),
        (("what is the KX threshold for 2026?", "last year?"), "2,410"),
        (("can I bill 97530 and 97535 together", "what about 97530 and 97150?"), "97150"),
        (("what is 97164", "when would I use it"), "97164|re-?evaluation"),
        (("can a PTA bill for an evaluation?", "what about a re-eval?"), "evaluation"),
        (("Does 59 go on 97140 or on 97530?", "the patient has Anthem though"), "Anthem"),
        (("who must sign the plan of care?", "and a chiropractor, can he?"), "chiropractor"),
    ],
)
def test_a_short_question_takes_up_the_one_before(
    assistant: Assistant, said: tuple[str, ...], word: str
) -> None:
    reply = answer(assistant, *said)
    assert (reply.kind, reply.claims) == (AnswerKind.GUIDANCE, [])
    assert re.search(word, reply.text)


def test_one_of_the_ways_offered_for_a_tie_is_chosen(assistant: Assistant) -> None:
    tied = "12 min 97530, 9 min 97140, 9 min 97116, Medicare PT"
    for said in ("option 2", "the second option", "2", "97116", "give it to gait"):
        reply = answer(assistant, tied, said)
        assert bills(reply) == [Counter(["97530 x1", "97116 x1"])], said


def test_a_change_can_be_taken_back(assistant: Assistant) -> None:
    said = ("97110 30 min, Medicare PT", "the PTA did all of it")
    for back in ("undo that", "never mind", "scratch that"):
        assert bills(answer(assistant, *said, back))[0] == Counter(["97110 x2"])


def test_when_all_is_taken_out_it_asks_what_was_done(assistant: Assistant) -> None:
    reply = answer(assistant, "97110 30 min, Medicare PT", "remove the 97110")
    assert (reply.kind, reply.claims) == (AnswerKind.CLARIFY, [])


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("10/3", "2026-10-03"),
        ("it was December 3rd", "2025-12-03"),
        ("last Tuesday", "2026-11-17"),
        ("three days ago", "2026-11-18"),
        ("2024 I mean", "2024-11-02"),
    ],
)
def test_the_day_may_be_told_shortly(assistant: Assistant, said: str, day: str) -> None:
    reply = answer(assistant, "97110 30 min, Medicare PT, 11/2/2026", said)
    assert reply.claims[0].date_of_service == day


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (("how soon must the doctor sign the plan of care?",), "30 days"),
        (("what does Medicare say about clock times in the note?",), "clock|total timed"),
        (("when can I bill a re-eval?",), "97164"),
        (("are they allowed together?",), "97530 and 97116 may stand together"),
        (("no 59?",), "97530 and 97116 may stand together"),
        (("do both need a 59?",), "97530 and 97116 may stand together"),
        (
            ("can the PTA treat while I am out? private practice", "what about before 2025?"),
            "direct",
        ),
        (("what happens over $3,000?",), "review"),
    ],
)
def test_a_question_on_a_rule_is_answered_in_the_middle_of_a_visit(
    assistant: Assistant, asked: tuple[str, ...], word: str
) -> None:
    visit = "Medicare PT: 97530 16 min, 97116 16 min"
    reply = answer(assistant, visit, *asked)
    assert (reply.kind, reply.claims) == (AnswerKind.GUIDANCE, [])
    assert re.search(word, reply.text)
    again = answer(assistant, visit, *asked, "back to the visit: 97530 was 24")
    assert Counter(["97530 x2", "97116 x1"]) in bills(again)


@pytest.mark.parametrize(
    "asked",
    ["does that change units?", "which ones?", "could I squeeze one more minute?", "why not 3?"],
)
def test_a_question_on_the_claim_gets_the_claim(assistant: Assistant, asked: str) -> None:
    reply = answer(assistant, "Medicare PT: 97530 16 min, 97116 16 min", asked)
    assert Counter(["97530 x1", "97116 x1"]) in bills(reply)


def test_a_tie_that_new_minutes_reopen_is_asked_about_again(assistant: Assistant) -> None:
    said = ("Medicare PT: 97116 10, 97112 10, 97140 10", "bill the gait and the 97112")
    reply = answer(assistant, *said, "change the manual to 13")
    assert [q.id for q in reply.questions] == ["tie"]
    assert len(reply.claims[0].alternatives) == 1
