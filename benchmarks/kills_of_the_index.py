"""Kills ingest at random moments and looks at what is left.

`python -m benchmarks.kills_of_the_index [--kills 100] [--seed 1]`

Each round starts one of add, remove and rebuild, waits until it has the lock of the data folder,
and sends SIGKILL after a random part of the time that an undisturbed run takes; every fourth round
in its last sixth, where the new index is checked and takes the old one's place. Every other round
kills only the command and leaves the process that writes the index behind, as a user's kill would.
Then another process opens what is left: the index must serve, every vector must find itself, every
passage must be found by its own vector or, while the index is a step behind, by its own words, and
no document may be half there.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.library.locking import FileLock
from assistant.library.store import FILE, Store
from benchmarks.folders import build_data
from ingest.building import LOCK_FILE

WHAT = ("add", "rebuild", "remove")
_READY_SECONDS = 120.0
_LOOK = 0.005  # seconds between looks
_SWAPS_FROM = 5 / 6  # of a run's time


@dataclass(slots=True)
class Outcome:
    """What was left after the kills."""

    rounds: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    finished: int = 0  # runs that were done before their kill
    lost_indexes: int = 0
    missing_passages: int = 0
    faults: list[str] = field(default_factory=list)


def _command(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", *arguments],
        env={**os.environ, "ASSISTANT_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path) -> None:
    """Until the command has the lock of the data folder, and so has begun."""
    ends = time.monotonic() + _READY_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        lock = FileLock(data / LOCK_FILE)
        if not lock.take():
            return
        lock.release()
        time.sleep(_LOOK)


def _arguments(what: str, papers: Path, number: int) -> tuple[str, ...]:
    if what == "add":
        return ("add", str(write_paper(papers, number)))
    return ("remove", "document:kept-paper-1") if what == "remove" else ("rebuild",)


def write_paper(papers: Path, number: int, name: str = "paper") -> Path:
    """A document of its own for every round, so that there is something to do."""
    text = f"# {name.title()} paper {number}\n\n" + "\n\n".join(
        f"## Matter {part}\n\nParagraph {part} of {name} paper {number} says that claim "
        f"{number * 100 + part} is sent with its note within {part + 10} days."
        for part in range(6)
    )
    path = papers / f"{name}-{number}.md"
    path.write_text(text, encoding="utf-8")
    return path


def undisturbed(data: Path, papers: Path) -> dict[str, float]:
    """Seconds that each command takes from readiness, undisturbed."""
    found = {}
    for what in WHAT:
        process = _command(data, *_arguments(what, papers, 0))
        _wait_until_ready(process, data)
        began = time.monotonic()
        process.wait()
        found[what] = time.monotonic() - began
        _mended(data, papers)
    return found


def _mended(data: Path, papers: Path) -> None:
    """A command that runs to its end, and leaves the kept paper there for the next removal."""
    _command(data, "add", str(write_paper(papers, 1, "kept"))).wait()


def kill_once(data: Path, papers: Path, number: int, after: float, *, alone: bool) -> bool:
    """Whether the command was killed while it ran; `alone` leaves its children alive."""
    what = WHAT[number % len(WHAT)]
    process = _command(data, *_arguments(what, papers, number + 10))
    _wait_until_ready(process, data)
    time.sleep(after)
    running = process.poll() is None
    if running:
        (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
    process.wait()
    return running


def look(data: Path) -> dict[str, int]:
    """What another process finds: whether the index serves, and the passages that are missing.

    In a process of its own, because a broken index ends the process that opens it.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills_of_the_index", "--look", str(data)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"serves": 0, "missing": 0, "crashed": 1}
    found: dict[str, int] = json.loads(done.stdout)
    return found


def _look(data: Path) -> dict[str, int]:
    """Whether the index opens whole, and how many passages nothing finds."""
    from assistant.library.index import open_index

    store = Store(data / FILE)
    pointer = store.pointer()
    if pointer is None:
        return {"serves": 0, "missing": 0}
    index = open_index(data, pointer)  # counts the entries, or raises
    by_vector = _found_by_vector(index, store, pointer.fingerprint)
    index.close()
    passages = store.passages()
    behind = pointer.content != store.content()
    missing = [one for one in passages if one.id not in by_vector]
    if behind:  # what was added since the index was made is found by its words
        missing = [one for one in missing if not _found_by_words(store, one.id, one.text)]
    half = sum(not store.passages(one.id) for one in store.documents())
    return {"serves": 1, "missing": len(missing) + half}


def _found_by_vector(index: object, store: Store, fingerprint: str) -> set[str]:
    """The passages whose own text, as a vector, finds them."""
    import numpy as np

    from assistant.library.index import entries, missing_entries
    from ingest.indexing import text_hash

    texts = {entry: text for one in store.passages() for entry, text in entries(one)}
    own = {entry: text for entry, text in texts.items() if "#" not in entry}
    held = store.vectors({text_hash(text) for text in own.values()}, fingerprint)
    ids = [entry for entry, text in own.items() if text_hash(text) in held]
    vectors = np.stack([np.frombuffer(held[text_hash(own[one])], dtype=np.float32) for one in ids])
    lost = set(missing_entries(index._collection, ids, vectors))  # type: ignore[attr-defined]
    return set(ids) - lost


def _found_by_words(store: Store, passage: str, text: str) -> bool:
    words = dict.fromkeys(word for word in text.lower().split() if word.isalnum())
    match = " OR ".join(f'"{word}"' for word in list(words)[:40])
    return passage in dict(store.found_by_words(match, 50))


def run(data: Path, papers: Path, kills: int, seed: int) -> Iterator[Outcome]:
    """The outcome after each round, until so many were killed; runs that were done do not count."""
    chance = random.Random(seed)
    lasts = undisturbed(data, papers)
    outcome = Outcome()
    for number in itertools.count():
        if outcome.killed.total() >= kills:
            return
        what = WHAT[number % len(WHAT)]
        after = chance.uniform(_SWAPS_FROM if number % 4 == 0 else 0, 1) * lasts[what]
        killed = kill_once(data, papers, number, after, alone=number % 2 == 1)
        found = look(data)
        outcome.rounds += 1
        outcome.killed[what] += killed
        outcome.finished += not killed
        outcome.lost_indexes += not found["serves"]
        outcome.missing_passages += found["missing"]
        if not found["serves"] or found["missing"]:
            outcome.faults.append(f"{what} killed after {after:.3f} s: {found}")
        if what == "remove":
            _mended(data, papers)
        yield outcome


def main() -> int:
    """Exit status: 0 where nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="a built data folder to work on a copy of")
    parser.add_argument("--look", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.look:
        print(json.dumps(_look(given.look)))
        return 0
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        data, papers = Path(folder) / "data", Path(folder) / "papers"
        papers.mkdir()
        if given.data:
            shutil.copytree(given.data, data, ignore=shutil.ignore_patterns("*.lock"))
        build_data(data)
        _mended(data, papers)
        outcome = Outcome()
        for outcome in run(data, papers, given.kills, given.seed):
            print(f"\r{outcome.killed.total()} of {given.kills}", end="", file=sys.stderr)
        print(file=sys.stderr)
        last = _command(data, "build").wait() == 0 and look(data) == {"serves": 1, "missing": 0}
    print(
        f"{outcome.rounds} rounds ({dict(outcome.killed)} killed, {outcome.finished} done before): "
        f"{outcome.lost_indexes} indexes lost, {outcome.missing_passages} passages missing; "
        f"a build afterwards {'heals' if last else 'DOES NOT heal'} what is behind."
    )
    for fault in outcome.faults:
        print(fault)
    return 0 if last and not outcome.faults else 1


if __name__ == "__main__":
    sys.exit(main())
