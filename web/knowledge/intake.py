"""Takes documents in and out: `python -m ingest` in a process of its own, one after the other."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import unicodedata
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePath, PureWindowsPath

from assistant.documents import READERS
from assistant.errors import ImpossibleFact
from assistant.evidence import Authority
from web.accounts.audit import Audit
from web.accounts.person import Person
from web.errors import NotKept
from web.problems import log_failure

LARGEST = 20_000_000  # bytes of one file; ingest reads no larger one
INCOMING = "incoming"  # in the data folder; a file stands there only while it is read
REMEMBERED = 100  # jobs
LONGEST_NAME = 80
MINUTES = 20  # a job that takes longer has hung
BROKE_OFF = "It broke off. What was known before still serves; try again."


class NoSuchJob(NotKept):
    """No job of that id is remembered."""


class JobState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A document on its way in or out.

    Attributes:
        what: "add" or "remove".
        name: of the file, or the document's title.
        document: id of the document, once it is known.
        told: what there is to say, most of all why it failed.
    """

    id: str
    what: str
    name: str
    state: JobState = JobState.RUNNING
    document: str = ""
    told: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self.state is JobState.RUNNING


@dataclass(frozen=True, slots=True)
class About:
    """What the person says of a document; what is left empty the document itself says."""

    title: str = ""
    publisher: str = ""
    authority: Authority | None = None
    payer: str = ""
    url: str = ""
    effective: date | None = None
    until: date | None = None

    def flags(self) -> list[str]:
        """The same as flags of the command, each value joined to its name by "="."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return [f"--{name}={_plain(str(value))}" for name, value in given.items() if value]


class Intake:
    """The jobs of one copy.

    Args:
        folder: the data folder.
        audit: where each job is noted.
    """

    def __init__(self, folder: Path, audit: Audit) -> None:
        self._folder = folder
        self._audit = audit
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._sweep()

    def add(self, by: Person, name: str, content: bytes, about: About) -> Job:
        """Begin to add a file.

        Raises:
            ImpossibleFact: it is empty, too large, or of a kind that is not read.
        """
        name = safe_file_name(name)
        _check(name, content)
        self._sweep()
        job = self._begin("add", name)
        folder = self._folder / INCOMING / job.id
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)
        command = ["add", "--json", *about.flags(), "--", str(folder / name)]
        self._start(job, command, by, folder)
        return job

    def remove(self, by: Person, document: str, title: str) -> Job:
        """Begin to remove a document."""
        job = replace(self._begin("remove", title), document=document)
        self._start(job, ["remove", "--", document], by, None)
        return job

    def job(self, own: str) -> Job:
        """A job as it stands.

        Raises:
            NoSuchJob: there is none of that id, or it was long ago.
        """
        with self._lock:
            if own not in self._jobs:
                raise NoSuchJob("This is not remembered any more; see the list of documents.")
            return self._jobs[own]

    def _begin(self, what: str, name: str) -> Job:
        return Job(uuid.uuid4().hex, what, name)

    def _keep(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.id] = job
            while len(self._jobs) > REMEMBERED:
                self._jobs.popitem(last=False)

    def _sweep(self) -> None:
        """Remove what a program that was killed has left behind: files not yet masked."""
        too_old = time.time() - 2 * MINUTES * 60  # a younger one may be another process's
        for left in (self._folder / INCOMING).glob("*"):
            if left.stat().st_mtime < too_old:
                shutil.rmtree(left, ignore_errors=True)

    def _start(self, job: Job, command: Sequence[str], by: Person, folder: Path | None) -> None:
        self._keep(job)
        given = (job, command, by, folder)
        threading.Thread(target=self._run, args=given, name=f"intake-{job.id}", daemon=True).start()

    def _run(self, job: Job, command: Sequence[str], by: Person, folder: Path | None) -> None:
        try:
            with self._one_at_a_time:
                ended = _ended(job, self._ingest(command))
            if ended.state is JobState.DONE:
                self._audit.record(by, f"knowledge.{job.what}", ended.document)
        except Exception as error:
            log_failure(error)
            ended = replace(job, state=JobState.FAILED, told=(BROKE_OFF,))
        finally:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
        self._keep(ended)

    def _ingest(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ingest", "--data", str(self._folder), *command],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            timeout=MINUTES * 60,
            check=False,
        )


def _ended(job: Job, done: subprocess.CompletedProcess[str]) -> Job:
    """What became of a job, as the command's summary or its last words say."""
    if job.what == "remove":
        if done.returncode == 0:
            return replace(job, state=JobState.DONE)
        return replace(job, state=JobState.FAILED, told=(_last_line(done.stderr),))
    try:
        summary = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return replace(job, state=JobState.FAILED, told=(_last_line(done.stderr),))
    added, unchanged = summary["added"], summary["unchanged"]
    notes = tuple(note["note"] for note in summary["notes"])
    if added:
        return replace(job, state=JobState.DONE, document=added[0]["id"], told=notes)
    if unchanged:
        told = ("The same document is here already; nothing changed.",)
        return replace(job, state=JobState.DONE, document=unchanged[0], told=told)
    refused = [*summary["failed"], *summary["skipped"]]
    reason = refused[0]["reason"] if refused else BROKE_OFF
    return replace(job, state=JobState.FAILED, told=(f"{job.name} {reason}",))


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else BROKE_OFF


def _check(name: str, content: bytes) -> None:
    if PurePath(name).suffix.lower() not in READERS:
        kinds = ", ".join(READERS)
        raise ImpossibleFact("file", name, f"{name} is of a kind not read here; read are {kinds}.")
    if not content.strip():
        raise ImpossibleFact("file", name, f"{name} is empty. Choose another file.")
    if len(content) > LARGEST:
        raise ImpossibleFact(
            "file", name, f"{name} has more than {LARGEST // 1_000_000} MB. Add it in parts."
        )


def safe_file_name(given: str) -> str:
    """The last part of a file's name, of letters, digits, dots, spaces and hyphens only."""
    last = PureWindowsPath(given).name  # splits at both kinds of slash
    plain = unicodedata.normalize("NFKC", last)
    kept = re.sub(r"[^\w .()-]+", "-", plain).strip(" .-_")
    stem, suffix = PurePath(kept).stem, PurePath(kept).suffix
    return f"{stem[: LONGEST_NAME - len(suffix)] or 'document'}{suffix.lower()[:10]}"


def _plain(text: str) -> str:
    """One line without what no command line can carry."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]
