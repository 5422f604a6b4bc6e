"""Whether two codes collide on a day, and how many units of one normally pay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from assistant.claim import Setting
from assistant.evidence import Certainty, Finding, Reason, Ruling, Severity
from assistant.knowledge import SHIPPED_EDITS_END, EditPair, Knowledge, UnitLimit


class PairStatus(StrEnum):
    """What the edit table says of two codes on a day."""

    NONE = "no edit"
    MODIFIER = "edit, a modifier may lift it"
    BLOCKED = "edit, no modifier lifts it"
    UNCONFIRMED = "edit listed, but not confirmed for this table or day"
    NOT_HELD = "not held: no table read here covers these codes on that day"


@dataclass(frozen=True, slots=True)
class PairRuling:
    """The edit between two codes on one day.

    Attributes:
        denied: the column 2 code, which denies beside the other; "" without an edit.
        paid: the column 1 code; "" without an edit.
        history: what the table's rows say over the years, one sentence each.
    """

    codes: tuple[str, str]
    status: PairStatus
    paid: str = ""
    denied: str = ""
    indicator: int | None = None
    history: tuple[str, ...] = ()
    has_lived: bool = False  # an edit between the two applied at some time

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data."""
        return {
            "codes": list(self.codes),
            "status": self.status.value,
            "column1": self.paid or None,
            "column2": self.denied or None,
            "indicator": self.indicator,
            "history": list(self.history),
        }


HOSPITAL_FILE = date(2026, 10, 1)  # the release of the hospital table that is shipped


def pair(
    one: str, other: str, *, on: date, table: Setting, knowledge: Knowledge
) -> Ruling[PairRuling]:
    """The edit in force between two codes on a day, in either order.

    CMS's own table, where it was read in, decides: its rows are verified, and a pair without a
    row has no edit. Otherwise the shipped rows do; one that we inferred, or whose first day we
    have not seen, is unconfirmed: it warns and never denies.

    Source: NCCI procedure-to-procedure tables (practitioner, outpatient hospital).
    """
    release = knowledge.edit_release(one, other, table, on)
    if release is None and (
        on > SHIPPED_EDITS_END or not {one, other} <= knowledge.codes_read_for_edits
    ):
        return _not_held(one, other, on, table, knowledge)
    rows = knowledge.edits(one, other, table, release)
    history = (*map(_told, rows), *_told_otherwise(one, other, table, on, knowledge))
    row = next((r for r in rows if r.in_force(on)), None)
    if row is None:
        lived = any(not r.is_void and r.certainty.is_settled for r in rows)
        ruling = PairRuling((one, other), PairStatus.NONE, history=history, has_lived=lived)
        return Ruling(ruling, (_no_edit_reason(ruling, on, table, knowledge),))
    ruling = PairRuling(
        codes=(one, other),
        status=_status(row, on),
        paid=row.column1,
        denied=row.column2,
        indicator=row.indicator,
        history=history,
    )
    return Ruling(ruling, (_edit_reason(ruling, row, on, knowledge),))


def _not_held(
    one: str, other: str, on: date, table: Setting, knowledge: Knowledge
) -> Ruling[PairRuling]:
    ruling = PairRuling((one, other), PairStatus.NOT_HELD)
    end = knowledge.edits_end((one, other), table)
    known = {one, other} <= knowledge.codes_read_for_edits
    if on > end and (known or end > SHIPPED_EDITS_END):
        then = pair(one, other, on=end, table=table, knowledge=knowledge).because[0]
        text = (
            f"The {_name(table)} edits held here expired on {end}: for {on} look {one} and {other} "
            f"up. On that last day: {then.text}"
        )
        return Ruling(ruling, (Reason(text, then.statement),))
    unread = " and ".join(c for c in (one, other) if c not in knowledge.codes_read_for_edits)
    text = f"No edit row of {unread} was read here: look {one} and {other} up in CMS's file."
    return Ruling(ruling, (Reason(text, "ncci-how-it-works"),))


def _told_otherwise(
    one: str, other: str, table: Setting, on: date, knowledge: Knowledge
) -> Iterator[str]:
    """What earlier releases, in force on the day, said that the latest one takes back."""
    latest, *earlier = knowledge.edit_releases_of_day(one, other, table, on) or (None,)
    governing = knowledge.edit_release(one, other, table, on)
    if governing is None:
        return
    now = _in_force(knowledge.edits(one, other, table, governing), on)
    for release in [latest, *earlier]:
        if release is None or release == governing or on > release.until:
            continue
        then = _in_force(knowledge.edits(one, other, table, release), on)
        if then != now:
            yield (
                f"Version {release.version}, of that quarter, said otherwise "
                f"({_briefly(then)}); version {governing.version} changed it as of an earlier day."
            )


def _in_force(rows: Sequence[EditPair], on: date) -> tuple[str, str, int] | None:
    row = next((r for r in rows if r.in_force(on)), None)
    return (row.column1, row.column2, row.indicator) if row else None


def _briefly(edit: tuple[str, str, int] | None) -> str:
    if edit is None:
        return "no edit"
    return f"{edit[1]} denied beside {edit[0]}, indicator {edit[2]}"


def _status(row: EditPair, on: date) -> PairStatus:
    if not row.certainty.is_settled or (row.start is None and on < HOSPITAL_FILE):
        return PairStatus.UNCONFIRMED
    return PairStatus.MODIFIER if row.indicator == 1 else PairStatus.BLOCKED


_UNSEEN = {
    Certainty.INFERRED: "inferred from the hospital table",
    Certainty.MEMORY: "remembered, the row itself not seen",
}


def _told(row: EditPair) -> str:
    if row.is_void:
        return f"A row dated {row.start} was withdrawn as of the same day and never applied."
    since = f"From {row.start}" if row.start else "Active on 2026-10-01, its first day not seen:"
    until = f" to {row.end}" if row.end else ""
    sure = "" if row.certainty.is_settled else f" ({_UNSEEN[row.certainty]})"
    return (
        f"{since}{until} an edit (indicator {row.indicator}) denied {row.column2} "
        f"beside {row.column1}{sure}."
    )


def _no_edit_reason(ruling: PairRuling, on: date, table: Setting, knowledge: Knowledge) -> Reason:
    one, other = ruling.codes
    text = f"No Medicare edit joins {one} and {other} on {on} ({_name(table)} table)."
    told = f"{text} {' '.join(dict.fromkeys(ruling.history))}".strip()
    if release := knowledge.edit_release(one, other, table, on):
        return Reason(told, release.id)
    if ruling.history:
        return Reason(told, _story(one, other, knowledge))
    if table is Setting.OUTPATIENT_HOSPITAL and on < HOSPITAL_FILE:
        return Reason(
            f"No edit between {one} and {other} stands in the outpatient hospital table of "
            f"{HOSPITAL_FILE}; what it held on {on} was not seen.",
            "ncci-hospital-start-not-seen",
        )
    if {one, other} <= knowledge.codes_seen_in_practitioner_table:
        return Reason(text, "ncci-no-row")
    return Reason(
        f"{text} The practitioner table was not read for this pair; it is absent from the "
        "hospital table, and the two agree where both were read.",
        "ncci-no-row-inferred" if table is Setting.PRACTITIONER else "ncci-no-row",
    )


def _edit_reason(ruling: PairRuling, row: EditPair, on: date, knowledge: Knowledge) -> Reason:
    codes = f"{row.column1} (column 1) and {row.column2} (column 2)"
    if ruling.status is PairStatus.UNCONFIRMED:
        why = f"it is {_UNSEEN.get(row.certainty, 'active, its first day not seen')}"
        statement = {
            Certainty.INFERRED: "ncci-inferred-row",
            Certainty.MEMORY: "ncci-97140-98940",
        }.get(row.certainty, "ncci-hospital-start-not-seen")
        return Reason(f"An edit between {codes} is listed, but {why}: confirm it.", statement)
    if ruling.status is PairStatus.BLOCKED:
        return Reason(
            f"On {on} an edit joins {codes} with indicator {row.indicator}: {row.column2} is not "
            "paid beside it, whatever the modifier.",
            _written(row, knowledge) or "ncci-indicators",
        )
    return Reason(
        f"On {on} an edit joins {codes} with indicator 1: {row.column2} denies unless a modifier "
        "says that the services were separate.",
        _written(row, knowledge) or _story(row.column1, row.column2, knowledge),
    )


def _written(row: EditPair, knowledge: Knowledge) -> str | None:
    """The statement of the release whose row it is; None for a shipped row."""
    return row.source if row.source in knowledge.cms.statements else None


def _story(one: str, other: str, knowledge: Knowledge) -> str:
    """The statement that tells the pair's history, where we hold one."""
    ids = (f"ncci-{one}-{other}-history", f"ncci-{other}-{one}-history")
    return next((i for i in ids if i in knowledge.statements), "ncci-how-it-works")


def _name(table: Setting) -> str:
    return "practitioner" if table is Setting.PRACTITIONER else "outpatient hospital"


_ADJUDICATED = {  # by the table's adjudication indicator (MAI)
    "1": ", counted line by line (MAI 1)",
    "2": ", an absolute limit (MAI 2)",
    "3": ", payable above it on review (MAI 3)",
}


def unit_limit(
    code: str, units: int, *, on: date, table: Setting, knowledge: Knowledge
) -> tuple[Finding, ...]:
    """A finding where a code's units exceed what normally pays in a day (MUE).

    After the last day held the last limit still warns, and says that it has expired.
    """
    limit = knowledge.unit_limit(code, table, on)
    expired = limit is None
    limit = limit or knowledge.expired_limit(code, table, on)
    if limit is None or units <= limit.units:
        return ()
    absolute = limit.mai == "2" and not expired
    return (
        Finding(
            f"mue-{code}",
            Severity.ERROR if absolute else Severity.WARNING,
            f"{units} units of {code}: at most {limit.units} a day normally pay "
            f"({_name(table)}){_ADJUDICATED.get(limit.mai, '')}. Modifier 59 does not lift a day "
            f"limit.{_caution(limit, on, expired)}",
            code,
            _limit_statement(limit, knowledge),
        ),
    )


def most_units(code: str, *, on: date, table: Setting, knowledge: Knowledge) -> Reason | None:
    """The most units of a code that normally pay in a day (MUE); None where none is held.

    Its statement is the source of the table, by id.
    """
    limit = knowledge.unit_limit(code, table, on)
    if limit is None:
        return None
    more = _ADJUDICATED.get(limit.mai, "")
    text = f"{code}: at most {limit.units} a day ({_name(table)} table){more}."
    return Reason(f"{text}{_caution(limit, on, False)}", limit.source)


def _caution(limit: UnitLimit, on: date, expired: bool) -> str:
    if expired:
        return f" The limit expired on {limit.end}: look that of {on} up."
    return "" if limit.certainty.is_settled else " The value is Medicaid's; Medicare's may differ."


def _limit_statement(limit: UnitLimit, knowledge: Knowledge) -> str:
    if limit.source in knowledge.cms.statements:
        return limit.source
    return "mue-meaning" if limit.certainty.is_settled else "mue-medicaid-source"
