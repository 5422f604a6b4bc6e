"""The form's fields to a visit, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.datastructures import QueryParams

from assistant import visit_cells
from assistant.claim import CountingRule, Service, Visit
from assistant.errors import CodingError, ImpossibleFact
from assistant.knowledge import Knowledge

CELLS = ("code", "minutes", "start", "end", "clinician")
FACTS = ("date_of_service", "payer", "discipline", "setting", "separate", "allowed_before")
LEAST_ROWS, MOST_ROWS = 4, 16
LONGEST_CELL = 40  # characters
PEOPLE = {
    "therapist": "Therapist",
    "assistant": "Assistant (PTA, OTA)",
    "student": "Student",
    "aide": "Aide",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One service as typed; `fault` says what is wrong with it."""

    cells: Mapping[str, str]
    fault: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: who treated is preset and counts for nothing."""
        return not any(self.cells[name] for name in CELLS if name != "clinician")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as filled in, and the visit it describes where nothing is wrong.

    Attributes:
        faults: what is wrong with the facts of the whole visit, by field.
    """

    facts: Mapping[str, str]
    rows: Sequence[Row]
    faults: Mapping[str, str] = field(default_factory=dict)
    visit: Visit | None = None

    @property
    def is_blank(self) -> bool:
        """Whether no service was typed yet."""
        return all(row.is_empty for row in self.rows)


def read(query: QueryParams, knowledge: Knowledge, *, today: date) -> Sheet:
    """The form of an address, read cell by cell; a fault stands with its cell."""
    facts = {name: query.get(name, "").strip()[:LONGEST_CELL] for name in FACTS}
    facts["counting_rule"] = query.get("counting_rule", "").strip()[:LONGEST_CELL]
    services, rows = _services(query, knowledge)
    values, faults = _facts(facts, knowledge, today)
    visit = None
    if services and not faults and not any(row.fault for row in rows):
        visit = Visit(services=tuple(services), **values)
    return Sheet(facts, rows, faults, visit)


def _services(query: QueryParams, knowledge: Knowledge) -> tuple[list[Service], list[Row]]:
    columns = {name: query.getlist(name) for name in CELLS}
    count = min(max(map(len, columns.values())), MOST_ROWS)
    services: list[Service] = []
    rows: list[Row] = []
    for place in range(count):
        cells = {name: _cell(columns[name], place) for name in CELLS}
        row = Row(cells)
        if not row.is_empty:
            try:
                services.append(visit_cells.service(cells, knowledge))
            except CodingError as error:
                row = Row(cells, str(error))
        rows.append(row)
    kept = [row for row in rows if not row.is_empty]
    return services, kept + [_blank()] * max(LEAST_ROWS - len(kept), 1)


def _cell(column: Sequence[str], place: int) -> str:
    return column[place].strip()[:LONGEST_CELL] if place < len(column) else ""


def _blank() -> Row:
    return Row(dict.fromkeys(CELLS, ""))


def _facts(
    written: Mapping[str, str], knowledge: Knowledge, today: date
) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of the whole visit, and what is wrong with those that cannot be read."""
    values: dict[str, Any] = {"date_of_service": today}
    faults: dict[str, str] = {}
    for name, read_cell in visit_cells.readers(knowledge).items():
        if not written[name]:
            continue
        try:
            values[name] = read_cell(written[name])
            if name == "date_of_service" and values[name] > today:
                raise ImpossibleFact(name, values[name], f"{values[name]} lies in the future.")
        except CodingError as error:
            faults[name] = str(error)
    if written["counting_rule"] in set(CountingRule):
        values["counting_rule"] = CountingRule(written["counting_rule"])
    return values, faults
