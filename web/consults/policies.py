"""Which drafts go out by themselves: none, unless an operator says so for a sender and a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.conversation import AnswerKind
from assistant.errors import CodingError
from web.consults.leases import now
from web.consults.letters import Draft
from web.consults.tables import consults, decisions, policies
from web.database.engine import reader

Also = Callable[[Connection], None]
ANY = "*"
KINDS = (AnswerKind.CLAIM, AnswerKind.CODE_CHOICE, AnswerKind.GUIDANCE)
MOST_AN_HOUR = 20  # to one sender without a person: more looks like two programs talking


class UnusablePolicy(CodingError):
    """The policy cannot be set; says what to do."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Complete drafts of that kind to that sender go out by themselves.

    Attributes:
        sender: an address, "@domain", or "*".
        kind: "claim", "code_choice", "guidance", or "*" for these three.
    """

    id: int
    sender: str
    kind: str
    set_by: str

    @property
    def reviewer(self) -> str:
        """How a decision names it."""
        return f"policy {self.id}: {self.kind} to {self.sender}, set by {self.set_by}"[:200]


def let_go_out(
    engine: Engine, sender: str, kind: str, operator: str, also: Also = lambda _: None
) -> None:
    """Let complete drafts of that kind go out to that sender; set already, it stays as it is.

    Args:
        also: writes into the same transaction what else must be known of it.

    Raises:
        UnusablePolicy: the sender is neither an address, "@domain" nor "*", or the kind is none.
    """
    sender = sender.strip().lower()
    if sender != ANY and ("@" not in sender or len(sender) > 320 or " " in sender):
        raise UnusablePolicy('Name an address, a whole domain as "@clinic.example", or "*".')
    if kind not in (*KINDS, ANY):
        raise UnusablePolicy(f"There is no such kind: use {', '.join(KINDS)} or {ANY}.")
    try:
        with engine.begin() as connection:
            connection.execute(
                insert(policies).values(
                    sender=sender, kind=kind, set_by=operator[:200], set_at=now(connection)
                )
            )
            also(connection)
    except IntegrityError:
        return


def review_again(engine: Engine, policy_id: int, also: Also = lambda _: None) -> None:
    """Take the policy back, where it is in force: a person reads these drafts again."""
    with engine.begin() as connection:
        if connection.execute(delete(policies).where(policies.c.id == policy_id)).rowcount:
            also(connection)


def in_force(engine: Engine) -> list[Policy]:
    """Every policy; where there is none, a person reads every draft."""
    wanted = select(policies.c.id, policies.c.sender, policies.c.kind, policies.c.set_by)
    with reader(engine).connect() as connection:
        rows = connection.execute(wanted.order_by(policies.c.sender, policies.c.kind))
        return [Policy(*row) for row in rows]


def applying(connection: Connection, sender: str, made: Draft) -> Policy | None:
    """The policy by which this draft goes out; None where a person reads it.

    Only a complete draft without warnings goes out, and only so many an hour.
    """
    if not made.is_complete or made.severity in ("error", "warning") or made.kind not in KINDS:
        return None
    domain = "@" + sender.rpartition("@")[2].lower()
    rows = connection.execute(
        select(policies.c.id, policies.c.sender, policies.c.kind, policies.c.set_by)
        .where(
            policies.c.sender.in_((sender.lower(), domain, ANY)),
            policies.c.kind.in_((made.kind, ANY)),
        )
        .order_by(policies.c.id)
    )
    found = next((Policy(*row) for row in rows), None)
    return found if found and _are_few(connection, sender) else None


def _are_few(connection: Connection, sender: str) -> bool:
    lately = connection.scalar(
        select(func.count())
        .select_from(decisions)
        .join(consults, consults.c.id == decisions.c.consult_id)
        .where(
            consults.c.sender == sender,
            decisions.c.reviewer.like("policy %"),
            decisions.c.made_at > now(connection) - timedelta(hours=1),
        )
    )
    return (lately or 0) < MOST_AN_HOUR
