"""A data folder to measure in, apart from the one in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from assistant.folders import data_folder
from assistant.library.embedder import FOLDER, read_card

# Started from a process as large as a benchmark, a command would be told of that one's memory as
# its own peak: a small process between them starts it, and takes the time.
_APART = """
import resource, subprocess, sys, time
started = time.perf_counter()
done = subprocess.run(sys.argv[1:])
taken = time.perf_counter() - started
print(taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    seconds: float
    peak: int  # bytes of memory
    output: str


def run_command(command: list[str], data: Path) -> Ran:
    """Run a command on a data folder; its time and its peak memory.

    Raises:
        RuntimeError: it failed.
    """
    ran = subprocess.run(
        [sys.executable, "-c", _APART, sys.executable, *command],
        env={**os.environ, "ASSISTANT_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{ran.stdout}{ran.stderr}")
    seconds, peak = ran.stderr.split()[-2:]
    unit = 1 if sys.platform == "darwin" else 1024
    return Ran(float(seconds), int(peak) * unit, ran.stdout.strip())


def lend_embedder(data: Path) -> None:
    """Copy the embedder that is set up already, so that it is not exported again."""
    there = data_folder() / FOLDER
    if read_card(there) and not (data / FOLDER).exists():
        data.mkdir(parents=True, exist_ok=True)
        shutil.copytree(there, data / FOLDER)


def build_data(data: Path) -> Ran:
    """Build the shipped knowledge in this folder."""
    lend_embedder(data)
    return run_command(["-m", "ingest", "build"], data)
