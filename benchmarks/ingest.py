"""How fast documents become passages that are found, and with how much memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from assistant.library.index import entries
from assistant.library.store import FILE, Store
from benchmarks import Figure
from benchmarks.folders import build_data, run_command

_UNCHANGED = 1.0  # seconds
_COPIES = 12  # documents made of the guides' own words, so that nothing else is needed


def run(data: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="ingest-") as folder:
        fresh = Path(folder) / "data"
        ran = build_data(fresh)
        store = Store(fresh / FILE)
        passages = store.passages()
        vectors = sum(1 for one in passages for _ in entries(one))
        yield Figure(
            "shipped knowledge: passages, vectors, to ready index",
            f"{len(passages)}, {vectors}, {ran.seconds:.1f} s",
        )
        yield Figure("peak memory of the build", f"{ran.peak / 1e6:.0f} MB")

        again = run_command(["-m", "ingest", "build"], fresh)
        yield Figure(
            "build again, nothing changed",
            f"{again.seconds:.2f} s",
            f"< {_UNCHANGED:.0f} s",
            again.seconds < _UNCHANGED,
        )

        documents = Path(folder) / "documents"
        _write_documents(documents, store)
        added = run_command(["-m", "ingest", "add", str(documents)], fresh)
        more = store.count() - len(passages)
        yield Figure(
            f"add {_COPIES} documents, {more} passages, to ready index",
            f"{added.seconds:.1f} s, {more / added.seconds:.0f} passages/s",
        )
        store.close()


def _write_documents(folder: Path, store: Store) -> None:
    """The guides' texts in another order in each document, under headings."""
    folder.mkdir()
    guides = [one for one in store.documents() if one.id != "statements"]
    for number in range(_COPIES):
        chosen = guides[number::_COPIES]
        parts = [f"## {one.title} ({number})\n\n{one.text}" for one in chosen]
        (folder / f"{number}.md").write_text(f"# Paper {number}\n\n" + "\n\n".join(parts))
