"""What each part of the desk last said of itself, kept where every process can read it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from web.consults.leases import now
from web.consults.tables import pulses
from web.database.engine import reader

log = logging.getLogger("web.consults")

SILENT = timedelta(minutes=1)  # a worker that has said nothing for so long is not counted
GONE_AFTER = timedelta(days=1)  # a worker that has said nothing for so long is not missed


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a part last said.

    Attributes:
        part: "mailbox …" or "worker …".
        age: how long ago.
    """

    part: str
    said_at: datetime
    age: timedelta
    is_well: bool
    detail: str
    figures: Mapping[str, float]


def say(
    engine: Engine,
    part: str,
    is_well: bool,
    detail: str = "",
    figures: Mapping[str, float] | None = None,
) -> None:
    """Write it down; where even the database is away, only the log hears it."""
    values = {"is_well": is_well, "detail": detail}
    if figures is not None or is_well:
        values["figures"] = figures or {}
    try:
        with engine.begin() as connection:
            at = now(connection)
            known = update(pulses).where(pulses.c.part == part[:300])
            if not connection.execute(known.values(**values, said_at=at)).rowcount:
                first = {"figures": {}, **values, "part": part[:300], "said_at": at}
                connection.execute(insert(pulses).values(first))
            connection.execute(delete(pulses).where(pulses.c.said_at < at - GONE_AFTER))
    except IntegrityError:
        pass  # another process said it in this moment
    except SQLAlchemyError as error:
        log.warning("The state of a part cannot be written: %s", type(error).__name__)


def heard(engine: Engine) -> list[Pulse]:
    """What every part last said."""
    with reader(engine).connect() as connection:
        at = now(connection)
        rows = connection.execute(select(pulses).order_by(pulses.c.part)).mappings().all()
    return [Pulse(age=at - row["said_at"], **row) for row in rows]
