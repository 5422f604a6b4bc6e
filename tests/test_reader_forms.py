"""The forms in which visits are told, and the claims that come of them."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry, Line

CASES = Path(__file__).parent / "cases"
ROWS: list[dict[str, Any]] = [
    row
    for name in ("reader_forms.yaml", "reader_weighed.yaml")
    for row in yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
]
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(tmp_path_factory.mktemp("data"))


def answer(assistant: Assistant, said: str) -> Answer:
    return assistant.answer(Inquiry((said,), TODAY))


def billed(lines: list[Line]) -> Counter[str]:
    """Units by code and modifiers."""
    found: Counter[str] = Counter()
    for line in lines:
        found[" ".join([line.code, *sorted(line.modifiers)])] += line.units
    return found


def wanted(bill: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in bill.split(", "):
        code, units, *modifiers = line.split()
        found[" ".join([code, *sorted(modifiers)])] += int(units[1:])
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["say"])[:70])
def test_each_visit_gets_its_claim(assistant: Assistant, row: dict[str, Any]) -> None:
    reply = answer(assistant, row["say"])
    claims = [billed(claim.lines) for claim in reply.claims if claim.lines]
    for options in row.get("claims", []):
        fitting = [c for c in claims if c in [wanted(bill) for bill in options.split(" | ")]]
        assert fitting, f"{options} is not among {claims}"
        claims.remove(fitting[0])
    assert not claims
    if asked := row.get("asks"):
        assert any(asked in question.text for question in reply.questions), reply.text
    assert row.get("text_has", "") in reply.text
