"""The accounts: made, found, given a role, closed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    delete,
    exists,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from assistant.errors import CodingError
from web.accounts import passwords
from web.accounts.audit import Audit
from web.accounts.person import OWNER, Person, Role
from web.accounts.tables import accounts, invitations, keys, sessions
from web.accounts.tokens import digest, new_token
from web.database.engine import reader

LONGEST_NAME = 80
INVITED_FOR = timedelta(days=7)
ROLES = {role.word: role for role in (Role.MEMBER, Role.REVIEWER, Role.ADMIN)}


class UnusableAccount(CodingError):
    """The account cannot be made or changed so; says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account, without its secrets."""

    id: int
    name: str
    role: Role
    created: datetime
    closed: datetime | None
    has_password: bool

    @property
    def person(self) -> Person:
        """Who that is."""
        return Person(self.id, self.name, self.role)

    @property
    def is_owner(self) -> bool:
        """Whether it is the person at this computer, whose role nobody changes."""
        return self.id == OWNER.id


def handle_of(name: str) -> str:
    """A name as it is compared: how it is written does not matter."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def role_named(word: str) -> Role:
    """The role.

    Raises:
        UnusableAccount: there is none of that name.
    """
    if word not in ROLES:
        raise UnusableAccount(f"The role is one of {', '.join(ROLES)}.")
    return ROLES[word]


class Accounts:
    """The accounts of one copy; every change is written into the audit log."""

    def __init__(self, engine: Engine, audit: Audit) -> None:
        self._engine = engine
        self._audit = audit

    def all(self) -> list[Account]:
        """Every account, by name."""
        with reader(self._engine).connect() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.handle))
            return [_account(row._mapping) for row in rows]

    def get(self, account_id: int) -> Account:
        """One account.

        Raises:
            UnusableAccount: there is none of that number.
        """
        return self._one(accounts.c.id == account_id)

    def named(self, name: str) -> Account:
        """One account by its name.

        Raises:
            UnusableAccount: nobody is called so.
        """
        return self._one(accounts.c.handle == handle_of(name))

    def _one(self, condition: Any) -> Account:
        with reader(self._engine).connect() as connection:
            row = connection.execute(select(accounts).where(condition)).first()
        if row is None:
            raise UnusableAccount("There is no such account.")
        return _account(row._mapping)

    def stored_password(self, account_id: int) -> str | None:
        """The stored form of an account's password; None where it has none."""
        query = select(accounts.c.password).where(accounts.c.id == account_id)
        with reader(self._engine).connect() as connection:
            return connection.scalar(query)

    def has_admin(self) -> bool:
        """Whether an admin with a password can sign in over the network."""
        return self._has(accounts.c.role == Role.ADMIN.word)

    def has_passwords(self) -> bool:
        """Whether anybody can sign in by a password."""
        return self._has(true())

    def _has(self, condition: ColumnElement[bool]) -> bool:
        usable = accounts.c.closed.is_(None) & accounts.c.password.is_not(None)
        query = select(exists().where(usable, condition))
        with reader(self._engine).connect() as connection:
            return bool(connection.scalar(query))

    def add(self, by: Person, name: str, role: Role, password: str | None = None) -> Account:
        """The account made; without a password it waits for its invitation.

        Raises:
            UnusableAccount: the name is empty, too long or taken.
            UnusablePassword: the password is too easy to guess.
        """
        name = _checked_name(name)
        secret = passwords.stored(passwords.checked(password, name)) if password else None
        row = {"name": name, "handle": handle_of(name), "role": role.word, "password": secret}
        try:
            with self._engine.begin() as connection:
                made = connection.execute(insert(accounts).values(**row, created=datetime.now(UTC)))
                account_id = made.inserted_primary_key[0]  # type: ignore[index]
                self._audit.append(
                    connection, by, "account.made", f"account/{account_id}", role=role.word
                )
        except IntegrityError as error:
            raise UnusableAccount(
                f"Somebody is called {name} already. Use another name."
            ) from error
        return self.get(account_id)

    def set_password(self, by: Person, account_id: int, password: str) -> None:
        """Give an account another password; its sessions and invitations end.

        Raises:
            UnusablePassword: it is too easy to guess.
        """
        account = self._changeable(account_id)
        secret = passwords.stored(passwords.checked(password, account.name))
        with self._engine.begin() as connection:
            connection.execute(_change(account_id).values(password=secret))
            _end(connection, account_id)
            self._audit.append(connection, by, "account.password", f"account/{account_id}")

    def renew_hash(self, account_id: int, password: str) -> None:
        """Keep the same password in today's stored form."""
        with self._engine.begin() as connection:
            connection.execute(_change(account_id).values(password=passwords.stored(password)))

    def set_role(self, by: Person, account_id: int, role: Role) -> None:
        """Give an account another role; its sessions end.

        Raises:
            UnusableAccount: it is the owner's, one's own, or there is none.
        """
        account = self._changeable(account_id, by)
        with self._engine.begin() as connection:
            connection.execute(_change(account_id).values(role=role.word))
            _end(connection, account_id)
            self._audit.append(
                connection,
                by,
                "account.role",
                f"account/{account_id}",
                former=account.role.word,
                role=role.word,
            )

    def close(self, by: Person, account_id: int) -> None:
        """Let nobody in with it any more: sessions, invitations and keys end.

        Raises:
            UnusableAccount: it is the owner's, one's own, or there is none.
        """
        self._changeable(account_id, by)
        now = datetime.now(UTC)
        its_keys = keys.c.account_id == account_id
        with self._engine.begin() as connection:
            connection.execute(_change(account_id).values(closed=now))
            _end(connection, account_id)
            unrevoked = update(keys).where(its_keys, keys.c.revoked.is_(None))
            connection.execute(unrevoked.values(revoked=now))
            self._audit.append(connection, by, "account.closed", f"account/{account_id}")

    def open(self, by: Person, account_id: int) -> None:
        """Let a closed account in again; its keys stay revoked."""
        self._changeable(account_id, by)
        with self._engine.begin() as connection:
            connection.execute(_change(account_id).values(closed=None))
            self._audit.append(connection, by, "account.opened", f"account/{account_id}")

    def invite(self, by: Person, account_id: int) -> str:
        """A token with which the person sets a password once, within `INVITED_FOR`."""
        self._changeable(account_id)
        token, until = new_token(), datetime.now(UTC) + INVITED_FOR
        row = {"digest": digest(token), "account_id": account_id, "until": until}
        with self._engine.begin() as connection:
            _drop(connection, invitations, account_id)
            connection.execute(insert(invitations).values(row))
            self._audit.append(connection, by, "account.invited", f"account/{account_id}")
        return token

    def invited(self, token: str) -> Account | None:
        """Whose invitation it is, while it holds."""
        query = (
            select(accounts)
            .join(invitations)
            .where(invitations.c.digest == digest(token))
            .where(invitations.c.until > datetime.now(UTC), accounts.c.closed.is_(None))
        )
        with reader(self._engine).connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else _account(row._mapping)

    def _changeable(self, account_id: int, by: Person | None = None) -> Account:
        account = self.get(account_id)
        if account.is_owner:
            raise UnusableAccount(
                "The owner's account belongs to this computer and stays as it is."
            )
        if by is not None and by.id == account_id:
            raise UnusableAccount("Your own account is changed by another admin.")
        return account


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFKC", " ".join(name.split()))
    if not name or not name.isprintable():
        raise UnusableAccount("Give a name, such as the person's own or their log-in elsewhere.")
    if len(name) > LONGEST_NAME:
        raise UnusableAccount(f"The name may have up to {LONGEST_NAME} characters.")
    return name


def _account(row: Any) -> Account:
    return Account(
        row["id"],
        row["name"],
        Role[row["role"].upper()],
        row["created"],
        row["closed"],
        row["password"] is not None,
    )


def _change(account_id: int) -> Any:
    return update(accounts).where(accounts.c.id == account_id)


def _end(connection: Connection, account_id: int) -> None:
    _drop(connection, sessions, account_id)
    _drop(connection, invitations, account_id)


def _drop(connection: Connection, table: Any, account_id: int) -> None:
    connection.execute(delete(table).where(table.c.account_id == account_id))
