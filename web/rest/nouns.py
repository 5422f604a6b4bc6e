"""What several JSON routes reply with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from assistant.evidence import Certainty, Finding, Reason
from assistant.knowledge import Dated
from assistant.plain_data import to_data


def _written_day(given: object) -> object:
    """The day as written; a bare number, which would be taken for seconds, is refused."""
    if isinstance(given, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        return given
    if given is None or isinstance(given, date):
        return given
    raise ValueError("give the day as 2026-11-21")


Day = Annotated[date, BeforeValidator(_written_day)]


class Reply(BaseModel):
    """A reply that takes the fields of a noun that has the same names."""

    model_config = ConfigDict(from_attributes=True)


class Because(Reply):
    """One step of a reasoning.

    Attributes:
        statement: id of the fact that carries it (GET /api/knowledge/statements/{id}), or null.
    """

    text: str
    statement: str | None = None


class Found(Reply):
    """Something a careful biller would be warned of: `error`, `warning` or `info`."""

    id: str
    severity: str
    text: str
    code: str | None = None
    statement: str | None = None


class DatedValue(Reply):
    """A value with the days on which it holds and where it is written.

    Attributes:
        as_of: when a payer's value was seen, where no first day is known.
    """

    value: Any
    start: date | None = None
    until: date | None = None
    source: str
    locator: str = ""
    certainty: Certainty
    note: str = ""
    as_of: str = ""


def because(reasons: Iterable[Reason]) -> list[Because]:
    """Reasons as plain data."""
    return [Because.model_validate(one) for one in reasons]


def warned(findings: Iterable[Finding]) -> list[Found]:
    """Findings as plain data."""
    return [Found.model_validate(one) for one in findings]


def dated(value: Dated) -> DatedValue:
    """A dated value as plain data."""
    return DatedValue.model_validate({**to_data(value), "value": to_data(value.value)})
