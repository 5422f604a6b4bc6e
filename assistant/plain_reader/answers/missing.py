"""Timed codes without minutes: nothing is counted before they are told."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.claim import Service
from assistant.errors import MissingFact
from assistant.knowledge import Knowledge
from assistant.plain_reader.known import Facts
from assistant.rules.units import units_of


def is_of_a_total(facts: Facts) -> bool:
    """«97110 x3, 97140 x1, 50 timed minutes in all»: units held against a total alone."""
    return has_only_a_total(facts) and bool(facts.claimed and facts.stated_total)


def has_only_a_total(facts: Facts) -> bool:
    """«97110 and 97112, 40 min total»: services without minutes, beside a total of all."""
    untold = facts.services and not facts.has_minutes
    return bool(untold and (facts.stated_total or facts.treatment_total))


def refuse(
    services: Sequence[Service],
    knowledge: Knowledge,
    total: int | None = None,
    claimed: int = 0,
) -> None:
    """Nothing where every timed code has its minutes.

    Args:
        total: the timed minutes of all codes together, where they are told.
        claimed: the units that the writer bills of them.

    Raises:
        MissingFact: one has none.
    """
    missing = [
        service.code
        for service in services
        if service.minutes is None
        and service.block is None
        and knowledge.code(service.code).is_timed
    ]
    if missing:
        codes = " and ".join(dict.fromkeys(missing))
        raise MissingFact(f"How many one-to-one minutes of {codes}?{_together(total, claimed)}")


def _together(total: int | None, claimed: int) -> str:
    if total is None:
        return ""
    units = units_of(total)
    word = "unit" if units == 1 else "units"
    told = f" {claimed} are too many there." if claimed > units else ""
    return (
        f" The {total} timed minutes together are {units} {word} where the payer adds them up, as "
        f"Medicare does; each code's own minutes say which code they go to.{told}"
    )
