"""`python -m benchmarks.fuzz`: 2,000 fuzzed conversations; no exception, none over two seconds."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import chain
from pathlib import Path

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from benchmarks.fuzz.inputs import HOSTILE, SEED, conversations

HOW_MANY = 2_000
SLOWEST = 2.0  # processor seconds of one answer
TODAY = date(2026, 11, 21)


def main() -> int:
    """Print figures by kind of input; 1 where one fails or takes too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--many", type=int, default=HOW_MANY)
    parser.add_argument("--data", type=Path, help="a data folder with an index; none by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        assistant = Assistant.open(options.data or Path(folder))
        assistant.answer(Inquiry(("10 min 97110, Medicare, PT",), TODAY))
        hostile = (("hostile", (said,)) for said in HOSTILE)
        taken, wrong = run(assistant, chain(conversations(options.many, options.seed), hostile))
        assistant.close()
    for kind, seconds in sorted(taken.items()):
        middle = sorted(seconds)[len(seconds) // 2]
        print(f"{kind:<10}{len(seconds):>6}  median {middle:.3f} s, slowest {max(seconds):.3f} s")
    every = [one for seconds in taken.values() for one in seconds]
    slow = sum(one > SLOWEST for one in every)
    print(f"{len(every):,} inputs: {len(wrong)} exceptions (0), {slow} over {SLOWEST} s (0)")
    for shown in wrong:
        print("   ", shown)
    return 1 if wrong or slow else 0


def run(
    assistant: Assistant, inputs: Iterable[tuple[str, tuple[str, ...]]]
) -> tuple[dict[str, list[float]], list[tuple[str, str]]]:
    """Seconds by kind of input, and what failed."""
    taken: dict[str, list[float]] = defaultdict(list)
    wrong: list[tuple[str, str]] = []
    for kind, said in inputs:
        started = time.process_time()
        try:
            text = assistant.answer(Inquiry(said, TODAY)).text
        except Exception as error:
            wrong.append((repr(said)[:300], repr(error)))
            text = "-"
        taken[kind].append(time.process_time() - started)
        if not text:
            wrong.append((repr(said)[:300], "no text"))
    return taken, wrong


if __name__ == "__main__":
    sys.exit(main())
