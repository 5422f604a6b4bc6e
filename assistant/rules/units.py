"""Minutes to units, by each of the two rules that share the nickname "8-minute rule"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter

from assistant.errors import ImpossibleFact
from assistant.evidence import Reason, Ruling
from assistant.knowledge import Code

UNIT_MINUTES = 15  # Claims Processing Manual ch. 5 §20.2: a timed unit is 15 minutes
MIDPOINT = 8  # and is earned once its midpoint is passed: 8 whole minutes
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units for the day's 15-minute codes.

    Attributes:
        units: code to units; a code that earns none is left out. Where the rule leaves the
            choice to the clinician, this is the first choice in the order given.
        alternatives: every allocation that the rule permits equally, the first included.
        unbilled: code to minutes of the codes that earn no unit at all.
        to_next_unit: minutes that the day's total lacks for one more unit (CMS), or the least
            that any one code lacks (midpoint rule).
    """

    units: dict[str, int]
    alternatives: tuple[dict[str, int], ...]
    total_minutes: int
    total_units: int
    unbilled: dict[str, int]
    to_next_unit: int


def units_of(minutes: int) -> int:
    """Units that a number of whole minutes earns: 8 to 22 one, 23 to 37 two, and so on.

    Source: Claims Processing Manual ch. 5 §20.2 C (the table continues past two hours).
    """
    return (minutes + UNIT_MINUTES - MIDPOINT) // UNIT_MINUTES


def checked_minutes(minutes: object, what: str) -> int:
    """The minutes, if they are a whole number between 0 and a day's length.

    Raises:
        ImpossibleFact: they are not; the message says what to give instead.
    """
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        raise ImpossibleFact(
            "minutes", minutes, f"{what}: give whole minutes, such as 15, not {minutes!r}."
        )
    if minutes < 0:
        raise ImpossibleFact("minutes", minutes, f"{what}: {minutes} minutes cannot be; check it.")
    if minutes > DAY_MINUTES:
        raise ImpossibleFact(
            "minutes", minutes, f"{what}: {minutes} minutes are more than a day has; check it."
        )
    return minutes


def by_total_time(minutes: Mapping[str, int]) -> Ruling[Allocation]:
    """Units by the CMS rule: the day's timed minutes pooled, then given to codes.

    Args:
        minutes: 15-minute code to its whole one-to-one minutes, for one patient, day and
            discipline, in the order of the visit.

    Raises:
        ImpossibleFact: minutes are negative, not whole, or longer than a day.

    Source: Claims Processing Manual ch. 5 §20.2 C.
    """
    spent = {code: m for code, m in minutes.items() if checked_minutes(m, code)}
    total = sum(spent.values())
    allowed = units_of(total)
    units = {code: m // UNIT_MINUTES for code, m in spent.items() if allowed and m >= UNIT_MINUTES}
    places = allowed - sum(units.values())
    left = {code: m % UNIT_MINUTES for code, m in spent.items() if m % UNIT_MINUTES}
    sure, tied, open_places = _leftover_units(left, places)
    alternatives = tuple(
        _with_extra(units, (*sure, *chosen), spent) for chosen in combinations(tied, open_places)
    )
    first = alternatives[0]
    return Ruling(
        Allocation(
            units=first,
            alternatives=alternatives,
            total_minutes=total,
            total_units=allowed,
            unbilled={code: m for code, m in spent.items() if code not in first},
            to_next_unit=_to_next(total),
        ),
        _total_time_reasons(spent, total, allowed, units, left, sure, tied, open_places),
    )


def _leftover_units(
    left: Mapping[str, int], places: int
) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Codes sure of a leftover unit, codes tied for the rest, and how many places those share."""
    ranked = sorted(left.items(), key=itemgetter(1), reverse=True)
    if places >= len(ranked):
        return tuple(code for code, _ in ranked), (), 0
    cut = ranked[places - 1][1] if places else -1
    sure = tuple(code for code, m in ranked if m > cut) if places else ()
    tied = tuple(code for code in left if left[code] == cut)
    open_places = places - len(sure)
    if len(tied) == open_places:
        return (*sure, *tied), (), 0
    return sure, tied, open_places


def _with_extra(
    units: Mapping[str, int], winners: tuple[str, ...], order: Mapping[str, int]
) -> dict[str, int]:
    counted = {code: units.get(code, 0) + (code in winners) for code in order}
    return {code: n for code, n in counted.items() if n}


def _to_next(minutes: int) -> int:
    return units_of(minutes) * UNIT_MINUTES + MIDPOINT - minutes


def _total_time_reasons(
    spent: Mapping[str, int],
    total: int,
    allowed: int,
    full: Mapping[str, int],
    left: Mapping[str, int],
    sure: tuple[str, ...],
    tied: tuple[str, ...],
    open_places: int,
) -> tuple[Reason, ...]:
    parts = " + ".join(f"{m} ({code})" for code, m in spent.items())
    steps = [
        Reason(
            f"Timed minutes: {parts} = {total}, which is {_units(allowed)} {_band(allowed)}.",
            "units-total-sets-count",
        )
    ]
    if not allowed:
        return tuple(steps)
    if full:
        blocks = ", ".join(f"{code} x {n}" for code, n in full.items())
        steps.append(Reason(f"Full 15-minute blocks first: {blocks}.", "units-full-fifteens"))
    if sure or tied:
        steps += _leftover_reasons(spent, left, sure, tied, open_places)
    return tuple(steps)


def _leftover_reasons(
    spent: Mapping[str, int],
    left: Mapping[str, int],
    sure: tuple[str, ...],
    tied: tuple[str, ...],
    open_places: int,
) -> Iterator[Reason]:
    if sure:
        over = ", ".join(f"{code} {m}" for code, m in left.items())
        word = "unit goes" if len(sure) == 1 else "units go"
        yield Reason(
            f"Minutes left over: {over}. The remaining {word} to {_and(sure)}, the most left over.",
            "units-largest-remainder",
        )
    small = [code for code in sure if spent[code] < MIDPOINT]
    if small:
        yield Reason(
            f"{_and(small)} earns its unit through the day's total although it had under "
            f"{MIDPOINT} minutes.",
            "units-under-8-can-win",
        )
    if tied:
        yield Reason(
            f"{_and(tied)} have the same minutes left over for {_units(open_places)}: "
            "the clinician chooses.",
            "units-tie-clinician-chooses",
        )


def by_midpoint(minutes: Mapping[str, int]) -> Ruling[Allocation]:
    """Units by the CPT midpoint rule: each code on its own, nothing pooled.

    Args:
        minutes: 15-minute code to its whole one-to-one minutes.

    Raises:
        ImpossibleFact: minutes are negative, not whole, or longer than a day.

    Source: CPT time convention (a unit is earned once its midpoint is passed).
    """
    spent = {code: m for code, m in minutes.items() if checked_minutes(m, code)}
    units = {code: units_of(m) for code, m in spent.items() if m >= MIDPOINT}
    reasons = tuple(
        Reason(
            f"{code} alone: {m} minutes are {_units(units_of(m))} {_band(units_of(m))}.",
            "units-midpoint-rule",
        )
        for code, m in spent.items()
    )
    return Ruling(
        Allocation(
            units=units,
            alternatives=(units,),
            total_minutes=sum(spent.values()),
            total_units=sum(units.values()),
            unbilled={code: m for code, m in spent.items() if code not in units},
            to_next_unit=min((_to_next(m) for m in spent.values()), default=MIDPOINT),
        ),
        reasons,
    )


def by_own_clock(first: Code, addon: Code | None, minutes: int) -> Ruling[dict[str, int]]:
    """Units of a code family with its own clock: first minutes, then an add-on code for more.

    Args:
        first: the code for the first stretch (97129: 15, 97545: 120, 97550: 30 minutes).
        addon: the code for each further stretch, where the family has one.
        minutes: all minutes of the family that day (for 98980: that month).
    """
    checked_minutes(minutes, first.code)
    need = least_minutes(first)
    units = {}
    if minutes >= need:
        units[first.code] = 1
    if addon is None and first.further_minutes:
        addon = first  # an hourly code that repeats itself
    if addon is not None and addon.further_minutes:
        over = minutes - first.first_minutes
        more = (over + addon.further_minutes - _needed(addon.further_minutes, addon.earned_by)) // (
            addon.further_minutes
        )
        if more > 0:
            units[addon.code] = units.get(addon.code, 0) + more
    earned = ", ".join(f"{code} x {n}" for code, n in units.items()) or "no unit"
    return Ruling(
        units,
        (
            Reason(
                f"{first.code} has its own clock: its first {first.first_minutes} minutes count "
                f"from minute {need}; {minutes} minutes give {earned}.",
                "units-own-clock",
            ),
        ),
    )


def least_minutes(first: Code) -> int:
    """The minutes from which the first unit of a code with its own clock is earned."""
    return _needed(first.first_minutes, first.earned_by)


def _needed(stretch: int, earned_by: str) -> int:
    return stretch if earned_by == "full" else stretch // 2 + 1


def _units(n: int) -> str:
    return "1 unit" if n == 1 else f"{n} units"


def _band(units: int) -> str:
    low = max(0, (units - 1) * UNIT_MINUTES + MIDPOINT) if units else 0
    return f"({low} to {units * UNIT_MINUTES + MIDPOINT - 1} minutes)"


def _and(codes: tuple[str, ...] | list[str]) -> str:
    return " and ".join(filter(None, (", ".join(codes[:-1]), codes[-1])))
