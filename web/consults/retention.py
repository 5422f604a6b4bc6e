"""What the retention setting erases: a closed consult with all that was kept of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, delete, or_, select, update

from web.consults.leases import now
from web.consults.states import CLOSED
from web.consults.tables import consults, mails

AT_ONCE = 500


def erase_consults(connection: Connection, before: datetime) -> list[str]:
    """The numbers of the consults that were closed before that moment, now erased.

    Of the mail only its content key stays, so that the same mail is not answered again.
    """
    erased: list[str] = []
    while some := _erase_some(connection, before):
        erased += some
    return erased


def _erase_some(connection: Connection, before: datetime) -> list[str]:
    since = or_(
        consults.c.closed_at < before,
        and_(consults.c.closed_at.is_(None), consults.c.received_at < before),
    )
    rows = connection.execute(
        select(consults.c.id, consults.c.mail_id)
        .where(consults.c.state.in_(CLOSED), since)
        .order_by(consults.c.id)
        .limit(AT_ONCE)
    ).all()
    if rows:
        connection.execute(delete(consults).where(consults.c.id.in_([row.id for row in rows])))
        connection.execute(
            update(mails)
            .where(mails.c.id.in_([row.mail_id for row in rows]))
            .values(raw=b"", message_id="", erased_at=now(connection))
        )
    return [str(row.id) for row in rows]
