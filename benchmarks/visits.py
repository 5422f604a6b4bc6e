"""How long one visit's review takes, and a file of them from CSV to CSV, with how much memory."""

from __future__ import annotations

import csv
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from assistant import knowledge as knowledge_base
from assistant.claim import Clinician, Discipline, Service, Visit
from assistant.rules import visit as rules
from assistant.visit_rows import COLUMNS
from benchmarks import Figure
from benchmarks.folders import run_command

_SEED = 20260101
_ONE_BY_ONE = 20_000
_FILE, _SMALL_FILE = 100_000, 10_000
_MEDIAN, _PER_SECOND = 300, 3_000  # microseconds; visits
_FLAT = 1.05  # the peak of ten times the visits, held against that of the small file

_TIMED = ("97110", "97112", "97116", "97140", "97530", "97535", "97032", "97035", "97150", "97129")
_UNTIMED = ("97161", "97164", "97010", "G0283", "97012")
_PAYERS = ("medicare", "medicare", "medicare", "aetna", "anthem", "cigna", "premera", None)
_SIZES = (1, 2, 2, 3, 3, 3, 4, 5)  # codes of a visit


def visits(count: int) -> Iterator[Visit]:
    """Visits such as a clinic's week brings, always the same ones."""
    draw = random.Random(_SEED)
    for _ in range(count):
        codes = draw.sample(_TIMED, draw.choice(_SIZES))
        services = [_service(code, draw) for code in codes]
        if draw.random() < 0.2:
            services.append(Service(draw.choice(_UNTIMED), 15))
        yield Visit(
            services=tuple(services),
            date_of_service=date(2026, draw.randint(1, 12), draw.randint(1, 28)),
            payer=draw.choice(_PAYERS),
            discipline=draw.choice((Discipline.PT, Discipline.PT, Discipline.OT)),
            separate=draw.choice((None, True)),
            allowed_before=Decimal(draw.randint(0, 3500)) if draw.random() < 0.5 else None,
        )


def _service(code: str, draw: random.Random) -> Service:
    by = Clinician.ASSISTANT if draw.random() < 0.15 else Clinician.THERAPIST
    return Service(code, draw.randint(5, 38), by)


def run(data: Path) -> Iterator[Figure]:
    yield from _one_by_one()
    with tempfile.TemporaryDirectory(prefix="visits-") as folder:
        small = _reviewed(_SMALL_FILE, Path(folder), data)
        large = _reviewed(_FILE, Path(folder), data)
    rate = _FILE / large[0]
    yield Figure(
        f"{_FILE:,} visits, CSV to CSV, one core",
        f"{rate:,.0f} visits/s",
        f">= {_PER_SECOND:,} visits/s",
        rate >= _PER_SECOND,
    )
    yield Figure(
        f"peak memory, {_SMALL_FILE:,} and {_FILE:,} visits",
        f"{small[1] / 1e6:.1f} MB, {large[1] / 1e6:.1f} MB",
        f"within {_FLAT - 1:.0%}",
        large[1] <= small[1] * _FLAT,
    )


def _one_by_one() -> Iterator[Figure]:
    knowledge, taken = knowledge_base.load(), []
    for number, visit in enumerate(visits(_ONE_BY_ONE)):
        started = time.perf_counter()
        rules.review(visit, knowledge)
        if number >= _ONE_BY_ONE // 20:  # the first ones read the knowledge base
            taken.append((time.perf_counter() - started) * 1e6)
    median, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[-1]
    yield Figure("one review, median", f"{median:.0f} µs", f"<= {_MEDIAN} µs", median <= _MEDIAN)
    yield Figure("one review, p99", f"{p99:.0f} µs")


def _reviewed(count: int, folder: Path, data: Path) -> tuple[float, int]:
    """Seconds and peak memory of `assistant review` over a file of that many visits."""
    source, target = folder / "visits.csv", folder / "lines.csv"
    _write(source, count)
    ran = run_command(["-m", "assistant", "review", str(source), "--out", str(target)], data)
    return ran.seconds, ran.peak


def _write(path: Path, count: int) -> None:
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, list(COLUMNS))
        rows.writeheader()
        for number, visit in enumerate(visits(count), start=1):
            rows.writerows(
                {
                    "visit": f"V{number}",
                    "date_of_service": visit.date_of_service,
                    "payer": visit.payer,
                    "discipline": visit.discipline,
                    "code": service.code,
                    "minutes": service.minutes,
                    "clinician": service.by,
                    "separate": "yes" if visit.separate else "",
                    "allowed_before": visit.allowed_before,
                }
                for service in visit.services
            )
