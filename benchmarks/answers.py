"""How long a person waits for an answer, from a cold command and in a warm process."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from benchmarks import Figure

TODAY = date(2026, 11, 21)
ROUNDS = 40
COLD_RUNS = 5

VISITS = (
    "10 min shoulder pulleys (97110) + 20 min lifting boxes to a shelf (97530), Medicare, PT",
    "18 min 97110 10:05-10:23, then 15 min 97530 10:25-10:40",
    "PTA 23 minutes and PT 13 minutes of 97110, PT 30 minutes of 97140, Medicare",
    "97110 25 min, 97140 15 min, 97530 15 min, 97112 10 min, Aetna, PT, at $2,400 this year",
    "standing balance while folding towels 15 min, one-handed dressing training 15 min",
)
RULES = (
    "can I bill 97110 and 97530 on the same day? do I need 59?",
    "how often is a progress report due",
    "what supervision does an assistant need in private practice?",
    "how does the 8-minute rule work?",
    "difference between 97530 and 97535",
)


def run(data: Path) -> Iterable[Figure]:
    """Cold commands, warm answers with and without passages, resident memory."""
    yield _cold("billing scenario", VISITS[0], data, 0.6)
    yield _cold("question about a rule", RULES[1], data, 2.0)
    assistant = Assistant.open(data)
    yield from _warm("without passages", VISITS, assistant, 10, 30)
    yield from _warm("with passages", RULES, assistant, 25, 60)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("peak resident memory, MB, of this process", f"{peak:.0f}")
    assistant.library.close()


def _cold(what: str, message: str, data: Path, target: float) -> Figure:
    command = [sys.executable, "-m", "assistant", "ask", message]
    environment = {**os.environ, "ASSISTANT_DATA": str(data)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    taken = []
    for _ in range(1 + COLD_RUNS):  # the first writes what Python compiles of changed files
        start = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    median = statistics.median(taken[1:])
    return Figure(
        f"cold command, {what}, s, median of {COLD_RUNS}",
        f"{median:.2f}",
        f"<= {target}",
        median <= target,
    )


def _warm(
    what: str, messages: Sequence[str], assistant: Assistant, p50_target: int, p95_target: int
) -> Iterable[Figure]:
    inquiries = [Inquiry((message,), TODAY) for message in messages]
    for inquiry in inquiries:
        assistant.answer(inquiry)
    taken = []
    for _ in range(ROUNDS):
        for inquiry in inquiries:
            start = time.perf_counter()
            assistant.answer(inquiry)
            taken.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(taken, n=20)
    for name, value, target in (("p50", cuts[9], p50_target), ("p95", cuts[18], p95_target)):
        yield Figure(
            f"warm answer {what}, ms, {name}", f"{value:.1f}", f"<= {target}", value <= target
        )
