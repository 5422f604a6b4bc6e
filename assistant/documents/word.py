"""A Word file as text that keeps its headings, lists and tables."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from assistant.documents.errors import Unreadable, Unsupported
from assistant.documents.nouns import INSTALL, Text, said_of_itself

UNPACKED = 100_000_000  # bytes that a file may become
_CUSTOM = "docProps/custom.xml"
_DEEPEST = 6  # of headings


def read_word(content: bytes) -> Text:
    """What a .docx says.

    Raises:
        Unreadable: it is none, or unpacks to far more than a document holds.
        Unsupported: python-docx is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise Unsupported(f"reading Word files needs python-docx: {INSTALL}") from error
    try:
        own = _own_properties(content)
        document = docx.Document(io.BytesIO(content))
        parts = [_part(part) for part in document.iter_inner_content()]
        about = document.core_properties
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # zipfile, lxml and docx each raise their own
        raise Unreadable(_why_not(content, error)) from error
    said = {"publisher": about.author or "", **own}
    text = "\n".join(_spaced(parts)).strip()
    return Text(text, (about.title or "").strip(), said_of_itself(said))


def _why_not(content: bytes, error: Exception) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "is an old or a password-protected Word file; save it as .docx without a password"
    return f"is no Word file that can be read ({type(error).__name__})"


def _own_properties(content: bytes) -> dict[str, str]:
    """The custom properties that somebody gave the file, by name in lower case."""
    from docx.oxml import parse_xml  # of which entities are not resolved

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
            raise Unreadable("unpacks to far more than a document holds")
        if _CUSTOM not in packed.namelist():
            return {}
        root = parse_xml(packed.read(_CUSTOM))
    found = ((str(one.get("name", "")), "".join(one.itertext())) for one in root)
    return {name.strip().lower(): value.strip() for name, value in found}


def _part(part: Any) -> tuple[str, str]:
    """A paragraph or a table: what it is, and its text."""
    if hasattr(part, "rows"):
        return "table", "\n".join(_row(row) for row in part.rows)
    text = " ".join(str(part.text).split())
    style = str(part.style.name) if part.style is not None else ""
    if text and (style == "Title" or style.startswith("Heading")):
        level = int(style.split()[-1]) if style[-1].isdigit() else 1
        return "heading", f"{'#' * min(_DEEPEST, level)} {text}"
    if text and (style.startswith("List") or _is_numbered(part)):
        return "item", text if re.match(r"(?:[-•*]|\d+[.)])\s", text) else f"- {text}"
    return "text", text


def _row(row: Any) -> str:
    """A row, a cell that spans several columns once."""
    cells = list(dict.fromkeys(row.cells))
    shown = (" ".join(cell.text.split()).replace("|", "/") for cell in cells)
    return f"| {' | '.join(shown)} |"


def _is_numbered(paragraph: Any) -> bool:
    properties = paragraph._p.pPr
    return properties is not None and properties.numPr is not None


def _spaced(parts: list[tuple[str, str]]) -> list[str]:
    """The parts with an empty line between them, items of one list together."""
    found: list[str] = []
    before = ""
    for kind, text in parts:
        if not text:
            continue
        if found and not (kind == before == "item"):
            found.append("")
        found.append(text)
        before = kind
    return found
