"""Builds the index anew beside the old one, checks it, and only then lets it serve."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import LibraryError
from assistant.library.embedder import Card, open_embedder
from assistant.library.index import (
    FOLDER,
    IndexFault,
    check_apart,
    connect,
    entries,
    lock_of,
    missing_entries,
    server,
)
from assistant.library.index import SPACE as CONFIGURATION
from assistant.library.store import FILE, Pointer, Store
from ingest.exporting import sync_files

_AT_ONCE = 256  # texts embedded before their vectors are kept
_BATCH = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What building did.

    Attributes:
        embedded: texts whose vectors were not there yet.
        entries: vectors in the index.
        rebuilt: whether a new index serves.
    """

    embedded: int
    entries: int
    rebuilt: bool


def text_hash(text: str) -> str:
    """How a text's vector is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def wanted_entries(store: Store) -> dict[str, str]:
    """Every entry of the index with its text."""
    return {entry: text for one in store.passages() for entry, text in entries(one)}


def build_index(
    data: Path, store: Store, card: Card, progress: Progress, *, anew: bool = False
) -> Built:
    """Bring the index up to the passages; the old one serves until the new one is proved.

    Raises:
        LibraryError: the new index is not whole; the old one still serves.
    """
    content, pointer = store.content(), store.pointer()
    if pointer and not anew and _serves(data, pointer, card, content):
        return Built(0, pointer.entries, False)
    wanted = wanted_entries(store)
    embedded = embed_missing(data, store, card, wanted, progress)
    name = _next_name(data, card.fingerprint, pointer)
    new = Pointer(name, card.fingerprint, len(wanted), content)
    _write_apart(data, new)
    if not check_apart(data, new):
        raise LibraryError("The new index failed its check; the old one still serves. Try again.")
    sync_files(data / FOLDER)
    store.point_to(new)
    remove_old(data, new, pointer)
    store.drop_vectors(card.fingerprint, {text_hash(text) for text in wanted.values()})
    return Built(embedded, len(wanted), True)


def _serves(data: Path, pointer: Pointer, card: Card, content: int) -> bool:
    if server():
        there = pointer.name in _collections()
    else:
        there = (data / FOLDER / pointer.name / "chroma.sqlite3").is_file()
    crashed = (data / FOLDER / f"{pointer.name}.opening").exists()
    same = pointer.fingerprint == card.fingerprint and pointer.content == content
    return there and same and not crashed


def embed_missing(
    data: Path, store: Store, card: Card, wanted: dict[str, str], progress: Progress
) -> int:
    """Embed the texts that have no vector yet; how many there were."""
    texts = {text_hash(text): text for text in wanted.values()}
    held = store.vectors(texts, card.fingerprint)
    # By length: a text is padded to the longest beside it, and padding costs as much as words.
    missing = sorted((key for key in texts if key not in held), key=lambda key: len(texts[key]))
    if not missing:
        return 0
    embedder = open_embedder(data)
    for start in range(0, len(missing), _AT_ONCE):
        chosen = missing[start : start + _AT_ONCE]
        vectors = embedder.embed([texts[key] for key in chosen])
        store.keep_vectors(
            card.fingerprint,
            [(key, vector.tobytes()) for key, vector in zip(chosen, vectors, strict=True)],
        )
        progress(start + len(chosen), len(missing))
    return len(missing)


def _next_name(data: Path, fingerprint: str, pointer: Pointer | None) -> str:
    there = [path.name for path in (data / FOLDER).glob("*")]
    there += [pointer.name] if pointer else []
    numbers = [int(m[1]) for name in there if (m := re.match(r"[0-9a-f]+-(\d+)", name))]
    return f"{fingerprint}-{max(numbers, default=0) + 1}"


def _write_apart(data: Path, new: Pointer) -> None:
    """Write the index in a process of its own, so that a crash of Chroma's is not ours."""
    command = [sys.executable, "-m", "ingest.indexing", str(data), new.name, new.fingerprint]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LibraryError(f"The index could not be written: {done.stderr.strip()[-500:]}")


def _write(data: Path, name: str, fingerprint: str) -> None:
    """Fill a new index from the stored vectors, and see that every entry finds itself."""
    import numpy as np

    lock = lock_of(data, name)
    if not lock.take():
        raise IndexFault(f"{name} is being written by another process.")
    wanted = wanted_entries(Store(data / FILE))
    hashes = {entry: text_hash(text) for entry, text in wanted.items()}
    held = Store(data / FILE).vectors(set(hashes.values()), fingerprint)
    ids = list(hashes)
    vectors = np.stack([np.frombuffer(held[hashes[one]], dtype=np.float32) for one in ids])
    if server():
        _drop_collection(name)  # half written by a run that was killed
    collection = connect(data / FOLDER / name).create_collection(
        name,
        configuration=CONFIGURATION,
        embedding_function=None,
        metadata={"fingerprint": fingerprint},
    )
    for start in range(0, len(ids), _BATCH):
        part = slice(start, start + _BATCH)
        collection.add(ids=ids[part], embeddings=vectors[part])
    if lost := missing_entries(collection, ids, vectors):
        raise IndexFault(f"{len(lost)} of {len(ids)} entries do not find themselves.")


def remove_old(data: Path, serving: Pointer, before: Pointer | None) -> None:
    """Remove the indexes that no longer serve and that nobody has open."""
    for folder in (data / FOLDER).glob("*-*"):
        if folder.is_dir() and folder.name != serving.name:
            lock = lock_of(data, folder.name)
            if lock.take():
                shutil.rmtree(folder, ignore_errors=True)
                lock.release()
                for left in (".lock", ".opening"):
                    (data / FOLDER / f"{folder.name}{left}").unlink(missing_ok=True)
    if server() and before and before.name != serving.name:
        _drop_collection(before.name)


def _collections() -> set[str]:
    """The names of the server's collections."""
    try:
        return {str(one.name) for one in connect(Path()).list_collections()}
    except LibraryError:
        raise
    except Exception as error:  # Chroma's errors have no common base
        raise LibraryError(
            f"The Chroma server at ASSISTANT_CHROMA_URL ({server()}) does not answer: {error}"
        ) from error


def _drop_collection(name: str) -> None:
    """Remove a collection from the server, where it is there."""
    if name in _collections():
        connect(Path()).delete_collection(name)


if __name__ == "__main__":
    try:
        _write(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    except LibraryError as error:
        sys.exit(json.dumps(str(error)))
