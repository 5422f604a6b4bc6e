"""What the consult benchmarks run on: the tests' own Dovecot, PostgreSQL and SMTP sink."""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from web.consults.letters import Desk
from web.consults.settings import DeskSettings, Server

TESTS = Path(__file__).parents[1] / "tests"
if str(TESTS) not in sys.path:
    sys.path.append(str(TESTS))

if TYPE_CHECKING:
    from dovecot import Dovecot
    from postgres import Cluster
    from smtp_sink import Script, Sink

MEMORY = "/dev/shm"
DESK = "desk@practice.example"
BILLER = "biller@clinic.example"


@dataclass
class Rig:
    """Real servers in a folder of their own.

    Attributes:
        address: of the database, its tables made.
        deliveries: the sink's log.
    """

    folder: Path
    address: str
    cluster: Cluster | None
    dovecot: Dovecot
    smtp_port: int
    deliveries: Path

    def settings(self, **changed: Any) -> DeskSettings:
        """The desk on these servers, with waiting times that suit a test."""
        from dovecot import PASSWORD

        imap = Server("127.0.0.1", self.dovecot.port, "plain", "desk", lambda: PASSWORD)
        values: dict[str, Any] = {
            "desk": Desk(DESK, allowed=("@clinic.example",)),
            "imap": imap,
            "smtp": Server("127.0.0.1", self.smtp_port, "plain"),
            "poll": timedelta(seconds=1),
            "lease": timedelta(seconds=4),
            "smtp_timeout": timedelta(seconds=2),
            "settle_after": timedelta(seconds=5),
            "resend_absent": True,
            "undo": timedelta(0),
            "first_backoff": timedelta(seconds=0.3),
        }
        return DeskSettings(**(values | changed))


@contextmanager
def rigged(
    database: str, plan: Callable[[], Script] | None = None, idle: float = 1.5
) -> Iterator[Rig]:
    """The servers, started; stopped and cleared away afterwards.

    Args:
        database: "sqlite" or "postgresql".
        plan: makes each connection's script for the sink.
        idle: seconds after which the sink hangs up on a silent client. Shorter than the settling
            time, as a real server's five minutes are than our fifteen.
    """
    from dovecot import running_dovecot
    from postgres import running_cluster
    from smtp_sink import Sink

    from web.database.engine import open_database

    with ExitStack() as stack:
        memory = MEMORY if os.access(MEMORY, os.W_OK) else None  # processes die here, not machines
        made = tempfile.TemporaryDirectory(prefix="consults-", dir=memory)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o755)  # the servers run as users of their own
        cluster = None
        if database == "postgresql":
            (folder / "postgresql").mkdir(mode=0o755)
            cluster = stack.enter_context(running_cluster(folder / "postgresql"))
            address = cluster.new_database()
        else:
            address = f"sqlite:///{folder / 'database.sqlite'}"
        open_database(address).dispose()
        (folder / "dovecot").mkdir(mode=0o755)
        dovecot = stack.enter_context(running_dovecot(folder / "dovecot"))
        log = folder / "deliveries"
        log.touch()
        sink = Sink(
            desk=DESK, file_copy=lambda raw: dovecot.deliver("desk", raw), log=log, idle=idle
        )
        if plan is not None:
            sink.plan = plan
        stack.callback(_end, _start_sink(sink))
        yield Rig(folder, address, cluster, dovecot, sink.port, log)


def _start_sink(sink: Sink) -> int:
    from smtp_sink import serve_until_killed

    pid, ready = fork(lambda ready: serve_until_killed(sink, ready))
    os.read(ready, 1)
    os.close(ready)
    return pid


def fork(run: Callable[[int], None]) -> tuple[int, int]:
    """A child that runs this, and the descriptor on which it says that it is ready."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        os.close(reading)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        random.seed()
        run(writing)
        os._exit(0)
    except BaseException as error:
        print(f"a child ended: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def question(number: int, *, text: str = "", sender: str = BILLER, reused: str = "") -> bytes:
    """A clinic's mail."""
    asked = text or f"{8 + number % 40} min 97110 and {15 + number % 23} min 97530, Medicare, PT."
    return (
        f"From: Billing <{sender}>\r\n"
        f"To: {DESK}\r\n"
        f"Subject: Visit {number}\r\n"
        f"Date: Mon, 05 Oct 2026 10:{number // 60 % 60:02}:{number % 60:02} +0000\r\n"
        f"Message-ID: {reused or f'<q{number}@clinic.example>'}\r\n"
        f"\r\n{asked}\r\nQuestion {number}.\r\n"
    ).encode()


def api_question(number: int) -> dict[str, str]:
    """The same as asked by the API; its reply goes to an address of its own."""
    return {
        "text": f"{8 + number % 40} min 97110 and 23 min 97530, Medicare, PT. Question {number}.",
        "subject": f"Visit {number}",
        "reply_to": api_address(number),
        "key": f"question {number}",
    }


def api_address(number: int) -> str:
    """To whom the reply to that question goes."""
    return f"program{number}@clinic.example"
