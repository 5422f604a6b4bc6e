"""`python -m benchmarks.consult_kills`: kill every part of the consult desk while it works.

Real Dovecot, real database, real processes: the page, intake, workers, approvers and a settler die
by SIGKILL at random moments counted from their readiness, while mails come in, a program asks by
the API, and the SMTP sink delays, defers and hangs up on either side of acceptance. PostgreSQL is
stopped at once and started again, and all its connections are cut. Then it is counted what was
lost, what was sent twice and what is stuck.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from assistant.answering import Assistant
from assistant.knowledge import load
from assistant.library import Library
from benchmarks.consult_count import Asked, Counted, counted, ended, expired, table
from benchmarks.consult_parts import DESK, Rig, api_address, fork, question, rigged
from benchmarks.consult_roles import DAY, Cast
from web.consults import drafting
from web.consults.letters import Desk, Letter
from web.database.engine import connect

if TYPE_CHECKING:
    from smtp_sink import Script

LONGEST_LIFE = 0.8  # seconds from readiness to the kill
LOOK = 0.25  # seconds between two looks at what is left
DRAIN = 60  # seconds without any progress after the last kill: what is left is stuck
CONSULTS_A_KILL = 1.6
CUT_EVERY = 250  # kills between two times that PostgreSQL is taken away; twice at least
MOST_MINUTES = 30.0
TOLD_EVERY = 30.0  # seconds between two lines on how far it is
AUTOMATIC = b"Auto-Submitted: auto-replied\r\n"
RELAYED = b"Received: from relay.example\r\n"


def chaos() -> Script:
    """A server that is slow, and sometimes defers, hangs up before or after it accepts."""
    from smtp_sink import DROP, Script

    luck = random.random()
    return Script(
        before=random.uniform(0, 0.05),
        after=random.uniform(0, 0.05),
        end=DROP if luck < 0.03 else "451 4.3.0 later" if luck < 0.08 else "",
        lost=0.08 <= luck < 0.11,
    )


@dataclass
class Role:
    """A process that is killed and started again."""

    name: str
    run: Callable[[int], None]
    pid: int = 0
    ready: int = -1
    dies_at: float = 0.0  # 0 until it is ready

    def start(self) -> None:
        """Begin, or begin anew."""
        if self.ready >= 0:
            os.close(self.ready)
        self.pid, self.ready = fork(self.run)
        os.set_blocking(self.ready, False)
        self.dies_at = 0.0

    def has_fallen(self) -> bool:
        """Whether it has ended by itself."""
        return os.waitpid(self.pid, os.WNOHANG) != (0, 0)

    def is_due(self) -> bool:
        """Whether its time to die has come."""
        if not self.dies_at:
            try:
                if os.read(self.ready, 1):
                    self.dies_at = time.monotonic() + random.uniform(0, LONGEST_LIFE)
            except BlockingIOError:
                pass
            return False
        return time.monotonic() >= self.dies_at

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@dataclass
class Run:
    """One run of the loop."""

    rig: Rig
    cast: Cast
    kills: int
    consults: int
    workers: int
    minutes: float
    killed: int = 0
    cuts: int = 0
    seconds_of_kills: float = 0.0
    by_role: Counter[str] = field(default_factory=Counter)
    fed: int = 0
    fell: int = 0
    looks: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    asked: Asked = field(default_factory=Asked)
    calls: int = -1  # where the numbers go that are to be asked by the API

    @property
    def told(self) -> dict[str, object]:
        """How it went, by name."""
        return {
            **{f"kills, {name}": n for name, n in self.by_role.most_common()},
            "PostgreSQL taken away": self.cuts,
            "seconds of kills": f"{self.seconds_of_kills:.0f}",
        }

    def count(self) -> Counted:
        """Do it."""
        began = time.monotonic()
        reading, self.calls = os.pipe()
        caller, ready = fork(self.cast.caller(reading))
        os.read(ready, 1)
        os.close(ready)
        crew = self.cast.crew
        roles = [
            Role("page", self.cast.page),
            *(Role("worker", crew("draft", "send")) for _ in range(self.workers)),
            Role("intake", crew("poll")),
            *(Role("reviewer", self.cast.approver) for _ in range(2)),
            Role("settler", crew("settle")),
        ]
        for role in roles:
            role.start()
        try:
            self._kill_some(roles)
            self._drain(roles)
        finally:
            for role in (*roles, Role("caller", self.cast.page, caller)):
                role.kill()
        # Counted in looks, not by the clock: a machine that pauses for seconds is not stuck.
        most = 2 * self.cast.settings.lease.total_seconds() / LOOK
        stuck = sum(looks > most for looks in self.looks.values())
        run = {"kills": self.killed, "stuck": stuck, "fell": self.fell}
        seconds = time.monotonic() - began
        return counted(self.rig.address, self.rig.deliveries, self.asked, seconds=seconds, **run)

    def _kill_some(self, roles: list[Role]) -> None:
        step = min(self.kills // 3, CUT_EVERY) if self.rig.cluster else self.kills
        began = told = time.monotonic()
        while self.killed < self.kills and time.monotonic() < began + 60 * self.minutes:
            # Questions come as fast as the kills happen, so that every kill finds work.
            self._feed(int(self.consults * self.killed / self.kills) + 1)
            if self.killed >= step * (self.cuts + 1):
                self._cut()
            for role in roles:
                self._revive(role)
                if role.is_due() and self.killed < self.kills:
                    role.kill()
                    self.killed += 1
                    self.by_role[role.name] += 1
                    role.start()
            if time.monotonic() > told + TOLD_EVERY:
                told = time.monotonic()
                print(f"{self.killed} kills, {told - began:.0f} s", file=sys.stderr, flush=True)
            time.sleep(0.004)
        self.seconds_of_kills = time.monotonic() - began
        self._feed(self.consults)

    def _revive(self, role: Role) -> None:
        if role.has_fallen():
            self.fell += 1
            role.start()

    def _feed(self, due: int) -> None:
        while self.fed < min(due, self.consults):
            number, self.fed = self.fed, self.fed + 1
            if number % 10 == 5:
                self.asked.answerable[api_address(number)] += 1
                os.write(self.calls, b"%d\n" % number)
            else:
                self._mail(number)

    def _mail(self, number: int) -> None:
        reused = "<reused@clinic.example>" if number % 40 == 7 else ""
        raw = question(number, reused=reused)
        self.asked.answerable[reused or f"<q{number}@clinic.example>"] += 1
        self._deliver(raw)
        if number % 20 == 3:  # delivered once more, by another way
            self._deliver(RELAYED + raw)
        if number % 50 == 11:
            self._deliver(AUTOMATIC + question(100_000 + number))
            self._deliver(question(200_000 + number, sender="stranger@elsewhere.example"))
            self.asked.others += 2

    def _deliver(self, raw: bytes) -> None:
        self.rig.dovecot.deliver("desk", raw)

    def _cut(self) -> None:
        """Take PostgreSQL away in the middle of everything: stopped at once, or all hung up on."""
        cluster = self.rig.cluster
        assert cluster is not None
        self.cuts += 1
        if self.cuts % 2:
            cluster.stop("immediate")
            cluster.start()
            return
        engine = connect(self.rig.address)
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        engine.dispose()

    def _drain(self, roles: list[Role]) -> None:
        engine, before = connect(self.rig.address), -1
        while before < self.consults:
            until = time.monotonic() + DRAIN  # a slow machine is not a stuck one
            while (done := ended(engine)) <= before:
                if time.monotonic() > until:
                    engine.dispose()
                    return
                self._look_after(roles, engine)
            before = done
        engine.dispose()

    def _look_after(self, roles: list[Role], engine: Engine) -> None:
        self.looks.update(expired(engine))
        for role in roles:
            self._revive(role)
        time.sleep(LOOK)


def kill_loop(
    database: str, kills: int, consults: int, workers: int = 0, minutes: float = MOST_MINUTES
) -> tuple[Counted, Run]:
    """What one run comes to, and the run.

    Args:
        workers: 0 for one on SQLite and three on PostgreSQL.
        minutes: most time for the kills; what is left undone then shows in their number.
    """
    with tempfile.TemporaryDirectory() as empty, rigged(database, chaos) as rig:
        knowledge = load(None)
        assistant = Assistant(knowledge, Library(Path(empty), knowledge))
        # No mail is to blame here for whoever dies of it.
        settings = rig.settings(undo=timedelta(seconds=0.1), most_taken=kills)
        cast = Cast.of(rig.address, settings, assistant)
        # Read in before the children are forked, so that a killed one is soon back.
        drafting.draft(Letter(text="20 min of 97530, Medicare, PT"), Desk(DESK), assistant, DAY)
        cast.warm(rig.folder)
        gc.collect()
        gc.freeze()
        try:
            workers = workers or (3 if database == "postgresql" else 1)
            run = Run(rig, cast, kills, consults, workers, minutes)
            return run.count(), run
        finally:
            gc.unfreeze()
            cast.listener.close()


def main() -> int:
    """Print what was counted; 1 where anything was lost, twice or stuck, or kills were short."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.consult_kills", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=250)
    parser.add_argument("--consults", type=int, help=f"{CONSULTS_A_KILL} a kill unless given")
    parser.add_argument("--workers", type=int, default=0, help="1 on SQLite, 3 on PostgreSQL")
    parser.add_argument("--minutes", type=float, default=MOST_MINUTES, help="most for the kills")
    given = parser.parse_args()
    consults = given.consults or int(given.kills * CONSULTS_A_KILL)
    result, run = kill_loop(given.database, given.kills, consults, given.workers, given.minutes)
    print(f"{given.database}: {result}\n{table(result, run.told)}", flush=True)
    return 0 if result.is_good and result.kills == given.kills else 1


if __name__ == "__main__":
    sys.exit(main())
