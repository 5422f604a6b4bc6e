"""The index of vectors in Chroma: one process owns an index's folder, under a lock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import LibraryError
from assistant.library.embedder import BUILD
from assistant.library.locking import FileLock
from assistant.library.nouns import Passage
from assistant.library.store import Pointer

if TYPE_CHECKING:
    from assistant.library.embedder import Vectors

FOLDER = "index"
SPACE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 128}}
_CHECK_SECONDS = 120
_BATCH = 1000
_NEAREST = 10  # among how many an entry must find itself: texts alike have vectors alike
_SAME = 1e-4  # cosine distance of a vector to itself, rounding included


class IndexFault(LibraryError):
    """The index cannot be used; the passages are still found by their words."""


def entries(passage: Passage) -> Iterator[tuple[str, str]]:
    """What of a passage is embedded: itself, and each way of asking for it.

    Returns:
        Pairs of entry id and text; the id up to "#" is the passage's.
    """
    heading = f" — {passage.heading}" if passage.heading else ""
    yield passage.id, f"{passage.title}{heading}\n{passage.text}"
    if passage.asked_as:
        for number, question in enumerate((passage.title, *passage.asked_as)):
            yield f"{passage.id}#{number}", question


def passage_of(entry: str) -> str:
    """The id of the passage that an entry stands for."""
    return entry.partition("#")[0]


def server() -> str:
    """The address of a Chroma server, where ASSISTANT_CHROMA_URL names one, or ""."""
    return os.environ.get("ASSISTANT_CHROMA_URL", "").strip()


def connect(folder: Path) -> Any:
    """A Chroma client: of the server where one is set, otherwise of this folder."""
    try:
        import chromadb
        from chromadb.config import Settings
    except ImportError as error:
        raise IndexFault(f"Chroma cannot be loaded ({error}).") from error
    settings = Settings(anonymized_telemetry=False)
    if address := server():
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise IndexFault(f"ASSISTANT_CHROMA_URL={address} is no address such as http://…:8000.")
        port = parts.port or (443 if parts.scheme == "https" else 8000)
        return chromadb.HttpClient(
            host=parts.hostname, port=port, ssl=parts.scheme == "https", settings=settings
        )
    return chromadb.PersistentClient(str(folder), settings=settings)


class Index:
    """An open index. Close it to let another process have it."""

    def __init__(self, collection: Any, client: Any, lock: FileLock | None) -> None:
        self._collection = collection
        self._client = client
        self._lock = lock

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """The nearest entries, each as its passage's id and the cosine, the nearest first."""
        found = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=limit, include=["distances"]
        )
        rows = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(passage_of(entry), 1.0 - distance) for entry, distance in rows]

    def close(self) -> None:
        """Let go of the folder."""
        _stop(self._client)
        if self._lock is not None:
            self._lock.release()


def _stop(client: Any) -> None:
    close = getattr(client, "close", None)
    if close is not None:
        close()


def lock_of(data: Path, name: str) -> FileLock:
    """The lock of one index's folder."""
    return FileLock(data / FOLDER / f"{name}.lock")


def open_index(data: Path, pointer: Pointer) -> Index:
    """The index that the pointer names.

    A bad index does not raise: it ends the process. So a mark is left while one is opened; where
    the last process died at it, another process looks first.

    Raises:
        IndexFault: it is missing, another process has it, or it is bad.
    """
    folder = data / FOLDER / pointer.name
    if server():
        return _opened(folder, pointer, None)
    if not folder.is_dir():
        raise IndexFault(f"The index is missing. {BUILD}")
    lock = lock_of(data, pointer.name)
    if not lock.take():
        raise IndexFault("Another process (the page?) has the index open.")
    try:
        mark = folder.with_suffix(".opening")
        if mark.exists() and not check_apart(data, pointer):
            raise IndexFault(f"The index is damaged. {BUILD}")
        mark.touch()
        index = _opened(folder, pointer, lock)
        mark.unlink()
    except BaseException:
        lock.release()
        raise
    return index


def _opened(folder: Path, pointer: Pointer, lock: FileLock | None) -> Index:
    try:
        client = connect(folder)
        collection = client.get_collection(pointer.name, embedding_function=None)
        held = collection.count()
    except IndexFault:
        raise
    except Exception as error:  # Chroma's errors have no common base
        raise IndexFault(f"The index cannot be opened ({error}). {BUILD}") from error
    if held != pointer.entries:
        raise IndexFault(f"The index holds {held} of {pointer.entries} vectors. {BUILD}")
    return Index(collection, client, lock)


def check_apart(data: Path, pointer: Pointer) -> bool:
    """Whether another process can open the index and finds every entry by its own vector."""
    command = [sys.executable, "-m", "assistant.library.index", str(data / FOLDER / pointer.name)]
    try:
        done = subprocess.run(
            [*command, pointer.name, str(pointer.entries)],
            timeout=_CHECK_SECONDS + pointer.entries // 100,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def missing_entries(collection: Any, ids: Sequence[str], vectors: Vectors) -> list[str]:
    """The entries that do not find themselves by their own vector."""
    lost = []
    for start in range(0, len(ids), _BATCH):
        asked = list(ids[start : start + _BATCH])
        found = collection.query(
            query_embeddings=vectors[start : start + _BATCH].tolist(),
            n_results=min(_NEAREST, len(ids)),
            include=["distances"],
        )
        rows = zip(asked, found["ids"], found["distances"], strict=True)
        lost += [one for one, near, far in rows if one not in near and far[0] > _SAME]
    return lost


def _check(folder: Path, name: str, expected: int) -> int:
    """Exit status: 0 when the index is whole."""
    import numpy as np

    collection = connect(folder).get_collection(name, embedding_function=None)
    if collection.count() != expected:
        return 1
    for start in range(0, expected, _BATCH):
        held = collection.get(limit=_BATCH, offset=start, include=["embeddings"])
        vectors = np.asarray(held["embeddings"], dtype=np.float32)
        if missing_entries(collection, held["ids"], vectors):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(_check(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
