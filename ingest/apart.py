"""Reads and cuts files in a process of its own, within bounds of memory and time.

A file from a stranger may be made to take for ever, to take all memory, or to end the process that
reads it. One such file costs that process, and the next file gets a new one.
"""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType

from assistant.documents import Text, Unreadable, read_document
from ingest.cutting import Cut, cut
from ingest.masking import masked

MEMORY = 1_500_000_000  # bytes
SECONDS = 120.0
MOST_CHARACTERS = 5_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and where its passages stand in it."""

    text: Text
    cuts: list[Cut]


class Reader:
    """Reads one file after another; close it at the end."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, content: bytes, suffix: str) -> Reading:
        """What a document says, cut into passages.

        Raises:
            Unreadable: as `read_document` does, or it took too long or too much memory.
        """
        pipe = self._started()
        try:
            pipe.send((content, suffix))
            if not pipe.poll(self._seconds):
                self.close()
                raise Unreadable(f"took longer than {self._seconds:.0f} seconds to read")
            found = pipe.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise Unreadable("ended the process that read it; it is not what it seems") from error
        if isinstance(found, Reading):
            return found
        raise found

    def close(self) -> None:
        """End the process."""
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._process = self._pipe = None

    def _started(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self.close()
            spawn = multiprocessing.get_context("spawn")
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_serve, args=(theirs, self._memory), daemon=True)
            process.start()
            theirs.close()
            self._pipe, self._process = ours, process
        return self._pipe


def _serve(pipe: Connection, memory: int) -> None:
    """Answer every file with its reading, or with why there is none."""
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            content, suffix = pipe.recv()
            answer = _reading(content, suffix)
            try:
                pipe.send(answer)
            except MemoryError:
                pipe.send(_TOO_MUCH)


_TOO_MUCH = Unreadable("needs too much memory to read")


def _reading(content: bytes, suffix: str) -> Reading | Exception:
    try:
        text = read_document(content, suffix)
        if len(text.text) > MOST_CHARACTERS:
            return Unreadable(f"says more than {MOST_CHARACTERS // 1_000_000} million characters")
        text = masked(text, suffix)
        return Reading(text, cut(text.text))
    except Unreadable as error:
        return error
    except MemoryError:
        return _TOO_MUCH
    except RecursionError:
        return Unreadable("is nested too deeply")
    except Exception as error:  # whatever a broken file sets off in a parser
        return Unreadable(f"cannot be read ({type(error).__name__}: {str(error)[:120]})")
