"""Which minutes are of which code: every form in which they are written, read as meant or asked."""

from typing import Any

import pytest
import yaml

from assistant.answering import Assistant
from assistant.conversation import Answer, Claim
from tests.test_reader import CASES, answer

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (CASES / "reader_minutes.yaml").read_text(encoding="utf-8")
)
ALWAYS_ASKED = ("Whose plan of care is it", "Which payer?")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


def told(assistant: Assistant, claim: Claim) -> str:
    """The minutes of each timed code, billed or not, and the untimed codes."""
    sums: dict[str, int] = {}
    for one in (*claim.lines, *claim.unbilled):
        sums[one.code] = sums.get(one.code, 0) + (one.minutes or 0)
    timed = {code for code in sums if assistant.knowledge.code(code).is_timed}
    return ", ".join(f"{c} {sums[c]}" if c in timed else c for c in sorted(sums))


def asks(reply: Answer) -> bool:
    """Whether more is asked than payer and discipline, which most of the messages leave out."""
    return any(not question.text.startswith(ALWAYS_ASKED) for question in reply.questions)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["say"])[:70])
def test_minutes_go_where_they_were_meant(assistant: Assistant, row: dict[str, Any]) -> None:
    reply = answer(assistant, row["say"])
    if "minutes" in row:
        assert " | ".join(told(assistant, c) for c in reply.claims) == row["minutes"], reply.text
    else:
        assert asks(reply), reply.text
