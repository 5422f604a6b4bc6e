"""A PDF as text, page by page: headings told by their size, tables as rows."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.documents.errors import Unreadable, Unsupported
from assistant.documents.nouns import INSTALL, PAGE_BREAK, Text, said_of_itself
from assistant.patterns import regex

MOST_PAGES = 2000
_LARGER = 1.15  # a heading's letters to those of the text
_LONGEST_HEADING = 14  # words
_MARK = regex(r"\A[\uf000-\uf0ff\u2022\u25aa\u25e6\u2023]\s+")  # of a list's item
_GAP = 0.7  # of a line's height, from which a new paragraph begins


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    top: float
    bottom: float
    size: float
    bold: bool = False
    is_row: bool = False


def read_pdf(content: bytes) -> Text:
    """What a PDF says; its pages end with a form feed.

    Raises:
        Unreadable: it is none, has a password, or too many pages.
        Unsupported: pdfplumber is not installed.
    """
    try:
        import pdfplumber
    except ImportError as error:
        raise Unsupported(f"reading PDF needs pdfplumber: {INSTALL}") from error
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise Unreadable(f"has more than {MOST_PAGES} pages; split it")
            pages = [list(_lines(page)) for page in pdf.pages]
            about = {str(k).lower(): str(v).strip() for k, v in (pdf.metadata or {}).items()}
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # pdfminer's errors have no common base
        raise Unreadable(_why_not(error)) from error
    about.setdefault("publisher", about.get("author", ""))
    return Text(_text(pages), about.get("title", ""), said_of_itself(about), _notes(pages))


def _why_not(error: Exception) -> str:
    chain = f"{error!r} {error.__cause__!r} {error.__context__!r}"
    if "MemoryError" in chain:
        return "needs too much memory to read"
    if "Password" in chain or "Encrypt" in chain:
        return "is protected by a password; save it without one"
    return f"is no PDF that can be read ({type(error).__name__})"


def _notes(pages: list[list[_Line]]) -> tuple[str, ...]:
    empty = [str(number) for number, page in enumerate(pages, 1) if not page]
    if not empty or len(empty) == len(pages):
        return ()
    shown = ", ".join(empty[:10]) + (", …" if len(empty) > 10 else "")
    return (f"no text on page {shown} (a scan needs text recognition first)",)


def _lines(page: Any) -> Iterator[_Line]:
    """The lines of a page from top to bottom, each table in its place."""
    tables = [one for one in page.find_tables() if len(one.rows) > 1 and len(one.rows[0].cells) > 1]
    found = [line for table in tables for line in _rows(table)]
    for line in page.extract_text_lines(return_chars=True):
        middle = (line["top"] + line["bottom"]) / 2
        inside = any(
            box[1] <= middle <= box[3] and line["x0"] < box[2] and line["x1"] > box[0]
            for box in (table.bbox for table in tables)
        )
        if not inside and (text := _MARK.sub("- ", line["text"].replace("\0", "").strip())):
            sizes = Counter(round(char["size"], 1) for char in line["chars"])
            bold = all("bold" in char["fontname"].lower() for char in line["chars"])
            found.append(_Line(text, line["top"], line["bottom"], sizes.most_common(1)[0][0], bold))
    page.close()  # lets go of what was parsed
    return iter(sorted(found, key=lambda one: one.top))


def _rows(table: Any) -> Iterator[_Line]:
    top = table.bbox[1]
    for number, row in enumerate(table.extract()):
        cells = (" ".join((cell or "").replace("\0", "").split()) for cell in row)
        text = f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
        place = top + number / 1000  # in their order, at the table's place
        yield _Line(
            text, place, place if number + 1 < len(table.rows) else table.bbox[3], 0, False, True
        )


def _text(pages: list[list[_Line]]) -> str:
    letters = Counter[float]()
    for page in pages:
        for line in page:
            if not line.is_row:
                letters[line.size] += len(line.text)
    body = letters.most_common(1)[0][0] if letters else 0.0
    larger = sorted((size for size in letters if size >= body * _LARGER), reverse=True)
    return PAGE_BREAK.join(_page(page, body, larger) for page in pages)


def _page(lines: list[_Line], body: float, larger: list[float]) -> str:
    found: list[str] = []
    before: _Line | None = None
    for line in lines:
        heading = _level(line, body, larger)
        if before is not None:
            gap = line.top - before.bottom
            height = max(line.size, before.size, 1.0)
            if heading and heading == _level(before, body, larger) and gap < height * _GAP:
                found[-1] += f" {line.text}"  # a heading of two lines
                before = line
                continue
            apart = gap > height * _GAP or heading or before.is_row != line.is_row
            if apart or _level(before, body, larger):
                found.append("")
        found.append(f"{'#' * heading} {line.text}" if heading else line.text)
        before = line
    return "\n".join(found)


def _level(line: _Line, body: float, larger: list[float]) -> int:
    """The level of a heading, 0 for anything else."""
    if line.is_row or len(line.text.split()) > _LONGEST_HEADING:
        return 0
    if line.size in larger:
        return min(6, larger.index(line.size) + 1)
    ends = line.text.rstrip("'\"”’)")[-1:] in ".,;:"
    return min(6, len(larger) + 1) if line.bold and line.size >= body and not ends else 0
