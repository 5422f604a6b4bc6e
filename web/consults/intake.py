"""Taking a question in: its bytes are kept once, whatever way and however often they come."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime, formataddr

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.errors import CodingError
from web.consults import parsing
from web.consults.headers import Headers
from web.consults.leases import now
from web.consults.states import State
from web.consults.tables import consults, mails, mails_seen

HEAD = 200_000  # bytes in which a Message-ID is looked for
LONGEST_TEXT = 200_000  # characters of a question that is not mailed
TRIES = 5

NEW: Mapping[str, object] = {
    "state": State.RECEIVED,
    "attempts": 0,
    "taken": 0,
    "last_error": "",
    "released_by": "",
    "sender": "",
    "sender_name": "",
    "subject": "",
    "fate": "",
    "reason": "",
    "kind": "",
    "severity": "",
    "is_complete": False,
    "codes": "",
    "payers": "",
    "note": "",
    "assigned_to": "",
}


class UnusableQuestion(CodingError):
    """The question cannot be taken; says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a mailbox a mail lies."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A question that is kept.

    Attributes:
        is_new: whether it came for the first time.
    """

    mail_id: int
    consult_id: int
    is_new: bool


def take(
    engine: Engine,
    raw: bytes,
    *,
    channel: str = "mail",
    size: int | None = None,
    place: Place | None = None,
    key: str = "",
    asked_by: int | None = None,
) -> Taken:
    """Keep a mail and its consult in one transaction; the same mail again changes nothing.

    Args:
        raw: the mail as it came; its beginning where it is too large.
        channel: "mail", "api" or "chat".
        size: bytes of the whole mail, where `raw` is only its beginning.
        place: where it lies in the mailbox, which then counts as read.
        key: what makes it the same as another; its content where none is given.
        asked_by: the account of who asked on the page or by the API.
    """
    key = key or parsing.content_key(raw)
    row = {
        "content_key": key,
        "channel": channel,
        "message_id": _message_id(raw),
        "raw": raw,
        "size": len(raw) if size is None else size,
        "asked_by": asked_by,
    }
    for attempt in range(TRIES):
        try:
            with engine.begin() as connection:
                return _keep(connection, row, place)
        except IntegrityError:  # somebody kept the same mail in this moment: look again
            if attempt + 1 == TRIES:
                raise
    raise AssertionError("unreachable")


def _keep(connection: Connection, row: Mapping[str, object], place: Place | None) -> Taken:
    found = connection.execute(
        select(mails.c.id, consults.c.id)
        .join(consults, consults.c.mail_id == mails.c.id, isouter=True)
        .where(mails.c.content_key == row["content_key"])
    ).first()
    taken = Taken(found[0], found[1] or 0, False) if found else _insert(connection, row)
    if place is not None:
        _mark_seen(connection, place, taken.mail_id)
    return taken


def _insert(connection: Connection, row: Mapping[str, object]) -> Taken:
    at = now(connection)
    mail_id = connection.scalar(insert(mails).values(**row, received_at=at).returning(mails.c.id))
    kept = {**NEW, "mail_id": mail_id, "received_at": at, "run_at": at}
    consult_id = connection.scalar(insert(consults).values(kept).returning(consults.c.id))
    assert mail_id is not None
    assert consult_id is not None
    return Taken(mail_id, consult_id, True)


def _mark_seen(connection: Connection, place: Place, mail_id: int) -> None:
    seen = mails_seen.c
    here = (
        seen.mailbox == place.mailbox,
        seen.uidvalidity == place.uidvalidity,
        seen.uid == place.uid,
    )
    if connection.execute(select(seen.uid).where(*here)).first() is None:
        connection.execute(
            insert(mails_seen).values(
                mailbox=place.mailbox,
                uidvalidity=place.uidvalidity,
                uid=place.uid,
                mail_id=mail_id,
            )
        )


def take_text(
    engine: Engine,
    text: str,
    *,
    sender: str = "",
    sender_name: str = "",
    subject: str = "",
    channel: str = "api",
    key: str = "",
    asked_by: int | None = None,
) -> Taken:
    """Keep a question that was not mailed, written down as one.

    Args:
        text: the question.
        sender: the address that gets the reply; "" where it is read in the queue.
        key: an idempotency key: the same key again gives the same consult.

    Raises:
        UnusableQuestion: the text is empty or too long, or the address is none.
    """
    text = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
    if not text:
        raise UnusableQuestion("Nothing was asked. Describe the visit, or ask a question.")
    if len(text) > LONGEST_TEXT:
        raise UnusableQuestion(
            f"This is {len(text):,} characters; up to {LONGEST_TEXT:,} are taken. Send less."
        )
    with engine.connect() as connection:
        at = now(connection)
    message = EmailMessage(policy=policy.SMTP)
    try:
        if sender:
            message["From"] = formataddr((_one_line(sender_name), sender))
        message["Subject"] = _one_line(subject) or "Question"
        message["Date"] = format_datetime(at)
        message.set_content(text)
        raw = message.as_bytes()
    except (ValueError, IndexError, AttributeError) as error:
        raise UnusableQuestion("The sender is no mail address that a reply can go to.") from error
    named = hashlib.sha256(f"{channel}:{asked_by}:{key}".encode()).hexdigest() if key else ""
    return take(engine, raw, channel=channel, key=named, asked_by=asked_by)


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").split())


def _message_id(raw: bytes) -> str:
    """The mail's id, by which a copy of our own reply is known; "" where it has none."""
    parser = BytesHeaderParser(policy=policy.compat32)
    try:
        ids = Headers(parser.parsebytes(raw[:HEAD])).ids("message-id")
    except (ValueError, LookupError, RecursionError):
        return ""
    return ids[0] if ids else ""
