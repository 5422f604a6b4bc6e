"""Sessions: who is signed in, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, bindparam, delete, func, insert, or_, select, update

from web.accounts.audit import Audit
from web.accounts.person import Person, Role
from web.accounts.tables import accounts, sessions
from web.accounts.tokens import digest, new_token
from web.database.engine import reader
from web.database.schema import Moment
from web.database.writing import writing

NOTED_EVERY = timedelta(minutes=1)  # "last seen" is no more exact, to write seldom

# Made once: every request asks it.
_WHOSE = (
    select(accounts.c.id, accounts.c.name, accounts.c.role, sessions.c.seen)
    .join(sessions)
    .where(sessions.c.digest == bindparam("its"), sessions.c.until > bindparam("now", type_=Moment))
    .where(sessions.c.seen > bindparam("idle_since", type_=Moment), accounts.c.closed.is_(None))
)


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts.

    Attributes:
        idle: without a request.
        whole: whatever is done in it.
    """

    idle: timedelta = timedelta(hours=8)
    whole: timedelta = timedelta(hours=24)


class Sessions:
    """The sessions of one copy."""

    def __init__(self, engine: Engine, audit: Audit, lasting: Lasting) -> None:
        self._engine = engine
        self._audit = audit
        self.lasting = lasting

    def begin(self, person: Person, how: str, former: str = "") -> str:
        """The token of a new session; a former one on the same browser ends.

        Args:
            how: by password, printed address or invitation, for the audit log.
        """
        token, now = new_token(), datetime.now(UTC)
        row = {"digest": digest(token), "account_id": person.id, "created": now, "seen": now}
        with writing(self._engine) as connection:
            if former:
                connection.execute(delete(sessions).where(sessions.c.digest == digest(former)))
            connection.execute(insert(sessions).values(**row, until=now + self.lasting.whole))
            self._audit.append(connection, person, "session.begun", by=how)
        return token

    def person(self, token: str) -> Person | None:
        """Whose session it is, while it lasts."""
        now, its = datetime.now(UTC), digest(token)
        given = {"its": its, "now": now, "idle_since": now - self.lasting.idle}
        with reader(self._engine).connect() as connection:
            row = connection.execute(_WHOSE, given).first()
        if row is None:
            return None
        if now - row.seen > NOTED_EVERY:
            with writing(self._engine) as connection:
                its_row = update(sessions).where(sessions.c.digest == its)
                connection.execute(its_row.values(seen=now))
        return Person(row.id, row.name, Role[row.role.upper()])

    def end(self, person: Person, token: str) -> None:
        """Sign out of this browser."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest(token)))
            self._audit.append(connection, person, "session.ended")

    def end_all(self, person: Person) -> None:
        """Sign out everywhere."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.account_id == person.id))
            self._audit.append(connection, person, "session.ended_everywhere")

    def count(self, person: Person) -> int:
        """In how many browsers the person is signed in."""
        now = datetime.now(UTC)
        query = select(func.count()).where(sessions.c.account_id == person.id)
        query = query.where(sessions.c.until > now, sessions.c.seen > now - self.lasting.idle)
        with reader(self._engine).connect() as connection:
            return connection.scalar(query) or 0

    def forget_ended(self) -> None:
        """Remove the sessions that are over."""
        now = datetime.now(UTC)
        over = or_(sessions.c.until <= now, sessions.c.seen <= now - self.lasting.idle)
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(over))
