"""The benchmark's expected bills agree with their second computation, and its scorer is exact."""

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.therapybillbench import __main__ as command
from benchmarks.therapybillbench import bills, derive, items
from benchmarks.therapybillbench.scoring import CHECKS

ITEMS = items.load()
LEAST = {
    "units": 200,
    "assistants": 60,
    "modifiers": 100,
    "code_choice": 150,
    "conversations": 60,
    "traps": 60,
}
DERIVED = [item for item in ITEMS if item.given]


def expected(item: items.Item) -> list[str | list[str]]:
    one = item.expect.get("bill")
    return item.expect["claims"] if one is None else [one]


def permitted(wanted: str | list[str]) -> frozenset[bills.Bill]:
    return frozenset(bills.parse(one) for one in ([wanted] if isinstance(wanted, str) else wanted))


@pytest.mark.parametrize("item", DERIVED, ids=lambda item: item.id)
def test_the_second_computation_agrees(item: items.Item) -> None:
    wanted = expected(item)
    given = item.given.split(" ; ")
    around = item.by.split(" ; ") if " ; " in item.by else [item.by] * len(given)
    computed = [
        derive.bills(derive.read(minutes, by)) for minutes, by in zip(given, around, strict=True)
    ]
    assert computed == [permitted(one) for one in wanted]


def test_every_item_is_whole() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS) >= 600
    assert len(DERIVED) >= 300
    counted = Counter(item.category for item in ITEMS)
    assert all(counted[category] >= least for category, least in LEAST.items())
    for item in ITEMS:
        assert item.source
        assert item.expect.keys() <= CHECKS.keys()


def test_the_halves_are_about_even() -> None:
    work = sum(item.half == "work" for item in ITEMS)
    assert 0.45 < work / len(ITEMS) < 0.55


def test_another_systems_answers_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    assert command.main(["--category", "traps", "--questions", str(questions)]) == 0
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    declined = {"kind": "declined", "text": "", "claims": [], "code_choices": []}
    declined |= {"questions": [], "citations": []}
    answers.write_text(
        "\n".join(json.dumps({"id": q["id"], "answers": [declined]}) for q in asked[1:]),
        encoding="utf-8",
    )
    assert command.main(["--category", "traps", "--answers", str(answers), "--show"]) == 0
    printed = capsys.readouterr().out
    assert f"{asked[0]['id']}:" in printed
    assert "no answer" in printed
    assert "kind declined instead of clarify" in printed
