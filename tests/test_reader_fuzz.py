"""No input makes the reader fail, and none takes long."""

import random
import time
from collections.abc import Iterator
from datetime import date

import pytest

from assistant.answering import LONGEST, Assistant
from assistant.conversation import Inquiry
from benchmarks.therapybillbench import items

HOW_MANY = 120  # by hand: 1,000 and more, with other seeds
SLOWEST = 2.0  # seconds of one answer
SEED = 20261121
TURNS = [turn for item in items.load() for turn in item.turns if len(turn) < LONGEST]
JUNK = (
    "97110", "min", "PTA", "-5", "9999", "10:05-", "(", ")", "'", "\n", "|", ",,", "\u2264",
    "\u0663\u0660", "minutes each", "of which", "2/30/2026", "$2,400", "1e9", "\0", "\u202e",
    "half an hour", "97110-59", "25:99", "a" * 50, "\u00bd hour", "remove", "add", "no,",
)  # fmt: skip


def mutated(draw: random.Random, text: str) -> str:
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(text) + 1)
        span = text[at : at + draw.randint(1, 20)]
        text = draw.choice(
            [
                text[:at] + text[at + draw.randint(1, 6) :],
                text[:at] + draw.choice(JUNK) + text[at:],
                text[:at] + span + text[at:],
                text[:at] + chr(draw.randrange(32, 0x3000)) + text[at:],
                text.upper(),
                text.replace(" ", draw.choice(["", "  ", "\t", "\n"])),
            ]
        )
    return text


def conversations() -> Iterator[tuple[str, ...]]:
    draw = random.Random(SEED)
    for n in range(HOW_MANY):
        kind = n % 10
        if kind < 7:
            turns = draw.choice([1, 1, 2, 3])
            yield tuple(mutated(draw, draw.choice(TURNS)) for _ in range(turns))
        elif kind == 7:
            yield ("".join(chr(draw.randrange(32, 0x3000)) for _ in range(300)),)
        else:
            piece = mutated(draw, draw.choice(TURNS)) + draw.choice(["", " ", "\n", ", "])
            yield ((piece * LONGEST)[: draw.choice([500, 2_000, LONGEST])],)


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
    slow = []
    for said in conversations():
        started = time.perf_counter()
        reply = assistant.answer(Inquiry(said, date(2026, 11, 21)))
        if time.perf_counter() - started > SLOWEST:
            slow.append(said)
        assert reply.text
    assert slow == []


@pytest.mark.parametrize("said", HOSTILE, ids=lambda said: said[:30])
def test_hostile_messages_are_answered_in_time(assistant: Assistant, said: str) -> None:
    started = time.perf_counter()
    assert assistant.answer(Inquiry((said,), date(2026, 11, 21))).text
    assert time.perf_counter() - started < SLOWEST
