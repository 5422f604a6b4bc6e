"""Measures what the README promises; `python -m benchmarks` prints one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        what: what was measured, with its unit or its columns.
        value: as it is printed.
        target: what we want, as it is printed; "" where there is none.
        met: whether it is; None where there is none.
    """

    what: str
    value: str
    target: str = ""
    met: bool | None = None


# Name to module. A benchmark is a module with `run(data: Path) -> Iterable[Figure]`; `data` is a
# data folder of its own, in which the passages and the index of the shipped knowledge are built.
# One that takes minutes may name `PARTS`, which can be run alone: `web:rate`.
# What measures a child's memory comes first: a child starts with the size of this process.
BENCHMARKS: Mapping[str, str] = {
    "visits": "benchmarks.visits",
    "answers": "benchmarks.answers",
    "ingest": "benchmarks.ingest",
    "retrieval": "benchmarks.retrieval",
    "growth": "benchmarks.growth",
    "consults": "benchmarks.consults",
    "web": "benchmarks.web",
}


def measure(name: str, data: Path) -> Iterable[Figure]:
    """Run one benchmark, or a part of it."""
    name, _, part = name.partition(":")
    module = import_module(BENCHMARKS[name])
    run: Callable[[Path], Iterable[Figure]] = module.PARTS[part] if part else module.run
    return run(data)


def is_known(name: str) -> bool:
    """Whether there is such a benchmark, or such a part of one."""
    name, _, part = name.partition(":")
    if name not in BENCHMARKS:
        return False
    return not part or part in getattr(import_module(BENCHMARKS[name]), "PARTS", {})
