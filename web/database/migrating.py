"""Brings a database's tables up to date, whoever starts first."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

LOCK = 7_214_001  # PostgreSQL advisory lock: one process migrates, the others wait
FIRST = "0001_conversations"


def migrate(engine: Engine) -> None:
    """Run the migrations that the database has not seen, all or none, in one transaction."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        config = configured(connection)
        if _is_older_than_migrations(connection):
            command.stamp(config, FIRST)
        command.upgrade(config, "head")


def configured(connection: Connection) -> Config:
    """Alembic's settings for this connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", "web.database:migrations")
    config.attributes["connection"] = connection
    return config


def _is_older_than_migrations(connection: Connection) -> bool:
    """Whether the first tables stand there, made by a copy that kept no record of migrations."""
    recorded = MigrationContext.configure(connection).get_current_revision()
    return recorded is None and inspect(connection).has_table("conversation")
