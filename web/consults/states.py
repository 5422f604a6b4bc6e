"""Where a consult and its reply stand, and every move from one state to another."""

from __future__ import annotations

from enum import Enum, StrEnum

from sqlalchemy import Connection, update

from assistant.errors import CodingError
from web.consults.tables import consults


class State(StrEnum):
    """Where a consult stands."""

    RECEIVED = "received"  # kept; a worker reads it next
    DRAFTED = "drafted"  # a person reads the draft next
    HELD = "held"  # a person says first whether it is answered at all
    QUARANTINED = "quarantined"  # nobody could read it, or a person set it apart
    SET_ASIDE = "set_aside"  # automatic, a bounce, or our own: never answered
    APPROVED = "approved"  # the reply is on its way
    SENT = "sent"
    ASKED = "asked"  # a fact was asked for; the clinic answers next
    REJECTED = "rejected"
    FAILED = "failed"  # gave up after several tries, or the reply came back: a person


class Sending(StrEnum):
    """Where a reply stands."""

    PENDING = "pending"
    SENDING = "sending"  # committed before the server gets the text
    SENT = "sent"
    UNKNOWN = "unknown"  # nobody here knows whether it was sent: being checked
    REFUSED = "refused"
    FAILED = "failed"
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"


# A consult has at most one reply in these states (the table's unique index says the same).
LIVE = (Sending.PENDING, Sending.SENDING, Sending.UNKNOWN, Sending.SENT)

# What waits for a person, and what is done with.
OPEN = (State.DRAFTED, State.HELD, State.QUARANTINED, State.FAILED)
CLOSED = (State.SENT, State.REJECTED, State.SET_ASIDE)


class Stale(CodingError):
    """The consult has moved on meanwhile; says what to do."""


class Move(Enum):
    """Every way from one state to another: from where, to where."""

    DRAFT = ((State.RECEIVED,), State.DRAFTED)
    HOLD = ((State.RECEIVED,), State.HELD)
    QUARANTINE = ((State.RECEIVED,), State.QUARANTINED)
    SET_ASIDE = ((State.RECEIVED,), State.SET_ASIDE)
    GIVE_UP = ((State.RECEIVED,), State.FAILED)
    SET_APART = ((State.DRAFTED, State.HELD, State.FAILED), State.QUARANTINED)
    RELEASE = ((State.HELD, State.QUARANTINED), State.RECEIVED)
    READ_AGAIN = ((State.FAILED,), State.RECEIVED)
    APPROVE = ((State.DRAFTED,), State.APPROVED)
    UNDO = ((State.APPROVED,), State.DRAFTED)
    SENT = ((State.APPROVED,), State.SENT)
    ASKED = ((State.APPROVED,), State.ASKED)
    ANSWERED = ((State.ASKED,), State.SENT)
    NOT_SENT = ((State.APPROVED,), State.FAILED)
    BOUNCE = ((State.SENT, State.ASKED), State.FAILED)
    SEND_AGAIN = ((State.FAILED,), State.APPROVED)
    REOPEN = ((State.FAILED, State.REJECTED), State.DRAFTED)
    REJECT = ((State.DRAFTED, State.HELD, State.QUARANTINED, State.FAILED), State.REJECTED)

    @property
    def origins(self) -> tuple[State, ...]:
        """The states from which it may be made."""
        origins: tuple[State, ...] = self.value[0]
        return origins

    @property
    def goal(self) -> State:
        """The state that it leads to."""
        goal: State = self.value[1]
        return goal


def move(connection: Connection, consult_id: int, made: Move, **values: object) -> None:
    """Make the move, together with other columns' values; compare-and-set on the state.

    Raises:
        Stale: the consult is in none of the states from which the move may be made.
    """
    changed = connection.execute(
        update(consults)
        .where(consults.c.id == consult_id, consults.c.state.in_(made.origins))
        .values(state=made.goal, **values)
    )
    if not changed.rowcount:
        raise Stale("This consult has moved on meanwhile. Open it again to see where it stands.")
