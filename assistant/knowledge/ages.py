"""How old each table is, and which values have expired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.knowledge.base import Knowledge
from assistant.knowledge.lookups import SHIPPED_EDITS_END
from assistant.knowledge.nouns import EditPair, Rvu, UnitLimit
from assistant.knowledge.releases import EDITS, LABELS, LIMITS, Release, Table


@dataclass(frozen=True, slots=True)
class TableAge:
    """One release of one table, and where it stands on a day.

    Attributes:
        label: the table, in words.
        version: CMS's own number, or "shipped".
        source: id in the sources; "" where the table is not held at all.
        start: first day on which it holds; None where that was not seen.
        until: last day; None where nothing is held.
        read: the day on which CMS's file was read in; None for what is shipped.
        rows: of codes held here.
        is_whole: whether all of CMS's table was read.
        is_latest: whether no later release of the table is held.
        days_left: from the day asked about to `until`; below 0 once it has expired.
    """

    table: str
    label: str
    version: str
    source: str
    start: date | None
    until: date | None
    read: date | None
    rows: int
    is_whole: bool
    is_latest: bool
    days_left: int | None

    @property
    def has_expired(self) -> bool:
        """Whether its last day is over."""
        return self.days_left is not None and self.days_left < 0

    def line(self) -> str:
        """The same as a line of text."""
        if self.until is None:
            return f"{self.label}: not held."
        held = f"{self.start or 'first day not seen'} to {self.until}"
        seen = f"read from CMS's file on {self.read}" if self.read else "not from CMS's own file"
        part = "" if self.is_whole or not self.read else ", in part"
        return (
            f"{self.label}, {self.version}: {held}, {self.rows} rows, {seen}{part}; {self._due()}."
        )

    def _due(self) -> str:
        days = self.days_left or 0
        if days < 0:
            return f"expired {-days} days ago" + (
                "" if self.is_latest else " (a later one is held)"
            )
        return f"{days} days left"


@dataclass(frozen=True, slots=True)
class ExpiredValue:
    """A dated value whose last day is over, with no later one held."""

    name: str
    label: str
    until: date

    def line(self) -> str:
        """The same as a line of text."""
        return f"{self.label}: expired on {self.until}; no later value is held."


def table_ages(knowledge: Knowledge, today: date) -> tuple[TableAge, ...]:
    """Every release of every table that is held, the latest first, and the tables that are not.

    Args:
        knowledge: with the folder of tables that were read in, where there is one.
        today: the day from which the days left are counted.
    """
    found: list[TableAge] = []
    for table in Table:
        ages = [_of_release(one, today) for one in knowledge.cms.of(table)]
        shipped = _shipped(table, knowledge)
        ages += [_of_shipped(table, shipped, today)] if shipped else []
        ages.sort(key=lambda age: age.until or date.min, reverse=True)
        found += _marked(ages) if ages else [_missing(table)]
    return tuple(found)


def expired_values(knowledge: Knowledge, today: date) -> tuple[ExpiredValue, ...]:
    """The dated values of the knowledge base that ended before a day with none to follow."""
    held = (knowledge.parameter(name) for name in knowledge.parameter_names)
    return tuple(
        ExpiredValue(one.name, one.label, last)
        for one in held
        if (last := one.values[-1].until) is not None and last < today
    )


def _of_release(release: Release, today: date) -> TableAge:
    return TableAge(
        release.table,
        LABELS[release.table],
        f"version {release.version}",
        release.id,
        release.start,
        release.until,
        release.read,
        release.kept,
        release.is_whole,
        False,
        (release.until - today).days,
    )


Rows = Sequence[EditPair] | Sequence[UnitLimit] | Sequence[Rvu]


def _shipped(table: Table, knowledge: Knowledge) -> Rows:
    """The table's rows that came with the program."""
    own = knowledge.cms.sources
    if table in EDITS.values():
        edits = (r for r in knowledge.all_edits() if EDITS[r.table] is table)
        return [row for row in edits if row.source not in own]
    if table in LIMITS.values():
        limits = (r for r in knowledge.all_unit_limits() if LIMITS[r.setting] is table)
        return [row for row in limits if row.source not in own]
    if table is Table.RVU:
        return [row for row in knowledge.all_rvus() if row.source not in own]
    return ()


def _of_shipped(table: Table, rows: Rows, today: date) -> TableAge:
    starts = [row.start for row in rows if row.start]
    ends = [row.end for row in rows if row.end]
    until = SHIPPED_EDITS_END if table in EDITS.values() else max(ends)
    return TableAge(
        table=table,
        label=LABELS[table],
        version="shipped",
        source=rows[0].source,
        start=None if table in EDITS.values() else min(starts, default=None),
        until=until,
        read=None,
        rows=len(rows),
        is_whole=False,
        is_latest=False,
        days_left=(until - today).days,
    )


def _missing(table: Table) -> TableAge:
    return TableAge(table, LABELS[table], "", "", None, None, None, 0, False, True, None)


def _marked(ages: Iterable[TableAge]) -> Iterator[TableAge]:
    for place, age in enumerate(ages):
        yield replace(age, is_latest=place == 0)
