"""The conversion factors that CMS prints in its files, laid over those that are shipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from assistant.knowledge.cms import CmsTables
from assistant.knowledge.nouns import Dated, Parameter
from assistant.knowledge.releases import Table

FACTORS = {
    "medicare/conversion_factor": Table.RVU,
    "medicare/conversion_factor_qp": Table.RVU_QP,
}
_DAY = timedelta(days=1)


def with_cms_factors(parameter: Parameter, cms: CmsTables) -> Parameter:
    """The parameter; of a conversion factor, with what CMS's files print laid over it.

    A printed factor replaces what is remembered and fills what is missing. Where a settled value
    differs it stays: Congress has changed a factor after the file was printed (2024-03-09).
    """
    table = FACTORS.get(parameter.name)
    printed = list(cms.conversion_factors(table)) if table else []
    if not printed:
        return parameter
    return replace(parameter, values=tuple(_joined(_laid_over(parameter.values, printed))))


def _laid_over(shipped: Sequence[Dated], printed: Sequence[Dated]) -> Iterator[Dated]:
    for start, until in _stretches([*shipped, *printed]):
        held = next((v for v in shipped if v.holds(start)), None)
        own = next((v for v in printed if v.holds(start)), None)
        chosen = own if own and not _stays(held, own) else held
        if chosen is not None:
            yield replace(chosen, start=start, until=until)


def _stays(held: Dated | None, own: Dated) -> bool:
    if held is None or not held.certainty.is_settled:
        return False
    return Decimal(str(held.value)) != Decimal(str(own.value))


def _stretches(values: Iterable[Dated]) -> Iterator[tuple[date, date | None]]:
    """The days between all first days and the days after all last ones."""
    starts: set[date] = set()
    for value in values:
        starts |= {value.start} if value.start else set()
        starts |= {value.until + _DAY} if value.until else set()
    ordered = sorted(starts)
    for place, start in enumerate(ordered):
        yield start, ordered[place + 1] - _DAY if place + 1 < len(ordered) else None


def _joined(values: Iterable[Dated]) -> Iterator[Dated]:
    """Neighbours that differ in nothing but their days, as one."""
    last: Dated | None = None
    for value in values:
        if (
            last
            and replace(last, start=value.start, until=value.until) == value
            and (last.until and value.start == last.until + _DAY)
        ):
            last = replace(last, until=value.until)
            continue
        if last is not None:
            yield last
        last = value
    if last is not None:
        yield last
