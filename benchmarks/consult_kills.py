"""`python -m benchmarks.consult_kills`: kill every part of the consult desk while it works.

Real Dovecot, real database, real processes: intake, workers, approvers and a settler die by SIGKILL
at random moments counted from their readiness, while the SMTP sink delays, defers and hangs up on
either side of acceptance. Then it is counted what was lost, what was sent twice and what is stuck.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, or_, select, text

from assistant.answering import Assistant
from benchmarks.consult_parts import DESK, Rig, fork, question, rigged
from web.consults import drafting
from web.consults.inbox import Filter
from web.consults.leases import now
from web.consults.letters import Desk, Letter
from web.consults.reviewing import Reviews
from web.consults.settings import DeskSettings
from web.consults.states import Sending, Stale, State
from web.consults.tables import consults, mails, outgoing
from web.consults.worker import Crew
from web.database.engine import connect, reader

if TYPE_CHECKING:
    from smtp_sink import Script

DAY = date(2026, 11, 2)
LONGEST_LIFE = 1.2  # seconds from readiness to the kill
DRAIN = 45  # seconds without any progress after the last kill: what is left is stuck
AUTOMATIC = "Auto-Submitted: auto-replied\r\n"


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


@dataclass(frozen=True)
class Counted:
    """What the run came to.

    Attributes:
        lost: questions without a reply, or mails that stand nowhere.
        twice: replies beyond one a question.
        stuck: rows that nobody took up within two leases after their worker had died, and
            consults that had not come to their end after the run.
    """

    kills: int
    asked: int
    lost: int
    twice: int
    stuck: int
    fell: int
    seconds: float
    unknown: int
    resent: int
    left: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether all three are none, and no process fell by itself."""
        return not (self.lost or self.twice or self.stuck or self.fell)


@dataclass
class Role:
    """A process that is killed and started again."""

    name: str
    run: Callable[[Engine], object]
    pid: int = 0
    ready: int = -1
    dies_at: float = 0.0  # 0 until it is ready


@dataclass
class Run:
    """One run of the loop."""

    rig: Rig
    settings: DeskSettings
    assistant: Assistant
    kills: int
    asked: int
    workers: int
    cuts: bool
    killed: int = 0
    fed: int = 0
    fell: int = 0
    late: set[tuple[str, int]] = field(default_factory=set)
    expected: Counter[str] = field(default_factory=Counter)
    others: int = 0

    def count(self) -> Counted:
        """Do it."""
        began = time.monotonic()
        roles = [
            *(Role(f"worker {n}", self._crew("draft", "send")) for n in range(self.workers)),
            *(Role(f"intake {n}", self._crew("poll")) for n in range(2)),
            *(Role(f"approver {n}", self._approver()) for n in range(2)),
            Role("settler", self._crew("settle")),
        ]
        for role in roles:
            self._start(role)
        try:
            self._kill_and_drain(roles)
        finally:
            for role in roles:
                os.kill(role.pid, signal.SIGKILL)
                os.waitpid(role.pid, 0)
        return self._sum(time.monotonic() - began)

    def _kill_and_drain(self, roles: list[Role]) -> None:
        cuts = [self.kills // 3, 2 * self.kills // 3] if self.cuts else []
        while self.killed < self.kills:
            self._feed()
            if cuts and self.killed >= cuts[0]:
                self._cut(cuts.pop(0))
            self._kill_some(roles)
            time.sleep(0.004)
        self._feed(everything=True)
        self._drain(roles)

    def _crew(self, *duties: str) -> Callable[[Engine], object]:
        def run(engine: Engine) -> object:
            crew = Crew(engine, self.settings, self.assistant, lambda: DAY, duties)
            crew.start()
            return crew

        return run

    def _approver(self) -> Callable[[Engine], object]:
        return lambda engine: _Approver(engine, self.settings)

    def _start(self, role: Role) -> None:
        def child(ready: int) -> None:
            logging.disable(logging.CRITICAL)
            held = role.run(connect(self.rig.address))
            os.write(ready, b"1")
            while True:
                if isinstance(held, _Approver):
                    held.approve_some()
                time.sleep(0.02)

        role.pid, role.ready = fork(child)
        os.set_blocking(role.ready, False)
        role.dies_at = 0.0

    def _kill_some(self, roles: list[Role]) -> None:
        for role in roles:
            self._revive_fallen(role)
            if not role.dies_at:
                try:
                    if os.read(role.ready, 1):
                        role.dies_at = time.monotonic() + random.uniform(0, LONGEST_LIFE)
                except BlockingIOError:
                    continue
            elif time.monotonic() >= role.dies_at and self.killed < self.kills:
                os.kill(role.pid, signal.SIGKILL)
                os.waitpid(role.pid, 0)
                os.close(role.ready)
                self.killed += 1
                self._start(role)

    def _revive_fallen(self, role: Role) -> None:
        if os.waitpid(role.pid, os.WNOHANG) != (0, 0):
            self.fell += 1
            os.close(role.ready)
            self._start(role)

    def _feed(self, everything: bool = False) -> None:
        """Mails arrive as fast as the kills happen, so that every kill finds work."""
        due = self.asked if everything else int(self.asked * self.killed / max(self.kills, 1)) + 1
        while self.fed < min(due, self.asked):
            number = self.fed
            reused = "<reused@clinic.example>" if number % 40 == 7 else ""
            raw = question(number, reused=reused)
            self.expected[reused or f"<q{number}@clinic.example>"] += 1
            self._deliver(raw)
            if number % 20 == 3:  # delivered once more, by another way
                self._deliver(b"Received: from relay.example\r\n" + raw)
            if number % 50 == 11:
                self._deliver(AUTOMATIC.encode() + question(10_000 + number))
                self._deliver(question(20_000 + number, sender="stranger@elsewhere.example"))
                self.others += 2
            self.fed += 1

    def _deliver(self, raw: bytes) -> None:
        self.rig.dovecot.deliver("desk", raw)

    def _cut(self, at: int) -> None:
        """Take the database away in the middle of everything."""
        cluster = self.rig.cluster
        if cluster is None:
            return
        if at < self.kills / 2:
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
        until, before = time.monotonic() + DRAIN, 0
        engine = connect(self.rig.address)
        while time.monotonic() < until:
            self._look_for_stuck(engine)
            for role in roles:
                self._revive_fallen(role)
            ended = self._ended(engine)
            if ended >= self.asked:
                break
            if ended > before:  # a slow machine is not a stuck one
                until, before = time.monotonic() + DRAIN, ended
            time.sleep(0.25)
        engine.dispose()

    def _look_for_stuck(self, engine: Engine) -> None:
        workable = {
            consults: (State.RECEIVED,),
            outgoing: (Sending.PENDING, Sending.SENDING, Sending.UNKNOWN),
        }
        with reader(engine).connect() as connection:
            at = now(connection) - 2 * self.settings.lease
            for table, states in workable.items():
                forgotten = (table.c.state.in_(states), table.c.lease_until < at)
                rows = connection.scalars(select(table.c.id).where(*forgotten))
                self.late |= {(table.name, row) for row in rows}

    def _ended(self, engine: Engine) -> int:
        with reader(engine).connect() as connection:
            sent = select(func.count()).select_from(consults).where(consults.c.state == State.SENT)
            return connection.scalar(sent) or 0

    def _sum(self, seconds: float) -> Counted:
        lines = self.rig.deliveries.read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines]
        replied = Counter(one["in_reply_to"] for one in told)
        engine = connect(self.rig.address)
        with reader(engine).connect() as connection:
            ended = dict(
                connection.execute(select(consults.c.state, func.count()).group_by("state")).all()
            )
            stored = connection.scalar(
                select(func.count())
                .select_from(mails)
                .where(or_(mails.c.message_id.like("<q%"), mails.c.message_id.like("<reused%")))
            )
            resent = connection.scalar(
                select(func.count()).select_from(outgoing).where(outgoing.c.attempts > 1)
            )
            left = connection.execute(
                select(consults.c.state, outgoing.c.state, outgoing.c.last_error, func.count())
                .join(outgoing, outgoing.c.consult_id == consults.c.id, isouter=True)
                .where(consults.c.state.not_in((State.SENT, State.SET_ASIDE, State.HELD)))
                .group_by(consults.c.state, outgoing.c.state, outgoing.c.last_error)
            ).all()
            settled = connection.scalar(
                select(func.count())
                .select_from(outgoing)
                .where(outgoing.c.smtp_reply == "The desk's own copy has arrived")
            )
        engine.dispose()
        lost = sum(max(n - replied[one], 0) for one, n in self.expected.items())
        lost += max(self.asked + self.others - (stored or 0), 0)
        strangers = sum(n for one, n in replied.items() if one not in self.expected)
        return Counted(
            kills=self.killed,
            asked=self.asked,
            lost=lost,
            twice=sum(max(replied[one] - n, 0) for one, n in self.expected.items()) + strangers,
            stuck=len(self.late) + max(self.asked - ended.get(State.SENT, 0), 0),
            fell=self.fell,
            seconds=seconds,
            unknown=settled or 0,
            resent=resent or 0,
            left=tuple(" ".join(map(str, row)) for row in left),
        )


class _Approver:
    """Approves whatever is drafted, as fast as it can; now and then it calls one back."""

    def __init__(self, engine: Engine, settings: DeskSettings) -> None:
        self._reviews = Reviews(engine, settings)
        self._name = f"reviewer {os.getpid()}"

    def approve_some(self) -> None:
        try:
            for row in self._reviews.inbox(Filter(states=(State.DRAFTED,)))[:5]:
                newest = self._reviews.open(row.id).newest
                assert newest is not None
                self._reviews.approve(row.id, newest.draft.body_hash, self._name)
                if random.random() < 0.1:
                    self._reviews.undo(row.id, self._name)
        except Stale:
            return  # the other one was quicker
        except Exception:
            time.sleep(0.2)  # the database is away


def kill_loop(database: str, kills: int, asked: int = 400, *, cuts: bool = True) -> Counted:
    """What one run comes to."""
    assistant = Assistant.open()
    # Read in before the children are forked, so that a killed one is soon back.
    drafting.draft(Letter(text="20 min of 97530, Medicare, PT"), Desk(DESK), assistant, DAY)
    with rigged(database, chaos) as rig:
        workers = 3 if database == "postgresql" else 1
        settings = rig.settings(undo=timedelta(seconds=0.1))
        return Run(rig, settings, assistant, kills, asked, workers, cuts).count()


def main() -> int:
    """Print what was counted; 1 where anything was lost, sent twice or stuck."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.consult_kills", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=250)
    parser.add_argument("--consults", type=int, default=400)
    given = parser.parse_args()
    counted = kill_loop(given.database, given.kills, given.consults)
    print(
        f"{given.database}: {counted.kills} kills, {counted.asked} consults, "
        f"{counted.seconds:.0f} s: lost {counted.lost}, sent twice {counted.twice}, "
        f"stuck {counted.stuck}, fell by itself {counted.fell}; "
        f"settled by the copy {counted.unknown}, tried more than once {counted.resent}"
    )
    for line in counted.left:
        print(f"  not at its end: {line}")
    return 0 if counted.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
