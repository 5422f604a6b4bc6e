"""`python -m ingest cms` and `python -m ingest tables`: what they do and print."""

from __future__ import annotations

import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.markup import escape
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from assistant.folders import local_folder, tables_folder
from assistant.knowledge import Knowledge, Release, load
from assistant.knowledge.ages import expired_values, table_ages
from assistant.knowledge.cms import CmsTables
from assistant.knowledge.releases import LABELS, LAST_PART
from ingest.cms.changes import Changes, changes
from ingest.cms.reading import Found, Tick, read
from ingest.cms.storing import Outcome, only_writer, remove, store
from ingest.commands import console, errors

_MOST_LINES = 40


def _folder(given: Namespace) -> Path:
    if given.tables:
        named: Path = given.tables
        return named.absolute()
    return tables_folder(given.data.absolute() if given.data else None)


@contextmanager
def _ticking() -> Iterator[Tick]:
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("reading")
        yield lambda name, count: progress.update(
            task, description=f"{escape(name)}: {count:,} rows"
        )


def run_cms(given: Namespace) -> bool:
    """Take CMS's files in and print what they change."""
    folder = _folder(given)
    known = load(local_folder()).codes
    with _ticking() as tick:
        found = list(read(given.files, known, tick))
    for one in found:
        _print_read(one)
    if given.check:
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / "cms"
            if folder.is_dir():
                shutil.copytree(folder, copy)
            refused = _take(copy, found, given)
        console.print("Only looked: nothing was written.")
    else:
        refused = _take(folder, found, given)
    return not refused


def _take(folder: Path, found: Sequence[Found], given: Namespace) -> bool:
    """Whether anything was refused."""
    tables = [table for one in found for table in one.tables]
    refused = any(one.refused for one in found)
    if not tables:
        return refused
    with only_writer(folder):
        before = Knowledge(tables=CmsTables(folder))
        outcome = store(folder, tables, date.today(), smaller=given.smaller)
        after = Knowledge(tables=CmsTables(folder))
        _print(outcome, before, after, given.all)
    return refused or bool(outcome.refused)


def _print_read(found: Found) -> None:
    if found.refused:
        errors.print(f"refused    {escape(found.refused)} What was held stays.")
    for table in found.tables:
        console.print(
            f"read       {escape(table.member.name)}: {table.rows:,} rows, {len(table.kept):,} of "
            "codes held here"
        )
    if found.others:
        console.print(f"left       {escape(', '.join(found.others))}: not read here")


def _print(outcome: Outcome, before: Knowledge, after: Knowledge, everything: bool) -> None:
    for reason in outcome.refused:
        errors.print(f"refused    {escape(reason)} What was held stays.")
    for release in outcome.unchanged:
        console.print(f"unchanged  {LABELS[release.table]}, version {release.version}")
    for release in outcome.taken:
        console.print(f"\n[bold]{escape(release.source().title)}[/bold]")
        if not release.is_whole:
            console.print(_in_part(release))
        _print_changes(changes(before, after, release), everything)


def _in_part(release: Release) -> str:
    parts = sorted(file.part for file in release.files)
    return (
        f"In part: file {', '.join(map(str, parts))} of {LAST_PART}. A pair without a row has no "
        "edit only where both codes' rows were read; give the other files too."
    )


def _print_changes(found: Changes, everything: bool) -> None:
    shown = found.lines if everything else found.lines[:_MOST_LINES]
    for line in shown:
        console.print(f"  {escape(line)}")
    if len(shown) < len(found.lines):
        console.print(f"  … and {len(found.lines) - len(shown)} more; --all shows them.")
    told = f"{len(found.lines)} changed" if found.lines else "Nothing changed"
    if found.confirmed:
        told += f"; {found.confirmed} shipped or held before and now found in CMS's file"
    if found.inferred:
        told += f", {found.inferred} of them inferred or remembered until now"
    console.print(f"{told}.")


def run_tables(given: Namespace) -> bool:
    """How old each table is; false where the latest release of one has expired."""
    folder, today = _folder(given), date.today()
    if given.remove:
        return _remove(folder, given.remove)
    knowledge = load(local_folder(), folder)
    ages = table_ages(knowledge, today)
    for age in ages:
        style = "bold red" if age.has_expired else "default"
        console.print(f"[{style}]{escape(age.line())}[/{style}]")
    for value in expired_values(knowledge, today):
        console.print(f"[bold red]{escape(value.line())}[/bold red]")
    for one in knowledge.cms.releases:
        console.print(f"Read in: {escape(one.id)} ({LABELS[one.table]}, read {one.read})")
    console.print(f"Tables read in stand in {folder}.")
    return not any(age.has_expired and age.is_latest for age in ages)


def _remove(folder: Path, name: str) -> bool:
    """Take a release out again; what was held before it serves."""
    with only_writer(folder):
        gone = remove(folder, name)
    console.print(f"removed    {escape(gone.source().title)}. What was held before it serves.")
    return True
