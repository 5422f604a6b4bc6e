"""Finds the passages that answer a question, by meaning and by words together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import LibraryError
from assistant.folders import data_folder
from assistant.knowledge import Knowledge, load
from assistant.library.embedder import BUILD, Embedder, begin_embedder, read_card
from assistant.library.embedder import FOLDER as EMBEDDER
from assistant.library.found import Found, Near, Only, near_of
from assistant.library.guides import own_documents
from assistant.library.index import Index, open_index
from assistant.library.known import Known, read_known
from assistant.library.nouns import Document, Kind, Passage, Search
from assistant.library.others import other_vectors
from assistant.library.ranking import Asked, fuse, ranked
from assistant.library.relevance import (
    near_enough,
    near_the_best,
    signs_of,
    strengths,
    telling,
    word_shares,
)
from assistant.library.store import FILE, Pointer, Store
from assistant.library.words import Wanted, parse_question

if TYPE_CHECKING:
    from assistant.library.embedder import Vectors

FUSED, LEXICAL = "fused", "lexical"
_NEAREST = 120  # entries asked of the index; several may stand for one passage
_MOST_NEAR = 60  # passages of them that are looked at
_MOST_WEIGHED = 40  # passages whose authority, codes and payer are weighed
_MOST_FOUND = 50  # passages asked of the full text
_OTHERS = 3  # questions of other fields that are looked at
_DEEPER = 10  # times as many, where only some passages are wanted
_RETRY_SECONDS = 5.0  # before an index that could not be opened is tried again


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
        self._known: Known | None = None
        self._others: Vectors | None = None

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
        only: Only | None = None,
    ) -> Search:
        """The passages that answer a question, the best first; none where none is relevant.

        Args:
            query: the question, in anybody's words.
            k: how many at most.
            codes: procedure codes it is about, besides those it names; they come first.
            payer: payer id; what speaks of it comes first.
            topics: what it is about, in the guides' words.
            on: date of service; passages not in force on it are left out.
            only: leaves out every passage that is not about these codes, payers, authorities or
                that date.
        """
        only = only or Only(on=on)
        on = on or only.on
        wanted = self.wanted(query)
        asked = Asked(tuple(dict.fromkeys((*wanted.codes, *codes))), payer, tuple(topics))
        found = self.ranked(wanted, asked, only=only)
        in_force = [one for one in found if on is None or one.holds(on)]
        notes = self._said(wanted, found, in_force, on)
        return Search(tuple(in_force[:k]), self.mode, " ".join(notes))

    def _said(
        self, wanted: Wanted, found: list[Passage], in_force: list[Passage], on: date | None
    ) -> Iterator[str]:
        if self._note:
            yield self._note
        if not found and wanted.named and self._known_now().codes.isdisjoint(wanted.named):
            yield f"No passage here is about {', '.join(wanted.named)}."
        elif not found:
            yield "Nothing here answers that."
        if left_out := len(found) - len(in_force):
            yield f"Left out, as not in force on {on}: {left_out}."

    def ranked(
        self, wanted: Wanted, asked: Asked, *, relevant: bool = True, only: Only | None = None
    ) -> list[Passage]:
        """The passages found, the best first; only those that are relevant, unless told."""
        store = self._opened_store()
        found = self._found(wanted, _DEEPER if only and only.is_narrow else 1)
        if only and only.is_narrow:
            held = store.passages_by_id(found.keys)
            found = found.within(key for key, one in held.items() if only.admits(one))
        keys = self._relevant(wanted, asked, found) if relevant else found.keys
        scores = fuse(found)
        best = sorted(keys, key=lambda key: (-scores[key], key))[:_MOST_WEIGHED]
        passages = store.passages_by_id(best)
        if wanted.named and self._known_now().codes.isdisjoint(wanted.named):
            named = set(wanted.named)  # codes of other fields
            passages = {key: one for key, one in passages.items() if named & set(one.codes)}
        return ranked(scores, passages, asked)

    def _relevant(self, wanted: Wanted, asked: Asked, found: Found) -> set[str]:
        """Those of the passages found that have to do with the question."""
        strong = strengths(found)
        if signs_of(wanted, asked.codes, found, self._known_now()).sum > 0:
            return near_the_best(strong)
        near = near_enough(strong, by_meaning=found.near is not None)
        return self._opened_store().added(near)

    def _found(self, wanted: Wanted, deeper: int = 1) -> Found:
        store = self._opened_store()
        vector = self._vector(wanted.text)
        near = self._near(vector, deeper)
        having = {term.match: store.numbers_with(term.match) for term in wanted.terms}
        match = telling(having, store.count())
        lexical = dict(store.found_by_words(match, _MOST_FOUND * deeper))
        keys = {*lexical, *(near.best if near else ())}
        alike = self._known_now().phrasings.likeness(wanted.text, keys)
        shares, unknown = word_shares(having, keys, store)
        return Found(near, lexical, alike, shares, unknown, self._cosine_of_others(vector))

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

    def wanted(self, query: str) -> Wanted:
        """What a question looks for."""
        with self._lock:
            self._follow_pointer()  # opens the embedder, which knows how English is spelt
            english = self._embedder.english if self._embedder else frozenset()
        return parse_question(query, self.knowledge.code_names, self._known_now().words, english)

    def _known_now(self) -> Known:
        with self._lock:
            store = self._opened_store()
            content = store.content()
            if self._known is None or self._known.content != content:
                self._known = read_known(store, self.knowledge)
            return self._known

    def nearest(self, text: str) -> dict[str, float] | None:
        """Passage ids with their cosine, the nearest first; None without an index."""
        near = self._near(self._vector(text), 1)
        return None if near is None else dict(near.best)

    def _vector(self, text: str) -> Vectors | None:
        with self._lock:
            self._follow_pointer()
            embedder = self._embedder if self._index else None
        if embedder is None:
            return None
        vector: Vectors = embedder.embed([text])[0]  # without the lock: several may at once
        return vector

    def _near(self, vector: Vectors | None, deeper: int) -> Near | None:
        with self._lock:
            if self._index is None or vector is None:
                return None
            try:
                return near_of(self._index.nearest(vector, _NEAREST * deeper), _MOST_NEAR * deeper)
            except Exception as error:  # whatever Chroma raises, words still find
                self._fail(f"The index failed ({error}). {BUILD}")
                return None

    def _cosine_of_others(self, vector: Vectors | None) -> tuple[float, float]:
        """How near the nearest question of another field is, and the nearest three."""
        if vector is None or self._embedder is None:
            return 0.0, 0.0
        with self._lock:
            if self._others is None:
                self._others = other_vectors(self.folder, self._embedder)
        nearest = sorted(map(float, self._others @ vector))[-_OTHERS:]
        return nearest[-1], sum(nearest) / len(nearest)

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
        card = read_card(self.folder / EMBEDDER)
        if card is not None and card.fingerprint != pointer.fingerprint:
            raise LibraryError(f"The index was made by another embedding model. {BUILD}")
        self._embedder = self._embedder or begin_embedder(self.folder)
        self._index = open_index(self.folder, pointer)
        try:
            self._embedder.wait()
        except LibraryError:
            self._embedder = None
            raise

    def _fail(self, why: str) -> None:
        self._drop_index()
        self._note = f"By words alone: {why[0].lower()}{why[1:]}"
        self._retry_at = time.monotonic() + _RETRY_SECONDS

    def _drop_index(self) -> None:
        index, self._index = self._index, None
        if index is not None:
            index.close()
