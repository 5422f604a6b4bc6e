"""A Word file as text that keeps its headings, lists and tables."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from assistant.documents.errors import Unreadable, Unsupported
from assistant.documents.nouns import INSTALL, Text, said_of_itself

UNPACKED = 100_000_000  # bytes that a file may become
_CORE = "docProps/core.xml"
_CUSTOM = "docProps/custom.xml"
_DEEPEST = 6  # of headings
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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
        about = _about(content)
        document = docx.Document(io.BytesIO(content))
        _show_all(document.element.body)
        parts = [_part(part) for part in document.iter_inner_content()]
        parts += [("text", note) for note in _footnotes(document)]
        boxes = any(_said(box) for box in document.element.body.iter(f"{_WORD}txbxContent"))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # zipfile, lxml and docx each raise their own
        raise Unreadable(_why_not(content, error)) from error
    text = "\n".join(_spaced(parts)).strip()
    notes = ("the text in its text boxes was not read",) if boxes else ()
    return Text(text, about.get("title", ""), said_of_itself(about), notes)


def _why_not(content: bytes, error: Exception) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "is an old or a password-protected Word file; save it as .docx without a password"
    return f"is no Word file that can be read ({type(error).__name__})"


def _about(content: bytes) -> dict[str, str]:
    """What the file says of itself: its own properties, and those that somebody gave it by name.

    Read from the parts themselves: python-docx finds none of what LibreOffice writes.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
            raise Unreadable("unpacks to far more than a document holds")
        core = {one.tag.partition("}")[2]: one.text or "" for one in _elements(packed, _CORE)}
        found = {"title": core.get("title", ""), "publisher": core.get("creator", "")}
        for one in _elements(packed, _CUSTOM):
            found[str(one.get("name", "")).strip().lower()] = "".join(one.itertext())
    return {name: value.strip() for name, value in found.items() if value.strip()}


def _elements(packed: zipfile.ZipFile, part: str) -> list[Any]:
    from docx.oxml import parse_xml  # of which entities are not resolved

    return list(parse_xml(packed.read(part))) if part in packed.namelist() else []


_AROUND = ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")
_GONE = ("sdtPr", "sdtEndPr", "del", "moveFrom", "customXmlPr", "smartTagPr")


def _show_all(body: Any) -> None:
    """Take what stands in content controls and tracked insertions as part of the text.

    python-docx passes over it. What was deleted with tracking on goes.
    """
    for name in _GONE:
        for one in list(body.iter(f"{_WORD}{name}")):
            if one.getparent() is not None and one.getparent().tag != f"{_WORD}rPr":
                one.getparent().remove(one)
    for name in _AROUND:
        for one in list(body.iter(f"{_WORD}{name}")):
            parent = one.getparent()
            if parent is None or parent.tag in (f"{_WORD}rPr", f"{_WORD}trPr"):
                continue  # the mark of an inserted paragraph or row
            for child in list(one):
                one.addprevious(child)
            parent.remove(one)


def _part(part: Any) -> tuple[str, str]:
    """A paragraph or a table: what it is, and its text."""
    if hasattr(part, "rows"):
        return "table", "\n".join(_row(row) for row in part.rows)
    text = " ".join(str(part.text).split())
    style = str(part.style.name) if part.style is not None else ""
    if text and (style == "Title" or style.startswith("Heading")):
        level = re.search(r"[1-9]", style)
        return "heading", f"{'#' * min(_DEEPEST, int(level[0]) if level else 1)} {text}"
    if text and (style.startswith("List") or _is_numbered(part)):
        return "item", text if re.match(r"(?:[-•*]|\d+[.)])\s", text) else f"- {text}"
    return "text", text


def _footnotes(document: Any) -> list[str]:
    """What stands in footnotes and endnotes, numbered as they follow each other."""
    from docx.oxml import parse_xml

    found = []
    for related in document.part.rels.values():
        kind = related.reltype.rsplit("/", 1)[-1]
        if kind in ("footnotes", "endnotes"):
            notes = [_said(note) for note in parse_xml(related.target_part.blob)]
            texts = enumerate(filter(None, notes), 1)
            found += [f"{kind[:-1].capitalize()} {number}: {text}" for number, text in texts]
    return found


def _said(element: Any) -> str:
    return " ".join("".join(one.text or "" for one in element.iter(f"{_WORD}t")).split())


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
