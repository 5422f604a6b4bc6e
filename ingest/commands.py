"""What each command does and prints; each returns whether all went well."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.errors import LibraryError
from assistant.folders import data_folder
from assistant.knowledge import load
from assistant.library.nouns import Document, Kind, Passage
from assistant.library.store import FILE, Store
from ingest.adding import PREFIX, About, Added, add_files
from ingest.building import build, only_writer, synchronise
from ingest.checking import faults
from ingest.indexing import Built

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def _data(given: Namespace) -> Path:
    folder: Path | None = given.data
    return folder.absolute() if folder else data_folder()


@contextmanager
def _bar() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=errors, transient=True) as progress:
        yield progress


def _build(data: Path, store: Store) -> Built:
    with _bar() as bar:
        task = bar.add_task("embedding model", total=None)

        def step(name: str) -> None:
            bar.update(task, description=name, total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, description="embedding", completed=done, total=of)

        return build(data, store, progress, step)


def run_build(given: Namespace) -> bool:
    """Guides, statements and whatever was added before: passages, vectors, index."""
    started = time.perf_counter()
    with only_writer(_data(given)) as store:
        ours = synchronise(store, load())
        built = _build(_data(given), store)
        count = store.count()
    changed = f"{len(ours.changed)} changed, {len(ours.removed)} removed; " if built.rebuilt else ""
    state = "new index serves" if built.rebuilt else "nothing to do"
    console.print(
        f"{count} passages, {built.entries} vectors ({built.embedded} new): {changed}{state}. "
        f"{time.perf_counter() - started:.1f} s"
    )
    return True


def run_add(given: Namespace) -> bool:
    """Add files and folders, then let the index follow."""
    data = _data(given)
    said = About(
        given.title,
        given.publisher,
        given.authority,
        given.payer,
        given.url,
        given.effective,
        given.until,
        given.source,
    )
    with only_writer(data) as store:
        knowledge = load()
        synchronise(store, knowledge)
        with _bar() as bar:
            task = bar.add_task("reading", total=None)
            added = add_files(
                store,
                given.paths,
                said,
                today=date.today(),
                sources=knowledge.sources,
                each=lambda path: bar.update(task, description=escape(path.name)),
            )
        _report(added)
        built = _build(data, store)
        console.print(f"{built.entries} vectors in the index ({built.embedded} new).")
    return not added.failed and bool(added.documents or added.unchanged)


def _report(added: Added) -> None:
    for document, count in added.documents:
        console.print(f"added      {document.id}: {escape(document.title)} ({count} passages)")
    for name in added.unchanged:
        console.print(f"unchanged  {name}")
    for path, reason in added.skipped:
        errors.print(f"skipped    {escape(path)}: {escape(reason)}")
    for path, reason in added.failed:
        errors.print(f"not added  {escape(path)}: {escape(reason)}")
    console.print(
        f"{len(added.documents)} added, {len(added.unchanged)} unchanged, "
        f"{len(added.skipped)} skipped, {len(added.failed)} failed"
    )


def _reading(data: Path) -> Store:
    if not (data / FILE).is_file():
        raise LibraryError(f"{data} holds no passages yet. Run: python -m ingest build")
    return Store(data / FILE)


def run_list(given: Namespace) -> bool:
    """The documents that were added; with --all our own too."""
    store = _reading(_data(given))
    shown = [one for one in store.documents() if given.all or one.kind is Kind.DOCUMENT]
    for one in shown:
        count = len(store.passages(one.id))
        console.print(
            f"{one.id}\n    {escape(one.title)} ({one.authority}, {one.added or 'ours'}, "
            f"{count} passages)"
        )
    if not shown:
        console.print("No documents were added yet.")
    return True


def _found(store: Store, name: str) -> Document | None:
    return store.document(name) or store.document(f"{PREFIX}{name}")


def run_show(given: Namespace) -> bool:
    """A document with its passages, or one passage."""
    store = _reading(_data(given))
    if document := _found(store, given.id):
        about = [document.authority, document.publisher, document.url, document.origin]
        console.print(f"[bold]{escape(document.title)}[/bold]")
        console.print(escape(" · ".join(part for part in about if part)))
        for passage in store.passages(document.id):
            _show(passage)
        return True
    if one := store.passages_by_id([given.id]).get(given.id):
        _show(one)
        return True
    raise LibraryError(
        f"There is no document and no passage {given.id}. See: python -m ingest list"
    )


def _show(passage: Passage) -> None:
    place = f"characters {passage.start}-{passage.end}"
    if passage.page:
        place = f"page {passage.page}, {place}"
    console.print(f"\n[bold]{passage.id}[/bold] {escape(passage.heading)} ({place})")
    console.print(escape(passage.text))


def run_remove(given: Namespace) -> bool:
    """Remove a document that was added, from the index too."""
    data = _data(given)
    with only_writer(data) as store:
        document = _found(store, given.id)
        if document is None:
            raise LibraryError(f"There is no document {given.id}. See: python -m ingest list")
        if document.kind is not Kind.DOCUMENT:
            raise LibraryError(f"{given.id} is our own. Remove its file under knowledge_base.")
        store.remove(document.id)
        _build(data, store)
    console.print(f"removed {document.id}")
    return True


def run_check(given: Namespace) -> bool:
    """Name every fault of the knowledge base."""
    knowledge = load()
    found = faults(knowledge)
    for fault in found:
        errors.print(escape(fault))
    if not found:
        console.print(
            f"{len(knowledge.guides)} guides, {len(knowledge.statements)} statements, "
            f"{len(knowledge.sources)} sources: no fault found."
        )
    return not found
