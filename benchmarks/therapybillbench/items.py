"""Items of the benchmark: what is said, what must come back, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CATEGORIES = ("units", "assistants", "modifiers", "code_choice", "conversations", "traps")
SEED = "therapybillbench-1"
LONG = 120_000  # characters of the message written as @huge


@dataclass(frozen=True, slots=True)
class Item:
    """One conversation and what its last answer must hold.

    Attributes:
        turns: the user's messages in order.
        expect: what is checked; the keys are explained in the README.
        given: the facts that the words state, for the second computation; "" where none.
        by: discipline, day, counting rule and the like, for the second computation.
        source: the rule or document that the expected answer follows.
    """

    id: str
    category: str
    turns: tuple[str, ...]
    expect: dict[str, Any]
    given: str
    by: str
    source: str

    @property
    def half(self) -> str:
        """`work` or `scored`, by a fixed seed: adding items moves no other item."""
        digest = hashlib.sha256(f"{SEED}:{self.id}".encode()).digest()
        return "work" if digest[0] % 2 else "scored"


def load(categories: tuple[str, ...] = CATEGORIES) -> list[Item]:
    """Every item of the categories, in file order."""
    return [item for category in categories for item in _read(category)]


def _read(category: str) -> Iterator[Item]:
    text = (HERE / "items" / f"{category}.yaml").read_text(encoding="utf-8")
    for entry in yaml.load(text, yaml.CSafeLoader):
        said = entry["say"]
        turns = (said,) if isinstance(said, str) else tuple(said)
        yield Item(
            id=entry["id"],
            category=category,
            turns=tuple("97110 20 min. " * (LONG // 15) if t == "@huge" else t for t in turns),
            expect=entry["expect"],
            given=entry.get("given", ""),
            by=str(entry.get("by", "")),
            source=entry["source"],
        )
