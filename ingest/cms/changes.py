"""What a release changes: pairs, limits, values and indices, each with the day from which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

from assistant.claim import Setting
from assistant.errors import NotInForce
from assistant.knowledge import EditPair, Knowledge, Locality, Release, Rvu, Table, UnitLimit
from assistant.knowledge.factors import FACTORS
from assistant.knowledge.releases import EDITS, LIMITS


@dataclass(slots=True)
class Changes:
    """What is other than it was.

    Attributes:
        lines: one sentence a change.
        confirmed: rows held before that now stand in CMS's own file.
        inferred: of these, how many had been inferred or remembered.
    """

    lines: list[str] = field(default_factory=list)
    confirmed: int = 0
    inferred: int = 0


def changes(before: Knowledge, after: Knowledge, release: Release) -> Changes:
    """What a release changes for therapy codes.

    Args:
        before: the knowledge without it.
        after: the knowledge with it.
        release: one that was read in.
    """
    found = Changes()
    for setting, table in EDITS.items():
        if table is release.table:
            _edits(found, before, after, release, setting)
    for setting, table in LIMITS.items():
        if table is release.table:
            _limits(found, before, after, release, setting)
    if release.table is Table.RVU:
        _values(found, before, after, release)
    if release.table in (Table.RVU, Table.RVU_QP):
        _factor(found, before, release)
    if release.table is Table.GPCI:
        _localities(found, before, release, after)
    return found


def _edits(
    found: Changes, before: Knowledge, after: Knowledge, release: Release, setting: Setting
) -> None:
    later = next((r for r in before.cms.of(release.table) if r.start > release.start), None)
    if later is not None:
        found.lines.append(
            f"The later version {later.version} is held and decides; this one is kept for what it "
            "said in its own quarter."
        )
        return
    for pair in combinations(sorted(after.codes), 2):
        if not release.covers(*pair):
            continue
        new = after.cms.edits(*pair, release)
        governing = before.edit_release(*pair, setting, release.start - timedelta(days=1))
        last = governing.until if governing else before.edits_end(pair, setting)
        day = min(release.start, last)
        old = before.edits(*pair, setting, governing)
        was = next((row for row in old if row.in_force(day)), None)
        now = next((row for row in new if row.in_force(release.start)), None)
        if was and now and _edit(was) == _edit(now):
            found.confirmed += governing is None
            found.inferred += not was.certainty.is_settled
        found.lines += _edit_changes(was, now, new)
        if governing and _past(old, release) != _past(new, release) and _edit(was) == _edit(now):
            found.lines.append(
                f"{' + '.join(pair)}: the past was changed; version {release.version} now has "
                f"{_rows(new)}; before: {_rows(old)}."
            )


def _edit(row: EditPair | None) -> tuple[str, str, int] | None:
    return (row.column1, row.column2, row.indicator) if row else None


def _past(rows: Sequence[EditPair], release: Release) -> set[tuple[object, ...]]:
    return {
        (r.column1, r.column2, r.indicator, r.start, r.end)
        for r in rows
        if r.end and r.end < release.start and not r.is_void
    }


def _rows(rows: Sequence[EditPair]) -> str:
    told = (f"{r.column1}/{r.column2} {r.start} to {r.end or 'now'} ({r.indicator})" for r in rows)
    return "; ".join(told) or "no row"


def _edit_changes(
    was: EditPair | None, now: EditPair | None, new: Sequence[EditPair]
) -> Iterator[str]:
    if now and was is None:
        yield (
            f"{now.column1} / {now.column2}: edit from {now.start}, indicator {now.indicator}: "
            f"{now.column2} denies beside {now.column1}."
        )
    elif was and now is None:
        unsure = "" if was.certainty.is_settled else f" (was {was.certainty})"
        yield f"{was.column1} / {was.column2}: no edit any more{unsure}: {_ended(was, new)}."
    elif was and now and _edit(was) != _edit(now):
        yield (
            f"{now.column1} / {now.column2}: from {now.start} indicator {now.indicator}, "
            f"{now.column2} denies; before {was.column1} / {was.column2}, "
            f"indicator {was.indicator}."
        )
    if now and now.end:
        yield f"{now.column1} / {now.column2}: the edit ends on {now.end}."


def _ended(was: EditPair, new: Sequence[EditPair]) -> str:
    own = [row for row in new if (row.column1, row.column2) == (was.column1, was.column2)]
    if not own:
        return "CMS's file has no such row"
    last = max(own, key=lambda row: str(row.end or ""))
    if last.is_void:
        return f"its row of {last.start} was withdrawn as of the same day"
    if last.end is None:
        return f"its row begins on {last.start}"
    return f"it ended on {last.end}"


def _limits(
    found: Changes, before: Knowledge, after: Knowledge, release: Release, setting: Setting
) -> None:
    day = min(release.start, before.limits_end(setting))
    for code in sorted(after.codes):
        was = before.unit_limit(code, setting, day)
        now = after.cms.limit(code, release)
        if was and now and _same_limit(was, now):
            found.confirmed += was.source not in before.cms.sources
            found.inferred += not was.certainty.is_settled
        elif was or now:
            found.lines.append(
                f"{code}: from {release.start} {_told_limit(now)}, before {_told_limit(was)}."
            )


def _same_limit(was: UnitLimit, now: UnitLimit) -> bool:
    # The practitioner values that are shipped come without their adjudication indicator.
    return was.units == now.units and was.mai in ("", now.mai)


def _told_limit(row: UnitLimit | None) -> str:
    if row is None:
        return "no limit held"
    return f"{row.units} a day" + (f" (MAI {row.mai})" if row.mai else "")


def _values(found: Changes, before: Knowledge, after: Knowledge, release: Release) -> None:
    day = release.start
    for row in after.cms.all_rvus():
        if row.source != release.id:
            continue
        try:
            was: Rvu | None = before.rvu(row.code, day)
        except NotInForce:
            was = None
        told = [] if was is None else list(_value_changes(was, row))
        if was and not told:
            found.confirmed += 1
        elif was:
            found.lines.append(f"{row.code}: from {day} {', '.join(told)}.")
        else:
            found.lines.append(
                f"{row.code}: from {day} status {row.status}, work {row.work}, practice expense "
                f"{row.pe}, malpractice {row.mp}; nothing was held for that day."
            )


_FIELDS = {
    "status": "status",
    "work": "work",
    "pe": "practice expense",
    "pe_facility": "practice expense in a facility",
    "mp": "malpractice",
    "multiple_procedure": "multiple-procedure indicator",
}


def _value_changes(was: Rvu, now: Rvu) -> Iterator[str]:
    for name, words in _FIELDS.items():
        old, new = getattr(was, name), getattr(now, name)
        if old != new and old is not None:
            yield f"{words} {old} → {new}"


def _factor(found: Changes, before: Knowledge, release: Release) -> None:
    name = next(name for name, table in FACTORS.items() if table is release.table)
    held = [v for v in before.parameter(name).values if v.holds(release.start)]
    printed = Decimal(release.conversion_factor)
    if not held:
        found.lines.append(f"Conversion factor: {printed} from {release.start}; none was held.")
    elif Decimal(str(held[0].value)) == printed:
        found.confirmed += 1
        found.inferred += not held[0].certainty.is_settled
    else:
        stays = held[0].certainty.is_settled
        found.lines.append(
            f"Conversion factor: {printed} is printed for {release.start}, held was "
            f"{held[0].value}"
            + (f", which is settled ({held[0].source}) and stays." if stays else ".")
        )


def _localities(found: Changes, before: Knowledge, release: Release, after: Knowledge) -> None:
    was = {_key(one): one for one in before.localities(release.start)}
    now = {_key(one): one for one in after.localities(release.start)}
    if not was:
        found.lines.append(f"{len(now)} localities from {release.start}; none was held.")
        return
    for key in sorted(was.keys() | now.keys()):
        old, new = was.get(key), now.get(key)
        if old and new and _indices(old) == _indices(new):
            found.confirmed += 1
        else:
            known = new or old
            name = known.name if known else ""
            found.lines.append(
                f"{' '.join(key)} {name}: from {release.start} {_told(new)}, before {_told(old)}."
            )


def _key(one: Locality) -> tuple[str, str, str]:
    return one.contractor, one.state, one.number


def _indices(one: Locality) -> tuple[Decimal, Decimal, Decimal]:
    return one.work, one.pe, one.mp


def _told(one: Locality | None) -> str:
    return f"work {one.work}, PE {one.pe}, MP {one.mp}" if one else "none"
