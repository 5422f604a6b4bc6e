"""The tables in which conversations are kept, and the database that holds them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from web.settings import UnusableSetting


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, on databases that know time zones and on those that do not."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment without its zone, which is UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData()

conversations = Table(
    "conversation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False, index=True),
)

# `masked` says what kinds of identifiers were taken out of the text before it came here.
messages = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("masked", JSON, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("conversation_id", "position"),
)


def open_database(address: str) -> Engine:
    """The database with its tables made.

    Raises:
        UnusableSetting: the address names no database that can be opened.
    """
    try:
        url = make_url(address)
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise UnusableSetting(
            "ASSISTANT_DATABASE is not an address that can be opened "
            f"({type(error).__name__}). Use sqlite:////folder/file.sqlite or "
            "postgresql+psycopg://user:password@host/name (needs the extra `postgres`)."
        ) from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        if url.database and url.database != ":memory:":
            _make_private_folder(Path(url.database).parent)
    metadata.create_all(engine)
    return engine


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableSetting(
            f"The folder {folder} for the conversations cannot be made ({error.strerror}). "
            "Set ASSISTANT_DATA to a folder that may be written."
        ) from error


def _set_up_sqlite(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    for setting in ("journal_mode = WAL", "foreign_keys = ON", "busy_timeout = 5000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
