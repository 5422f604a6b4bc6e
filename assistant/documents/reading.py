"""Documents as text: one reader for each kind, and a clear reason where one cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from assistant.documents.errors import Unreadable, Unsupported
from assistant.documents.mail import read_mail
from assistant.documents.markup import about_html, text_of_html
from assistant.documents.nouns import Text, said_of_itself
from assistant.documents.paged import read_pdf
from assistant.documents.rows import text_of_rows
from assistant.documents.word import read_word
from assistant.patterns import regex


def read_document(content: bytes, suffix: str) -> Text:
    """What a document says; `suffix` names its kind (".pdf").

    Raises:
        Unreadable: it says nothing that can be read; the message says why.
        Unsupported: no reader here takes documents of this kind.
    """
    reader = READERS.get(suffix.lower())
    if reader is None:
        raise Unsupported(f"files of this kind are not read; these are: {', '.join(READERS)}")
    if not content.strip():
        raise Unreadable("is empty")
    found = reader(content)
    if not found.text.strip():
        raise Unreadable("holds no text (a scan needs text recognition first)")
    return found


def decode(content: bytes) -> str:
    """Text from UTF-8, or from UTF-16 that says so.

    Raises:
        Unreadable: it is neither, or it is not text.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\0" in content and encoding != "utf-16":
            raise Unreadable("is not text (it holds NUL bytes)") from error
        raise Unreadable(
            f"is not {encoding.upper().removesuffix('-SIG')} (byte {error.start}); save it as UTF-8"
        ) from error
    if "\0" in text:
        raise Unreadable("is not text (it holds NUL bytes)")
    return text.replace("\r\n", "\n").replace("\r", "\n")


_FRONT_MATTER = regex(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)


def _plain(content: bytes) -> Text:
    import yaml

    text = decode(content)
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Text(text)
    try:
        about = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable("has front matter (between --- lines) that is not YAML") from error
    if not isinstance(about, dict):  # a rule drawn with dashes, then another
        return Text(text)
    return Text(text[match.end() :], str(about.get("title") or ""), about)


def _html(content: bytes) -> Text:
    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:2048])
    if declared and declared[1].lower() != b"utf-8":
        # Where it is not what it says it is, it is read as UTF-8, or refused.
        with suppress(LookupError, UnicodeDecodeError):
            content = content.decode(declared[1].decode("ascii")).encode()
    page = decode(content)
    text, title = text_of_html(page)
    return Text(text, title, said_of_itself(about_html(page)))


def _csv(content: bytes) -> Text:
    text = _plain(content)
    return replace(text, text=text_of_rows(text.text))


READERS: Mapping[str, Callable[[bytes], Text]] = {
    ".txt": _plain,
    ".md": _plain,
    ".markdown": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": read_pdf,
    ".docx": read_word,
    ".eml": read_mail,
    ".csv": _csv,
}
