"""What people also ask, and our knowledge does not answer: other fields, and neighbours of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def _lines(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


# A question that is nearer to one of these than to any passage finds nothing.
OTHER_FIELDS: tuple[str, ...] = tuple(_lines(Path(__file__).with_suffix(".txt")))
