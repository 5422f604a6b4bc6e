"""The built-in part in a process of its own, beside one that serves many.

Python works on one processor at a time: a page that reads messages itself cannot use a second
one. And a damaged index does not raise, it ends its process: here that is not the page's.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from assistant.built_in import BuiltIn, Read, Retrieval
from assistant.conversation import Inquiry
from assistant.errors import AssistantError, LibraryError
from assistant.folders import local_folder, tables_folder
from assistant.knowledge import load
from assistant.library import Library, Search
from assistant.library.found import Only
from assistant.tools import BillingTools

_FRAMES = 6


class FailedApart(AssistantError):
    """Something failed in the other process; its own words may quote a message and stay there.

    Attributes:
        kind: the name of what was raised there.
        places: where, the innermost first.
    """

    def __init__(self, kind: str, places: str) -> None:
        super().__init__(kind, places)
        self.kind = kind
        self.places = places


class Apart:
    """Reads and searches as `BuiltIn` does, one question after the other, in another process.

    The process is begun at the first question, and anew after it has ended in whatever way; what
    it had not answered is asked once more. It ends with this one.

    Args:
        data: the data folder; the usual one where it is None.
    """

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._process: ProcessPoolExecutor | None = None
        self._retrieval = Retrieval("lexical", "")

    def read(self, inquiry: Inquiry) -> Read:
        """The answer to the last message; identifiers are masked before anything is read.

        Raises:
            FailedApart: what nobody foresaw.
        """
        read: Read = self._ask("read", inquiry)
        return read

    def search(self, query: str, k: int, codes: Iterable[str], only: Only | None) -> Search:
        """The passages that answer a question, the best first (`Library.search`).

        Raises:
            LibraryError: the store of passages cannot be used.
            FailedApart: what nobody foresaw.
        """
        found: Search = self._ask("search", query, k, tuple(codes), only)
        return found

    @property
    def retrieval(self) -> Retrieval:
        """How passages were found when last something was asked."""
        return self._retrieval

    def close(self) -> None:
        """End the process, once what it was asked is answered."""
        with self._lock:
            ended, self._process = self._process, None
        if ended is not None:
            ended.shutdown()

    def _ask(self, what: str, *given: Any) -> Any:
        process = self._running()
        try:
            reply = self._reply(process, what, given)
        except BrokenProcessPool:
            try:
                reply = self._reply(self._running(instead_of=process), what, given)
            except BrokenProcessPool as error:
                raise FailedApart("the reader's process ended", what) from error
        result, self._retrieval = reply
        if isinstance(result, BaseException):
            raise result
        return result

    @staticmethod
    def _reply(process: ProcessPoolExecutor, what: str, given: tuple[Any, ...]) -> Any:
        return process.submit(_do, what, given).result()

    def _running(self, instead_of: ProcessPoolExecutor | None = None) -> ProcessPoolExecutor:
        with self._lock:
            if self._process is None or self._process is instead_of:
                self._process = ProcessPoolExecutor(
                    max_workers=1,  # the index has one owner
                    mp_context=multiprocessing.get_context("spawn"),  # a fork would hold our locks
                    initializer=_begin,
                    initargs=(self._data,),
                )
            return self._process


_mine: list[BuiltIn] = []  # in the other process: the one that answers


def _begin(data: Path | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the page's to act on
    threading.Thread(target=_end_with_the_page, daemon=True).start()
    knowledge = load(local_folder(), tables_folder(data))
    _mine.append(BuiltIn(BillingTools(knowledge), knowledge, Library(data, knowledge)))


def _end_with_the_page() -> None:
    page = multiprocessing.parent_process()
    assert page is not None
    page.join()
    os._exit(1)  # it was killed: nobody waits for anything any more


def _do(what: str, given: tuple[Any, ...]) -> tuple[Any, Retrieval]:
    """The result, or what was raised, fit to be sent; and how passages are found."""
    (built_in,) = _mine
    try:
        result = getattr(built_in, what)(*given)
    except LibraryError as error:
        result = LibraryError(str(error))
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        result = FailedApart(type(error).__name__, places)
    return result, built_in.retrieval
