"""`assistant evaluate`: the repository's benchmark, asked of a language model several times."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.errors import AssistantError
from assistant.folders import CHECKOUT

BENCHMARK = "benchmarks.therapybillbench"


class NoBenchmark(AssistantError):
    """The benchmark is not here; the message says where it is."""


@dataclass(slots=True)
class Tally:
    """What was measured.

    Attributes:
        right: item id to how many of its runs were right.
        rejected: drafts that the firewall refused.
        worded: answers in the model's words.
        trouble: kind of trouble to how often it ended an answer's wording.
    """

    right: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    answers: int = 0
    worded: int = 0
    rejected: int = 0
    drafts: int = 0
    tokens_read: int = 0
    tokens_written: int = 0
    trouble: dict[str, int] = field(default_factory=dict)

    def add(self, answer: Answer, seconds: float) -> None:
        """Count one answer."""
        told = answer.model or {}
        self.answers += 1
        self.seconds.append(seconds)
        self.worded += told.get("worded_by", "embedded") != "embedded"
        rejected = len(told.get("drafts_rejected", []))
        self.rejected += rejected
        self.drafts += rejected + (told.get("worded_by", "embedded") != "embedded")
        self.tokens_read += told.get("use", {}).get("tokens_read", 0)
        self.tokens_written += told.get("use", {}).get("tokens_written", 0)
        if kind := told.get("trouble"):
            self.trouble[kind] = self.trouble.get(kind, 0) + 1


def run(
    assistant: Assistant,
    times: int,
    most: int | None,
    prices: tuple[float, float] | None,
    out: Path | None,
    say: Callable[[str], None] = print,
) -> Path:
    """Ask every item so many times, print the figures, and write the result file.

    Args:
        most: how many items, the first ones; None for all.
        prices: dollars for a million tokens read and written, where the cost is wanted.
        out: folder of the result file; the working folder where left out.

    Raises:
        NoBenchmark: this is no checkout of the repository.
    """
    items, faults, today = _benchmark()
    chosen = items[:most]
    tally = Tally()
    for n, item in enumerate(chosen, 1):
        tally.right[item.id] = sum(
            _once(assistant, item, faults, today, tally) for _ in range(times)
        )
        if n % 25 == 0:
            say(f"{n} of {len(chosen)} items")
    figures = _figures(assistant.engine, tally, times, prices)
    for name, value in figures.items():
        say(f"{name:<34} {value}")
    return _write(figures, tally, out or Path.cwd())


def _once(
    assistant: Assistant, item: Any, faults: Callable[..., list[str]], today: date, tally: Tally
) -> bool:
    started = time.perf_counter()
    answer = assistant.answer(Inquiry(item.turns, today))
    tally.add(answer, time.perf_counter() - started)
    return not faults(item, answer.to_dict())


def _benchmark() -> tuple[Sequence[Any], Callable[..., list[str]], date]:
    try:
        items = import_module(f"{BENCHMARK}.items").load()
        faults = import_module(f"{BENCHMARK}.scoring").faults
        today = import_module(f"{BENCHMARK}.derive").TODAY
    except ModuleNotFoundError as error:
        raise NoBenchmark(
            f"The benchmark is not installed with the package: run this in a checkout "
            f"(here it would be under {CHECKOUT})."
        ) from error
    return items, faults, today


def _figures(
    engine: str, tally: Tally, times: int, prices: tuple[float, float] | None
) -> dict[str, Any]:
    asked = len(tally.right) * times
    figures: dict[str, Any] = {
        "engine": engine,
        "items": len(tally.right),
        "times": times,
        "claim accuracy": _share(sum(tally.right.values()), asked),
        **{f"pass^{k} (right {k} times of {k})": _pass(tally, times, k) for k in _powers(times)},
        "answers in the model's words": _share(tally.worded, tally.answers),
        "drafts rejected by the firewall": _share(tally.rejected, tally.drafts),
        "tokens read": tally.tokens_read,
        "tokens written": tally.tokens_written,
        "seconds an answer, median": round(statistics.median(tally.seconds), 3),
        "seconds an answer, slowest": round(max(tally.seconds), 3),
        "trouble": tally.trouble or "none",
    }
    if prices is not None:
        cost = tally.tokens_read * prices[0] + tally.tokens_written * prices[1]
        figures["cost, dollars"] = round(cost / 1e6, 4)
    return figures


def _powers(times: int) -> list[int]:
    """1, 2, 4 … and the number of times itself."""
    return sorted({2**n for n in range(times.bit_length()) if 2**n <= times} | {times})


def _pass(tally: Tally, times: int, k: int) -> str:
    """The chance that k runs of an item are all right, over the items, from all its runs."""
    chances = [math.comb(right, k) / math.comb(times, k) for right in tally.right.values()]
    return f"{100 * statistics.mean(chances):.1f} %" if chances else "none"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}, {100 * part / whole:.1f} %" if whole else "none"


def _write(figures: dict[str, Any], tally: Tally, folder: Path) -> Path:
    now = datetime.now(UTC)
    name = "".join(ch if ch.isalnum() else "-" for ch in str(figures["engine"]))
    path = folder / f"evaluation-{name}-{now:%Y-%m-%dT%H%M%SZ}.json"
    told = {"at": now.isoformat(timespec="seconds"), **figures, "right": tally.right}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
