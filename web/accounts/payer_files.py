"""A clinic's own payer profiles as files: read, checked as a whole, replaced."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.knowledge.checking import faults

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.yaml")
SOURCES = "sources.yaml"
MOST_CHARACTERS = 200_000
NO_FOLDER = (
    "No folder for payers of your own is set. Make one, name it in ASSISTANT_LOCAL, and start the "
    "program again."
)


class UnusableFile(CodingError):
    """The file cannot be taken; says what to do."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One file of the clinic's."""

    name: str
    changed: datetime
    size: int


class PayerFiles:
    """The files in the folder that ASSISTANT_LOCAL names; in use after the next start.

    Args:
        knowledge: what this copy holds; says where the folder is.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.folder = knowledge.local

    def all(self) -> list[OwnFile]:
        """The files there are: the profiles, and the sources they cite."""
        if self.folder is None:
            return []
        found = [*self.folder.glob(SOURCES), *sorted((self.folder / "payers").glob("*.yaml"))]
        return [_described(path) for path in found]

    def read(self, name: str) -> str:
        """A file's text.

        Raises:
            UnusableFile: there is none of that name.
        """
        path = self._path(name)
        if not path.is_file():
            raise UnusableFile(f"There is no file {name} among your payers.")
        return path.read_text("utf-8")

    def check(self, name: str, text: str) -> None:
        """Nothing, where the whole knowledge base is sound with the file as it is given.

        Raises:
            UnusableFile: the name or the text cannot be taken, or says what is wrong.
            KnowledgeError: what is wrong with the text.
        """
        path = self._path(name)
        if not text.strip() or len(text) > MOST_CHARACTERS:
            raise UnusableFile(f"Give the file's text, up to {MOST_CHARACTERS:,} characters.")
        assert self.folder is not None
        with tempfile.TemporaryDirectory() as made:
            tried = Path(made) / "local"
            shutil.copytree(self.folder, tried)
            place = tried / path.relative_to(self.folder)
            place.parent.mkdir(exist_ok=True)
            place.write_text(_with_end(text), "utf-8")
            knowledge = Knowledge(self._knowledge.folder, tried)
            if name != SOURCES and Path(name).stem not in knowledge.payers:
                raise UnusableFile(f"The file's `id` must be its name: {Path(name).stem}.")
            found = faults(knowledge)
        if found:
            raise UnusableFile(" ".join(found[:5]))

    def save(self, name: str, text: str) -> None:
        """Keep the file, whole or not at all.

        Raises:
            UnusableFile, KnowledgeError: as `check`.
        """
        self.check(name, text)
        path = self._path(name)
        path.parent.mkdir(exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        try:
            beside.write_text(_with_end(text), "utf-8")
            beside.replace(path)
        except OSError as error:
            raise UnusableFile(f"{name} could not be written: {error.strerror}.") from error
        finally:
            beside.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if self.folder is None:
            raise UnusableFile(NO_FOLDER)
        if not NAME.fullmatch(name):
            raise UnusableFile("Name the file like ourplan.yaml: small letters, digits, hyphens.")
        return self.folder / name if name == SOURCES else self.folder / "payers" / name


def _described(path: Path) -> OwnFile:
    about = path.stat()
    return OwnFile(path.name, datetime.fromtimestamp(about.st_mtime, UTC), about.st_size)


def _with_end(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip() + "\n"
