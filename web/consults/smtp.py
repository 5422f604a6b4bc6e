"""A reply over SMTP in two steps: offered, when nothing can have been sent yet; then handed over.

`smtplib.sendmail` is not used: it says nothing where only one of two recipients was refused, and
it does not tell a connection lost before the text from one lost after it.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from web.consults.imap import tls_context
from web.consults.settings import Server
from web.consults.states import Sending

LONGEST_REPLY = 500  # characters of a server's words that are kept

# What connecting, TLS, a login or a lost connection can raise.
FAILURES = (OSError, smtplib.SMTPException)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a reply stands after the server's word.

    Attributes:
        state: pending (try again), sent, refused, or unknown.
        said: the server's words, or what happened.
    """

    state: Sending
    said: str


@contextmanager
def entered(server: Server, timeout: timedelta) -> Iterator[smtplib.SMTP]:
    """The server, logged in; hung up at the end."""
    seconds = timeout.total_seconds()
    context = tls_context(server)
    client = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
        if server.security == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=seconds)
    )
    try:
        if server.security == "starttls":
            client.starttls(context=context)
        _log_in(client, server)
        yield client
    finally:
        with suppress(*FAILURES):
            client.quit()
        client.close()


def _log_in(client: smtplib.SMTP, server: Server) -> None:
    client.ehlo_or_helo_if_needed()
    if not server.user:
        return
    secret = server.secret()
    if not server.is_token:
        client.login(server.user, secret)
        return
    token = f"user={server.user}\x01auth=Bearer {secret}\x01\x01"
    # A refused token is explained in a challenge, which wants an empty answer.
    client.auth("XOAUTH2", lambda challenge=None: token if challenge is None else "")


def offer(client: smtplib.SMTP, sender: str, recipient: str, copy: str, raw: bytes) -> str:
    """Name sender and recipients; "" once both are taken, else what the server said.

    The desk's own mailbox gets a copy in the same transaction: by it an unknown end is settled.
    Nothing is sent unless both are taken.

    Raises:
        Refused: for good.
        smtplib.SMTPException, OSError: the connection was lost.
    """
    options = _options(client, (sender, recipient, copy), raw)
    for code, words in _named(client, sender, recipient, copy, options):
        if code >= 500:
            raise Refused(_told(code, words))
        if code not in (250, 251):
            return _told(code, words)
    return ""


class Refused(Exception):
    """The server refuses the reply for good; says its words."""


def _named(
    client: smtplib.SMTP, sender: str, recipient: str, copy: str, options: list[str]
) -> Iterator[tuple[int, bytes]]:
    yield client.mail(sender, options)
    yield client.rcpt(recipient)
    code, words = client.rcpt(copy)
    # A full mailbox of our own is no fault of the biller's address: try later.
    yield (min(code, 450) if code >= 400 else code), words


def _options(client: smtplib.SMTP, addresses: tuple[str, ...], raw: bytes) -> list[str]:
    options = [f"size={len(raw)}"] if client.has_extn("size") else []
    if not all(address.isascii() for address in addresses):
        if not client.has_extn("smtputf8"):
            raise Refused("The mail server cannot send to an address with other than plain letters")
        options.append("SMTPUTF8")
    if not raw.isascii() and client.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    return options


def hand_over(client: smtplib.SMTP, raw: bytes) -> Outcome:
    """Send the text; where the reply stands after it. Raises nothing that a server can cause."""
    try:
        code, words = client.data(raw)
    except smtplib.SMTPDataError as error:  # before the text
        code, words = error.smtp_code, _bytes(error.smtp_error)
    except FAILURES as error:
        return Outcome(Sending.UNKNOWN, f"The connection was lost ({type(error).__name__})")
    if 200 <= code < 300:
        return Outcome(Sending.SENT, _told(code, words))
    return Outcome(Sending.REFUSED if code >= 500 else Sending.PENDING, _told(code, words))


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")


def _told(code: int, words: bytes) -> str:
    text = words.decode("utf-8", "replace").replace("\x00", "")
    return f"{code} {' '.join(text.split())}"[:LONGEST_REPLY]


def describe(error: BaseException) -> str:
    """What a failure to reach the server comes to, in words for the queue page."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _told(error.smtp_code, _bytes(error.smtp_error))
    return f"The mail server cannot be reached ({type(error).__name__})"
