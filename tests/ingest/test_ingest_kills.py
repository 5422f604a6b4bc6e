"""Kills at random moments, by the same means as the proof of a hundred (benchmarks)."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.library.locking import FileLock
from assistant.library.store import FILE, Store
from benchmarks.kills_of_the_index import look, write_paper
from ingest.building import LOCK_FILE
from tests.built import lend_embedder

KILLS = 8
# What `python -m ingest add` and `rebuild` do, without our own guides: those take long to embed.
ADD = """
import sys
from datetime import date
from pathlib import Path
from assistant.knowledge import load
from ingest.about import About
from ingest.adding import add_files, cut_again
from ingest.building import build, only_writer
if __name__ == "__main__":
    data, paths, anew = Path(sys.argv[1]), map(Path, sys.argv[2:]), len(sys.argv) == 2
    with only_writer(data) as store:
        if anew:
            cut_again(store, load(), date(2026, 11, 21))
        else:
            add_files(store, paths, About(), today=date(2026, 11, 21), knowledge=load())
        build(data, store, anew=anew)
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "data"
    lend_embedder(folder, tmp_path_factory.getbasetemp())
    return folder


def started(data: Path, *paths: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", ADD, str(data), *map(str, paths)], start_new_session=True
    )


def wait_until_ready(process: subprocess.Popen[bytes], data: Path) -> None:
    while process.poll() is None:
        lock = FileLock(data / LOCK_FILE)
        if not lock.take():
            return
        lock.release()
        time.sleep(0.005)


def test_no_kill_loses_an_index_or_a_passage(data: Path, tmp_path: Path):
    process = started(data, write_paper(tmp_path, 0))
    wait_until_ready(process, data)
    began = time.monotonic()
    assert process.wait() == 0
    lasts = time.monotonic() - began
    chance = random.Random()
    for number in range(1, KILLS + 1):
        papers = [write_paper(tmp_path, number)] if number % 2 else []
        process = started(data, *papers)
        wait_until_ready(process, data)
        after = chance.uniform(0, lasts)
        time.sleep(after)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert look(data) == {"serves": 1, "missing": 0}, f"killed after {after:.3f} s"
    assert started(data, write_paper(tmp_path, KILLS + 1)).wait() == 0
    assert look(data) == {"serves": 1, "missing": 0}
    store = Store(data / FILE)
    pointer = store.pointer()
    assert pointer is not None
    assert pointer.content == store.content()
