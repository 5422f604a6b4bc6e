"""The second computation: an item's bills from its stated facts, apart from the assistant's rules.

Units come from the brute-force oracle of the tests; CQ and CO, edits, KX and discipline are worked
out here from the documents and the tables alone.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.therapybillbench.bills import Bill, Line, bill
from tests import oracle

TABLES = Path(__file__).parents[2] / "knowledge_base" / "tables"
TODAY = date(2026, 11, 21)  # the day on which every item is asked
_POOLED = (
    "97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 97140 97530 97533 97535 97537 "
    "97542 97750 97755 97760 97761 97763"
)
POOLED = frozenset(_POOLED.split())
OWN_CLOCK = {"97129": ("97130", 15, 15), "97550": ("97551", 30, 15)}
DISCIPLINE = {"PT": "GP", "OT": "GO", "SLP": "GN"}
ASSISTANT = {"PT": "CQ", "OT": "CO"}
KX_ABOVE = {2019: 2040, 2020: 2080, 2021: 2110, 2022: 2150, 2023: 2230, 2024: 2330, 2025: 2410,
            2026: 2480}  # fmt: skip
REQUIRED_SINCE = date(2020, 1, 1)  # CQ and CO
MIDPOINT_SINCE = date(2022, 1, 1)  # the therapist's eight minutes of a last unit


@dataclass(frozen=True, slots=True)
class Facts:
    """What an item's words state: code to minutes of therapist and assistant, and around them."""

    minutes: dict[str, tuple[int, int]]
    discipline: str
    day: date
    ama: bool
    separate: bool
    hospital: bool
    used: float | None
    medicare: bool


def read(given: str, by: str) -> Facts:
    """The facts as an item notes them: `97110 20 a10, 97161 -` and `PT day:2019-06-03 ama`."""
    minutes: dict[str, tuple[int, int]] = {}
    for part in filter(None, (p.strip() for p in given.split(","))):
        code, *spent = part.split()
        whole = next((int(n) for n in spent if n.isdigit()), 0)
        assisted = next((int(n[1:]) for n in spent if re.fullmatch(r"a\d+", n)), 0)
        minutes[code] = (whole, assisted)
    words = by.split()
    day = next((w[4:] for w in words if w.startswith("day:")), TODAY.isoformat())
    used = next((float(w[5:]) for w in words if w.startswith("used:")), None)
    return Facts(
        minutes=minutes,
        discipline=next((w for w in words if w in DISCIPLINE), ""),
        day=date.fromisoformat(day),
        ama="ama" in words,
        separate="separate" in words,
        hospital="hospital" in words,
        used=used,
        medicare="commercial" not in words,
    )


def bills(facts: Facts) -> frozenset[Bill]:
    """Every bill that the rules permit for these facts."""
    pooled = {c: sum(m) for c, m in facts.minutes.items() if c in POOLED and sum(m)}
    counted = oracle.midpoint(pooled) if facts.ama else oracle.total_time(pooled)
    fixed = _fixed(facts)
    return frozenset(bill(_lines({**dict(units), **fixed}, facts)) for units in counted)


def _fixed(facts: Facts) -> dict[str, int]:
    units: dict[str, int] = {}
    for code, (therapist, assistant) in facts.minutes.items():
        if code in POOLED:
            continue
        if code not in OWN_CLOCK:
            units[code] = 1
            continue
        addon, first, further = OWN_CLOCK[code]
        total = therapist + assistant
        if 2 * total > first:
            units[code] = 1
        more = 0
        while 2 * (total - first - more * further) > further:
            more += 1
        if more:
            units[addon] = more
    return units


def _lines(units: dict[str, int], facts: Facts) -> list[Line]:
    lines: list[Line] = []
    for code, n in units.items():
        shared = {DISCIPLINE[facts.discipline]} if facts.discipline else set()
        if code in _needing_59(frozenset(units), facts):
            shared.add("59")
        if facts.medicare and facts.used is not None and facts.used > KX_ABOVE[facts.day.year]:
            shared.add("KX")
        assisted = _assisted(code, n, facts)
        for count, own in ((n - assisted, set()), (assisted, {ASSISTANT.get(facts.discipline)})):
            if count:
                lines.append((code, count, frozenset(shared | {m for m in own if m})))
    return lines


def _assisted(code: str, units: int, facts: Facts) -> int:
    """How many of a code's units are the assistant's (CMS: 10 %, unit by unit)."""
    therapist, assistant = facts.minutes.get(code, (0, 0))
    if not assistant or facts.day < REQUIRED_SINCE or facts.discipline not in ASSISTANT:
        return 0
    if not therapist:
        return units
    if code not in POOLED:
        return units if _above_a_tenth(therapist, assistant) else 0
    blocks = assistant // 15
    left = units - therapist // 15 - blocks
    rest, rest_assistant = therapist % 15, assistant % 15
    if left == 2:
        return blocks + 1
    if left == 1 and not (rest >= 8 and facts.day >= MIDPOINT_SINCE):
        return blocks + int(_above_a_tenth(rest, rest_assistant))
    return blocks


def _above_a_tenth(therapist: int, assistant: int) -> bool:
    return round(100 * assistant / (therapist + assistant)) > 10


def _needing_59(codes: frozenset[str], facts: Facts) -> frozenset[str]:
    """Column 2 codes of the edits in force that separate minutes lift."""
    if not facts.separate or not facts.medicare:
        return frozenset()
    table = "outpatient_hospital" if facts.hospital else "practitioner"
    found = set()
    with (TABLES / "edits" / "ncci.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            pair = {row["column1"], row["column2"]}
            if pair <= codes and row["table"] == table and row["indicator"] == "1":
                start, end = row["start"] or "0001-01-01", row["end"] or "9999-12-31"
                if start <= facts.day.isoformat() <= end:
                    found.add(row["column2"])
    return frozenset(found)
