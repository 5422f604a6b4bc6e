"""A reply's bytes: one message in the thread of the letter it answers (RFC 5322, 2047, 3834)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from web.consults import bodies
from web.consults.letters import Desk, Draft, Letter
from web.consults.texts import one_line
from web.consults.verdicts import LOOP_MARK

# With the shorter default, ids of 78 characters are folded inside encoded words and threads break.
POLICY = policy.SMTP.clone(max_line_length=998)
MOST_REFERENCES = 20
_REVIEWED = "A person at the desk checked it before it was sent."
_BY_POLICY = "It was sent without a person's check, as the desk's settings allow for such answers."


class NoRecipient(ValueError):
    """The letter names nobody to whom a reply could go."""


def new_message_id(desk: Desk) -> str:
    """A message id of our own, at the desk's domain."""
    return make_msgid(domain=desk.domain)


def build(
    letter: Letter,
    draft: Draft,
    desk: Desk,
    *,
    message_id: str,
    at: datetime,
    by_policy: bool = False,
) -> bytes:
    """The finished message, line ends CRLF. The same arguments give the same bytes.

    Args:
        letter: the stored letter; recipient and thread come from it, never from the draft.
        at: when it is approved, with its time zone.
        by_policy: whether it goes out without a person's check.

    Raises:
        NoRecipient: the letter names nobody to whom a reply could go.
        ValueError: a header cannot be written.
    """
    if not letter.reply_to:
        raise NoRecipient("This letter names no address to which a reply could go.")
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(one_line(desk.name, 100), addr_spec=desk.address)
    message["To"] = Address(addr_spec=letter.reply_to)
    message["Subject"] = one_line(draft.subject, 300)
    message["Date"] = format_datetime(at if at.tzinfo else at.replace(tzinfo=UTC))
    message["Message-ID"] = message_id
    for name, ids in threading(letter).items():
        message[name] = " ".join(ids)
    message[LOOP_MARK] = desk.domain
    if by_policy:
        message["Auto-Submitted"] = "auto-replied"
    else:  # written by a program, sent by a person: others' programs need not answer it
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    body = f"{draft.body}\n\n{_BY_POLICY if by_policy else _REVIEWED}"
    message.set_content(bodies.plain(body), cte="quoted-printable")
    message.add_alternative(bodies.html(body), subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{_boundary(message_id)}")
    return message.as_bytes()


def _boundary(message_id: str) -> str:
    """A boundary that the same message has each time it is built."""
    return re.sub(r"\W", "", message_id)[:50]


def threading(letter: Letter) -> dict[str, list[str]]:
    """In-Reply-To and References (RFC 5322 §3.6.4); none where the letter has no id."""
    if not letter.message_id:
        return {}
    before = [one for one in (letter.references or letter.answers[:1]) if one != letter.message_id]
    if len(before) >= MOST_REFERENCES:  # the first and the newest place it; RFC 5537 §3.4.4
        before = [before[0], *before[-(MOST_REFERENCES - 2) :]]
    return {"In-Reply-To": [letter.message_id], "References": [*before, letter.message_id]}
