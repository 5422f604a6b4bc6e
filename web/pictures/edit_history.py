"""An edit pair's rows over the years as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.knowledge import EditPair

FIRST_YEAR = 1996  # the edits began in it
WHOLE = 100.0  # places are in percent of the width


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the table; places are in percent of the width.

    Attributes:
        open_start, open_end: the day was not seen, or the row still stands.
    """

    x: float
    width: float
    text: str
    blocks: bool
    void: bool
    open_start: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class History:
    """The bars, the years beneath them, and the day asked about."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[int, float], ...]
    today_x: float
    today: date


def history(rows: Sequence[EditPair], on: date) -> History | None:
    """The picture, None where no row is held.

    Args:
        rows: all rows of one pair in one table.
        on: the day asked about.
    """
    if not rows:
        return None
    first = min([FIRST_YEAR, on.year, *(row.start.year for row in rows if row.start)])
    last = max([on.year, *(row.end.year for row in rows if row.end)]) + 1
    span = (date(last, 1, 1) - date(first, 1, 1)).days

    def at(day: date) -> float:
        return round(WHOLE * (day - date(first, 1, 1)).days / span, 1)

    bars = tuple(_bar(row, at, on) for row in rows)
    step = 5 if last - first > 12 else 1
    years = tuple((year, at(date(year, 1, 1))) for year in range(first, last) if year % step == 0)
    return History(bars, years, at(on), on)


def _bar(row: EditPair, at: Callable[[date], float], on: date) -> Bar:
    start = at(row.start or date(on.year, 1, 1))
    end = at(row.end) if row.end else WHOLE
    since = f"{row.start}" if row.start else "first day not seen"
    text = f"{row.column1} pays, {row.column2} denies · indicator {row.indicator}"
    if row.is_void:
        text = f"entered and withdrawn as of {since}: never applied"
    else:
        text += f" · {since} to {row.end or 'today'}"
    return Bar(
        x=start,
        width=max(end - start, 0.6),
        text=text,
        blocks=row.indicator == 0,
        void=row.is_void,
        open_start=row.start is None,
        settled=row.certainty.is_settled,
    )
