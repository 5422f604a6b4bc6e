"""Units by trying every bill against the rule's sentences, for proving `assistant.rules.units`.

Nothing here is shared with `assistant`, and nothing is clever: a bill is a number of units for
each code, and it stands if no sentence of the manual forbids it. The sentences (in our words, from
Claims Processing Manual ch. 5 §20.2 C) are the functions' docstrings.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement, product
from math import comb

Bill = frozenset[tuple[str, int]]  # the codes billed with their units; a code without any is absent

CODES = ("97110", "97112", "97116", "97140", "97530")
SIZES = {2: 60, 3: 60, 4: 60, 5: 45}  # number of codes: the longest time of any one of them
PRINTED_TABLE = (  # units, least and most minutes, as printed; "the pattern continues"
    (1, 8, 22),
    (2, 23, 37),
    (3, 38, 52),
    (4, 53, 67),
    (5, 68, 82),
    (6, 83, 97),
    (7, 98, 112),
    (8, 113, 127),
)


def _table_in_full() -> list[int]:
    units_at = [0] * 8
    for units, least, most in PRINTED_TABLE:
        assert len(units_at) == least
        units_at += [units] * (most - least + 1)
    while len(units_at) < 24 * 60:
        units_at += [units_at[-1] + 1] * 15
    return units_at


UNITS_AT = _table_in_full()


def total_sets_the_count(bill: tuple[int, ...], times: tuple[int, ...]) -> bool:
    """The day's total of timed minutes decides how many timed units are billed."""
    return sum(bill) == UNITS_AT[sum(times)]


def whole_fifteens_are_billed(bill: tuple[int, ...], times: tuple[int, ...]) -> bool:
    """A code of at least 15 minutes is billed for at least one unit, of 30 for two, and so on."""
    return all(15 * (units + 1) > time for units, time in zip(bill, times, strict=True))


def units_stand_for_minutes(bill: tuple[int, ...], times: tuple[int, ...]) -> bool:
    """A code is billed only for minutes it had: its last unit stands for one minute or more."""
    return all(
        units == 0 or 15 * (units - 1) < time for units, time in zip(bill, times, strict=True)
    )


def longer_time_is_billed_first(bill: tuple[int, ...], times: tuple[int, ...]) -> bool:
    """No unit stands for fewer minutes than some other code was left with; the longer is billed."""
    left_out = max(time - 15 * units for units, time in zip(bill, times, strict=True))
    return all(
        units == 0 or time - 15 * (units - 1) >= left_out
        for units, time in zip(bill, times, strict=True)
    )


SENTENCES = (
    total_sets_the_count,
    units_stand_for_minutes,
    whole_fifteens_are_billed,
    longer_time_is_billed_first,
)


def total_time(minutes: Mapping[str, int]) -> set[Bill]:
    """Every bill that the CMS total-time rule permits; more than one where it leaves a choice.

    Bills that break the second or third sentence for one code alone are not even written down;
    `total_time_unpruned` writes down all, and a test holds the two to be the same.
    """
    times = tuple(minutes.values())
    if UNITS_AT[sum(times)] == 0:  # under 8 minutes in all: nothing is billed
        return {frozenset()}
    conceivable = product(*(range(time // 15, time // 15 + 2) for time in times))
    return {
        _bill(minutes, bill)
        for bill in conceivable
        if all(permits(bill, times) for permits in SENTENCES)
    }


def total_time_unpruned(minutes: Mapping[str, int]) -> set[Bill]:
    """The same over every number of units from none to the day's total for each code (slow)."""
    times = tuple(minutes.values())
    most = UNITS_AT[sum(times)]
    if most == 0:
        return {frozenset()}
    conceivable = product(range(most + 1), repeat=len(times))
    return {
        _bill(minutes, bill)
        for bill in conceivable
        if all(permits(bill, times) for permits in SENTENCES)
    }


def midpoint(minutes: Mapping[str, int]) -> set[Bill]:
    """The one bill of the CPT midpoint rule: a unit for each 15-minute stretch over half done."""
    return {_bill(minutes, tuple(_halves_passed(time) for time in minutes.values()))}


def _halves_passed(time: int) -> int:
    units = 0
    while 2 * time > 30 * units + 15:  # the middle of the next stretch, in half minutes
        units += 1
    return units


def _bill(minutes: Mapping[str, int], units: tuple[int, ...]) -> Bill:
    return frozenset((code, n) for code, n in zip(minutes, units, strict=True) if n)


def multisets(codes: int, first: int | None = None) -> Iterator[dict[str, int]]:
    """Every multiset of times for that many codes; with `first`, those whose least time it is.

    Which code has which time is turned round from case to case, so that no rule can lean on the
    order.
    """
    most = SIZES[codes]
    starts = range(1, most + 1) if first is None else (first,)
    for least in starts:
        for rest in combinations_with_replacement(range(least, most + 1), codes - 1):
            yield _as_visit((least, *rest))


def _as_visit(times: tuple[int, ...]) -> dict[str, int]:
    turn = sum(times) % len(times)
    return dict(zip(CODES, times[turn:] + times[:turn], strict=False))


def how_many(codes: int) -> int:
    """The number of multisets of times for that many codes."""
    return comb(SIZES[codes] + codes - 1, codes)


def sample(size: int, seed: int) -> Iterator[dict[str, int]]:
    """A seeded sample, each number of codes alike often, times drawn evenly and in any order."""
    draw = random.Random(seed)
    for _ in range(size):
        codes = draw.choice(tuple(SIZES))
        yield {code: draw.randint(1, SIZES[codes]) for code in draw.sample(CODES, codes)}
