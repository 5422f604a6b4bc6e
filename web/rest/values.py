"""Look-ups over HTTP: payers and dated values, each with its days and its source."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.exceptions import HTTPException

from assistant.errors import NotInForce
from web import access
from web.parts import parts
from web.rest.codes import On
from web.rest.nouns import DatedValue, Reply, dated
from web.rest.paging import At, Page, page_of

router = APIRouter(prefix="/api", tags=["Look-ups"], dependencies=[Depends(access.member)])


class PayerBrief(Reply):
    """A payer in a list; `kind` is medicare, medicaid, commercial and the like."""

    id: str
    name: str
    aliases: list[str]
    kind: str


class PayerSheet(PayerBrief):
    """All that is known of a payer's therapy rules.

    Attributes:
        values: what held on the day asked about, by name; a name that is absent is not known.
    """

    note: str
    on: date
    values: dict[str, DatedValue]


class ValueBrief(Reply):
    """A dated value in a list."""

    name: str
    label: str
    unit: str


class ValueSheet(ValueBrief):
    """A dated value.

    Attributes:
        in_force: the one that holds on the day asked about; null where none is held for it.
        why_not: which days are held instead.
        values: every one that is held, the earliest first.
    """

    on: date
    in_force: DatedValue | None
    why_not: str = ""
    values: list[DatedValue]


@router.get("/payers")
def payers(request: Request, at: At) -> Page[PayerBrief]:
    """The payers of which something is known, by name."""
    held = parts(request).assistant.knowledge.payers.values()
    listed = sorted(held, key=lambda one: (one.name.lower(), one.id))
    return page_of(listed, at, lambda one: one.id, PayerBrief.model_validate)


@router.get("/payers/{payer_id}")
def payer(
    request: Request,
    payer_id: Annotated[str, Path(max_length=80)],
    on: On = None,
) -> PayerSheet:
    """What is known of one payer on a day, each value with its source."""
    held = parts(request).assistant.knowledge.payers.get(payer_id)
    if held is None:
        raise HTTPException(404)
    day = on or date.today()
    in_force = {key: value for key in held.values if (value := held.on(key, day)) is not None}
    values = {key: dated(value) for key, value in in_force.items()}
    brief = PayerBrief.model_validate(held).model_dump()
    return PayerSheet(**brief, note=held.note, on=day, values=values)


@router.get("/values")
def values(request: Request, at: At) -> Page[ValueBrief]:
    """The dated values held: thresholds, factors, percentages, intervals."""
    knowledge = parts(request).assistant.knowledge
    held = [knowledge.parameter(name) for name in knowledge.parameter_names]
    return page_of(held, at, lambda one: one.name, ValueBrief.model_validate)


@router.get("/values/{name:path}")
def value(
    request: Request,
    name: Annotated[str, Path(max_length=120)],
    on: On = None,
) -> ValueSheet:
    """One dated value: what holds on a day, and every other that is held."""
    knowledge = parts(request).assistant.knowledge
    if name not in knowledge.parameter_names:
        raise HTTPException(404)
    held, day = knowledge.parameter(name), on or date.today()
    in_force, why_not = None, ""
    try:
        in_force = dated(held.on(day))
    except NotInForce as error:
        why_not = str(error)
    brief = ValueBrief.model_validate(held).model_dump()
    every = [dated(one) for one in held.values]
    return ValueSheet(**brief, on=day, in_force=in_force, why_not=why_not, values=every)
