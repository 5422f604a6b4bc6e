"""Opens the database: SQLite beside the page by default, PostgreSQL by its address."""

from __future__ import annotations

from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from web.database.migrating import migrate
from web.settings import UnusableSetting

# A writer waits this long for another's transaction; none of ours spans a slow call.
BUSY_MILLISECONDS = 30_000
KEPT_OPEN = 16  # connections; to open one anew for a question costs as much as to answer it


def open_database(address: str) -> Engine:
    """The database, its tables brought up to date. Its transactions may write.

    On SQLite a transaction takes the write lock when it begins, so that none fails in its middle;
    what only reads uses `reader`, what writes often `writing`.

    Raises:
        UnusableSetting: the address names no database that can be opened.
    """
    engine = connect(address)
    migrate(engine)
    return engine


def connect(address: str) -> Engine:
    """The database as it is, its tables untouched.

    Raises:
        UnusableSetting: the address names no database that can be opened.
    """
    try:
        url = make_url(address)
        is_remote = url.get_backend_name() != "sqlite"
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=is_remote,  # a file does not hang up
            pool_size=KEPT_OPEN,
            pool_use_lifo=True,  # those seldom needed keep little in memory
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise UnusableSetting(
            "ASSISTANT_DATABASE is not an address that can be opened "
            f"({type(error).__name__}). Use sqlite:////folder/file.sqlite or "
            "postgresql+psycopg://user:password@host/name (needs the extra `postgres`)."
        ) from error
    if is_sqlite(engine):
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_writing)
        if url.database and url.database != ":memory:":
            _make_private_folder(Path(url.database).parent)
    return engine


@lru_cache(maxsize=16)
def reader(engine: Engine) -> Engine:
    """The same database for transactions that only read; on SQLite they never wait for a writer."""
    if not is_sqlite(engine):
        return engine
    # One of its own over the same connections: execution options make each step take longer, and
    # `create_engine` hangs listeners on a pool through which other threads may just be connecting.
    made = Engine(engine.pool, engine.dialect, engine.url, hide_parameters=True)
    event.listen(made, "begin", _begin_reading)
    return made


def scrub(engine: Engine) -> None:
    """Let what was deleted be gone from the files too, not only from the tables.

    On SQLite `secure_delete` overwrites what is deleted; here the log of changes, which still holds
    it, is written back and cut. PostgreSQL frees the space, to be overwritten in time.
    """
    if is_sqlite(engine):
        with closing(engine.raw_connection()) as raw:  # outside of any transaction
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM"))


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a SQLite file."""
    return engine.dialect.name == "sqlite"


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableSetting(
            f"The folder {folder} for the conversations cannot be made ({error.strerror}). "
            "Set ASSISTANT_DATA to a folder that may be written."
        ) from error


def _set_up_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions begin in `_begin_…` alone
    for setting in (
        "journal_mode = WAL",
        "synchronous = FULL",  # what was committed survives a loss of power
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is overwritten
        f"busy_timeout = {BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    # Past SQLAlchemy, to whom it is a statement like any other: every request reads.
    connection.connection.cursor().execute("BEGIN")
