"""Which of CMS's tables a file holds, and its rows."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ingest.cms import edits, limits, localities, values
from ingest.cms.members import SHEETS, Member, Refused, members
from ingest.cms.parsed import Codes, Parsed

_PEEK = 60  # rows in which a header stands
_CHANGES = ("additions", "deletions", "revisions")
Tick = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one path given: tables, files that are none, and what is wrong with it."""

    path: Path
    tables: tuple[Parsed, ...] = ()
    others: tuple[str, ...] = ()
    refused: str = ""


def read(paths: Iterable[Path], codes: Codes, tick: Tick) -> Iterator[Found]:
    """What each path holds; a path of which any table is faulty is refused as a whole."""
    for path in paths:
        try:
            yield _read(path, codes, tick)
        except Refused as error:
            yield Found(path, refused=str(error))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            yield Found(path, refused=f"{path.name}: is damaged ({error}): download it again.")
        except (OSError, RuntimeError) as error:
            yield Found(path, refused=f"{path.name}: cannot be read: {error}.")


def _read(path: Path, codes: Codes, tick: Tick) -> Found:
    tables, others = [], []
    for member in _preferred(members(path)):
        parsed = _parsed(member, codes, tick)
        if parsed is None:
            others.append(member.name)
        else:
            tables.append(parsed)
    if not tables:
        raise Refused(_not_known(path, others))
    return Found(path, tuple(tables), tuple(others))


def _not_known(path: Path, others: Sequence[str]) -> str:
    if any(word in path.name.lower() for word in _CHANGES):
        return (
            f"{path.name}: is CMS's list of one quarter's changes. Read in the whole table of that "
            "quarter instead; what changed is then shown."
        )
    named = f" ({', '.join(others[:5])})" if others and others != [path.name] else ""
    return (
        f"{path.name}: holds none of CMS's tables that are read here{named}: NCCI edits (ccipra, "
        "ccioph), MUE of practitioners or outpatient hospitals, PPRRVU, GPCI. Give the zip, or "
        "the .txt, .csv or .xlsx inside it."
    )


def _preferred(found: Sequence[Member]) -> list[Member]:
    """One of each file that CMS gives in several forms: text before Excel."""
    best: dict[str, Member] = {}
    for member in sorted(found, key=_rank):
        best.setdefault(member.stem, member)
    return sorted(best.values(), key=lambda member: member.name)


def _rank(member: Member) -> int:
    streamed = member.stem.startswith("cci")  # their .txt is a table; that of PPRRVU is not
    order = (".txt", ".csv", *SHEETS) if streamed else (".csv", *SHEETS, ".txt")
    return order.index(member.suffix) if member.suffix in order else len(order)


def _parsed(member: Member, codes: Codes, tick: Tick) -> Parsed | None:
    head = [[cell.strip() for cell in row] for row in _head(member)]
    if edits.recognise(head):
        return edits.parse(member, codes, lambda count: tick(member.name, count))
    if limits.recognise(head):
        return limits.parse(member, codes)
    if values.recognise(head):
        return values.parse(member, codes)
    if localities.recognise(head):
        return localities.parse(member)
    return None


def _head(member: Member) -> list[list[str]]:
    """The first rows, each cut at tabs, or at commas where there are none."""
    with closing(member.lines()) as all_lines:
        lines = [line[:10_000] for line in islice(all_lines, _PEEK)]
    if member.suffix in SHEETS or any("\t" in line for line in lines):
        return [line.split("\t") for line in lines]
    try:
        return list(csv.reader(io.StringIO("\n".join(lines), newline="")))
    except csv.Error:
        return []
