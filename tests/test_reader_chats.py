"""Whole chats, held to what must come back after every turn: lines, a question, or no change."""

import re
from collections import Counter
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.conversation import Answer, AnswerKind
from tests.test_reader import answer, bills, cases


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


def chats() -> list[list[tuple[str, str]]]:
    """Each chat's turns: what is said, and what must come back."""
    return [list(row.items()) for row in cases("reader_chats.yaml")]


@pytest.mark.parametrize("chat", chats(), ids=lambda chat: str(chat[0][0])[:60])
def test_every_turn_of_a_chat(assistant: Assistant, chat: list[tuple[str, str]]) -> None:
    stood: list[Counter[str]] = []
    for n, (_, wanted) in enumerate(chat):
        reply = answer(assistant, *(said for said, _ in chat[: n + 1]))
        permitted = wanted.split(" | ")
        told = f"{[said for said, _ in chat[: n + 1]]}: {wanted}\n{reply.text}"
        assert any(holds(reply, one, stood) for one in permitted), told
        assert says_what_changed(reply, stood), told
        stood = bills(reply)[:1] if len(reply.claims) == 1 else stood


def says_what_changed(reply: Answer, stood: list[Counter[str]]) -> bool:
    """Whether a claim after another says «Changed», or that it stands and its lines do.

    Args:
        stood: the lines of the claim before.
    """
    if len(reply.claims) != 1 or not stood:
        return True
    told = "**Changed**" in reply.text or "othing changed" in reply.text
    return told and (bool(reply.changes) or bills(reply)[:1] == stood)


def holds(reply: Answer, wanted: str, stood: list[Counter[str]]) -> bool:
    """Whether the reply is what the case says.

    Args:
        stood: the lines of the claim before.
    """
    if wanted == "asks":
        return bool(reply.questions) or reply.kind is AnswerKind.CLARIFY
    if wanted == "same":
        return not reply.claims or bills(reply)[:1] == stood
    if wanted == "kept":
        said_so = bool(reply.questions) or "could not" in reply.text
        return said_so and holds(reply, "same", stood)
    if wanted.startswith("rule: "):
        said = re.search(wanted.removeprefix("rule: "), reply.text, re.I)
        return reply.kind is AnswerKind.GUIDANCE and bool(said)
    if wanted.startswith("says: "):
        return bool(re.search(wanted.removeprefix("says: "), reply.text, re.I))
    lines, *about = wanted.split("; ")
    if len(reply.claims) != 1 or Counter(lines.split(", ")) not in bills(reply):
        return False
    return all(_is_so(reply, one) for one in about)


def _is_so(reply: Answer, about: str) -> bool:
    """«PT», the visit's discipline, or «97110 12 min», a code's minutes."""
    claim: Any = reply.claims[0]
    if not about.endswith(" min"):
        return bool(claim.discipline == about)
    code, minutes, _ = about.split()
    spent = sum(line.minutes or 0 for line in claim.lines if line.code == code)
    return spent == int(minutes)
