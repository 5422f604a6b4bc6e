"""A file of visits in, claim lines and what to mind out, one visit in memory at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TextIO

from assistant.claim import ClaimLine
from assistant.errors import CodingError, ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.rules.visit import VisitReview
from assistant.tools import BillingTools
from assistant.visit_rows import Fault, GivenVisit, read

OUT_COLUMNS = (
    *("visit", "date_of_service", "kind", "code", "units", "modifiers", "minutes"),
    *("severity", "id", "text", "row"),
)
# What a spreadsheet takes for a formula when a cell begins with it; the last four are wide forms.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")


class Format(StrEnum):
    """How the result is written."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(slots=True)
class Tally:
    """How many visits were read, and how many of them failed."""

    visits: int = 0
    failed: int = 0


class Writer(Protocol):
    """Writes one visit after the other."""

    def reviewed(self, given: GivenVisit, review: VisitReview) -> None:
        """A visit that was reviewed."""

    def failed(self, given: GivenVisit, faults: list[Fault]) -> None:
        """A visit that was not, and why."""


def review_visits(
    source: TextIO,
    writer: Writer,
    tools: BillingTools,
    knowledge: Knowledge,
    on_visit: Callable[[Tally, list[Fault]], None] = lambda tally, faults: None,
) -> Tally:
    """Review every visit of a file; one with a bad row fails alone, and the rest goes on.

    Args:
        on_visit: told after each visit how many there were so far, and its faults.

    Raises:
        ImpossibleFact: the first line does not name the columns.
    """
    tally = Tally()
    for given in read(source, knowledge):
        tally.visits += 1
        faults = _review(given, writer, tools)
        tally.failed += bool(faults)
        on_visit(tally, faults)
    return tally


def _review(given: GivenVisit, writer: Writer, tools: BillingTools) -> list[Fault]:
    faults = given.faults
    if not faults:
        try:
            review = tools.review_visit(given.to_visit())
        except CodingError as error:
            what = error.field if isinstance(error, ImpossibleFact) else "visit"
            faults = [Fault(given.line, what, str(error))]
        else:
            writer.reviewed(given, review)
            return []
    writer.failed(given, faults)
    return faults


class CsvWriter:
    """One row for each line, unbilled code, finding, question, assumption or fault."""

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out, lineterminator="\n")
        self._rows.writerow(OUT_COLUMNS)

    def reviewed(self, given: GivenVisit, review: VisitReview) -> None:
        """The visit's rows, in the order of `OUT_COLUMNS`."""
        self.write(reviewed_data(given, review))

    def failed(self, given: GivenVisit, faults: list[Fault]) -> None:
        """A row for each fault, with the input's line."""
        self.write(failed_data(given, faults))

    def write(self, visit: Mapping[str, Any]) -> None:
        """The rows of a visit that comes as plain data."""
        head = (_cell(visit["visit"]), visit["date_of_service"] or "")
        self._rows.writerows((*head, *row) for row in _rows_of(visit))


def _rows_of(visit: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    row = visit["row"]
    for error in visit.get("errors", ()):
        text = _cell(error["text"])
        yield "failed", "", "", "", "", "error", error["field"], text, error["row"]
    for line in visit.get("lines", ()):
        shown = " ".join(line["modifiers"])
        yield "line", line["code"], line["units"], shown, line["minutes"], "", "", "", row
    for rest in visit.get("unbilled", ()):
        yield "unbilled", rest["code"], 0, "", rest["minutes"], "", "", rest["reason"], row
    for found in visit.get("findings", ()):
        code, text = found["code"] or "", _cell(found["text"])
        yield "finding", code, "", "", "", found["severity"], found["id"], text, row
    for question in visit.get("questions", ()):
        text = _cell(f"{question['text']} [{' | '.join(question['options'])}]")
        yield "question", "", "", "", "", "", question["id"], text, row
    for assumption in visit.get("assumptions", ()):
        yield "assumption", "", "", "", "", "", "", _cell(assumption), row


def _cell(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


class JsonLinesWriter:
    """One JSON object a visit."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def reviewed(self, given: GivenVisit, review: VisitReview) -> None:
        """The visit's lines, findings, questions and assumptions."""
        self._write(reviewed_data(given, review))

    def failed(self, given: GivenVisit, faults: list[Fault]) -> None:
        """The visit's faults, each with the input's line."""
        self._write(failed_data(given, faults))

    def _write(self, visit: dict[str, Any]) -> None:
        self._out.write(f"{json.dumps(visit, ensure_ascii=False)}\n")


def reviewed_data(given: GivenVisit, review: VisitReview) -> dict[str, Any]:
    """A reviewed visit as plain JSON data."""
    return {
        **_head(given, "reviewed"),
        "payer": review.visit.payer,
        "discipline": review.visit.discipline,
        "counting_rule": review.rule.value,
        "total_timed_minutes": review.counted.timed_minutes,
        "timed_units": review.counted.timed_units,
        "lines": [_line(line) for line in review.lines],
        "alternatives": [[_line(x) for x in lines] for lines in review.alternatives],
        "unbilled": [
            {"code": u.code, "minutes": u.minutes, "reason": u.reason} for u in review.unbilled
        ],
        "findings": [
            {"id": f.id, "severity": f.severity.value, "text": f.text, "code": f.code}
            for f in review.findings
        ],
        "questions": [
            {"id": q.id, "text": q.text, "options": q.options, "about": q.about}
            for q in review.questions
        ],
        "assumptions": list(review.assumptions),
    }


def failed_data(given: GivenVisit, faults: list[Fault]) -> dict[str, Any]:
    """A visit that could not be reviewed as plain JSON data."""
    errors = [{"row": f.line, "field": f.field, "text": f.text} for f in faults]
    return {**_head(given, "failed"), "errors": errors}


def _head(given: GivenVisit, status: str) -> dict[str, Any]:
    day = given.date_of_service
    return {
        "visit": given.id,
        "row": given.line,
        "date_of_service": day.isoformat() if day else None,
        "status": status,
    }


def _line(line: ClaimLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "units": line.units,
        "modifiers": list(line.modifiers),
        "minutes": line.minutes,
    }


WRITERS: dict[Format, Callable[[TextIO], Writer]] = {
    Format.CSV: CsvWriter,
    Format.JSONL: JsonLinesWriter,
}
