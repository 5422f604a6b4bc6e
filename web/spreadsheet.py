"""CSV as a download: cells that no spreadsheet runs, file names that no browser misreads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from starlette.responses import StreamingResponse

# What a spreadsheet takes for a formula when a cell begins with it; the last four are wide forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def cell(text: object) -> str:
    """The text, with an apostrophe before what a spreadsheet would run as a formula."""
    said = "" if text is None else str(text)
    return f"'{said}" if said.lstrip(" ").startswith(FORMULA) else said


def file_name(name: str) -> str:
    """The name with nothing in it that a browser, shell or file system takes for more."""
    return UNSAFE.sub("-", name).strip("-.")[:100] or "download"


def download(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingResponse:
    """The rows as a CSV file to be kept, sent as they come."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name(name)}"'}
    return StreamingResponse(
        _lines(heads, rows), media_type="text/csv; charset=utf-8", headers=headers
    )


def _lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield _line(heads)
    for row in rows:
        yield _line([cell(value) for value in row])


def _line(row: Sequence[object]) -> str:
    made = io.StringIO()
    csv.writer(made).writerow(row)
    return made.getvalue()
