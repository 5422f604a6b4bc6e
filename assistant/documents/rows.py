"""Comma-separated rows as text: every row whole, each cell beside its column's name."""

from __future__ import annotations

import csv

from assistant.documents.errors import Unreadable
from assistant.patterns import regex

_SEPARATORS = ",;\t|"
_SAMPLE = 20  # lines from which the separator is told
_DATA = regex(r"\W*(?:[\d.,]+%?|\d{4}[\dFT]|[A-V]\d{4})\W*")  # a number, an amount or a code


def text_of_rows(text: str) -> str:
    """A table as lines of "- Column: cell; Column: cell"; what stands above it as paragraphs.

    Raises:
        Unreadable: a quotation mark is never closed, or a row has more cells than columns.
    """
    separator = max(_SEPARATORS, key=lambda mark: _width(text, mark))
    above: list[str] = []
    header: list[str] | None = None
    lines: list[str] = []
    for number, cells in _rows(text, separator):
        if header is None:
            if len(cells) < 2:
                above += cells
                continue
            header = cells if not any(_DATA.fullmatch(cell) for cell in cells) else []
            if header:
                continue
        lines.append(_line(cells, header, number))
    return "\n\n".join([*above, "\n".join(line for line in lines if line)]).strip()


def _width(text: str, separator: str) -> int:
    """How often a separator stands in the first lines that hold it."""
    first = text.splitlines()[:_SAMPLE]
    return sum(line.count(separator) for line in first)


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    found = []
    begins = 1
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                found.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        why = "a quotation mark is not closed, or stands inside a cell" if _quoted(error) else error
        raise Unreadable(f"has a row that cannot be read, from line {begins} on: {why}") from error
    return found


def _quoted(error: csv.Error) -> bool:
    return "expected after" in str(error) or "unexpected end" in str(error)


def _line(cells: list[str], header: list[str], number: int) -> str:
    if not header:
        return f"- {'; '.join(filter(None, cells))}"
    if len(cells) > len(header):
        raise Unreadable(
            f"has {len(cells)} cells in line {number} under {len(header)} columns: put a cell "
            "that holds the separator into quotation marks"
        )
    named = zip(header, cells, strict=False)
    return "- " + "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)
