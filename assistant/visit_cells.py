"""Cells of a billing export to facts; each error says which fact and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from assistant.claim import Block, Clinician, Discipline, Service, Setting
from assistant.errors import ImpossibleFact
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.rules.units import checked_minutes
from assistant.rules.visit_facts import check_service

Kind = TypeVar("Kind", bound=StrEnum)


def readers(knowledge: Knowledge) -> dict[str, Callable[[str], Any]]:
    """For each column that holds for the whole visit, what reads its cells."""
    payers = {
        name.lower(): payer.id
        for payer in knowledge.payers.values()
        for name in (*payer.aliases, payer.name, payer.id)
    }
    return {
        "date_of_service": _day,
        "payer": lambda text: payers.get(text.lower(), text),
        "discipline": lambda text: _word(text.upper(), "discipline", Discipline),
        "setting": lambda text: _word(text.lower().replace(" ", "_"), "setting", Setting),
        "separate": _yes_or_no,
        "allowed_before": _dollars,
    }


def service(row: Mapping[str, str], knowledge: Knowledge) -> Service:
    """The service of one row.

    Raises:
        ImpossibleFact: a cell cannot be read, or cannot be true.
        UnknownCode: the code is not among those held.
    """
    code = knowledge.code(row["code"].upper()) if row["code"] else None
    if code is None:
        raise ImpossibleFact("code", "", "The row has no code: give one, such as 97110.")
    block = _block(row.get("start", ""), row.get("end", ""))
    by = _word(row.get("clinician", "").lower() or "therapist", "clinician", Clinician)
    text = row.get("minutes", "")
    minutes = _minutes(text, code.code) if text else None
    if minutes is None and block is None and code.is_timed:
        raise ImpossibleFact(
            "minutes", text, f"{code.code} is timed: give its minutes, or its start and end."
        )
    found = Service(code.code, minutes, by, block)
    check_service(found, knowledge)
    return found


def _minutes(text: str, code: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ImpossibleFact(
            "minutes", text, f"{code}: give whole minutes, such as 15, not {shown(text)}."
        )
    return checked_minutes(int(text), code)


_DAY = regex(r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}))")


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        y, m, d, month, day, year = (int(part or 0) for part in found.groups())
        return date(y or year, m or month, d or day)
    except ValueError:
        raise ImpossibleFact(
            "date of service",
            text,
            f"Give the date of service as 2026-03-02 or 3/2/2026, not {shown(text)}.",
        ) from None


_TIME = regex(r"([0-9]{1,2}):([0-9]{2})(?::00)?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)


def _block(start: str, end: str) -> Block | None:
    if not start and not end:
        return None
    return Block(_time(start, "start"), _time(end, "end"))


def _time(text: str, which: str) -> int:
    found = _TIME.fullmatch(text)
    hour, minute, half = found.groups() if found else ("99", "99", None)
    limit = 12 if half else 24
    if int(minute) > 59 or int(hour) > limit or (half and hour == "0"):
        raise ImpossibleFact(
            "clock times",
            text,
            f"Give the {which} as a clock time such as 9:05, not "
            f"{shown(text)}; start and end go together.",
        )
    if half:
        return (int(hour) % 12 + (12 if half.lower() == "p" else 0)) * 60 + int(minute)
    return int(hour) * 60 + int(minute)


def _word(text: str, what: str, kind: type[Kind]) -> Kind:
    try:
        return kind(text)
    except ValueError:
        raise ImpossibleFact(
            what, text, f"Give the {what} as one of {', '.join(kind)}, not {shown(text)}."
        ) from None


_YES_OR_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


def _yes_or_no(text: str) -> bool:
    try:
        return _YES_OR_NO[text.lower()]
    except KeyError:
        raise ImpossibleFact(
            "separate",
            text,
            f"Say whether the minutes were separate as yes or no, not "
            f"{shown(text)}; leave it empty where that is not known.",
        ) from None


def _dollars(text: str) -> Decimal:
    if not re.fullmatch(r"\$?(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.[0-9]{1,2})?", text):
        raise ImpossibleFact(
            "allowed before",
            text,
            f"Give the dollars allowed before this visit as 2100.50, not {shown(text)}.",
        )
    return Decimal(text.replace("$", "").replace(",", ""))


def shown(text: str) -> str:
    """The cell for an error message, cut where it is long."""
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
