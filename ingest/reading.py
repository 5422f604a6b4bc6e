"""Files as text: one reader for each kind, and a clear reason where one cannot be read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from ingest.errors import Unreadable, Unsupported
from ingest.markup import text_of_html

LARGEST = 20_000_000  # bytes
PAGE_BREAK = "\f"
_INSTALL = "pip install 'therapy-coding-assistant[documents]'"


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says.

    Attributes:
        text: with `\\n` line ends; pages end with a form feed.
        title: as the file itself names it, or "".
        about: front matter, where the file carries it.
    """

    text: str
    title: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


def read_file(path: Path) -> Text:
    """What the file says.

    Raises:
        Unreadable: it says nothing that can be read; the message says why.
        Unsupported: no reader here takes files of this kind.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Unsupported(f"files of this kind are not read; these are: {', '.join(READERS)}")
    found = reader(_bytes(path))
    if not found.text.strip():
        raise Unreadable("holds no text (a scan needs text recognition first)")
    return found


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Unreadable("is not a file")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"is larger than {LARGEST // 1_000_000} MB; split it")
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error
    if not content.strip():
        raise Unreadable("is empty")
    return content


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


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)


def _plain(content: bytes) -> Text:
    import yaml

    text = decode(content)
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Text(text)
    try:
        about = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
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
    text, title = text_of_html(decode(content))
    return Text(text, title)


def _pdf(content: bytes) -> Text:
    try:
        import pdfplumber
    except ImportError as error:
        raise Unsupported(f"reading PDF needs pdfplumber: {_INSTALL}") from error
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            pages = [page.extract_text() or "" for page in pdf.pages]
            title = str((pdf.metadata or {}).get("Title") or "")
    except Exception as error:  # pdfminer's errors have no common base
        raise Unreadable(_why_not_pdf(error)) from error
    return Text(PAGE_BREAK.join(page.replace("\0", "") for page in pages), title.strip())


def _why_not_pdf(error: Exception) -> str:
    chain = f"{error!r} {error.__cause__!r} {error.__context__!r}"
    if "Password" in chain:
        return "is protected by a password; save it without one"
    return f"is no PDF that can be read ({type(error).__name__})"


def _docx(content: bytes) -> Text:
    try:
        import docx
    except ImportError as error:
        raise Unsupported(f"reading Word files needs python-docx: {_INSTALL}") from error
    try:
        document = docx.Document(io.BytesIO(content))
        parts = [_docx_part(part) for part in document.iter_inner_content()]
        title = document.core_properties.title or ""
    except Exception as error:  # zipfile, lxml and docx each raise their own
        raise Unreadable(f"is no Word file that can be read ({type(error).__name__})") from error
    return Text("\n\n".join(part for part in parts if part), title.strip())


def _docx_part(part: Any) -> str:
    if hasattr(part, "rows"):
        rows = (" | ".join(cell.text.replace("\n", " ") for cell in row.cells) for row in part.rows)
        return "\n".join(f"| {row} |" for row in rows)
    text, style = str(part.text).strip(), str(part.style.name)
    if not text:
        return ""
    if style == "Title":
        return f"# {text}"
    if style.startswith("Heading"):
        return "#" * min(6, int(style.split()[-1]) if style[-1].isdigit() else 1) + f" {text}"
    return f"- {text}" if style.startswith("List") else text


def _eml(content: bytes) -> Text:
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise Unreadable("is a message without a text")
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError, KeyError) as error:
        raise Unreadable("is a message whose text cannot be decoded") from error
    if body.get_content_type() == "text/html":
        text, _ = text_of_html(text)
    text = text.replace("\r\n", "\n").replace("\0", "")
    return Text(text, str(message.get("subject") or ""))


READERS: Mapping[str, Callable[[bytes], Text]] = {
    ".txt": _plain,
    ".md": _plain,
    ".markdown": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".eml": _eml,
}


def files_under(paths: list[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named; hidden ones and loops left out."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if not hidden and (file.is_file() or file.is_symlink()) and not file.is_dir():
                yield file
