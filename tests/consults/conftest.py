"""Real servers for the desk, and the real assistant."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from desks import TestDesk, assistant
from dovecot import MISSING, Dovecot, program, running_dovecot
from postgres import Cluster

from assistant.answering import Assistant
from web.consults.settings import DeskSettings
from web.consults.tables import consults, lookers, mails, mails_seen, outgoing, policies, pulses
from web.database.engine import connect, open_database

TABLES = [t.name for t in (mails, mails_seen, consults, outgoing, lookers, policies, pulses)]
MEMORY = "/dev/shm"  # no disk to wait for: here processes die, not machines


@pytest.fixture(scope="session")
def dovecots() -> Iterator[Callable[..., Dovecot]]:
    """Starts real Dovecots, one for each capability asked for; or a skip that says what misses."""
    if program() is None:
        pytest.skip(MISSING)
    started: dict[str, Dovecot] = {}
    with ExitStack() as closing:

        def start(capability: str = "") -> Dovecot:
            if capability not in started:
                # Not pytest's own folder: that one is closed to the user whom the server runs as.
                folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
                folder.chmod(0o755)
                server = running_dovecot(folder, capability=capability)
                started[capability] = closing.enter_context(server)
            return started[capability]

        yield start


@pytest.fixture(scope="session")
def the_assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with its tables, to be copied."""
    file = tmp_path_factory.mktemp("tables") / "new.sqlite"
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def free_databases() -> list[str]:
    """Addresses of PostgreSQL databases that have the tables and hold nothing."""
    return []


@pytest.fixture
def new_postgres(postgres: Cluster, free_databases: list[str]) -> Iterator[Callable[[], str]]:
    """Says addresses of empty PostgreSQL databases, to be emptied and used again by other tests."""
    used: list[str] = []

    def take() -> str:
        if free_databases:
            used.append(free_databases.pop())
        else:
            used.append(postgres.new_database())
            open_database(used[-1]).dispose()
        return used[-1]

    yield take
    tables = ", ".join(TABLES)
    for address in used:
        with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        free_databases.append(address)


@pytest.fixture
def new_desk(new_file: Path, the_assistant: Assistant) -> Iterator[Callable[..., TestDesk]]:
    """Opens desks on databases of their own."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with ExitStack() as closing, tempfile.TemporaryDirectory(dir=memory) as name:
        folder = Path(name)

        def open_one(settings: DeskSettings | None = None, address: str = "") -> TestDesk:
            copied = folder / f"{len(list(folder.glob('*.sqlite')))}.sqlite"
            if not address:
                shutil.copyfile(new_file, copied)
            engine = connect(address or f"sqlite:///{copied}")
            closing.callback(engine.dispose)
            return TestDesk(engine, the_assistant, settings)

        yield open_one


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(
    request: pytest.FixtureRequest,
    new_postgres: Callable[[], str],
    new_desk: Callable[..., TestDesk],
) -> TestDesk:
    """A desk, on each database in turn."""
    if request.param == "sqlite":
        return new_desk()
    return new_desk(address=new_postgres())


@pytest.fixture
def sqlite_desk(new_desk: Callable[..., TestDesk]) -> TestDesk:
    """A desk where the database makes no difference."""
    return new_desk()
