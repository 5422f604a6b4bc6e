"""Timed codes without minutes: nothing is counted before they are told."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.claim import Service
from assistant.errors import MissingFact
from assistant.knowledge import Knowledge
from assistant.rules.units import units_of


def refuse(services: Sequence[Service], knowledge: Knowledge, total: int | None = None) -> None:
    """Nothing where every timed code has its minutes.

    Args:
        total: the timed minutes of all codes together, where they are told.

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
        raise MissingFact(f"How many one-to-one minutes of {codes}?{_together(total)}")


def _together(total: int | None) -> str:
    if total is None:
        return ""
    units = units_of(total)
    word = "unit" if units == 1 else "units"
    return (
        f" The {total} timed minutes together are {units} {word} where the payer adds them up, as "
        "Medicare does; each code's own minutes say which code they go to."
    )
