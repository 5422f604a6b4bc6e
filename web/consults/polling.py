"""Reading a mailbox: one poller at a time, every mail kept before anything there changes."""

from __future__ import annotations

import fcntl
import logging
import os
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from sqlalchemy import Connection, Engine, select, text

from web.consults import imap
from web.consults.intake import Place, take
from web.consults.pulses import say
from web.consults.settings import DeskSettings, Server
from web.consults.tables import mails_seen
from web.database.engine import is_sqlite, reader

log = logging.getLogger("web.consults")

LOCK = 7_214_003  # first half of the advisory lock; the second is the mailbox
SLICE = 1.0  # seconds of one wait, so that a stop is soon heard
LONGEST_IDLE = 300  # seconds; servers hang up on longer ones
MOST_WAIT = 300.0  # seconds between tries where the server is away
FETCH_TRIES = 3
ROUNDS_AT_ONCE = 5
UNFETCHED = b"Subject: (the mail server does not hand this mail out)\r\n\r\n"


@contextmanager
def sole_poller(engine: Engine, mailbox: str) -> Iterator[Callable[[], bool] | None]:
    """Whether the lock is still ours, as a function; None where another process polls.

    Two pollers would lose nothing, for the keys hold; but their moves race.
    """
    if is_sqlite(engine):
        with _file_locked(Path(f"{engine.url.database}.{zlib.crc32(mailbox.encode())}.lock")) as ok:
            yield (lambda: True) if ok else None
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = {"one": LOCK, "two": zlib.crc32(mailbox.encode()) - 2**31}
        ours = text("SELECT pg_try_advisory_lock(:one, :two)")
        if not connection.scalar(ours, name):
            yield None
            return
        try:
            yield lambda: _lives(connection)
        finally:
            if _lives(connection):
                connection.execute(text("SELECT pg_advisory_unlock(:one, :two)"), name)


def _lives(connection: Connection) -> bool:
    """The lock is lost with the connection that holds it."""
    if connection.invalidated or connection.closed:
        return False
    try:
        connection.execute(text("SELECT 1"))
    except Exception:
        connection.invalidate()
        return False
    return True


@contextmanager
def _file_locked(path: Path) -> Iterator[bool]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


@dataclass
class Poller:
    """Reads one mailbox until told to stop.

    Attributes:
        engine: the database.
        settings: the mailbox.
        stop: set to end it.
        taken: called with the number of new mails after each round.
    """

    engine: Engine
    settings: DeskSettings
    stop: Event
    taken: Callable[[int], None] = lambda count: None
    _unfetched: Counter[tuple[int, int]] = field(default_factory=Counter)

    def run(self) -> None:
        """Poll while the lock is ours; whatever fails is said, and tried again later."""
        failures = 0
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                with sole_poller(self.engine, self.settings.mailbox) as is_ours:
                    if is_ours is not None:
                        self._poll(is_ours)
            except Exception as error:
                if time.monotonic() - began > MOST_WAIT:
                    failures = 0
                failures += 1
                self._say(False, f"The mailbox cannot be read ({type(error).__name__}).")
                log.warning("The mailbox cannot be read: %s", type(error).__name__)
            first = self.settings.first_backoff.total_seconds() / 3
            self.stop.wait(min(first * 2 ** min(failures, 10), MOST_WAIT))

    def _poll(self, is_ours: Callable[[], bool]) -> None:
        with imap.entered(self._server) as client:
            while is_ours() and not self.stop.is_set():
                for _ in range(ROUNDS_AT_ONCE):  # what comes during a round is not announced again
                    if not self.round(client):
                        break
                self._wait(client)

    @property
    def _server(self) -> Server:
        assert self.settings.imap is not None
        return self.settings.imap

    def round(self, client: IMAPClient) -> int:
        """Keep every mail that lies in the inbox, then move it away; how many are not yet kept."""
        validity = imap.select_folder(client, self.settings.inbox)
        there = sorted(client.search("ALL"))
        known = self._known(validity)
        fresh = [uid for uid in there if uid not in known]
        new = 0
        for uid, size in sorted(imap.sizes(client, fresh).items()):
            if self.stop.is_set():
                break
            new += self._take(client, validity, uid, size)
        if self.settings.processed:
            known = self._known(validity)
            imap.move_away(client, [uid for uid in there if uid in known], self.settings.processed)
        if new:
            self.taken(new)
        return self._reconcile(client, validity, new)

    def _known(self, validity: int) -> set[int]:
        seen = mails_seen.c
        here = (seen.mailbox == self.settings.mailbox, seen.uidvalidity == validity)
        with reader(self.engine).connect() as connection:
            return set(connection.scalars(select(seen.uid).where(*here)))

    def _take(self, client: IMAPClient, validity: int, uid: int, size: int) -> int:
        """1 for a new mail. One that the server does not hand out stops nobody else's."""
        place = Place(self.settings.mailbox, validity, uid)
        try:
            raw = imap.fetch(client, uid, size, self.settings.desk.largest)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            self._unfetched[validity, uid] += 1
            if self._unfetched[validity, uid] < FETCH_TRIES:
                return 0
            raw = UNFETCHED + f"Mailbox place {validity}/{uid}.".encode()
        if raw is None:  # somebody else has taken it out of the folder
            return 0
        return int(take(self.engine, raw, size=max(size, len(raw)), place=place).is_new)

    def _reconcile(self, client: IMAPClient, validity: int, new: int) -> int:
        """How many mails the server holds in the inbox that are not kept here; said aloud."""
        there = set(client.search("ALL"))
        missing = len(there - self._known(validity))
        figures = {"on_server": len(there), "not_stored": missing, "new": new}
        self._say(True, "", figures)
        return missing

    def _say(self, is_well: bool, detail: str, figures: Mapping[str, float] | None = None) -> None:
        say(self.engine, f"mailbox {self.settings.mailbox}", is_well, detail, figures)

    def _wait(self, client: IMAPClient) -> None:
        """Until something new is announced, or the mailbox went unlooked at for long enough."""
        until = time.monotonic() + min(self.settings.poll.total_seconds(), LONGEST_IDLE)
        if not client.has_capability("IDLE"):
            while time.monotonic() < until and not self.stop.wait(SLICE):
                pass
            return
        client.idle()
        try:
            while time.monotonic() < until and not self.stop.is_set():
                told = client.idle_check(timeout=SLICE)
                if any(len(one) > 1 and one[1] in (b"EXISTS", b"RECENT") for one in told):
                    break
        finally:
            client.idle_done()
