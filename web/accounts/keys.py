"""API keys: shown once, stored as a hash, good for the programs' routes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, or_, select, update

from assistant.errors import CodingError
from web.accounts.audit import Audit
from web.accounts.person import Person, Role
from web.accounts.sessions import NOTED_EVERY
from web.accounts.tables import accounts, keys
from web.accounts.tokens import digest, new_token
from web.database.engine import reader
from web.database.writing import writing

PREFIX = "tca_"  # lets secret scanners know it
SHOWN = 10  # first characters by which a person tells keys apart
LONGEST_LABEL = 80
LONGEST_DAYS = 3650


class UnusableKey(CodingError):
    """The key cannot be made or changed so; says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key, without its secret."""

    id: int
    owner: str
    label: str
    start: str
    created: datetime
    used: datetime | None
    until: datetime | None
    revoked: datetime | None

    @property
    def works(self) -> bool:
        """Whether it still lets a program in."""
        over = self.until is not None and self.until <= datetime.now(UTC)
        return self.revoked is None and not over


class Keys:
    """The keys of one copy."""

    def __init__(self, engine: Engine, audit: Audit) -> None:
        self._engine = engine
        self._audit = audit

    def make(self, person: Person, label: str, days: int | None = None) -> str:
        """A new key, to be shown this once.

        Args:
            label: what it is for.
            days: for how long it works; None for ever.

        Raises:
            UnusableKey: the label or the days are unusable.
        """
        label = " ".join(label.split())
        if not label or len(label) > LONGEST_LABEL:
            raise UnusableKey(f"Say what the key is for, in up to {LONGEST_LABEL} characters.")
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise UnusableKey(f"A key works for 1 to {LONGEST_DAYS} days, or without an end.")
        key, now = PREFIX + new_token(), datetime.now(UTC)
        row = {
            "digest": digest(key),
            "account_id": person.id,
            "label": label,
            "start": key[:SHOWN],
            "created": now,
            "until": None if days is None else now + timedelta(days=days),
        }
        with writing(self._engine) as connection:
            made = connection.execute(insert(keys).values(row)).inserted_primary_key
            assert made is not None
            self._audit.append(connection, person, "key.made", f"key/{made[0]}")
        return key

    def holder(self, key: str) -> Person | None:
        """Who the program asks for, while the key works."""
        now, its = datetime.now(UTC), digest(key)
        query = (
            select(accounts.c.id, accounts.c.name, accounts.c.role, keys.c.used)
            .join(keys)
            .where(keys.c.digest == its, keys.c.revoked.is_(None), accounts.c.closed.is_(None))
            .where(or_(keys.c.until.is_(None), keys.c.until > now))
        )
        with reader(self._engine).connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if row.used is None or now - row.used > NOTED_EVERY:
            with writing(self._engine) as connection:
                connection.execute(update(keys).where(keys.c.digest == its).values(used=now))
        return Person(row.id, row.name, Role[row.role.upper()])

    def all(self, person: Person | None = None) -> list[Key]:
        """The keys of a person, or everybody's; the newest first."""
        columns = [keys.c[name] for name in ("label", "start", "created", "used")]
        query = select(
            keys.c.id, accounts.c.name.label("owner"), *columns, keys.c.until, keys.c.revoked
        ).join(accounts)
        if person is not None:
            query = query.where(keys.c.account_id == person.id)
        with reader(self._engine).connect() as connection:
            rows = connection.execute(query.order_by(keys.c.id.desc()))
            return [Key(**row._mapping) for row in rows]

    def revoke(self, person: Person, key_id: int) -> None:
        """Let a key work no more; an admin may revoke anybody's.

        Raises:
            UnusableKey: the person has no such key.
        """
        chosen = update(keys).where(keys.c.id == key_id, keys.c.revoked.is_(None))
        if person.role < Role.ADMIN:
            chosen = chosen.where(keys.c.account_id == person.id)
        with writing(self._engine) as connection:
            done = connection.execute(chosen.values(revoked=datetime.now(UTC)))
            if not done.rowcount:
                raise UnusableKey("There is no such key, or it was revoked before.")
            self._audit.append(connection, person, "key.revoked", f"key/{key_id}")
