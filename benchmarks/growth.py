"""How a search slows and memory grows with the number of passages.

The passages beyond our own are synthetic: real ones with their words in another order. Embedding a
hundred thousand texts would take an hour here, so only our own are embedded; the others' vectors
are those, turned a little at random. Speed and memory depend on how many there are, not on what
they say; what is found among them means nothing.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from assistant.library import Kind, Library, Passage
from assistant.library.embedder import FOLDER as EMBEDDER
from assistant.library.embedder import open_embedder
from assistant.library.index import FOLDER, SPACE, connect
from assistant.library.nouns import Document
from assistant.library.store import FILE, Pointer, Store
from benchmarks import Figure
from benchmarks.retrieval import questions

SIZES = (10_000, 100_000)
_PER_DOCUMENT = 500
_TURNED = 0.6  # length of the random part beside a vector of length one
_ASKED = 60  # questions


def run(data: Path) -> Iterator[Figure]:
    real = [one for one in Store(data / FILE).passages() if one.text]
    vectors = open_embedder(data).embed([f"{one.title}\n{one.text}" for one in real])
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="growth-") as folder:
            grown = Path(folder)
            (grown / EMBEDDER).symlink_to((data / EMBEDDER).absolute())
            started = time.perf_counter()
            _grow(grown, real, vectors, size)
            taken = time.perf_counter() - started
            yield Figure(
                f"{size} passages: store and index from vectors",
                f"{taken:.0f} s, {size / taken:.0f} passages/s",
            )
            yield from _searched(grown, size)


def _grow(folder: Path, real: Sequence[Passage], vectors: np.ndarray, size: int) -> None:
    """A store and an index of this many passages."""
    store, chance = Store(folder / FILE), random.Random(size)
    turn = np.random.default_rng(size)
    collection = connect(folder / FOLDER / "grown").create_collection(
        "grown", configuration=SPACE, embedding_function=None
    )
    for start in range(0, size, _PER_DOCUMENT):
        name = f"paper-{start}"
        chosen = [chance.randrange(len(real)) for _ in range(min(_PER_DOCUMENT, size - start))]
        made = [_shuffled(real[n], name, place, chance) for place, n in enumerate(chosen)]
        store.put(Document(name, Kind.DOCUMENT, name, name, "", name), made)
        noise = turn.normal(size=(len(chosen), vectors.shape[1]))
        noise *= _TURNED / np.linalg.norm(noise, axis=1, keepdims=True)
        turned = vectors[chosen] + noise
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        collection.add(ids=[one.id for one in made], embeddings=turned.astype("float32").tolist())
    fingerprint = open_embedder(folder).card.fingerprint
    store.point_to(Pointer("grown", fingerprint, size, store.content()))
    store.close()


def _shuffled(one: Passage, document: str, place: int, chance: random.Random) -> Passage:
    words = one.text.split()
    chance.shuffle(words)
    return replace(
        one,
        id=f"{document}-{place}",
        document=document,
        kind=Kind.DOCUMENT,
        text=" ".join(words),
        sentences=(),
        asked_as=(),
    )


def _searched(folder: Path, size: int) -> Iterator[Figure]:
    library = Library(folder)
    asked = [one.text for one in questions()[0]][:_ASKED]
    library.search(asked[0])
    taken = []
    for question in asked:
        started = time.perf_counter()
        library.search(question)
        taken.append((time.perf_counter() - started) * 1000)
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    yield Figure(f"{size} passages: warm search, p50 / p95", f"{p50:.1f} / {p95:.1f} ms")
    held = psutil.Process(os.getpid()).memory_info().rss / 1e6
    yield Figure(f"{size} passages: this process's memory", f"{held:.0f} MB")
    library.close()
