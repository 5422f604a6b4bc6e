"""Whether a visit's facts can be true, whoever gives them: a form, a file, a model, a program."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from assistant.claim import Block, Clinician, CountingRule, Discipline, Service, Setting, Visit
from assistant.errors import ImpossibleFact, MissingFact
from assistant.knowledge import Knowledge
from assistant.rules.units import DAY_MINUTES, checked_minutes

# Bounds of what can be meant. Beyond them something was mistyped; no payer sets them.
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_SERVICES = 100
MOST_POOLED_CODES = 12  # ties among more would be thousands of equal bills
MOST_DOLLARS = Decimal(1_000_000)
LONGEST_NAME = 100
LONGEST_ACTIVITY = 20_000

BILLABLE = (Clinician.THERAPIST, Clinician.ASSISTANT)


def check(visit: object, knowledge: Knowledge) -> None:
    """Refuse a visit that cannot be, naming the fact and what to give instead.

    Raises:
        MissingFact: the visit has no service.
        ImpossibleFact: a fact has the wrong type, is out of range, or contradicts another.
        UnknownCode: a code is not among those held.
    """
    if not isinstance(visit, Visit):
        raise ImpossibleFact("visit", visit, f"Give a Visit, not {_shown(visit)}.")
    _check_day(visit.date_of_service)
    _check_payer(visit.payer)
    _check_kind("discipline", visit.discipline, Discipline, optional=True)
    _check_kind("setting", visit.setting, Setting)
    _check_kind("counting rule", visit.counting_rule, CountingRule, optional=True)
    if visit.separate is not None and not isinstance(visit.separate, bool):
        raise ImpossibleFact(
            "separate minutes",
            visit.separate,
            f"Say whether the minutes were separate as true, false or nothing, not "
            f"{_shown(visit.separate)}.",
        )
    check_dollars("dollars allowed before this visit", visit.allowed_before)
    check_dollars("dollars allowed for this visit", visit.visit_allowed)
    _check_services(visit.services, knowledge)
    _check_total(visit)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _check_day(day: object) -> None:
    if isinstance(day, datetime) or not isinstance(day, date):
        raise ImpossibleFact(
            "date of service",
            day,
            f"Give the date of service as a day, such as 2026-03-02, not {_shown(day)}.",
        )
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ImpossibleFact(
            "date of service", day, f"The date of service, {day}, cannot be: check its year."
        )


def _check_payer(payer: object) -> None:
    if payer is None:
        return
    if not isinstance(payer, str) or not payer.strip() or not payer.isprintable():
        raise ImpossibleFact(
            "payer", payer, f"Give the payer as its name, or leave it out; not {_shown(payer)}."
        )
    if len(payer) > LONGEST_NAME:
        raise ImpossibleFact(
            "payer",
            payer,
            f"The payer's name has {len(payer)} characters; give at most {LONGEST_NAME}.",
        )


def _check_kind(field: str, value: object, kind: type[StrEnum], *, optional: bool = False) -> None:
    if isinstance(value, kind) or (optional and value is None):
        return
    choices = ", ".join(f"{kind.__name__}.{member.name}" for member in kind)
    nothing = ", or nothing" if optional else ""
    raise ImpossibleFact(
        field, value, f"Give the {field} as one of {choices}{nothing}; not {_shown(value)}."
    )


def check_dollars(field: str, amount: object) -> None:
    """Refuse an amount that is not a plain number of dollars; None is not known, and passes.

    Raises:
        ImpossibleFact: it is not a finite `Decimal` from 0 to a million.
    """
    if amount is None:
        return
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise ImpossibleFact(
            field,
            amount,
            f"Give the {field} as a decimal number such as 2100.50, not {_shown(amount)}.",
        )
    if not 0 <= amount <= MOST_DOLLARS:
        raise ImpossibleFact(
            field, amount, f"The {field}, {amount}, cannot be: give 0 or more, and check it."
        )


def _check_services(services: object, knowledge: Knowledge) -> None:
    if not isinstance(services, tuple | list):
        raise ImpossibleFact(
            "services", services, f"Give the services as a tuple, not {_shown(services)}."
        )
    if not services:
        raise MissingFact("Which services: what was done, and for how many minutes?")
    if len(services) > MOST_SERVICES:
        raise ImpossibleFact(
            "services",
            len(services),
            f"{len(services)} services in one visit cannot be: give at most {MOST_SERVICES}, of "
            "one patient and one day.",
        )
    for service in services:
        check_service(service, knowledge)
    pooled = {s.code for s in services if s.minutes != 0 and knowledge.code(s.code).is_pooled}
    if len(pooled) > MOST_POOLED_CODES:
        raise ImpossibleFact(
            "services",
            len(pooled),
            f"{len(pooled)} different timed codes in one visit cannot be: check the codes; at most "
            f"{MOST_POOLED_CODES} are counted.",
        )


def check_service(service: object, knowledge: Knowledge) -> None:
    """Refuse one service that cannot be.

    Raises:
        ImpossibleFact: a fact has the wrong type, is out of range, or contradicts another.
        UnknownCode: the code is not among those held.
    """
    if not isinstance(service, Service):
        raise ImpossibleFact(
            "services", service, f"Give each of the services as a Service, not {_shown(service)}."
        )
    if not isinstance(service.code, str):
        raise ImpossibleFact(
            "code",
            service.code,
            f'Give the code as text, such as "97110", not {_shown(service.code)}.',
        )
    code = knowledge.code(service.code).code
    _check_kind("clinician", service.by, Clinician)
    if service.minutes is not None:
        checked_minutes(service.minutes, code)
    if service.block is not None:
        _check_block(service.block, service.minutes, code)
    if not isinstance(service.activity, str) or len(service.activity) > LONGEST_ACTIVITY:
        raise ImpossibleFact(
            "activity", service.activity, f"{code}: give the activity as a short text, or nothing."
        )


def _check_block(block: object, minutes: int | None, code: str) -> None:
    field = "clock times"
    if not isinstance(block, Block) or not (_is_time(block.start) and _is_time(block.end)):
        raise ImpossibleFact(
            field,
            block,
            f"{code}: give the clock times as whole minutes after midnight, 0 to {DAY_MINUTES}.",
        )
    if block.end <= block.start:
        raise ImpossibleFact(
            field, str(block), f"{code}: the clock times {block} end before they begin: check them."
        )
    if minutes is not None and minutes > block.minutes:
        raise ImpossibleFact(
            field,
            str(block),
            f"{code}: {minutes} minutes do not fit in the clock times {block}, which are "
            f"{block.minutes}: correct the one or the other.",
        )


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= DAY_MINUTES


def _check_total(visit: Visit) -> None:
    counted = sum(map(_minutes, visit.services))
    if counted > DAY_MINUTES:
        raise ImpossibleFact(
            "minutes",
            counted,
            f"{counted} minutes in one visit are more than a day has: check them.",
        )
    total = visit.total_treatment_minutes
    if total is None:
        return
    checked_minutes(total, "Total treatment minutes")
    billable = sum(_minutes(s) for s in visit.services if s.by in BILLABLE)
    if total < billable:
        raise ImpossibleFact(
            "total treatment minutes",
            total,
            f"The total treatment minutes, {total}, are fewer than the {billable} minutes of the "
            "services: correct the one or the other.",
        )


def _minutes(service: Service) -> int:
    if service.minutes is None and service.block is not None:
        return service.block.minutes
    return service.minutes or 0
