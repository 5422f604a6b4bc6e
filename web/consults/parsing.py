"""A mail's bytes as a letter and what may be done with it. Nothing here raises, whatever comes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser

from web.consults import quoting
from web.consults.attachments import read_files
from web.consults.headers import Headers
from web.consults.letters import Desk, Fate, Letter, Ours, Received, Verdict
from web.consults.parts import Contents, contents, message_of
from web.consults.texts import clean, decode
from web.consults.verdicts import judge

LONGEST_SUBJECT = 300
_KEYED = (b"message-id", b"from", b"date", b"subject")
_HEADER = re.compile(rb"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n|\A\r?\n")


def content_key(raw: bytes) -> str:
    """SHA-256 of Message-ID, From, Date, Subject and the body, in hex.

    The same mail delivered twice has the same key, since `Received` and line ends do not count;
    another text under a reused Message-ID has another.
    """
    headers, body = _halves(raw)
    digest = hashlib.sha256()
    for name in _KEYED:
        for value in _values(headers, name):
            digest.update(b"%s:%d:%s\n" % (name, len(value), value))
    digest.update(b"\n" + body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()


def _halves(raw: bytes) -> tuple[bytes, bytes]:
    """Headers and body; bytes that show no such division keep what is no header as body."""
    blank = _BLANK.search(raw)
    if blank is None:
        return raw, _HEADER.sub(b"", raw.replace(b"\r\n", b"\n"))
    return raw[: blank.start()], raw[blank.end() :]


def _values(headers: bytes, name: bytes) -> Iterator[bytes]:
    for found in _HEADER.finditer(headers.replace(b"\r\n", b"\n")):
        if found[1].lower() == name:
            yield b" ".join(found[2].split())


def none_of_ours(ids: Collection[str]) -> Collection[str]:
    """No message id is ours; for reading a mail outside the desk."""
    return ()


def take_in(raw: bytes, desk: Desk, ours: Ours = none_of_ours, size: int | None = None) -> Received:
    """The letter and what may be done with it.

    Args:
        raw: the mail; for one above the limit, its headers and what was fetched of the rest.
        desk: whose mailbox it came to.
        ours: tells which message ids are ours.
        size: bytes of the whole mail, where `raw` is only its beginning.
    """
    size = len(raw) if size is None else max(size, len(raw))
    if size > desk.largest:
        reason = f"It has {size / 1e6:.0f} MB; up to {desk.largest / 1e6:.0f} MB are read."
        return Received(_beginning(raw), Verdict(Fate.TOO_LARGE, reason))
    message = message_of(raw)
    if message is None:
        reason = "It has too many parts within parts to be read."
        return Received(_beginning(raw), Verdict(Fate.UNREADABLE, reason))
    inside = contents(message)
    letter = _letter(message, inside, ours)
    verdict = judge(message, letter, inside, desk, ours)
    if verdict.fate in (Fate.ANSWER, Fate.HOLD):
        letter = replace(letter, attachments=read_files(inside.files))
    return Received(letter, verdict)


def _beginning(raw: bytes) -> Letter:
    """The headers as a letter, with the text that its first lines hold."""
    headers, body = _halves(raw[:200_000])
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(headers + b"\r\n\r\n")
    inside = Contents(texts=[clean(decode(body[:65_536], "utf-8")[0])])
    letter = _letter(message, inside, none_of_ours)
    return replace(letter, notes=("Only its beginning was read, undecoded.",))


def _letter(message: Message, inside: Contents, ours: Ours) -> Letter:
    headers = Headers(message)
    message_ids, answers = headers.ids("message-id"), headers.ids("in-reply-to")
    references = headers.ids("references")
    named = list(dict.fromkeys([*references, *answers]))
    known = set(ours(named)) if named else set()
    thread = tuple(one for one in named if one in known)
    whole = inside.text
    new, quoted = quoting.split(whole) if thread else (whole, "")
    sender, reply_to = _sender(headers)
    return Letter(
        message_id=message_ids[0] if message_ids else "",
        answers=answers,
        references=references,
        thread=thread,
        sender=sender[1],
        sender_name=sender[0],
        reply_to=reply_to,
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        subject=headers.text("subject")[:LONGEST_SUBJECT],
        date=headers.date(),
        text=quoting.without_signature(new),
        quoted=quoted,
        whole=whole,
        notes=(*inside.notes, *_notes(headers, message_ids)),
    )


def _sender(headers: Headers) -> tuple[tuple[str, str], str]:
    """Name and address of From, and the address for the reply."""
    senders = headers.mailboxes("from")
    first = next((one for one in senders if one.address), None)
    wanted = next((one.address for one in headers.mailboxes("reply-to") if one.address), "")
    if first is None:
        return ("", ""), wanted
    return (first.name, first.address), wanted or first.address


def _addresses(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.address for one in headers.mailboxes(name) if one.address))


def _notes(headers: Headers, message_ids: tuple[str, ...]) -> Iterator[str]:
    if not message_ids:
        yield "It has no Message-ID; some mail programs will not show the reply in its thread."
    if len(headers.raw("message-id")) > 1:
        yield "It has more than one Message-ID; the first is answered."
    for one in headers.mailboxes("from"):
        if "@" in one.name and one.address and one.name.lower() != one.address.lower():
            yield "Its sender's name looks like another address than the one it comes from."
