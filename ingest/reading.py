"""Files and folders that a person names, as bytes, within bounds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.documents import READERS, Unreadable, Unsupported

LARGEST = 20_000_000  # bytes


def bytes_of(path: Path) -> bytes:
    """What stands in the file.

    Raises:
        Unreadable: it cannot be read, or is too large.
        Unsupported: no reader takes files of this kind.
    """
    if path.suffix.lower() not in READERS:
        raise Unsupported(f"files of this kind are not read; these are: {', '.join(READERS)}")
    try:
        if not path.is_file():
            raise Unreadable("is not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error
    if len(content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST // 1_000_000} MB; split it")
    return content


def files_under(
    paths: list[Path], failed: Callable[[Path, str], None] = lambda path, why: None
) -> Iterator[Path]:
    """The files named, and those in the folders named; hidden ones and loops left out.

    Args:
        paths: files and folders.
        failed: called with each folder that cannot be looked into, and the reason.
    """

    def stuck(error: OSError) -> None:
        failed(Path(error.filename), f"cannot be looked into: {error.strerror or error}")

    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, files in os.walk(path, onerror=stuck):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (Path(folder, name) for name in sorted(files) if not name.startswith("."))
