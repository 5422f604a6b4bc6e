"""The built-in part of the assistant: reads without a model, and finds passages."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.conversation import Answer, Inquiry
from assistant.knowledge import Knowledge
from assistant.library import Library, Search
from assistant.library.found import Only
from assistant.plain_reader.reader import PlainReader
from assistant.privacy import MaskedText, mask
from assistant.tools import BillingTools
from assistant.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Read:
    """A conversation without identifiers, and the built-in answer to its last message."""

    masked: tuple[MaskedText, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How passages are found: the mode of the last search, and why it is not the best, or ""."""

    mode: str
    note: str


class BuiltIn:
    """Reads and searches over one knowledge base and its library; safe for threads."""

    def __init__(self, tools: BillingTools, knowledge: Knowledge, library: Library) -> None:
        self._knowledge = knowledge
        self._library = library
        self._reader = PlainReader(tools, knowledge, library)
        # Reading only computes: more at once than processors would get in one another's way.
        self._room = threading.BoundedSemaphore(os.cpu_count() or 1)

    def read(self, inquiry: Inquiry) -> Read:
        """The answer to the last message; identifiers are masked before anything is read."""
        masked = tuple(mask(message) for message in inquiry.messages)
        clean = replace(inquiry, messages=tuple(one.text for one in masked))
        with self._room:
            return Read(masked, self._reader.answer(clean, Worksheet(self._knowledge)))

    def search(self, query: str, k: int, codes: Iterable[str], only: Only | None) -> Search:
        """The passages that answer a question, the best first (`Library.search`).

        Raises:
            LibraryError: the store of passages cannot be used.
        """
        return self._library.search(query, k=k, codes=codes, only=only)

    @property
    def retrieval(self) -> Retrieval:
        """How passages are found now."""
        return Retrieval(self._library.mode, self._library.note)
