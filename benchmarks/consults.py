"""The consult desk's figures: mail to draft, consults a minute, ten thousand waiting, a backlog.

`python -m benchmarks consults`; real Dovecot, real databases, an SMTP sink without delays. Measured
in a process of its own: what is forked must hold no threads, and be small.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psutil
from sqlalchemy import func, insert, select

from assistant.answering import Assistant
from benchmarks import Figure
from benchmarks.consult_parts import DESK, Rig, fork, question, rigged
from web.consults import drafting
from web.consults.inbox import counted
from web.consults.intake import NEW, take
from web.consults.leases import now
from web.consults.letters import Desk, Letter
from web.consults.states import State
from web.consults.tables import consults, drafts, mails
from web.consults.worker import Crew
from web.database.engine import connect, reader

DAY = date(2026, 11, 2)
MAILS, MANY, WAITING, BACKLOG = 40, 400, 10_000, 2_000
LONGEST = 600  # seconds; what takes longer is said as such


def run(data: Path) -> Iterable[Figure]:
    """The figures."""
    command = [sys.executable, "-m", "benchmarks.consults", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            yield Figure(*json.loads(line))
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)


def figures(data: Path) -> Iterator[Figure]:
    """The same, measured here."""
    assistant = Assistant.open(data)
    drafting.draft(Letter(text="20 min of 97530, Medicare, PT"), Desk(DESK), assistant, DAY)
    with rigged("sqlite") as rig:
        yield from _mail_to_draft(rig, assistant)
    with rigged("sqlite") as rig:
        yield _a_minute("SQLite, 1 worker", rig, assistant, 1)
    for workers in (1, 2, 4):
        with rigged("postgresql") as rig:
            yield _a_minute(f"PostgreSQL, {workers} workers", rig, assistant, workers)
    with rigged("sqlite") as rig:
        yield from _waiting(rig, assistant)
    with rigged("sqlite") as rig:
        yield _backlog(rig, assistant)
    assistant.close()


@contextmanager
def _working(rig: Rig, assistant: Assistant, *roles: str, count: int = 1) -> Iterator[list[int]]:
    """So many processes at work; their ids."""

    def child(ready: int) -> None:
        Crew(connect(rig.address), rig.settings(), assistant, lambda: DAY, roles).start()
        os.write(ready, b"1")
        while True:
            signal.pause()

    started = [fork(child) for _ in range(count)]
    try:
        for _, ready in started:
            os.read(ready, 1)
        yield [pid for pid, _ in started]
    finally:
        for pid, ready in started:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(ready)


def _mail_to_draft(rig: Rig, assistant: Assistant) -> Iterator[Figure]:
    """From the mail in the inbox to the finished draft, one mail at a time."""
    engine, took = connect(rig.address), []
    with _working(rig, assistant, "poll", "draft"):
        for number in range(MAILS):
            began = time.time()
            rig.dovecot.deliver("desk", question(number))
            _until(lambda n=number: _count(engine, drafts) > n)
            with reader(engine).connect() as connection:
                made = connection.scalar(select(func.max(drafts.c.made_at)))
            took.append(made.timestamp() - began)
    engine.dispose()
    cuts = statistics.quantiles(took, n=20)
    yield Figure(
        "mail in the inbox to finished draft, p50 / p95", f"{cuts[9]:.2f} / {cuts[18]:.2f} s"
    )


def _a_minute(name: str, rig: Rig, assistant: Assistant, workers: int) -> Figure:
    """Kept mails to drafts."""
    engine = connect(rig.address)
    for number in range(MANY):
        take(engine, question(number))
    with _working(rig, assistant, "draft", count=workers):
        began = time.perf_counter()
        _until(lambda: _count(engine, drafts) >= MANY)
        took = time.perf_counter() - began
    engine.dispose()
    return Figure(f"consults drafted a minute, {name}", f"{MANY / took * 60:,.0f}")


def _waiting(rig: Rig, assistant: Assistant) -> Iterator[Figure]:
    """What ten thousand consults cost that wait for a person."""
    engine = connect(rig.address)
    with _working(rig, assistant, "poll", "draft", "send", "settle") as (pid,):
        before = _memory(pid)
        none = _share(pid)
    with engine.begin() as connection:
        at = now(connection)
        for start in range(0, WAITING, 1_000):
            numbers = range(start + 1, start + 1_001)
            mail = {"channel": "mail", "size": 1, "received_at": at, "raw": question(1)}
            rows = [mail | {"id": n, "content_key": f"{n}", "message_id": ""} for n in numbers]
            connection.execute(insert(mails), rows)
            row = {**NEW, "state": State.DRAFTED, "received_at": at, "run_at": at}
            connection.execute(insert(consults), [row | {"mail_id": n} for n in numbers])
    with _working(rig, assistant, "poll", "draft", "send", "settle") as (pid,):
        after = _memory(pid)
        many = _share(pid)
    began = time.perf_counter()
    counted(engine, rig.settings())
    took = time.perf_counter() - began
    engine.dispose()
    yield Figure(
        "idle worker's own memory, none / 10,000 waiting", f"{before:.0f} / {after:.0f} MB"
    )
    yield Figure("idle worker's share of a core, likewise", f"{none:.1%} / {many:.1%}")
    yield Figure("counting 10,000 waiting for the page", f"{took * 1000:.0f} ms")


def _backlog(rig: Rig, assistant: Assistant) -> Figure:
    """Two thousand mails in the mailbox to two thousand drafts, one process."""
    engine = connect(rig.address)
    for number in range(BACKLOG):
        rig.dovecot.deliver("desk", question(number))
    began = time.perf_counter()
    with _working(rig, assistant, "poll", "draft"):
        _until(lambda: _count(engine, drafts) >= BACKLOG)
    took = time.perf_counter() - began
    engine.dispose()
    return Figure("a backlog of 2,000 mails, read and drafted", f"{took:.0f} s")


def _until(is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not is_done():
        if time.monotonic() > until:
            raise TimeoutError(f"not done within {LONGEST} s")
        time.sleep(0.02)


def _count(engine: object, table: object) -> int:
    with reader(engine).connect() as connection:  # type: ignore[arg-type]
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


def _memory(pid: int) -> float:
    """Megabytes that the process does not share."""
    time.sleep(2)
    return float(psutil.Process(pid).memory_full_info().uss) / 1e6


def _share(pid: int, seconds: float = 10.0) -> float:
    process = psutil.Process(pid)
    before = sum(process.cpu_times()[:2])
    time.sleep(seconds)
    return float(sum(process.cpu_times()[:2]) - before) / seconds


if __name__ == "__main__":
    for figure in figures(Path(sys.argv[1])):
        print(json.dumps([figure.what, figure.value]), flush=True)
