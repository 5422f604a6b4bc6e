"""The page in a process of its own, as `python -m web` starts it, and a way in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import httpx
import psutil

FREE = {f"ASSISTANT_REQUESTS_{whose}": "0" for whose in ("PERSON", "ADDRESS", "LOG_IN")}


@dataclass(frozen=True, slots=True)
class Server:
    """A running page.

    Attributes:
        cookies: of somebody who is signed in.
        token: shows that a request comes from their own page.
    """

    address: str
    cookies: Mapping[str, str]
    token: str
    process: subprocess.Popen[str]

    @property
    def megabytes(self) -> float:
        """Resident memory, that of the reader's process included."""
        return sum(float(one.memory_info().rss) for one in self._processes()) / 2**20

    @property
    def seconds(self) -> tuple[float, float]:
        """Processor time used so far: by the page, and by the reader's process."""
        page, *others = (one.cpu_times() for one in self._processes())
        return page.user + page.system, sum(one.user + one.system for one in others)

    def _processes(self) -> list[psutil.Process]:
        page = psutil.Process(self.process.pid)
        return [page, *page.children(recursive=True)]


@contextmanager
def running(data: Path, module: str = "web") -> Iterator[Server]:
    """The page over that data folder, warm, with nothing said in it yet and no limits of rate."""
    for old in data.glob("conversations.sqlite*"):
        old.unlink()
    environment = {**os.environ, **FREE, "ASSISTANT_DATA": str(data), "ASSISTANT_PORT": _port()}
    with subprocess.Popen(
        [sys.executable, "-m", module],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            entrance = process.stdout.readline().split()[-1]
            yield _entered(entrance, process)
        finally:
            process.terminate()


def _port() -> str:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _entered(entrance: str, process: subprocess.Popen[str]) -> Server:
    address = entrance.partition("/enter/")[0]
    with httpx.Client(base_url=address, follow_redirects=True, timeout=120) as client:
        html = client.get(entrance).text
        cookies = dict(client.cookies)
        token = re.search(r'"X-CSRF-Token": "([^"]+)"', html)
        assert token is not None
        while client.get("/health").status_code != 200:
            pass
    return Server(address, cookies, token[1], process)
