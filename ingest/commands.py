"""What each command does and prints; each returns whether all went well."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.errors import LibraryError
from assistant.evidence import Authority
from assistant.folders import data_folder
from assistant.knowledge import Knowledge, load
from assistant.library.nouns import Document, Kind, Mark, Passage, Remark
from assistant.library.store import FILE, Store
from assistant.worksheet import Worksheet
from ingest.about import About
from ingest.adding import PREFIX, Added, add_files, check_again, cut_again
from ingest.building import build, make_ready, only_writer, synchronise
from ingest.checking import faults
from ingest.indexing import Built
from ingest.remarking import stamp
from ingest.summary import summary

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


def _build(data: Path, store: Store, *, anew: bool = False) -> Built:
    with _bar() as bar:
        task = bar.add_task("embedding model", total=None)

        def step(name: str) -> None:
            bar.update(task, description=name, total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, description="embedding", completed=done, total=of)

        return build(data, store, anew=anew, progress=progress, step=step)


def run_build(given: Namespace) -> bool:
    """Guides, statements and whatever was added before: passages, vectors, index."""
    started = time.perf_counter()
    with only_writer(_data(given)) as store:
        knowledge = load()
        ours = synchronise(store, knowledge)
        _check_again(store, knowledge)
        built = _build(_data(given), store)
        make_ready(_data(given), knowledge)
        count = store.count()
    changed = f"{len(ours.changed)} changed, {len(ours.removed)} removed; " if built.rebuilt else ""
    state = "new index serves" if built.rebuilt else "nothing to do"
    console.print(
        f"{count} passages, {built.entries} vectors ({built.embedded} new): {changed}{state}. "
        f"{time.perf_counter() - started:.1f} s"
    )
    return True


def _check_again(store: Store, knowledge: Knowledge) -> None:
    """Hold the added documents against the rules, where those have changed since."""
    now = stamp(knowledge)
    if store.note(_CHECKED) != now:
        check_again(store, knowledge, date.today())
        store.keep_note(_CHECKED, now)


_CHECKED = "checked"  # the note of what documents were last held against


def run_rebuild(given: Namespace) -> bool:
    """Everything anew: the added documents cut and checked again, and a new index."""
    started = time.perf_counter()
    data = _data(given)
    with only_writer(data) as store:
        knowledge = load()
        synchronise(store, knowledge)
        documents = cut_again(store, knowledge, date.today())
        store.keep_note(_CHECKED, stamp(knowledge))
        built = _build(data, store, anew=True)
        make_ready(data, knowledge)
        count = store.count()
    console.print(
        f"{count} passages, {built.entries} vectors ({built.embedded} new): {documents} added "
        f"documents cut and checked again; new index serves. {time.perf_counter() - started:.1f} s"
    )
    return True


def run_add(given: Namespace) -> bool:
    """Add files and folders, then let the index follow."""
    data = _data(given)
    said = About(**{name: getattr(given, name) for name in About.__dataclass_fields__})
    with only_writer(data) as store:
        knowledge = load()
        synchronise(store, knowledge)
        with _bar() as bar:
            task = bar.add_task("reading", total=None)

            def each(path: Path, number: int, of: int) -> None:
                bar.update(task, description=escape(path.name), completed=number - 1, total=of)

            added = add_files(
                store,
                given.paths,
                said,
                today=date.today(),
                knowledge=knowledge,
                each=each,
            )
        _check_again(store, knowledge)
        _report(added, knowledge)
        built = _build(data, store)
        console.print(f"{built.entries} vectors in the index ({built.embedded} new).")
    if given.json:
        print(json.dumps(summary(added), ensure_ascii=False))
    return not added.failed and bool(added.documents or added.unchanged)


def _report(added: Added, knowledge: Knowledge) -> None:
    for document, passages in added.documents:
        console.print(
            f"added      {document.id}: {escape(document.title)} ({_about(document, passages)})"
        )
        _remarks(passages, knowledge)
    for path, note in added.notes:
        console.print(f"note       {escape(path)}: {escape(note)}")
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


def _about(document: Document, passages: Sequence[Passage]) -> str:
    """Who says it, of whom and from when it holds, and how much was noticed."""
    first = passages[0]
    since = f"from {first.effective}" if first.effective else ""
    until = f"to {first.until}" if first.until else ""
    remarks = _distinct(passages)
    counts = [
        f"{sum(one.mark is mark for one in remarks)} {mark}"
        for mark in Mark
        if any(one.mark is mark for one in remarks)
    ]
    weight = f"{document.authority}{' as the document says of itself' * _weighty(document)}"
    parts = [
        weight,
        document.publisher,
        *first.payers,
        since,
        until,
        f"{len(passages)} passage{'s' * (len(passages) != 1)}",
    ]
    return escape(", ".join(filter(None, [*parts, *counts])))


def _weighty(document: Document) -> bool:
    return document.kind is Kind.DOCUMENT and document.authority not in _LIGHT


_LIGHT = (Authority.PAYER, Authority.SOCIETY, Authority.INDUSTRY, Authority.LOCAL)


def _distinct(passages: Sequence[Passage]) -> list[Remark]:
    """What was noticed about a document; what reaches into two passages once."""
    return list(dict.fromkeys(remark for one in passages for remark in one.remarks))


def _remarks(passages: Sequence[Passage], knowledge: Knowledge) -> None:
    for remark in _distinct(passages):
        said = f"«{remark.quote[:_LONGEST_QUOTE]}{'…' * (len(remark.quote) > _LONGEST_QUOTE)}»"
        if remark.mark is Mark.ADDRESSED:
            console.print(f"  addressed     {escape(said)}")
            console.print("                It speaks to a program: kept as text, never obeyed.")
            continue
        console.print(f"  contradicted  {escape(said)}")
        console.print(escape(f"                We hold: {remark.held}{_source(remark, knowledge)}"))
        if remark.dispute:
            console.print(f"                In the ledger of disputes: {remark.dispute}")


_LONGEST_QUOTE = 200


def _source(remark: Remark, knowledge: Knowledge) -> str:
    """The place that carries what we hold, as an answer would cite it."""
    if not remark.statement:
        return ""
    sheet = Worksheet(knowledge)
    try:
        sheet.cite(remark.statement)
    except (KeyError, StopIteration):  # it was removed from the knowledge base since
        return f" [{remark.statement}]"
    cited = sheet.citations[0]
    return f" [{', '.join(filter(None, (cited.title, cited.locator)))}]"


def _reading(data: Path) -> Store:
    if not (data / FILE).is_file():
        raise LibraryError(f"{data} holds no passages yet. Run: python -m ingest build")
    return Store(data / FILE)


def run_list(given: Namespace) -> bool:
    """The documents that were added; with --all our own too."""
    store = _reading(_data(given))
    shown = [one for one in store.documents() if given.all or one.kind is Kind.DOCUMENT]
    for one in shown:
        about = _about(one, store.passages(one.id))
        console.print(f"{one.id}\n    {escape(one.title)} ({one.added or 'ours'}, {about})")
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
        passages = store.passages(document.id)
        console.print(_about(document, passages))
        _remarks(passages, load())
        for passage in passages:
            _show(passage)
        return True
    if one := store.passages_by_id([given.id]).get(given.id):
        _show(one)
        _remarks([one], load())
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
