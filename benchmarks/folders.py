"""A data folder to measure in, apart from the one in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.folders import data_folder
from assistant.library.embedder import FOLDER, read_card


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
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, "ASSISTANT_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{output}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Ran(time.perf_counter() - started, usage.ru_maxrss * unit, output.strip())


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
