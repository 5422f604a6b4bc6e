"""The desk's mailbox over IMAP: entered, read without marking, moved without losing."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from web.consults.settings import Server

CONNECT_SECONDS, READ_SECONDS = 15, 60
SIZES_AT_ONCE = 500
HEAD = 65_536  # bytes that are taken of a mail above the limit


@contextmanager
def entered(server: Server) -> Iterator[IMAPClient]:
    """The server, logged in; hung up at the end."""
    context = tls_context(server)
    client = IMAPClient(
        server.host,
        server.port,
        ssl=server.security == "tls",
        ssl_context=context,
        timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
    )
    try:
        if server.security == "starttls":
            client.starttls(context)
        if server.is_token:
            client.oauth2_login(server.user, server.secret())
        else:
            client.login(server.user, server.secret())
        yield client
    finally:
        with suppress(Exception):  # it may be gone already
            client.logout()
        with suppress(Exception):
            client.shutdown()


def tls_context(server: Server) -> ssl.SSLContext:
    """What the server's certificate is held against."""
    return ssl.create_default_context(cafile=server.authorities or None)


def select_folder(client: IMAPClient, folder: str) -> int:
    """Open the folder; its UIDVALIDITY."""
    return int(client.select_folder(folder)[b"UIDVALIDITY"])


def sizes(client: IMAPClient, uids: Sequence[int]) -> dict[int, int]:
    """The bytes of each mail, as the server says."""
    found: dict[int, int] = {}
    for start in range(0, len(uids), SIZES_AT_ONCE):
        told: dict[int, dict[bytes, Any]] = client.fetch(
            uids[start : start + SIZES_AT_ONCE], ["RFC822.SIZE"]
        )
        found |= {uid: int(parts[b"RFC822.SIZE"]) for uid, parts in told.items()}
    return found


def fetch(client: IMAPClient, uid: int, size: int, largest: int) -> bytes | None:
    """The mail's bytes, unmarked; its head and beginning where it is too large; None if gone."""
    if size <= largest:
        return _part(client, uid, "BODY.PEEK[]", b"BODY[]")
    head = _part(client, uid, "BODY.PEEK[HEADER]", b"BODY[HEADER]")
    text = _part(client, uid, f"BODY.PEEK[TEXT]<0.{HEAD}>", b"BODY[TEXT]<0>")
    return None if head is None else head + (text or b"")


def _part(client: IMAPClient, uid: int, wanted: str, name: bytes) -> bytes | None:
    told = client.fetch([uid], [wanted]).get(uid, {})
    found = told.get(name)
    return found if isinstance(found, bytes) else None


def move_away(client: IMAPClient, uids: Sequence[int], folder: str) -> None:
    """Move the mails to the folder, which is made where it is missing.

    Without MOVE they are copied and deleted by their ids; a server that can do neither keeps
    them where they are, for a plain EXPUNGE removes what another client has marked.
    """
    if not uids:
        return
    if not client.folder_exists(folder):
        client.create_folder(folder)
        with suppress(IMAPClientError):
            client.subscribe_folder(folder)
    if client.has_capability("MOVE"):
        client.move(uids, folder)
    elif client.has_capability("UIDPLUS"):
        client.copy(uids, folder)
        client.delete_messages(uids, silent=True)
        client.uid_expunge(uids)


def holds(client: IMAPClient, folder: str, message_id: str) -> bool:
    """Whether a mail of that id lies in the folder; a folder that is missing holds none."""
    if not client.folder_exists(folder):
        return False
    client.select_folder(folder, readonly=True)
    return bool(client.search(["HEADER", "Message-ID", message_id]))
