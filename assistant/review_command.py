"""`assistant review`: the files, the progress bar and the exit status around a review."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.errors import ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.review_file import WRITERS, Format, Tally, review_visits
from assistant.tools import BillingTools
from assistant.visit_rows import Fault

ALL_REVIEWED, SOME_FAILED, UNUSABLE = 0, 1, 2
SHOWN_FAULTS = 20  # on stderr; the result holds them all
BETWEEN_UPDATES = 200  # visits


def run(
    source: str, target: str | None, form: Format, tools: BillingTools, knowledge: Knowledge
) -> int:
    """Review one file into another; the result is the command's exit status.

    Args:
        source: path of the visits, or "-" for standard input.
        target: path of the result; None or "-" for standard output.
        form: CSV or one JSON object a line.
    """
    try:
        with ExitStack() as opened:
            given = opened.enter_context(_opened(source))
            out = opened.enter_context(_created(target, source))
            report = opened.enter_context(_Report(source, given))
            tally = review_visits(given, WRITERS[form](out), tools, knowledge, report.after)
            out.flush()
    except BrokenPipeError:
        raise  # no fault of the file: whoever read the result has seen enough
    except (OSError, ImpossibleFact) as error:
        print(f"assistant: {source}: {error}", file=sys.stderr)
        return UNUSABLE
    report.end(tally)
    return SOME_FAILED if tally.failed else ALL_REVIEWED


def _opened(source: str) -> TextIO:
    """The file as text: without a byte-order mark, and with bytes that are no UTF-8 marked."""
    piped = source == "-"
    where = sys.stdin.fileno() if piped else source
    return open(where, encoding="utf-8-sig", errors="surrogateescape", closefd=not piped)


def _created(target: str | None, source: str) -> AbstractContextManager[TextIO]:
    if target in (None, "-"):
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        return nullcontext(sys.stdout)
    path = Path(str(target))
    if source != "-" and path.exists() and path.samefile(source):
        raise ImpossibleFact("out", target, "--out would write over the visits: name another file.")
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")


class _Report:
    """Faults and, on a terminal, a progress bar, all on standard error."""

    def __init__(self, source: str, given: TextIO) -> None:
        self._source, self._given = source, given
        self._console = Console(stderr=True)
        size = Path(source).stat().st_size if Path(source).is_file() else None
        self._bar = Progress(
            TextColumn("Reviewing {task.fields[visits]:,} visits"),
            BarColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task("", total=size, visits=0)
        self._shown = 0

    def __enter__(self) -> _Report:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def after(self, tally: Tally, faults: list[Fault]) -> None:
        """Show the first faults as they come, and move the bar now and then."""
        for fault in faults[: SHOWN_FAULTS - self._shown]:
            self._say(f"{self._source}:{fault.line}: {fault.field}: {fault.text}")
            self._shown += 1
        if not self._bar.disable and tally.visits % BETWEEN_UPDATES == 0:
            self._bar.update(self._task, completed=self._position(), visits=tally.visits)

    def _position(self) -> int | None:
        try:
            return self._given.buffer.tell()
        except OSError:  # a pipe has no position
            return None

    def end(self, tally: Tally) -> None:
        """Say how many were reviewed and how many failed."""
        failed = f", {tally.failed:,} failed: see the rows that say so" if tally.failed else ""
        self._say(f"{tally.visits - tally.failed:,} of {tally.visits:,} visits reviewed{failed}.")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
