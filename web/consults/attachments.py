"""Attached files as text for the reviewer, where they are of a kind that is read here."""

from __future__ import annotations

import time
from email.message import Message
from pathlib import PurePath

from assistant.documents import READERS, Apart, Unreadable, read_document
from web.consults.headers import Headers
from web.consults.letters import Attachment
from web.consults.parts import File, contents, html_text, message_of
from web.consults.texts import clean, decode, one_line

MOST = 20  # files of one mail that are read
LARGEST = 8_000_000  # bytes of a file that is read
LONGEST = 50_000  # characters kept of one
SECONDS = 30.0  # for all PDF and Word files of a mail together

_PLAIN = {".txt", ".md", ".markdown", ".csv"}
_HTML = {".html", ".htm"}
_APART = {".pdf", ".docx"}  # read in a process of their own: a hostile one may never end
_OF_TYPE = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "message/rfc822": ".eml",
}
_READ = "txt, md, csv, html, pdf, docx and eml"


def read_files(files: list[File], ends: float | None = None) -> tuple[Attachment, ...]:
    """The files as attachments, text or reason with each; a mail within them is read once deep.

    Args:
        ends: when the time for PDF and Word files is over (`time.monotonic`); given where these
            files came within another mail.
    """
    inner, ends = ends is not None, ends or time.monotonic() + SECONDS
    return tuple(_attachment(file, n, inner, ends) for n, file in enumerate(files))


def _attachment(file: File, position: int, inner: bool, ends: float) -> Attachment:
    text, note = "", ""
    try:
        if position >= MOST:
            raise Unreadable(f"was not read: {MOST} files of one mail are")
        text = _text(file, inner, ends)
    except Unreadable as error:
        note = f"It {error}."
    if len(text) > LONGEST:
        note = f"Only the first {LONGEST:,} characters are shown."
    return Attachment(file.name, file.content_type, _size(file), text[:LONGEST], note)


def _size(file: File) -> int:
    return len(file.content) if file.mail is None else len(str(file.mail.get_payload()))


def _text(file: File, inner: bool, ends: float) -> str:
    """What the file says.

    Raises:
        Unreadable: nothing, or nothing that is read here.
    """
    suffix = _suffix(file)
    if file.mail is not None:
        return _mail_text(file.mail, inner, ends)
    if len(file.content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST // 1_000_000} MB and was not read")
    if file.name.lower() == "winmail.dat" or file.content_type == "application/ms-tnef":
        raise Unreadable("is in Outlook's own format, which is not read here")
    if suffix == ".eml":
        return _eml(file.content, inner, ends)
    if suffix in _PLAIN:
        return _plain(file.content)
    if suffix in _HTML:
        return html_text(decode(file.content, "utf-8")[0])
    if suffix in _APART:
        return clean(read_apart(file.content, suffix, ends - time.monotonic()))
    raise Unreadable(f"was not read: {_READ} are")


def _suffix(file: File) -> str:
    named = PurePath(file.name).suffix.lower()
    return named if named in {*READERS, ".csv"} else _OF_TYPE.get(file.content_type, named)


def _plain(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return clean(decode(content, "utf-16")[0])
    if b"\0" in content:
        raise Unreadable("is not text, whatever its name says")
    return clean(decode(content.removeprefix(b"\xef\xbb\xbf"), "utf-8")[0])


def _eml(content: bytes, inner: bool, ends: float) -> str:
    message = message_of(content)
    if message is None:
        raise Unreadable("is a mail with too many parts within parts")
    return _mail_text(message, inner, ends)


def _mail_text(message: Message | None, inner: bool, ends: float) -> str:
    if message is None or inner:
        raise Unreadable("is a mail within a mail within a mail, and was not read")
    headers, inside = Headers(message), contents(message)
    about = [
        f"{name.capitalize()}: {one_line(headers.text(name), 300)}"
        for name in ("from", "date", "subject")
        if headers.text(name)
    ]
    said = [f"[{a.name}]\n{a.text or a.note}" for a in read_files(inside.files, ends)]
    return "\n\n".join(filter(None, ["\n".join(about), inside.sealed or inside.text, *said]))


def read_apart(content: bytes, suffix: str, seconds: float) -> str:
    """What a PDF or a Word file says, read in a process with bounds on time and memory.

    Raises:
        Unreadable: nothing that can be read, or not within the bounds.
    """
    if seconds <= 0:
        raise Unreadable("was not read: the files before it took too long")
    with Apart(read_document, seconds=seconds) as apart:
        return apart.read(content, suffix).text
