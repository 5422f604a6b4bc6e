"""Reads one document from standard input, within bounds: `python -m assistant.documents .pdf`.

A document from a stranger may be made to take for ever, or all memory. Whoever takes such ones in
starts this and stops it after a time. Exit status: 0 the text stands on standard output, 3 the
reason does.
"""

from __future__ import annotations

import io
import sys
import zipfile
from contextlib import suppress

MEMORY = 1_500_000_000  # bytes
UNPACKED = 100_000_000  # bytes that a Word file may become
MOST_CHARACTERS = 1_000_000


def main() -> int:
    """Read, print, and say how it went."""
    _bound_memory()
    from assistant.documents import Unreadable, read_document

    content = sys.stdin.buffer.read()
    try:
        _refuse_zip_bomb(content)
        text, status = read_document(content, sys.argv[1]).text, 0
    except Unreadable as error:
        text, status = str(error), 3
    except MemoryError:
        text, status = "needs too much memory to read", 3
    sys.stdout.buffer.write(text[:MOST_CHARACTERS].encode("utf-8", "replace"))
    return status


def _bound_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _refuse_zip_bomb(content: bytes) -> None:
    from assistant.documents import Unreadable

    with suppress(zipfile.BadZipFile, ValueError), zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
            raise Unreadable("unpacks to far more than a document holds")


if __name__ == "__main__":
    sys.exit(main())
