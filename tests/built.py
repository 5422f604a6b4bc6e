"""Data folders for tests: the embedder is lent from the one in use, or exported once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from assistant.folders import data_folder
from assistant.library.embedder import FOLDER, read_card


def ingest(data: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`python -m ingest` on a data folder, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, arguments)],
        env={**os.environ, "ASSISTANT_DATA": str(data), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def lend_embedder(data: Path, shared: Path) -> None:
    """Give the folder an embedder, exported at most once."""
    there = next((one for one in (data_folder(), shared) if read_card(one / FOLDER)), None)
    if there is None:
        subprocess.run(
            [sys.executable, "-c", _EXPORT.format(str(shared))], check=True, capture_output=True
        )
        there = shared
    shutil.copytree(there / FOLDER, data / FOLDER, copy_function=_link)


_EXPORT = (
    "from pathlib import Path; from ingest.exporting import ensure_embedder; "
    "ensure_embedder(Path({!r}))"
)


def _link(source: str, target: str) -> None:
    """A second name for the file, where the disk allows: 90 MB a time otherwise."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@cache
def shipped(shared: Path) -> Path:
    """The shipped knowledge, built once a run; nobody changes it."""
    data = shared / "shipped"
    lend_embedder(data, shared)
    done = ingest(data, "build")
    assert done.returncode == 0, done.stderr
    return data


def copied(built: Path, folder: Path) -> Path:
    """A copy of a data folder to do harm to; only the embedder's files are shared."""
    shutil.copytree(built, folder, ignore=shutil.ignore_patterns(FOLDER, "*.lock"))
    shutil.copytree(built / FOLDER, folder / FOLDER, copy_function=_link)
    return folder
