"""The database's tables, as migrations make them and as the code declares them."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

import web
from web.database.engine import connect, open_database, reader
from web.database.migrating import FIRST, configured
from web.database.schema import metadata


@pytest.fixture(autouse=True)
def all_tables():
    """Every room's tables are registered."""
    for module in pkgutil.walk_packages(web.__path__, "web."):
        if module.name.endswith(".tables"):
            importlib.import_module(module.name)


@pytest.fixture
def opened():
    """Opens databases, and closes them after the test."""
    with ExitStack() as closing:

        def open_one(address):
            engine = open_database(address)
            closing.callback(engine.dispose)
            return engine

        yield open_one


class TestMigrations:
    def test_they_make_what_the_code_declares(self, opened, database_address):
        engine = opened(database_address)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    def test_starting_again_changes_nothing(self, opened, database_address):
        opened(database_address)
        opened(database_address)

    def test_they_can_be_taken_back(self, opened, database_address):
        engine = opened(database_address)
        with engine.begin() as connection:
            command.downgrade(configured(connection), "base")
        assert inspect(engine).get_table_names() == ["alembic_version"]

    def test_tables_older_than_migrations_are_kept(self, opened, database_address):
        old = connect(database_address)
        with old.begin() as connection:
            command.upgrade(configured(connection), FIRST)
            connection.execute(text("DROP TABLE alembic_version"))
            connection.execute(
                text(
                    "INSERT INTO conversation (id, title, created, updated) "
                    "VALUES ('a', 'kept', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO message "
                    "(conversation_id, position, text, masked, answer, created) "
                    "VALUES ('a', 0, 'said', '[]', '{}', '2026-01-01 00:00:00')"
                )
            )
        old.dispose()
        with reader(opened(database_address)).connect() as connection:
            kept = connection.execute(text("SELECT title, owner_id FROM conversation")).one()
            assert kept == ("kept", 0)
            assert connection.scalar(text("SELECT text FROM message")) == "said"

    def test_readers_do_not_wait_for_a_writer(self, opened, tmp_path):
        engine = opened(f"sqlite:///{tmp_path / 'busy.sqlite'}")
        with engine.begin() as writing:
            writing.execute(text("DELETE FROM conversation"))
            with reader(engine).connect() as reading:
                assert reading.scalar(text("SELECT count(*) FROM conversation")) == 0


@pytest.fixture
def turns_often() -> Iterator[None]:
    """Threads take turns after every few steps, so that a race of two shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("turns_often")
def test_readers_are_made_while_other_threads_connect(opened, tmp_path):
    engine = opened(f"sqlite:///{tmp_path / 'shared.sqlite'}")

    def connect_anew() -> None:
        for _ in range(20):
            with engine.connect() as connection:
                connection.invalidate()  # the next one is opened, not taken from the pool

    with ThreadPoolExecutor(4) as threads:
        connecting = [threads.submit(connect_anew) for _ in range(4)]
        while not all(one.done() for one in connecting):
            reader.__wrapped__(engine)
        for one in connecting:
            one.result()
