"""Which thread a mail belongs to, and what was said in it before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from sqlalchemy import Connection, Engine, select

from web.consults.letters import Desk, Letter, Turn
from web.consults.parsing import none_of_ours, take_in
from web.consults.states import Sending
from web.consults.tables import consults, drafts, mails, outgoing
from web.consults.verdicts import is_known
from web.database.engine import reader

MOST_TURNS = 20
IDS_AT_ONCE = 500


def ours(engine: Engine) -> Callable[[Collection[str]], Collection[str]]:
    """Of some message ids, those under which we have sent a mail."""

    def known(ids: Collection[str]) -> Collection[str]:
        wanted = select(outgoing.c.message_id).where(
            outgoing.c.message_id.in_(list(ids)[:IDS_AT_ONCE])
        )
        with reader(engine).connect() as connection:
            return set(connection.scalars(wanted))

    return known


def thread_of(connection: Connection, letter: Letter, desk: Desk) -> int | None:
    """The thread that the letter goes on with; None for a letter that begins one.

    What was said before is told only to who was told it: to its sender, or to a colleague under
    a whole domain that the settings allow. To others the letter begins a thread of its own.
    """
    if not letter.thread:
        return None
    found = connection.execute(
        select(consults.c.id, consults.c.thread_id, consults.c.sender)
        .join(outgoing, outgoing.c.consult_id == consults.c.id)
        .where(outgoing.c.message_id.in_(letter.thread))
        .order_by(outgoing.c.id.desc())
    ).first()
    if found is None or not _may_read(letter.sender, found.sender, desk):
        return None
    return int(found.thread_id or found.id)


def _may_read(sender: str, first: str, desk: Desk) -> bool:
    if sender.lower() == first.lower():
        return bool(sender)
    domain = first.rpartition("@")[2].lower()
    colleague = sender.lower().endswith(f"@{domain}") and bool(domain)
    whole_domains = [entry for entry in desk.allowed if entry.strip().startswith("@")]
    return colleague and is_known(sender, whole_domains)


def earlier_turns(
    connection: Connection, thread_id: int, before: int, desk: Desk, masked: Callable[[str], str]
) -> tuple[Turn, ...]:
    """What was asked and replied in the thread before that consult, the oldest first."""
    rows = connection.execute(
        select(consults.c.id, mails.c.raw, mails.c.size)
        .join(mails, mails.c.id == consults.c.mail_id)
        .where(consults.c.thread_id == thread_id, consults.c.id < before)
        .order_by(consults.c.id.desc())
        .limit(MOST_TURNS)
    ).all()
    replies = dict(_replies(connection, [row.id for row in rows]))
    turns = []
    for row in reversed(rows):
        letter = take_in(row.raw, desk, none_of_ours, row.size).letter
        turns.append(Turn(masked(letter.text), replies.get(row.id, "")))
    return tuple(turns)


def _replies(connection: Connection, ids: list[int]) -> Iterator[tuple[int, str]]:
    sent = (Sending.SENT, Sending.BOUNCED)
    rows = connection.execute(
        select(outgoing.c.consult_id, drafts.c.body)
        .join(drafts, drafts.c.id == outgoing.c.draft_id)
        .where(outgoing.c.consult_id.in_(ids), outgoing.c.state.in_(sent))
        .order_by(outgoing.c.id)
    )
    for row in rows:
        yield row.consult_id, row.body
