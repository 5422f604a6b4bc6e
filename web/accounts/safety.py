"""Everything by which a copy knows and lets in people, built once."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from web.accounts import passwords
from web.accounts.attempts import Attempts
from web.accounts.audit import Audit
from web.accounts.keys import Keys
from web.accounts.people import Account, Accounts, UnusableAccount
from web.accounts.person import NOBODY, OWNER, Person
from web.accounts.preferences import Preferences
from web.accounts.rates import Limiter, Rates
from web.accounts.retention import Erase, Retention
from web.accounts.sessions import Lasting, Sessions
from web.accounts.tokens import new_token


@dataclass(frozen=True, slots=True)
class Safety:
    """Accounts, sessions, keys, limits and the audit log.

    Attributes:
        entrance: secret of the address printed at the start, which lets the owner in; empty where
            the page is open to a network.
    """

    engine: Engine
    audit: Audit
    accounts: Accounts
    sessions: Sessions
    keys: Keys
    attempts: Attempts
    preferences: Preferences
    limiter: Limiter
    entrance: str

    @classmethod
    def open(
        cls,
        engine: Engine,
        *,
        is_local: bool = False,
        rates: Rates | None = None,
        lasting: Lasting | None = None,
    ) -> Safety:
        """The safety of one copy.

        Args:
            is_local: whether only this machine reaches it, so that the owner needs no password.
        """
        audit = Audit(engine)
        return cls(
            engine,
            audit,
            Accounts(engine, audit),
            Sessions(engine, audit, lasting or Lasting()),
            Keys(engine, audit),
            Attempts(engine),
            Preferences(engine, audit),
            Limiter(rates or Rates()),
            new_token() if is_local else "",
        )

    def retention(self, erasers: Mapping[str, Erase]) -> Retention:
        """What deletes by age, over this database."""
        return Retention(
            self.engine, self.audit, self.preferences, self.sessions, self.attempts, erasers
        )

    def enter(self, token: str, former: str = "") -> str | None:
        """A session of the owner for who has the printed address; None for anybody else."""
        if not self.entrance or not hmac.compare_digest(token.encode(), self.entrance.encode()):
            return None
        return self.sessions.begin(OWNER, "printed address", former)

    def log_in(self, name: str, password: str, former: str = "") -> str | None:
        """A session for the right name and password; None for anything else.

        A wrong name and a wrong password differ neither in words nor in time.
        """
        account, kept = self._with_password(name)
        self.attempts.count(name)
        if not passwords.matches(password, kept) or account is None:
            self._note_failure(account)
            return None
        self.attempts.succeeded(name)
        if kept and passwords.is_outdated(kept):
            self.accounts.renew_hash(account.id, password)
        return self.sessions.begin(account.person, "password", former)

    def _with_password(self, name: str) -> tuple[Account | None, str | None]:
        try:
            account = self.accounts.named(name)
        except UnusableAccount:
            return None, None
        kept = self.accounts.stored_password(account.id)
        return account, None if account.closed else kept

    def _note_failure(self, account: Account | None) -> None:
        """Unknown names are not written down: people type passwords into that field."""
        known = account.person if account else NOBODY
        self.audit.record(known, "session.refused")

    def is_password_of(self, person: Person, password: str) -> bool:
        """Whether a person who is signed in typed their own password."""
        return passwords.matches(password, self.accounts.stored_password(person.id))
