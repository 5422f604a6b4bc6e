"""What is masked at the door, and what is not."""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.privacy import mask
from benchmarks.therapybillbench import items

CASES = Path(__file__).parent / "cases"
NOTES = yaml.safe_load((CASES / "privacy.yaml").read_text(encoding="utf-8"))
CLEAN = [
    turn
    for item in items.load()
    if "masked" not in item.expect and not item.id.startswith("traps")
    for turn in item.turns
] + [
    row["says"]
    for group in yaml.safe_load((CASES / "code_choice.yaml").read_text(encoding="utf-8"))
    for row in group["rows"]
]


@pytest.mark.parametrize("row", NOTES, ids=lambda row: row["note"][:60])
def test_no_identifier_is_left(row: dict[str, Any]) -> None:
    masked = mask(row["note"])
    assert [hidden for hidden in row["hidden"] if hidden in masked.text] == []
    assert masked.found


@pytest.mark.parametrize("row", NOTES, ids=lambda row: row["note"][:60])
def test_what_was_billed_stays(row: dict[str, Any]) -> None:
    masked = mask(row["note"]).text
    billed = ("97110", "97530", "97535", "92507", " min", "TE 20", "11/3/2026", "$2,400", "10:05")
    assert [kept for kept in billed if row["note"].count(kept) != masked.count(kept)] == []


def test_nothing_is_masked_in_clean_messages() -> None:
    assert len(CLEAN) >= 300
    assert {text: found for text in CLEAN if (found := mask(text).found)} == {}


def test_every_kind_has_notes() -> None:
    kinds = {kind for row in NOTES for kind in mask(row["note"]).found}
    assert {row["kind"] for row in NOTES} - {"several"} <= kinds


def test_long_text_is_masked_in_time() -> None:
    started = time.perf_counter()
    for text in ("a" * 20_000, "Patient A" * 2_500, "1.1." * 5_000, "Aa " * 6_600, "5-" * 10_000):
        mask(text)
    assert time.perf_counter() - started < 5
