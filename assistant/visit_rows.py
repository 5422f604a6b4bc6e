"""Rows of a billing export to visits, one visit in memory at a time."""

from __future__ import annotations

import csv
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TextIO

from assistant import visit_cells
from assistant.claim import Service, Visit
from assistant.errors import AssistantError, ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.rules.visit_facts import MOST_SERVICES

COLUMNS = {
    "visit": "your own id of the visit; the rows of one visit stand together",
    "date_of_service": "2026-03-02 or 3/2/2026",
    "payer": "name or id; empty: not named, Medicare counting is used and that is said",
    "discipline": "PT, OT or SLP; empty: asked",
    "setting": "practitioner (the default) or outpatient_hospital",
    "code": "procedure code, one a row",
    "minutes": "whole one-to-one minutes; empty for an untimed code, or with start and end",
    "start": "clock time, 9:05 or 2:30 PM",
    "end": "clock time",
    "clinician": "therapist (the default), assistant, student or aide",
    "separate": "yes or no: the codes' minutes were separate (59 stands on this); empty: asked",
    "allowed_before": "dollars that Medicare allowed since January 1, this visit excluded",
}
REQUIRED = ("visit", "date_of_service", "code")
LONGEST_LINE = 10_000  # characters; a row of an export has a few hundred
REMEMBERED = 10_000  # visits looked back on for rows that stand apart


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, and what to give instead."""

    line: int
    field: str
    text: str


@dataclass(slots=True)
class GivenVisit:
    """The rows of one visit: its facts, or what is wrong with them.

    Attributes:
        id: the export's own id of the visit, "" where a row has none.
        facts: the facts that hold for the whole visit, by column, each as read.
    """

    id: str
    line: int
    facts: dict[str, Any] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def date_of_service(self) -> date | None:
        """The day, where it could be read."""
        return self.facts.get("date_of_service")

    def to_visit(self) -> Visit:
        """The visit as the rules take it; only where it has no fault."""
        return Visit(services=tuple(self.services), **self.facts)


def read(file: TextIO, knowledge: Knowledge) -> Iterator[GivenVisit]:
    """The visits of a CSV export, in its order.

    Args:
        file: text whose first line names the columns, in any order.

    Raises:
        ImpossibleFact: the first line does not name the columns.
    """
    rows = _rows(file)
    header = _header(next(rows, (1, [], ""))[1])
    reader = _Reader(header, knowledge)
    for line, cells, broken in rows:
        if broken or any(cells):
            yield from reader.take(line, cells, broken)
    yield from reader.rest()


def _rows(file: TextIO) -> Iterator[tuple[int, list[str], str]]:
    """Line number, cells, and what is wrong with the line as a whole.

    Each line is parsed alone, so that a stray quotation mark spoils one row and not the file.
    """
    number = 0
    while text := file.readline(LONGEST_LINE):
        number += 1
        if len(text) == LONGEST_LINE and not text.endswith("\n"):
            _skip_line(file)
            yield number, text.split(","), f"is longer than {LONGEST_LINE} characters: check it"
            continue
        try:
            cells = next(csv.reader((text,), strict=True), [])
        except csv.Error as error:
            yield number, text.split(","), f"is no row of a CSV file ({error}): mind its quotes"
        else:
            broken = "" if text.isascii() or _is_text(text) else "is not UTF-8: save it as UTF-8"
            yield number, [cell.strip() for cell in cells], broken


def _skip_line(file: TextIO) -> None:
    while (more := file.readline(LONGEST_LINE)) and not more.endswith("\n"):
        pass


def _is_text(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _header(cells: list[str]) -> list[str]:
    names = [cell.lower().replace(" ", "_") for cell in cells]
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in names]
    twice = sorted({name for name in names if names.count(name) > 1})
    for fault, which in (("unknown", unknown), ("missing", missing), ("named twice", twice)):
        if which:
            named = ", ".join(name[:30] or "one without a name" for name in which)
            raise ImpossibleFact(
                "columns",
                names,
                f"Columns {fault}: {named}. "
                f"The first line names the columns, of {', '.join(COLUMNS)}; "
                f"{', '.join(REQUIRED)} must be there.",
            )
    return names


class _Reader:
    """Collects rows into visits; holds one visit and the ids of the last ones."""

    def __init__(self, header: list[str], knowledge: Knowledge) -> None:
        self._header = header
        self._place = header.index("visit")
        self._read_cell = visit_cells.readers(knowledge)
        self._knowledge = knowledge
        self._open: GivenVisit | None = None
        self._seen: OrderedDict[str, int] = OrderedDict()

    def take(self, line: int, cells: list[str], broken: str) -> Iterator[GivenVisit]:
        """Add a row; gives the visit before it, where the row begins another."""
        given_id = cells[self._place].strip(' "') if self._place < len(cells) else ""
        if self._open is not None and given_id not in ("", self._open.id):
            yield from self.rest()
        visit = self._open = self._open or self._new(given_id, line)
        if len(cells) != len(self._header) and not broken:
            broken = (
                f"has {len(cells)} cells, the first line has {len(self._header)}: make them agree"
            )
        if broken:
            visit.faults.append(Fault(line, "row", f"The row {broken}."))
        elif not given_id:
            visit.faults.append(Fault(line, "visit", "The row names no visit: give its id."))
        elif len(visit.services) >= MOST_SERVICES:
            self._too_many(visit, line)
        else:
            self._add(visit, line, dict(zip(self._header, cells, strict=True)))

    def rest(self) -> Iterator[GivenVisit]:
        """The visit still open."""
        if self._open is not None:
            visit, self._open = self._open, None
            if not visit.faults and visit.date_of_service is None:
                text = "Give the date of service, such as 2026-03-02, on a row of the visit."
                visit.faults.append(Fault(visit.line, "date of service", text))
            yield visit

    def _new(self, given_id: str, line: int) -> GivenVisit:
        visit = GivenVisit(given_id, line)
        if given_id in self._seen:
            text = (
                f"Visit {given_id} has rows from line {self._seen[given_id]} on, apart from these: "
                "what was written for it is incomplete. Sort the file by visit."
            )
            visit.faults.append(Fault(line, "visit", text))
        elif given_id:
            self._seen[given_id] = line
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return visit

    @staticmethod
    def _too_many(visit: GivenVisit, line: int) -> None:
        if visit.faults and visit.faults[-1].field == "services":
            return
        text = f"More than {MOST_SERVICES} services in one visit cannot be: check its rows."
        visit.faults.append(Fault(line, "services", text))

    def _add(self, visit: GivenVisit, line: int, row: Mapping[str, str]) -> None:
        try:
            for name, read_cell in self._read_cell.items():
                if text := row.get(name, ""):
                    _keep(visit, name, text, read_cell)
            visit.services.append(visit_cells.service(row, self._knowledge))
        except AssistantError as error:
            what = error.field if isinstance(error, ImpossibleFact) else "code"
            visit.faults.append(Fault(line, what, str(error)))


def _keep(visit: GivenVisit, name: str, text: str, read_cell: Callable[[str], Any]) -> None:
    """Keep a fact of the whole visit; a later row may repeat it or leave it empty."""
    if visit.texts.get(name) == text:
        return
    value = read_cell(text)
    if visit.facts.setdefault(name, value) != value:
        what = name.replace("_", " ")
        raise ImpossibleFact(
            what,
            text,
            f"The {what}, {visit_cells.shown(text)}, differs from "
            f"{visit_cells.shown(visit.texts[name])} on an earlier row of the visit: make them "
            "agree.",
        )
    visit.texts[name] = text
