"""Prove the unit rules: compare them with the oracle on every visit of 2 to 5 timed codes.

    python -m benchmarks.prove_units                 # all 2,542,199 visits, both rules
    python -m benchmarks.prove_units --sample 20000  # a seeded sample

Ends with status 1 at the first difference, printed with what either side bills.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from multiprocessing import Pool

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from assistant.rules import units
from tests import oracle

SHOWN = 10  # differences printed at most


def differences(visits: Iterable[Mapping[str, int]]) -> tuple[int, list[str]]:
    """How many visits were compared, and a line for each difference."""
    compared, found = 0, []
    for minutes in visits:
        compared += 1
        found += difference(minutes)
    return compared, found


def difference(minutes: Mapping[str, int]) -> list[str]:
    """A line for each rule that differs from the oracle on one visit."""
    pairs = (
        ("total time", units.by_total_time(minutes).result, oracle.total_time(minutes)),
        ("midpoint", units.by_midpoint(minutes).result, oracle.midpoint(minutes)),
    )
    return [
        f"{rule}: {dict(minutes)}: we bill {ours.alternatives}, "
        f"the oracle {sorted(map(sorted, bills))}"
        for rule, ours, bills in pairs
        if not agrees(ours, bills, sum(minutes.values()))
    ]


def agrees(ours: units.Allocation, bills: set[oracle.Bill], minutes: int) -> bool:
    """Whether an allocation offers exactly these bills, each once, its own choice among them."""
    offered = [frozenset(bill.items()) for bill in ours.alternatives]
    return (
        set(offered) == bills
        and len(offered) == len(bills)
        and offered[0] == frozenset(ours.units.items())
        and all(sum(n for _, n in bill) == ours.total_units for bill in bills)
        and ours.total_minutes == minutes
    )


def _shares() -> list[tuple[int, int]]:
    by_size = [
        (codes, least) for codes in oracle.SIZES for least in range(1, oracle.SIZES[codes] + 1)
    ]
    return sorted(by_size, key=lambda share: (-share[0], share[1]))  # the long ones first


def _compare_share(share: tuple[int, int]) -> tuple[int, list[str]]:
    codes, least = share
    return differences(oracle.multisets(codes, first=least))


def _compare_sample(seed_and_size: tuple[int, int]) -> tuple[int, list[str]]:
    seed, size = seed_and_size
    return differences(islice(oracle.sample(size, seed), size))


def prove(
    work: Iterator[tuple[int, list[str]]], expected: int, console: Console
) -> tuple[int, list[str]]:
    """Work through the shares under a progress bar; how many visits, and the differences."""
    compared, found = 0, []
    columns = (
        "[progress.description]{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("Visits compared", total=expected)
        for count, lines in work:
            compared += count
            found += lines
            progress.update(bar, completed=compared)
            if len(found) >= SHOWN:
                break
    return compared, found


def main(arguments: list[str] | None = None) -> int:
    """Compare, report, and return the exit status."""
    parser = argparse.ArgumentParser(description="Compare the unit rules with the oracle.")
    parser.add_argument("--sample", type=int, default=0, help="that many drawn visits, not all")
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args(arguments)
    console, started = Console(stderr=True), time.perf_counter()
    expected = chosen.sample or sum(map(oracle.how_many, oracle.SIZES))
    with Pool(chosen.processes) as pool:
        if chosen.sample:
            work = pool.imap_unordered(_compare_sample, [(chosen.seed, chosen.sample)])
        else:
            work = pool.imap_unordered(_compare_share, _shares())
        compared, found = prove(work, expected, console)
    print("\n".join(found[:SHOWN]), end="\n" if found else "")
    verdict = "differ" if found else "equal, ties as sets"
    seconds = time.perf_counter() - started
    print(f"{compared:,} of {expected:,} visits, both rules: {verdict}; {seconds:.0f} s.")
    return 1 if found or compared != expected else 0


if __name__ == "__main__":
    sys.exit(main())
