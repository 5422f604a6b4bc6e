"""No input makes the reader fail, and none takes long."""

import time
from datetime import date

import pytest

from assistant.answering import LONGEST, Assistant
from assistant.conversation import Inquiry
from benchmarks.fuzz.__main__ import run
from benchmarks.fuzz.inputs import SEED

HOW_MANY = 120  # `python -m benchmarks.fuzz` tries 2,000
SLOWEST = 2.0  # seconds of one answer

HOSTILE = [
    "(" * LONGEST,
    "97110 " * (LONGEST // 6),
    "15 min " * (LONGEST // 7),
    "1,2,3,4," * (LONGEST // 8),
    "10:00-10:15 " * (LONGEST // 12),
    "PT and PTA " * (LONGEST // 11),
    "a" * LONGEST,
    "1" * LONGEST,
    " " * (LONGEST - 5) + "97110",
    "-" * LONGEST,
    "of which the PTA did 10 " * (LONGEST // 24),
    "Patient A: 97110 15 min. Patient B: 97110 15 min. " * (LONGEST // 50),
    "97110 15 min >> ",
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


def test_mutated_and_random_messages_are_answered(assistant: Assistant) -> None:
    taken, wrong = run(assistant, HOW_MANY, SEED)
    assert wrong == []
    assert {kind: max(seconds) for kind, seconds in taken.items() if max(seconds) > SLOWEST} == {}


@pytest.mark.parametrize("said", HOSTILE, ids=lambda said: said[:30])
def test_hostile_messages_are_answered_in_time(assistant: Assistant, said: str) -> None:
    started = time.perf_counter()
    assert assistant.answer(Inquiry((said,), date(2026, 11, 21))).text
    assert time.perf_counter() - started < SLOWEST
