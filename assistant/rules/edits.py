"""Whether two codes collide on a day, and how many units of one normally pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from assistant.claim import Setting
from assistant.evidence import Certainty, Finding, Reason, Ruling, Severity
from assistant.knowledge import EditPair, Knowledge


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


HOSPITAL_FILE = date(2026, 10, 1)  # the only release of the hospital table we have read
LAST_DAY = date(2026, 12, 31)  # the end of the last quarter whose tables we have read


def pair(
    one: str, other: str, *, on: date, table: Setting, knowledge: Knowledge
) -> Ruling[PairRuling]:
    """The edit in force between two codes on a day, in either order.

    A row that we inferred, or whose first day we have not seen, is unconfirmed: it warns and
    never denies.

    Source: NCCI procedure-to-procedure tables (practitioner, outpatient hospital).
    """
    if on > LAST_DAY or not {one, other} <= knowledge.codes_read_for_edits:
        return _not_held(one, other, on, knowledge)
    rows = knowledge.edits(one, other, table)
    history = tuple(_told(row) for row in rows)
    row = next((r for r in rows if r.in_force(on)), None)
    if row is None:
        lived = any(not r.is_void and r.certainty.is_settled for r in rows)
        ruling = PairRuling((one, other), PairStatus.NONE, history=history, has_lived=lived)
        return Ruling(ruling, (_no_edit_reason(one, other, on, table, history, knowledge),))
    ruling = PairRuling(
        codes=(one, other),
        status=_status(row, on),
        paid=row.column1,
        denied=row.column2,
        indicator=row.indicator,
        history=history,
    )
    return Ruling(ruling, (_edit_reason(ruling, row, on, knowledge),))


def _not_held(one: str, other: str, on: date, knowledge: Knowledge) -> Ruling[PairRuling]:
    ruling = PairRuling((one, other), PairStatus.NOT_HELD)
    if on > LAST_DAY:
        text = f"The edit tables were read up to {LAST_DAY}: for {on} look {one} and {other} up."
        return Ruling(ruling, (Reason(text, "ncci-how-it-works"),))
    unread = " and ".join(c for c in (one, other) if c not in knowledge.codes_read_for_edits)
    text = f"No edit row of {unread} was read here: look {one} and {other} up in CMS's file."
    return Ruling(ruling, (Reason(text, "ncci-how-it-works"),))


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


def _no_edit_reason(
    one: str,
    other: str,
    on: date,
    table: Setting,
    history: tuple[str, ...],
    knowledge: Knowledge,
) -> Reason:
    text = f"No Medicare edit joins {one} and {other} on {on} ({_name(table)} table)."
    if history:
        return Reason(f"{text} {' '.join(dict.fromkeys(history))}", _story(one, other, knowledge))
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
            "ncci-indicators",
        )
    return Reason(
        f"On {on} an edit joins {codes} with indicator 1: {row.column2} denies unless a modifier "
        "says that the services were separate.",
        _story(row.column1, row.column2, knowledge),
    )


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
    """A finding where a code's units exceed what normally pays in a day (MUE)."""
    limit = knowledge.unit_limit(code, table, on)
    if limit is None or units <= limit.units:
        return ()
    absolute = limit.mai == "2"
    note = "" if limit.certainty.is_settled else " The value is Medicaid's; Medicare's may differ."
    return (
        Finding(
            f"mue-{code}",
            Severity.ERROR if absolute else Severity.WARNING,
            f"{units} units of {code}: at most {limit.units} a day normally pay "
            f"({_name(table)}){_ADJUDICATED.get(limit.mai, '')}. Modifier 59 does not lift a day "
            f"limit.{note}",
            code,
            "mue-meaning" if limit.certainty.is_settled else "mue-medicaid-source",
        ),
    )
