"""Score a reader on TherapyBillBench; the built-in one unless an answers file is named.

python -m benchmarks.therapybillbench                      # both halves
python -m benchmarks.therapybillbench --half work --show   # with what went wrong
python -m benchmarks.therapybillbench --answers a.jsonl    # any other system's answers
python -m benchmarks.therapybillbench --questions q.jsonl  # what that system is to answer
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from benchmarks.therapybillbench import items as held
from benchmarks.therapybillbench.derive import TODAY
from benchmarks.therapybillbench.items import CATEGORIES, Item
from benchmarks.therapybillbench.scoring import faults

HALVES = ("work", "scored")
Answers = Callable[[Item], dict[str, Any] | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the accuracy by category and half; the result is the exit status."""
    options = _options(arguments)
    chosen = [
        item
        for item in held.load(tuple(options.category or CATEGORIES))
        if options.half in (None, item.half)
    ]
    if options.questions:
        _write_questions(chosen, options.questions)
        return 0
    answers = _from_file(options.answers) if options.answers else _built_in()
    started = time.perf_counter()
    right: Counter[tuple[str, str]] = Counter()
    for item in chosen:
        wrong = _faults(item, answers)
        right[item.half, item.category] += not wrong
        if wrong and options.show:
            print(_shown(item, wrong))
    print(_table(chosen, right))
    print(f"{len(chosen)} items in {time.perf_counter() - started:.1f} s")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.therapybillbench",
        description="Score a reader of therapy billing questions.",
    )
    parser.add_argument("--half", choices=HALVES, help="only this half of the items")
    parser.add_argument("--category", choices=CATEGORIES, action="append", help="only these items")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="JSON lines: {id, answers}")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="write {id, messages} here")
    parser.add_argument("--show", action="store_true", help="print each item that went wrong")
    return parser.parse_args(arguments)


def _write_questions(chosen: Sequence[Item], path: Path) -> None:
    lines = [json.dumps({"id": item.id, "messages": item.turns}) for item in chosen]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _built_in() -> Answers:
    assistant = Assistant.open()
    return lambda item: assistant.answer(Inquiry(item.turns, TODAY)).to_dict()


def _from_file(path: Path) -> Answers:
    """Answers of another system: one line a conversation, as `assistant ask --batch` writes."""
    last: dict[str, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry.get("answers"):
            last[entry["id"]] = entry["answers"][-1]
    return lambda item: last.get(item.id)


def _faults(item: Item, answers: Answers) -> list[str]:
    answer = answers(item)
    return ["no answer"] if answer is None else faults(item, answer)


def _shown(item: Item, wrong: Sequence[str]) -> str:
    said = " >> ".join(" / ".join(turn[:300].splitlines()) for turn in item.turns)
    return f"{item.id}: {said}\n    " + "\n    ".join(wrong)


def _table(chosen: Sequence[Item], right: Counter[tuple[str, str]]) -> str:
    asked = Counter((item.half, item.category) for item in chosen)
    halves = [h for h in HALVES if any(half == h for half, _ in asked)]
    rows = [f"{'':14}" + "".join(f"{half:>22}" for half in halves)]
    for category in (*CATEGORIES, "all"):
        cells = [_cell(half, category, asked, right) for half in halves]
        if any(cells):
            rows.append(f"{category:14}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(rows)


def _cell(
    half: str, category: str, asked: Counter[tuple[str, str]], right: Counter[tuple[str, str]]
) -> str:
    names = CATEGORIES if category == "all" else (category,)
    total = sum(asked[half, name] for name in names)
    good = sum(right[half, name] for name in names)
    return f"{good:>3} / {total:>3} {100 * good / total:6.1f} %" if total else ""


if __name__ == "__main__":
    sys.exit(main())
