"""The desk's threads: they poll, draft, send and settle until told to stop.

They run in the page's own process where a mailbox is set up, or in processes of their own beside
it (`python -m web worker`); the database hands each piece of work to one of them.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, Table

from assistant.answering import Assistant
from web.consults.answering import Drafter
from web.consults.leases import Lease, LeaseLost, Leases, backoff, finish, now
from web.consults.polling import Poller
from web.consults.pulses import SILENT, heard, say
from web.consults.sending import Sender, Settler
from web.consults.settings import DeskSettings, desk_settings
from web.consults.states import Sending, State
from web.consults.tables import consults, outgoing
from web.problems import log_failure

log = logging.getLogger("web.consults")

IDLE = 0.5  # seconds between two looks for work where there is none
AWAY = 2.0  # seconds to wait where the database is away
PULSE = 15.0

Job = Callable[[Lease], None]
Failed = Callable[[Lease, Exception], None]
ROLES = ("poll", "draft", "send", "settle")


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: where it lies, who does it, and what becomes of a failure."""

    table: Table
    states: Collection[State | Sending]
    do: Job
    failed: Failed


class Crew:
    """The threads of one process.

    Args:
        engine: the database.
        settings: the desk.
        assistant: drafts.
        today: what day it is.
        roles: what these threads do; everything unless said otherwise.
    """

    def __init__(
        self,
        engine: Engine,
        settings: DeskSettings,
        assistant: Assistant,
        today: Callable[[], date] = date.today,
        roles: Collection[str] = ROLES,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._roles = roles
        self._leases = Leases(engine, settings.lease)
        self._drafter = Drafter(engine, settings, assistant, today)
        self._stop = threading.Event()
        self._something = threading.Condition()
        self._threads: list[threading.Thread] = []
        self.name = f"worker {socket.gethostname()} {os.getpid()}"

    def start(self) -> None:
        """Begin."""
        for name, run in self._duties():
            thread = threading.Thread(target=run, name=f"consults {name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, seconds: float = 10.0) -> None:
        """Let each thread finish what it holds; what is left after so long is taken over later."""
        self._stop.set()
        self.nudge()
        for thread in self._threads:
            thread.join(seconds)

    def nudge(self, count: int = 1) -> None:
        """There is something to draft."""
        with self._something:
            self._something.notify_all()

    def _duties(self) -> list[tuple[str, Callable[[], None]]]:
        duties: list[tuple[str, Callable[[], None]]] = [
            ("heart", lambda: self._leases.beat_until(self._stop)),
            ("pulse", self._tell),
        ]
        if "poll" in self._roles and self._settings.imap is not None:
            poller = Poller(self._engine, self._settings, self._stop, self.nudge)
            duties.append(("poll", poller.run))
        if "draft" in self._roles:
            reading = Work(consults, (State.RECEIVED,), self._drafter.draft, self._drafter.fail)
            duties += [("draft", lambda: self._work(reading))] * self._settings.drafters
        if "send" in self._roles:
            sender = Sender(self._engine, self._settings)
            due = (Sending.PENDING, Sending.SENDING)
            duties.append(("send", self._worker(outgoing, due, sender.send)))
        if "settle" in self._roles:
            settler = Settler(self._engine, self._settings)
            duties.append(("settle", self._worker(outgoing, (Sending.UNKNOWN,), settler.settle)))
        return duties

    def _worker(
        self, table: Table, states: Collection[State | Sending], job: Job
    ) -> Callable[[], None]:
        return lambda: self._work(Work(table, states, job, self._put_off))

    def _work(self, work: Work) -> None:
        while not self._stop.is_set():
            try:
                busy = self.do_one(work)
            except Exception as error:  # the database is away
                log.warning("No work can be taken: %s", type(error).__name__)
                self._stop.wait(AWAY)
                continue
            if not busy:
                with self._something:
                    if not self._stop.is_set():
                        self._something.wait(IDLE)

    def do_one(self, work: Work) -> bool:
        """Whether there was something to do; it is done, or its failure is written down."""
        lease = self._leases.claim(work.table, work.states)
        if lease is None:
            return False
        try:
            work.do(lease)
        except LeaseLost:
            log.warning("A lease was lost: another worker has that work now")
        except Exception as error:
            log_failure(error)
            self._note_failure(work, lease, error)
        finally:
            self._leases.forget(lease)
        return True

    def _note_failure(self, work: Work, lease: Lease, error: Exception) -> None:
        try:
            work.failed(lease, error)
        except LeaseLost:
            return

    def _put_off(self, lease: Lease, error: Exception) -> None:
        """Try again later. A reply whose sending had begun is then found unknown, never resent."""
        with self._engine.begin() as connection:
            run_at = now(connection) + backoff(1, self._settings.first_backoff)
            why = f"It could not be worked on ({type(error).__name__})."
            finish(connection, lease, run_at=run_at, last_error=why)

    def _tell(self) -> None:
        """Say now and then that this process works."""
        while not self._stop.is_set():
            say(self._engine, self.name, True, ", ".join(self._roles))
            self._stop.wait(PULSE)


def is_at_work(engine: Engine) -> bool:
    """Whether a worker on this machine, or in this container, has lately said that it works."""
    here = f"worker {socket.gethostname()} "
    return any(one.part.startswith(here) and one.age < SILENT for one in heard(engine))


def run_worker(environment: Mapping[str, str], *, check: bool = False) -> int:
    """`python -m web worker`: work beside the page until stopped; 2 where nothing is set up.

    Args:
        check: only say whether one is at work here: 0 for yes, 1 for no.

    Raises:
        UnusableSetting: a setting cannot be used.
    """
    from assistant.llm_agent import model_settings
    from web.database.engine import connect, open_database
    from web.settings import from_environment

    settings = desk_settings(environment)
    if settings is None:
        print("No desk is set up: give ASSISTANT_MAIL_ADDRESS (docs/consults.md).", flush=True)
        return 2
    if check:
        return 0 if is_at_work(connect(from_environment(environment).database)) else 1
    assistant = Assistant.open(model=model_settings())
    assistant.check_model()
    engine = open_database(from_environment(environment).database)
    crew = Crew(engine, settings, assistant)
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stop.set())
    crew.start()
    print(f"The consult desk works for {settings.desk.address}. {crew.name}", flush=True)
    while not stop.wait(1.0):
        pass
    crew.stop()
    assistant.close()
    engine.dispose()
    return 0
