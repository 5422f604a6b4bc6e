"""The queue as a list: filtered, counted, each consult with its age against the target time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select

from web.consults.leases import now
from web.consults.settings import DeskSettings
from web.consults.states import LIVE, OPEN, Sending, State
from web.consults.tables import consults, lookers, mails, outgoing
from web.database.engine import reader

PAGE = 50
LOOKING = timedelta(seconds=45)  # who has not been heard of for so long has gone
BEING_ANSWERED = (*OPEN, State.RECEIVED, State.APPROVED, State.ASKED)

_REPLY = and_(outgoing.c.consult_id == consults.c.id, outgoing.c.state.in_(LIVE))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which consults to show; what is left empty does not matter.

    Attributes:
        states: none for all that are not done with.
        words: in the subject, the sender or the note.
        overdue: only those older than the target time.
        sender: an address or "@domain".
        assigned_to: a reviewer; "-" for nobody.
        snoozed: show also what is put off.
    """

    states: tuple[State, ...] = ()
    words: str = ""
    overdue: bool = False
    sender: str = ""
    payer: str = ""
    code: str = ""
    severity: str = ""
    assigned_to: str = ""
    snoozed: bool = False
    newest_first: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One consult as the list shows it.

    Attributes:
        sending: where its reply stands; "" where there is none.
        age: since it was received, until it was closed.
        is_overdue: open for longer than the target time.
        lookers: who has it open.
    """

    id: int
    thread_id: int
    state: State
    sending: str
    received_at: datetime
    age: timedelta
    is_overdue: bool
    channel: str
    sender: str
    sender_name: str
    subject: str
    kind: str
    severity: str
    is_complete: bool
    codes: tuple[str, ...]
    payers: tuple[str, ...]
    reason: str
    last_error: str
    assigned_to: str
    snoozed_until: datetime | None
    lookers: tuple[str, ...]


def listed(engine: Engine, settings: DeskSettings, wanted: Filter) -> list[Row]:
    """One page of the consults, the oldest first unless wanted otherwise."""
    with reader(engine).connect() as connection:
        at = now(connection)
        query = (
            select(consults, outgoing.c.state.label("sending"), mails.c.channel)
            .join(mails, mails.c.id == consults.c.mail_id)
            .join(outgoing, _REPLY, isouter=True)
            .where(*_conditions(wanted, at, settings.target))
            .order_by(*_order(wanted))
            .limit(PAGE)
            .offset(PAGE * max(wanted.page, 0))
        )
        rows = connection.execute(query).mappings().all()
        ids = [row["id"] for row in rows]
        seen = connection.execute(
            select(lookers.c.consult_id, lookers.c.person)
            .where(lookers.c.consult_id.in_(ids), lookers.c.seen_at > at - LOOKING)
            .order_by(lookers.c.person)
        ).all()
    return [_row(dict(row), at, settings.target, seen) for row in rows]


def found(engine: Engine, settings: DeskSettings, wanted: Filter) -> int:
    """How many consults the filter lets through."""
    with reader(engine).connect() as connection:
        conditions = _conditions(wanted, now(connection), settings.target)
        query = select(func.count()).select_from(consults).where(*conditions)
        return connection.scalar(query) or 0


def _row(row: dict[str, object], at: datetime, target: timedelta, seen: object) -> Row:
    names = [f for f in Row.__slots__ if f in row]
    kept = {name: row[name] for name in names}
    received, closed = row["received_at"], row["closed_at"]
    assert isinstance(received, datetime)
    age = (closed if isinstance(closed, datetime) else at) - received
    state = State(str(row["state"]))
    assert isinstance(seen, list)
    kept |= {
        "thread_id": row["thread_id"] or row["id"],
        "state": state,
        "sending": row["sending"] or "",
        "age": age,
        "is_overdue": state in BEING_ANSWERED and age > target,
        "codes": tuple(str(row["codes"]).split()),
        "payers": tuple(str(row["payers"]).split()),
        "lookers": tuple(one.person for one in seen if one.consult_id == row["id"]),
    }
    return Row(**kept)  # type: ignore[arg-type]


def _order(wanted: Filter) -> list[ColumnElement[object]]:
    if wanted.newest_first:
        return [consults.c.received_at.desc(), consults.c.id.desc()]
    return [consults.c.received_at.asc(), consults.c.id.asc()]


def _conditions(wanted: Filter, at: datetime, target: timedelta) -> Iterator[ColumnElement[bool]]:
    c = consults.c
    yield c.state.in_(wanted.states or BEING_ANSWERED)
    if not wanted.snoozed:
        yield or_(c.snoozed_until.is_(None), c.snoozed_until <= at)
    if wanted.words:
        yield or_(
            *(
                column.icontains(wanted.words, autoescape=True)
                for column in (c.subject, c.sender, c.sender_name, c.note)
            )
        )
    if wanted.overdue:
        yield and_(c.received_at < at - target, c.state.in_(BEING_ANSWERED))
    if wanted.sender:
        yield _from(wanted.sender)
    for column, word in ((c.codes, wanted.code), (c.payers, wanted.payer)):
        if word:
            yield column.contains(f" {word} ", autoescape=True)
    if wanted.severity:
        yield c.severity == wanted.severity
    if wanted.assigned_to:
        yield c.assigned_to == ("" if wanted.assigned_to == "-" else wanted.assigned_to)


def _from(sender: str) -> ColumnElement[bool]:
    lower = func.lower(consults.c.sender)
    if sender.startswith("@"):
        return lower.endswith(sender.lower(), autoescape=True)
    return lower == sender.lower()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many consults stand where.

    Attributes:
        states: by state; every state is named.
        sending: replies by state, likewise.
        oldest: the age of the oldest that waits, by state.
        overdue: open for longer than the target time.
    """

    states: dict[State, int]
    sending: dict[Sending, int]
    oldest: dict[State, timedelta]
    overdue: int


def counted(engine: Engine, settings: DeskSettings) -> Counts:
    """How many consults stand where, and since when."""
    c = consults.c
    with reader(engine).connect() as connection:
        at = now(connection)
        by_state = connection.execute(
            select(c.state, func.count(), func.min(c.received_at)).group_by(c.state)
        ).all()
        by_sending = connection.execute(
            select(outgoing.c.state, func.count()).group_by(outgoing.c.state)
        ).all()
        late = (c.state.in_(BEING_ANSWERED), c.received_at < at - settings.target)
        overdue = connection.scalar(select(func.count()).select_from(consults).where(*late))
    states = dict.fromkeys(State, 0) | {State(row[0]): row[1] for row in by_state}
    sending = dict.fromkeys(Sending, 0) | {Sending(row[0]): row[1] for row in by_sending}
    waiting = (*BEING_ANSWERED,)
    oldest = {State(row[0]): at - row[2] for row in by_state if row[0] in waiting}
    return Counts(states, sending, oldest, overdue or 0)
