"""Brings a data folder up to date: the embedder, our own documents, the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import LibraryError
from assistant.knowledge import Knowledge
from assistant.library.embedder import open_embedder
from assistant.library.guides import own_documents
from assistant.library.locking import FileLock
from assistant.library.nouns import Kind
from assistant.library.others import other_vectors
from assistant.library.store import FILE, Store
from assistant.plain_reader.activities.likeness import Likeness
from assistant.plain_reader.activities.told import Told
from ingest.exporting import ensure_embedder
from ingest.indexing import Built, Progress, build_index

LOCK_FILE = "ingest.lock"
_OURS = (Kind.GUIDE, Kind.STATEMENT)


@dataclass(frozen=True, slots=True)
class Synchronised:
    """What changed among our own documents."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]


@contextmanager
def only_writer(data: Path) -> Iterator[Store]:
    """The store, for the one process that may change it.

    Raises:
        LibraryError: another process is at it.
    """
    lock = FileLock(data / LOCK_FILE)
    if not lock.take():
        raise LibraryError(f"Another ingest is at work on {data}. Try again when it is done.")
    store = None
    try:
        store = Store(data / FILE)
        yield store
    finally:
        if store is not None:
            store.close()
        lock.release()


def synchronise(store: Store, knowledge: Knowledge) -> Synchronised:
    """Store the guides and statements that changed, and remove those that are gone."""
    held = store.hashes(_OURS)
    changed, there = [], set()
    for document, passages in own_documents(knowledge):
        there.add(document.id)
        if held.get(document.id) != document.hash:
            store.put(document, passages)
            changed.append(document.id)
    removed = sorted(set(held) - there)
    for gone in removed:
        store.remove(gone)
    return Synchronised(tuple(changed), tuple(removed))


def build(
    data: Path,
    store: Store,
    *,
    anew: bool = False,
    progress: Progress = lambda done, of: None,
    step: Callable[[str], None] = lambda name: None,
) -> Built:
    """Embed what is new and let a new index serve, where anything changed.

    Args:
        data: the data folder.
        store: its passages.
        anew: whether to make a new index although the present one seems right.
        progress: told how many texts are embedded, and of how many.
        step: told what begins.
    """
    step("embedding model")
    card = ensure_embedder(data)
    step("index")
    built = build_index(data, store, card, progress, anew=anew)
    if built.rebuilt:
        other_vectors(data, open_embedder(data))  # or the first question would wait for them
    return built


def make_ready(data: Path, knowledge: Knowledge) -> None:
    """What tells treatment from questions, or the first description would wait for it."""
    Told(Likeness(knowledge.worked_examples, data), knowledge).make_ready()
