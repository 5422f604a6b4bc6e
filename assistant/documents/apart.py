"""Reads files in a process of its own, with bounds on memory and time.

A file from a stranger may be made to take for ever, to need all memory, or to end the process that
reads it. One such file costs that process, and the next file gets a new one.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, Generic, TypeVar

from assistant.documents.errors import Unreadable

MEMORY = 1_500_000_000  # bytes
SECONDS = 120.0

T = TypeVar("T")


class Apart(Generic[T]):
    """Reads one file after another; close it at the end.

    Args:
        work: what makes something of a file's bytes and its suffix; a function of a module, which
            the other process imports, with a result that can be pickled.
        seconds: that one file may take.
        memory: bytes that the process may take, where the system can bound it.
    """

    def __init__(
        self,
        work: Callable[[bytes, str], T],
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
    ) -> None:
        self._work = f"{work.__module__}:{work.__qualname__}"
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Apart[T]:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def read(self, content: bytes, suffix: str) -> T:
        """What the work makes of a document.

        Raises:
            Unreadable: as the work says, or it took too long or too much memory.
        """
        process = self._started()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        watch = threading.Timer(self._seconds, stop)
        watch.daemon = True
        watch.start()
        try:
            found = _exchanged(process, (content, suffix))
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self.close()
            if late.is_set():
                raise Unreadable(f"took longer than {self._seconds:.0f} seconds to read") from error
            raise Unreadable("ended the process that read it; it is not what it seems") from error
        finally:
            watch.cancel()
        if isinstance(found, Unreadable):
            raise found
        done: T = found
        return done

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was left to write to it
                        pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "assistant.documents", self._work, str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process


def _exchanged(process: subprocess.Popen[bytes], file: tuple[bytes, str]) -> Any:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    pickle.dump(file, process.stdin)
    process.stdin.flush()
    return pickle.load(process.stdout)  # of our own process


_TOO_MUCH = Unreadable("needs too much memory to read")


def serve(work: str, memory: int) -> None:
    """Answer every file on standard input with what the work makes of it, or with why not."""
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr  # what a parser prints is no answer
    _bound(memory)
    module, _, name = work.partition(":")
    function = getattr(importlib.import_module(module), name)
    with suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        while True:
            content, suffix = pickle.load(given)
            _answer(answers, _worked(function, content, suffix))


def _bound(memory: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _answer(answers: BinaryIO, found: object) -> None:
    try:
        whole = pickle.dumps(found)
    except MemoryError:
        whole = pickle.dumps(_TOO_MUCH)
    answers.write(whole)
    answers.flush()


def _worked(function: Callable[[bytes, str], object], content: bytes, suffix: str) -> object:
    try:
        return function(content, suffix)
    except Unreadable as error:
        return error
    except MemoryError:
        return _TOO_MUCH
    except RecursionError:
        return Unreadable("is nested too deeply")
    except Exception as error:  # whatever a broken file sets off in a parser
        return Unreadable(f"cannot be read ({type(error).__name__}: {str(error)[:120]})")
