"""No input makes the reader fail. How long answers take, `python -m benchmarks.fuzz` measures."""

import pytest

from assistant.answering import Assistant
from benchmarks.fuzz.__main__ import run
from benchmarks.fuzz.inputs import HOSTILE, SEED, conversations

HOW_MANY = 45  # `python -m benchmarks.fuzz` tries 2,000


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


def test_mutated_and_random_messages_are_answered(assistant: Assistant) -> None:
    taken, wrong = run(assistant, conversations(HOW_MANY, SEED + 1))
    assert wrong == []
    assert set(taken) == {"mutated", "unicode", "huge", "nested", "blocks"}


def test_hostile_messages_are_answered(assistant: Assistant) -> None:
    shorter = (("hostile", (said[:2_000],)) for said in HOSTILE)
    assert run(assistant, shorter)[1] == []


def test_a_seed_gives_the_same_inputs() -> None:
    assert list(conversations(30, 3)) == list(conversations(30, 3))
