"""Who gave how much of one line."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.claim import Clinician
from assistant.plain_reader.binding.ledger.token import Join
from assistant.plain_reader.binding.ledger.told import Line, Share, other_than


class Contradicted(Exception):
    """What the people gave is not the whole that is told."""

    def __init__(self, line: Line, given: int) -> None:
        self.line, self.given = line, given
        super().__init__()


Parts = list[tuple[Clinician, int]]


def parts(
    line: Line, who: Clinician | None, kinds: set[Clinician], writer: Clinician
) -> Parts | None:
    """Who gave how much of the line; None where that is not said."""
    if not line.shares:
        return [(who or Clinician.THERAPIST, line.minutes)]
    if who is not None:
        return _of_a_persons(line, who)
    rests = [s for s in line.shares if s.amount is None]
    given = [(s.who, s.amount.minutes) for s in line.shares if s.amount and not s.amount.but]
    buts = [s for s in line.shares if s.amount and s.amount.but]
    spent = sum(minutes for _, minutes in given)
    if buts:
        return _all_but(line, buts, rests, given)
    if len(rests) == 1 and 0 < spent < line.minutes:
        return [*given, (rests[0].who, line.minutes - spent)]
    if rests:
        return None
    if spent == line.minutes:
        return given
    people = {by for by, _ in given}
    if len(people) > 1 and all(s.beside is not Join.ENDED or len(given) > 1 for s in line.shares):
        raise Contradicted(line, spent)
    if spent > line.minutes:
        raise Contradicted(line, spent)
    return _with_the_other(line, given, people, kinds, writer)


def taken_as_part(line: Line) -> str:
    """A sentence that says so where «A 30 min, 10 by the PTA» is read as 10 of the 30; else ""."""
    unmarked = [
        (one.who, one.amount.minutes)
        for one in line.shares
        if one.alone and one.amount and not (one.amount.part or one.amount.but or one.opened)
    ]
    spent = sum(one.amount.minutes for one in line.shares if one.amount)
    told = all(one.amount for one in line.shares)
    if line.who is not None or len(unmarked) != 1 or not told or spent >= line.minutes:
        return ""
    who, minutes = unmarked[0]
    name = line.done.codes[0] if len(line.done.codes) == 1 else line.done.words
    return (
        f"The {who}'s {minutes} minutes are taken as part of the {line.minutes} of {name}, not as "
        "minutes beside them."
    )


def _of_a_persons(line: Line, who: Clinician) -> Parts | None:
    """Minutes that somebody gave, and what is said of others behind them."""
    left, given, last = line.minutes, [], who
    for share in line.shares:
        amount = share.amount
        if amount is None:
            return None
        if amount.but and share.who is not who and len(line.shares) == 1:
            others = line.minutes - amount.minutes  # «30 by the PTA, except 5 by me»
            return [(who, others), (share.who, amount.minutes)] if others > 0 else None
        if amount.but:
            return None
        if share.who is last and not (amount.part or amount.other):
            return None
        last = share.who
        given.append((share.who, amount.minutes))
        if amount.part and not (amount.other or line.part) and share.who is not who:
            left -= amount.minutes
        elif share.beside is Join.ENDED and share.who is who and not amount.other:
            return None
    return [(who, left), *given] if left > 0 else None


def _all_but(
    line: Line, buts: Sequence[Share], rests: Sequence[Share], given: Parts
) -> Parts | None:
    """«all but 8 by the PTA», «the PTA took over after 18 min»."""
    amount = buts[0].amount
    if len(buts) != 1 or rests or amount is None or not 0 < amount.minutes < line.minutes:
        return None
    other = other_than(buts[0].who)
    if given not in ([], [(other, amount.minutes)]):
        return None
    return [(buts[0].who, line.minutes - amount.minutes), (other, amount.minutes)]


def _with_the_other(
    line: Line,
    given: Parts,
    people: set[Clinician],
    kinds: set[Clinician],
    writer: Clinician,
) -> Parts | None:
    """«10 of the 25 by the PTA»: who gave what is left, where it can only be one."""
    mine: Clinician = writer if writer is Clinician.ASSISTANT else Clinician.THERAPIST
    beside = {s.who for s in line.shares if s.alone and s.who is not mine}
    marked = all(s.amount and (s.amount.part or s.opened or beside) for s in line.shares)
    if not marked or len(people) > 1:
        return None
    who = next(iter(people))
    if who is mine:
        others = [one for one in kinds if one is not who]
        if len(others) != 1:
            return None
        mine = others[0]
    return [*given, (mine, line.minutes - sum(minutes for _, minutes in given))]
