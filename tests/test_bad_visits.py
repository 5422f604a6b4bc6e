"""Visits that cannot be, from a program and from an export: each error names the mend."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from assistant import knowledge as knowledge_base
from assistant.claim import Block, Clinician, Discipline, Service, Visit
from assistant.errors import AssistantError, CodingError, ImpossibleFact
from assistant.review_file import CsvWriter, JsonLinesWriter, review_visits
from assistant.tools import BillingTools
from assistant.visit_rows import COLUMNS

KNOWLEDGE = knowledge_base.load()
TOOLS = BillingTools(KNOWLEDGE)
SERVICE = Service("97110", 15)
VISIT = Visit((SERVICE,), date(2026, 3, 2), "medicare", Discipline.PT)
MEND = re.compile(r"\b(give|check|say|correct|how many|which|leave|make|sort|mind|save)\b", re.I)

ODD = ("words", "", b"15", 3, -1, 2.5, float("nan"), True, (), [], {}, Ellipsis, Decimal("2.5"))


def odd(*right: type) -> tuple[object, ...]:
    """Values of every kind but the right ones; True is no number here."""
    return tuple(v for v in ODD if type(v) not in right)


VISIT_FACTS: dict[str, tuple[str, tuple[object, ...]]] = {
    "date_of_service": (
        "date of service",
        (*odd(), None, "2026-03-02", datetime(2026, 3, 2), date(1889, 1, 1), date(2101, 1, 1)),
    ),
    "payer": ("payer", (*odd(str), "", " ", "\n", "med\x00icare", "x" * 101)),
    "discipline": ("discipline", (*odd(), "PT", "chiropractic")),
    "setting": ("setting", (*odd(), None, "practitioner", "home")),
    "counting_rule": ("counting rule", (*odd(), "cms", "eights")),
    "separate": ("separate", (*odd(bool), "yes", 1, 0)),
    "allowed_before": (
        "allowed before",
        (*odd(Decimal), *map(Decimal, ("-0.01", "NaN", "sNaN", "Infinity", "1e9"))),
    ),
    "visit_allowed": (
        "allowed for this visit",
        (*odd(Decimal), *map(Decimal, ("-0.01", "NaN", "-Infinity", "1000000.01"))),
    ),
    "total_treatment_minutes": ("total treatment minutes", (*odd(int), -1, 1441, 14)),
    "services": (
        "services",
        (*odd(tuple, list), (), [], None, (None,), ("97110",), ({},), (SERVICE,) * 101),
    ),
}
POOLED = [code.code for code in KNOWLEDGE.codes.values() if code.is_pooled]
SERVICE_FACTS: dict[str, tuple[str, tuple[object, ...]]] = {
    "code": ("code", (*odd(), None, "97110 ", "97999", "GP", "\uff19\uff17\uff11\uff11\uff10")),
    "minutes": ("97110", (*odd(int), None, -1, -15, 1441, 10**30)),
    "by": ("clinician", (*odd(), None, "therapist", "robot")),
    "block": (
        "clock times",
        (
            *odd(),
            (540, 555),
            Block(555, 540),
            Block(540, 540),
            Block(-15, 15),
            Block(1430, 1441),
            Block(540, 554),
            Block(540.0, 555.0),  # type: ignore[arg-type]
            Block("9:00", "9:15"),  # type: ignore[arg-type]
            Block(True, 15),
            Block(None, None),  # type: ignore[arg-type]
        ),
    ),
    "activity": ("activity", (*odd(str), None, "x" * 20_001)),
}
TOGETHER = {
    "clock times overlap": (
        "overlap",
        (
            Service("97110", 20, block=Block(540, 560)),
            Service("97140", 15, block=Block(559, 575)),
        ),
    ),
    "one code at the same time by two": (
        "overlap",
        (
            Service("97110", 15, Clinician.THERAPIST, Block(540, 555)),
            Service("97110", 15, Clinician.ASSISTANT, Block(540, 555)),
        ),
    ),
    "longer than a day": ("minutes", (Service("97110", 1000), Service("97140", 500))),
    "more timed codes than can be": ("codes", tuple(Service(c, 8) for c in POOLED[:13])),
    "untimed by two without minutes": (
        "minutes",
        (Service("97150"), Service("97150", by=Clinician.ASSISTANT)),
    ),
}


def given_as_objects() -> Iterator[Any]:
    for name, (field, values) in VISIT_FACTS.items():
        for value in values:
            yield pytest.param(field, {name: value}, id=f"{name} {value!r}"[:50])
    for name, (field, values) in SERVICE_FACTS.items():
        for value in values:
            service = replace(SERVICE, **{name: value})
            yield pytest.param(field, {"services": (service,)}, id=f"{name} {value!r}"[:50])
    for name, (field, services) in TOGETHER.items():
        yield pytest.param(field, {"services": services}, id=name)


OBJECTS = list(given_as_objects())


@pytest.mark.parametrize(("field", "wrong"), OBJECTS)
def test_a_visit_that_cannot_be(field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(CodingError) as caught:
        TOOLS.review_visit(replace(VISIT, **wrong))
    said = str(caught.value)
    named = [said, caught.value.field] if isinstance(caught.value, ImpossibleFact) else [said]
    assert any(field.lower() in text.lower() for text in named)
    assert MEND.search(said)
    assert len(said) < 400


@pytest.mark.parametrize("nothing", [None, "visit", {}, 3], ids=repr)
def test_what_is_no_visit_at_all(nothing: Any) -> None:
    with pytest.raises(AssistantError, match="Give a Visit"):
        TOOLS.review_visit(nothing)


ROW = {"visit": "V2", "date_of_service": "2026-03-02", "payer": "medicare", "discipline": "PT"}
ROW |= {"code": "97110", "minutes": "15"}
BLOCK = {"minutes": "", "start": "9:00", "end": "9:15"}
CELLS: dict[str, tuple[str, ...]] = {
    "date_of_service": (
        *("", "2026-13-01", "2026-02-30", "13/45/2026", "yesterday", "20260302", "2026-3-2"),
        *("2026-03-02T10:00", "02.03.2026", "3/2/26", "0000-01-01", "1889-01-01", "9999-12-31"),
        *("\uff12\uff10\uff12\uff16-03-02", "2026-03-02 x", "-", "46083"),
    ),
    "minutes": (
        *("", "-5", "7.5", "15.0", "abc", "1e1", "15 min", "1441", "99999999999", "½", "0x10"),
        *("NaN", "\uff11\uff15", "+15", "1,5", "00:15", "=15"),
    ),
    "code": (
        *("", "97999", "97110GP", "97110 97530", "97110-GP", "abc", "9711O", "=97110", "97110;"),
        *("9711", "97110.0", "\uff19\uff17\uff11\uff11\uff10", "None"),
    ),
    "discipline": ("chiro", "P T", "physical therapy", "GP", "0", "PT,OT"),
    "setting": ("hospital", "home", "11", "office visit", "-"),
    "clinician": ("robot", "PTA?", "0", "physician", "therapist assistant"),
    "separate": ("maybe", "1", "ja", "59", "?", "yes no"),
    "allowed_before": ("-1", "abc", "1.234", "NaN", "inf", "2,50", "$", "99999999999", "1e3", "€5"),
    "start": ("9", "noon", "25:00", "9:60", "9.00", "9:15", "9:30", "13:00 PM", "0:10 am", "-1:00"),
    "end": ("", "9", "24:30", "9:60", "8:59", "9:00", "99:99", "900", "9:15:30", "24:01"),
    "payer": ("x" * 101, "med\x07icare", "\u200bMedicare"),
}
FIELD = {"start": "clock times", "end": "clock times"}


def given_as_rows() -> Iterator[Any]:
    for name, texts in CELLS.items():
        for text in texts:
            base = ROW | BLOCK if name in FIELD else ROW
            field = FIELD.get(name, name.replace("_", " "))
            yield pytest.param(field, [base | {name: text}], id=f"{name} {text[:30]!a}")
    other = {"date_of_service": "2026-03-03", "payer": "aetna", "discipline": "OT"}
    other |= {"setting": "outpatient_hospital", "separate": "no", "allowed_before": "12"}
    first = ROW | {"setting": "practitioner", "separate": "yes", "allowed_before": "11"}
    for name, text in other.items():
        rows = [first, first | {"code": "97140", name: text}]
        yield pytest.param(name.replace("_", " "), rows, id=f"{name} differs between rows")
    yield pytest.param("clock times", [ROW | BLOCK | {"minutes": "16"}], id="minutes beyond block")
    yield pytest.param("clock times", [ROW | BLOCK, ROW | BLOCK | {"code": "97140"}], id="overlap")
    yield pytest.param("minutes", [ROW | {"minutes": "800"}] * 2, id="longer than a day")
    yield pytest.param("services", [ROW | {"minutes": "1"}] * 101, id="too many services")
    yield pytest.param("services", [ROW | {"code": c} for c in POOLED[:13]], id="too many codes")
    yield pytest.param("visit", [ROW | {"visit": "V1"}], id="rows apart")


ROWS = list(given_as_rows())


def test_there_are_enough_of_them() -> None:
    assert len(OBJECTS) >= 120
    assert len(ROWS) >= 100


def reviewed(text: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    review_visits(io.StringIO(text), JsonLinesWriter(out), TOOLS, KNOWLEDGE)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def as_file(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    file = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    file.writeheader()
    file.writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize(("field", "rows"), ROWS)
def test_a_bad_row_fails_its_visit_alone(field: str, rows: list[dict[str, str]]) -> None:
    before, after = ROW | {"visit": "V1"}, ROW | {"visit": "V3"}
    between = [ROW | {"visit": "V9"}] if rows[0]["visit"] == "V1" else []
    found = reviewed(as_file(before, *between, *rows, after))
    assert [one["status"] for one in found if one["visit"] in ("V3", "V9")] == ["reviewed"] * (
        1 + len(between)
    )
    assert found[0]["status"] == "reviewed"
    bad = found[-2]
    assert (bad["visit"], bad["status"]) == (rows[0]["visit"], "failed")
    fault = bad["errors"][0]
    assert field in (fault["field"], fault["field"].removeprefix("dollars "), fault["text"]) or (
        field in fault["field"]
    )
    assert 3 <= fault["row"] < 3 + len(rows) + len(between)
    assert MEND.search(fault["text"])


BROKEN = {
    "too few cells": "V2,2026-03-02",
    "too many cells": "V2,2026-03-02,,PT,,97110,15,,,,,,,,",
    "an open quote": 'V2,2026-03-02,,PT,,97110,15,,,"assistant,,',
    "a quote amid a cell": 'V2,"2026"-03-02,,PT,,97110,15,,,,,',
    "no UTF-8": "V2,2026-03-02,med\udce9,PT,,97110,15,,,,,",
    "too long a line": "V2," + "x" * 20_000,
}


@pytest.mark.parametrize("row", BROKEN.values(), ids=BROKEN.keys())
def test_a_row_that_is_none_fails_its_visit_alone(row: str) -> None:
    good = ROW | {"visit": "V1"}, ROW | {"visit": "V3"}
    header, first, last = as_file(*good).splitlines()
    found = reviewed("\n".join((header, first, row, last)))
    assert [(one["visit"], one["status"]) for one in found] == [
        ("V1", "reviewed"),
        ("V2", "failed"),
        ("V3", "reviewed"),
    ]
    assert found[1]["errors"][0]["row"] == 3
    assert MEND.search(found[1]["errors"][0]["text"])


def test_a_row_without_a_visit_fails_the_one_before_it() -> None:
    found = reviewed(as_file(ROW, ROW | {"visit": "", "code": "97140"}, ROW | {"visit": "V3"}))
    assert [(one["visit"], one["status"]) for one in found] == [
        ("V2", "failed"),
        ("V3", "reviewed"),
    ]
    assert found[0]["errors"][0]["row"] == 3


def test_every_fault_of_a_visit_is_told() -> None:
    rows = [ROW | {"minutes": "x"}, ROW, ROW | {"code": "1"}]
    (found,) = reviewed(as_file(*rows))
    assert [(e["row"], e["field"]) for e in found["errors"]] == [(2, "minutes"), (4, "code")]


def test_all_of_them_in_one_file_lose_nothing() -> None:
    every = [row | {"visit": f"B{n}"} for n, case in enumerate(ROWS[:-1]) for row in case.values[1]]
    good = [ROW | {"visit": f"G{n}"} for n in range(5)]
    for write in (JsonLinesWriter, CsvWriter):
        out = io.StringIO()
        file = io.StringIO(as_file(*good[:2], *every, *good[2:]))
        tally = review_visits(file, write(out), TOOLS, KNOWLEDGE)
        assert (tally.visits, tally.failed) == (len(ROWS) - 1 + 5, len(ROWS) - 1)
        assert all(f"B{n}" in out.getvalue() for n in range(len(ROWS) - 1))
