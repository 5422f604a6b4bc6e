"""What an admin has set on the page, kept in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, delete, insert, select

from web.accounts.audit import Audit
from web.accounts.person import Person
from web.accounts.tables import preferences
from web.database.engine import reader


class Preferences:
    """Named values; every change is written into the audit log with the former value."""

    def __init__(self, engine: Engine, audit: Audit) -> None:
        self._engine = engine
        self._audit = audit

    def get(self, name: str) -> Any:
        """The value, or None where nobody has set one."""
        query = select(preferences.c.value).where(preferences.c.name == name)
        with reader(self._engine).connect() as connection:
            return connection.scalar(query)

    def set(self, by: Person, name: str, value: Any) -> None:
        """Keep another value."""
        former = self.get(name)
        with self._engine.begin() as connection:
            connection.execute(delete(preferences).where(preferences.c.name == name))
            connection.execute(insert(preferences).values(name=name, value=value))
            self._audit.append(
                connection, by, "setting.changed", f"setting/{name}", former=former, value=value
            )
