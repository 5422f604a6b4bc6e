"""What a kill loop came to: questions lost, replies sent twice, work that nobody took up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, func, or_, select

from web.consults.leases import now
from web.consults.states import Sending, State
from web.consults.tables import consults, mails, outgoing
from web.database.engine import connect, reader

BY_COPY = "The desk's own copy has arrived"
WORK: dict[Table, tuple[State | Sending, ...]] = {
    consults: (State.RECEIVED,),
    outgoing: (Sending.PENDING, Sending.SENDING, Sending.UNKNOWN),
}


@dataclass
class Asked:
    """What clinics have sent.

    Attributes:
        answerable: questions that get one reply each, by what the reply is known by: the
            Message-ID that it answers, or its recipient where it was asked by the API.
        others: mails that get none, but are kept.
    """

    answerable: Counter[str] = field(default_factory=Counter)
    others: int = 0


@dataclass(frozen=True)
class Counted:
    """What the run came to.

    Attributes:
        lost: questions without a reply, or mails that stand nowhere.
        twice: replies beyond one a question.
        stuck: rows that nobody took up within two leases after theirs had ended, and consults
            that had not come to their end after the run.
        fell: processes that ended by themselves.
        by_copy: replies of unknown fate that were found by the desk's copy.
        retried: replies that were tried more than once.
        left: what is not at its end, for the report.
    """

    kills: int
    asked: int
    lost: int
    twice: int
    stuck: int
    fell: int
    seconds: float
    by_copy: int
    retried: int
    left: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, sent twice or stuck, and no process fell by itself."""
        return not (self.lost or self.twice or self.stuck or self.fell)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.asked} consults, {self.seconds:.0f} s: lost {self.lost}, "
            f"sent twice {self.twice}, stuck {self.stuck}, fell by itself {self.fell}; settled by "
            f"the copy {self.by_copy}, tried more than once {self.retried}"
            + "".join(f"\n  not at its end: {line}" for line in self.left)
        )


def expired(engine: Engine) -> set[tuple[str, int, str]]:
    """Rows of work whose lease is over: table, number, and the lease's token."""
    found: set[tuple[str, int, str]] = set()
    with reader(engine).connect() as connection:
        at = now(connection)
        for table, states in WORK.items():
            over = (table.c.state.in_(states), table.c.lease_until < at)
            rows = connection.execute(select(table.c.id, table.c.lease_token).where(*over))
            found |= {(table.name, row.id, row.lease_token) for row in rows}
    return found


def ended(engine: Engine) -> int:
    """How many consults have come to their end with a reply."""
    with reader(engine).connect() as connection:
        return _count(connection, consults, consults.c.state == State.SENT)


def counted(address: str, deliveries: Path, asked: Asked, **run: Any) -> Counted:
    """The database and the mails that clinics got, held against what was asked."""
    lines = deliveries.read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    replied = Counter(one["in_reply_to"] or one["to"][0] for one in told)
    wanted, strangers = asked.answerable, replied.keys() - asked.answerable.keys()
    total = wanted.total()
    stuck: int = run.pop("stuck")
    engine = connect(address)
    with reader(engine).connect() as connection:
        of_clinics = or_(
            mails.c.message_id.like("<q%"),
            mails.c.message_id.like("<reused%"),
            mails.c.channel == "api",
        )
        missing = max(total + asked.others - _count(connection, mails, of_clinics), 0)
        left = connection.execute(_left()).all()
        result = Counted(
            asked=total,
            lost=max(sum(max(n - replied[one], 0) for one, n in wanted.items()), missing),
            twice=sum(max(replied[one] - n, 0) for one, n in wanted.items())
            + sum(replied[one] for one in strangers),
            stuck=stuck + total - _count(connection, consults, consults.c.state == State.SENT),
            by_copy=_count(connection, outgoing, outgoing.c.smtp_reply == BY_COPY),
            retried=_count(connection, outgoing, outgoing.c.attempts > 1),
            left=tuple(" ".join(map(str, row)) for row in left),
            **run,
        )
    engine.dispose()
    return result


def table(result: Counted, more: Mapping[str, object]) -> str:
    """The figures, a line each.

    Args:
        more: how the run went, by name.
    """
    rows: dict[str, object] = {
        "kills": result.kills,
        **more,
        "seconds in all": f"{result.seconds:.0f}",
        "consults": result.asked,
        "settled by the desk's copy": result.by_copy,
        "tried more than once": result.retried,
        "lost": result.lost,
        "sent twice": result.twice,
        "stuck": result.stuck,
        "fell by itself": result.fell,
    }
    return "\n".join(f"  {name:<28}{value:>8}" for name, value in rows.items())


def _count(connection: Any, table: Table, condition: Any) -> int:
    return int(connection.scalar(select(func.count()).select_from(table).where(condition)) or 0)


def _left() -> Any:
    columns = (consults.c.state, outgoing.c.state, outgoing.c.last_error)
    return (
        select(*columns, func.count())
        .join(outgoing, outgoing.c.consult_id == consults.c.id, isouter=True)
        .where(consults.c.state.not_in((State.SENT, State.SET_ASIDE, State.HELD)))
        .group_by(*columns)
    )
