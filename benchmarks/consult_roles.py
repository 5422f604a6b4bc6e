"""The processes of a kill loop: what each does until it is killed."""

from __future__ import annotations

import importlib
import json
import logging
import os
import random
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.answering import Assistant
from benchmarks.consult_parts import api_question
from web.access import OWNER
from web.accounts.rates import Rates
from web.accounts.safety import Safety
from web.app import create_app
from web.consults.inbox import Filter
from web.consults.reviewing import Reviews
from web.consults.settings import DeskSettings
from web.consults.states import Stale, State
from web.consults.worker import Crew
from web.database.engine import connect
from web.settings import Settings

DAY = date(2026, 11, 2)
PAUSE = 0.05
AWAY = 0.2  # seconds to wait where the database or the page is away


@dataclass(frozen=True)
class Cast:
    """What the processes share.

    Attributes:
        address: of the database.
        listener: the page's socket, bound before any child: what asks while no page lives waits.
        key: an API key.
    """

    address: str
    settings: DeskSettings
    assistant: Assistant
    listener: socket.socket
    key: str

    @classmethod
    def of(cls, address: str, settings: DeskSettings, assistant: Assistant) -> Cast:
        """The cast over a database whose tables are made."""
        engine = connect(address)
        key = Safety.open(engine).keys.make(OWNER, "kill loop")
        engine.dispose()
        return cls(address, settings, assistant, socket.create_server(("127.0.0.1", 0)), key)

    def warm(self, folder: Path) -> None:
        """Read in what the page needs, in a database of its own, before any child is forked."""
        importlib.import_module("uvicorn")
        elsewhere = Settings(f"sqlite:///{folder / 'elsewhere.sqlite'}", rates=Rates(0, 0, 0))
        app = create_app(elsewhere, self.assistant, self.settings)
        app.state.safety.engine.dispose()

    def crew(self, *duties: str) -> Callable[[int], None]:
        """A worker process with these duties."""

        def run(ready: int) -> None:
            logging.disable(logging.CRITICAL)
            Crew(connect(self.address), self.settings, self.assistant, lambda: DAY, duties).start()
            os.write(ready, b"1")
            while True:
                time.sleep(60)

        return run

    def approver(self, ready: int) -> None:
        """Approves whatever is drafted, as fast as it can; now and then it calls one back."""
        logging.disable(logging.CRITICAL)
        reviews, name = Reviews(connect(self.address), self.settings), f"reviewer {os.getpid()}"
        os.write(ready, b"1")
        while True:
            try:
                _approve_some(reviews, name)
            except Exception:  # the database is away
                time.sleep(AWAY)
            time.sleep(PAUSE)

    def page(self, ready: int) -> None:
        """The page as `make run` starts it: routes, poller, drafters, sender and settler in one."""
        logging.disable(logging.CRITICAL)
        while True:
            # It does not start while the database is away; whoever runs it starts it again.
            with suppress(Exception, SystemExit):
                self._serve(ready)
            time.sleep(AWAY)

    def _serve(self, ready: int) -> None:
        import uvicorn

        settings = Settings(self.address, rates=Rates(0, 0, 0))
        app = create_app(settings, self.assistant, self.settings)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))

        def tell() -> None:
            while not server.started:
                time.sleep(0.005)
            os.write(ready, b"1")

        threading.Thread(target=tell, daemon=True).start()
        server.run(sockets=[self.listener])
        os._exit(1)  # it was started, and has ended by itself

    def caller(self, numbers: int) -> Callable[[int], None]:
        """A clinic's program, which is never killed: asks by the API until it is taken."""

        def run(ready: int) -> None:
            os.write(ready, b"1")
            with os.fdopen(numbers, "rb", buffering=0) as lines:
                while line := lines.readline():
                    self._ask(int(line))

        return run

    def _ask(self, number: int) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.listener.getsockname()[1]}/api/consults",
            json.dumps(api_question(number)).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        while True:
            try:
                with urllib.request.urlopen(request, timeout=3) as reply:
                    if reply.status == 202:
                        return
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    raise
            except (OSError, ValueError):
                pass  # it was killed while it answered: ask again under the same key
            time.sleep(AWAY)


def _approve_some(reviews: Reviews, name: str) -> None:
    rows = reviews.inbox(Filter(states=(State.DRAFTED,)))
    for row in random.sample(rows, min(5, len(rows))):
        with suppress(Stale):  # the other one was quicker
            newest = reviews.open(row.id).newest
            assert newest is not None
            reviews.approve(row.id, newest.draft.body_hash, name)
            if random.random() < 0.1:
                reviews.undo(row.id, name)
