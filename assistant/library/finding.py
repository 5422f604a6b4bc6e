"""Finds the passages that answer a question, by meaning and by words together."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from assistant.errors import LibraryError
from assistant.folders import data_folder
from assistant.knowledge import Knowledge, load
from assistant.library.embedder import BUILD, Embedder, open_embedder
from assistant.library.guides import own_documents
from assistant.library.index import Index, open_index
from assistant.library.nouns import Document, Kind, Passage, Search
from assistant.library.ranking import Asked, fuse, ranked
from assistant.library.store import FILE, Pointer, Store
from assistant.library.words import Wanted, parse_question

FUSED, LEXICAL = "fused", "lexical"
_NEAREST = 80  # entries asked of the index; several may stand for one passage
_MOST_FOUND = 50  # passages asked of the full text
_RETRY_SECONDS = 5.0  # before an index that could not be opened is tried again

# Calibrated in benchmarks/retrieval on questions that the knowledge cannot answer.
NEAR_ENOUGH = 0.58  # cosine from which a passage is relevant whatever its words
NEAR_WITH_WORDS = 0.36  # cosine from which shared words make it relevant
WORDS_ENOUGH = 0.5  # share of the question's words, rare ones weighing more
WORDS_ALONE = 0.6  # the same where there is no search by meaning


@dataclass(frozen=True, slots=True)
class Evidence:
    """How near a passage is to the question: cosine (None: not looked for), share of words."""

    cosine: float | None
    words: float

    @property
    def is_relevant(self) -> bool:
        """Whether the passage has to do with the question at all."""
        if self.cosine is None:
            return self.words >= WORDS_ALONE
        if self.cosine >= NEAR_ENOUGH:
            return True
        return self.cosine >= NEAR_WITH_WORDS and self.words >= WORDS_ENOUGH


class Library:
    """The passages of one data folder. Opens the index at the first search; safe for threads.

    Without a data folder (nothing was built yet) it searches the shipped guides by their words.
    """

    def __init__(self, folder: Path | None = None, knowledge: Knowledge | None = None) -> None:
        self.folder = folder or data_folder()
        self._knowledge = knowledge
        self._lock = threading.RLock()
        self._store: Store | None = None
        self._index: Index | None = None
        self._serving: Pointer | None = None
        self._embedder: Embedder | None = None
        self._note = ""
        self._retry_at = 0.0
        self._known: tuple[int, frozenset[str], frozenset[str]] = (-1, frozenset(), frozenset())

    @cached_property
    def knowledge(self) -> Knowledge:
        """The knowledge base whose names of the codes are understood."""
        return self._knowledge or load()

    @property
    def mode(self) -> str:
        """How the last search was made: "fused", or "lexical" where there is no index yet."""
        return LEXICAL if self._index is None else FUSED

    @property
    def note(self) -> str:
        """Why there is no search by meaning, or ""."""
        return self._note

    def search(
        self,
        query: str,
        *,
        k: int = 5,
        codes: Iterable[str] = (),
        payer: str | None = None,
        topics: Iterable[str] = (),
        on: date | None = None,
    ) -> Search:
        """The passages that answer a question, the best first; none where none is relevant.

        Args:
            query: the question, in anybody's words.
            k: how many at most.
            codes: procedure codes it is about, besides those it names.
            payer: payer id.
            topics: what it is about, in the guides' words.
            on: date of service; passages not in force on it are left out.
        """
        store = self._opened_store()
        wanted = self._wanted(query)
        asked = Asked(tuple(dict.fromkeys((*wanted.codes, *codes))), payer, tuple(topics))
        if unknown := self._unknown(wanted):
            return Search((), self.mode, f"No passage here is about {', '.join(unknown)}.")
        with self._lock:
            near = self._nearest(wanted.text)
        lexical = [one for one, _ in store.found_by_words(wanted.match, _MOST_FOUND)]
        passages = store.passages_by_id({*lexical, *(near or ())})
        found = self._relevant(wanted, near, lexical, passages, asked)
        in_force = [one for one in found if on is None or one.holds(on)]
        return Search(tuple(in_force[:k]), self.mode, self._said(found, in_force, on))

    def _said(self, found: list[Passage], in_force: list[Passage], on: date | None) -> str:
        left_out = len(found) - len(in_force)
        notes = [self._note] if self._note else []
        if left_out:
            notes.append(f"Left out, as not in force on {on}: {left_out}.")
        if not found:
            notes.append("Nothing here answers that.")
        return " ".join(notes)

    def _relevant(
        self,
        wanted: Wanted,
        near: Mapping[str, float] | None,
        lexical: list[str],
        passages: Mapping[str, Passage],
        asked: Asked,
    ) -> list[Passage]:
        evidence = self.evidence(wanted, near, passages)
        relevant = {key: one for key, one in passages.items() if evidence[key].is_relevant}
        return ranked(fuse(near or (), lexical), relevant, asked)

    def evidence(
        self, wanted: Wanted, near: Mapping[str, float] | None, passages: Iterable[str]
    ) -> dict[str, Evidence]:
        """How near each passage is to the question."""
        store, keys = self._opened_store(), list(passages)
        total, shares = 0.0, dict.fromkeys(keys, 0.0)
        held = store.count()
        for term in (*wanted.terms, *wanted.meant):
            rarity = math.log((held + 1) / (store.passages_with(term) + 0.5))
            total += rarity
            for key in store.holding(term, keys):
                shares[key] += rarity
        return {
            key: Evidence(
                None if near is None else near.get(key, 0.0), shares[key] / total if total else 0.0
            )
            for key in keys
        }

    def passage(self, passage: str) -> Passage | None:
        """One passage, or None where there is none of that id."""
        return self._opened_store().passages_by_id([passage]).get(passage)

    def passages(self, document: str) -> tuple[Passage, ...]:
        """A document's passages, in order."""
        return self._opened_store().passages(document)

    def document(self, document: str) -> Document | None:
        """One document with its whole text, or None where there is none of that id."""
        return self._opened_store().document(document)

    def close(self) -> None:
        """Let go of the index, so that another process may open it."""
        with self._lock:
            self._drop_index()
            if self._store is not None:
                self._store.close()
                self._store = None

    # What is opened once and kept

    def _opened_store(self) -> Store:
        with self._lock:
            path = self.folder / FILE
            if self._store is not None and (self._store.path or not path.is_file()):
                return self._store
            if path.is_file():
                self._store = Store(path)
            else:
                self._store = self._shipped()
            return self._store

    def _shipped(self) -> Store:
        """The shipped guides, in memory."""
        store = Store(None)
        for document, passages in own_documents(self.knowledge):
            if document.kind is Kind.GUIDE:
                store.put(document, passages)
        self._note = f"By words alone, in the shipped guides: nothing is built yet. {BUILD}"
        return store

    def _wanted(self, query: str) -> Wanted:
        return parse_question(query, self.knowledge.code_names, self._known_now()[1])

    def _unknown(self, wanted: Wanted) -> list[str]:
        """The codes named, where no passage is about any of them."""
        known = self._known_now()[2]
        unknown = [code for code in wanted.named if code not in known]
        return unknown if len(unknown) == len(wanted.named) else []

    def _known_now(self) -> tuple[int, frozenset[str], frozenset[str]]:
        with self._lock:
            store = self._opened_store()
            if self._known[0] != (content := store.content()):
                self._known = (content, store.known_words(), store.known_codes())
            return self._known

    def _nearest(self, text: str) -> dict[str, float] | None:
        """Passage ids with their cosine, the nearest first; None without an index."""
        self._follow_pointer()
        if self._index is None or self._embedder is None:
            return None
        try:
            return self._index.nearest(self._embedder.embed([text])[0], _NEAREST)
        except Exception as error:  # whatever Chroma raises, words still find
            self._fail(f"The index failed ({error}). {BUILD}")
            return None

    def _follow_pointer(self) -> None:
        """Open the index that serves now, unless it is open or could not be a moment ago."""
        store = self._opened_store()
        if store.path is None:
            return
        pointer = store.pointer()
        if pointer != self._serving:
            self._drop_index()
            self._retry_at = 0.0
        if self._index is None and time.monotonic() >= self._retry_at:
            try:
                self._open(pointer)
                self._serving = pointer
            except LibraryError as error:
                self._serving = pointer
                self._fail(str(error))
        if self._index and pointer:
            stale = pointer.content != store.content()
            self._note = f"The index is older than the passages. {BUILD}" if stale else ""

    def _open(self, pointer: Pointer | None) -> None:
        if pointer is None:
            raise LibraryError(f"There is no index yet. {BUILD}")
        self._embedder = self._embedder or open_embedder(self.folder)
        if self._embedder.card.fingerprint != pointer.fingerprint:
            self._embedder = None
            raise LibraryError(f"The index was made by another embedding model. {BUILD}")
        self._index = open_index(self.folder, pointer)

    def _fail(self, why: str) -> None:
        self._drop_index()
        self._note = f"By words alone: {why[0].lower()}{why[1:]}"
        self._retry_at = time.monotonic() + _RETRY_SECONDS

    def _drop_index(self) -> None:
        index, self._index = self._index, None
        if index is not None:
            index.close()
