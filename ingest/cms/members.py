"""CMS's files as they come: bare, or together in a zip; text, CSV or Excel."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_BYTES = 1 << 30  # of one file once unpacked; the largest that CMS publishes has 40 MB
MOST_OF_A_SMALL_TABLE = 64 << 20
SHEETS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".txt")


class Refused(AssistantError):
    """The file is not taken in; the message says why. What was held before stays."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file, of its own or inside a zip.

    Attributes:
        name: without folders, as CMS names it.
        inside: the zip's name; "" for a file of its own.
        opened: opens it anew.
    """

    name: str
    inside: str
    size: int
    opened: Callable[[], IO[bytes]]

    @property
    def suffix(self) -> str:
        """The end of its name, lower case."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without the end, lower case."""
        return PurePosixPath(self.name).stem.lower()

    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        with self.opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]

    def lines(self) -> Generator[str, None, None]:
        """Its rows as text, cells joined by tabs; never all of a text at once."""
        if self.suffix in SHEETS:
            yield from map("\t".join, _sheet_rows(self))
            return
        with io.TextIOWrapper(self.opened(), encoding="latin-1", newline=None) as text:
            for line in text:
                yield line.rstrip("\n")

    def rows(self) -> list[list[str]]:
        """All rows of a small table."""
        if self.suffix in SHEETS:
            return [list(row) for row in _sheet_rows(self)]
        if self.size > MOST_OF_A_SMALL_TABLE:
            raise Refused(f"{self.name}: has {self.size:,} bytes, too many for such a table.")
        with self.opened() as file:
            text = _decoded(file.read(MOST_OF_A_SMALL_TABLE))
        separator = "\t" if text.count("\t") > text.count(",") else ","
        return [[cell.strip() for cell in row] for row in _csv_rows(text, separator, self.name)]


def _csv_rows(text: str, separator: str, name: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise Refused(f"{name}: is not a table of text: {error}.") from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _sheet_rows(member: Member) -> Iterator[Sequence[str]]:
    """The first sheet's rows that are not empty."""
    from python_calamine import CalamineError, PasswordError

    try:
        for row in _sheet(member).iter_rows():
            yield [_cell(value) for value in row]
    except (CalamineError, PasswordError, zipfile.BadZipFile, OSError) as error:
        raise Refused(f"{member.name}: is no Excel file that can be read: {error}.") from error


@lru_cache(maxsize=1)  # looked at first, then read: opening a large one takes seconds
def _sheet(member: Member) -> CalamineSheet:
    from python_calamine import CalamineWorkbook

    with member.opened() as file:
        _refuse_bomb(member, file)
        return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)


def _refuse_bomb(member: Member, file: IO[bytes]) -> None:
    if sum(info.file_size for info in zipfile.ZipFile(file).infolist()) > MOST_BYTES:
        raise Refused(f"{member.name}: unpacks to more than {MOST_BYTES:,} bytes.")
    file.seek(0)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.strftime("%Y%m%d")
    return str(value).strip()


def members(path: Path) -> list[Member]:
    """The files in a zip, or the file itself.

    Raises:
        Refused: there is no such file, or the zip is damaged or too large.
    """
    if not path.is_file():
        raise Refused(f"{path}: there is no such file.")
    if path.suffix.lower() in SHEETS or not zipfile.is_zipfile(path):
        if path.suffix.lower() == ".zip":
            raise Refused(f"{path.name}: is damaged or no zip: download it again.")
        return [_checked(Member(path.name, "", path.stat().st_size, partial(_open, path)))]
    archive = zipfile.ZipFile(path)
    return [
        _checked(
            Member(
                PurePosixPath(info.filename.replace("\\", "/")).name,
                path.name,
                info.file_size,
                partial(_open_inside, archive, info, path.name),
            )
        )
        for info in archive.infolist()
        if not info.is_dir() and PurePosixPath(info.filename).suffix.lower() in (*SHEETS, *TEXTS)
    ]


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _open_inside(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> IO[bytes]:
    if info.flag_bits & 1:
        raise Refused(f"{name}: {info.filename} asks for a password.")
    return archive.open(info)


def _checked(member: Member) -> Member:
    if member.size > MOST_BYTES:
        raise Refused(
            f"{member.name}: has {member.size:,} bytes unpacked; no file of CMS's comes near."
        )
    return member
