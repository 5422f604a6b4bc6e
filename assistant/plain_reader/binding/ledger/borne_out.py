"""Whether a reading bears out who is said, right beside the minutes, to have given them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.claim import Clinician, Service
from assistant.errors import ImpossibleFact, MissingFact
from assistant.patterns import regex
from assistant.plain_reader.binding.ledger import persons
from assistant.plain_reader.binding.ledger.token import Join, Kind, Token
from assistant.plain_reader.binding.ledger.tokens import Codes, tokens
from assistant.plain_reader.reading import Activity, Reading, SharedName

_JOINT = regex(  # two at once are the therapist's; what is asked or supposed is nobody's
    r"\b(?:together|jointly|both|each|co-?\s?t(?:reat\w*|x)|same time|side by side|alongside"
    r"|assist(?:ed|ing|s)?|help\w*|second person|supervis\w*|half|halves|respectively"
    r"|students?|spt)\b",
    re.I,
)
_SHARED = regex(
    r"\b(?:mostly|mainly|partly|partially|traded off|took turns|alternat\w+|back and forth)\b", re.I
)
GROUP_CODES = ("97150", "92508")
LONGEST = 2000  # characters of a message in which a label is looked for
_WORDS = {Clinician.ASSISTANT: "assistant", Clinician.THERAPIST: "therapist"}


def refuse(text: str, found: Reading, codes: Codes) -> None:
    """Nothing, unless minutes told beside a person are not that person's in the reading.

    Raises:
        MissingFact: asks who gave which minutes.
    """
    untold = any(one.minutes is None for one in found.services)
    if any(one.code in GROUP_CODES for one in found.services):
        return  # its numbers count people too
    if untold or _JOINT.search(text) or found.by_everyone or found.all_but:
        return
    try:
        row = tokens(text, codes, lambda words: False, found.writer)
    except ImpossibleFact:
        return
    kinds = {t.who for t in row if t.kind is Kind.PERSON}
    if not kinds - {Clinician.THERAPIST}:
        return
    if _SHARED.search(text) and len(_given(found)) < 2:
        raise MissingFact("Which minutes of which code did each person give?")
    if kinds == {Clinician.ASSISTANT}:
        _refuse_beside_a_whole(row)
    _refuse_counts(text, row, found)
    _refuse_of_one_code(row, found)
    _refuse_spread_back(row, found)
    for person, amount in _beside(row):
        if person.who in _WORDS and not _holds(person.who, amount, found):
            told = f"{amount.minutes} minutes of the {_WORDS[person.who]}"
            raise MissingFact(f"Of which code are the {told}, and who gave the others?")


_APART = regex(r"\s*[,\u2013-]\s*")


def _refuse_beside_a_whole(row: Sequence[Token]) -> None:
    """Nothing, unless «97110 30 min, 12 by the PTA»: of the 30, or beside them?

    Raises:
        MissingFact: asks which.
    """
    for at in range(len(row) - 3):
        whole, (first, second) = row[at : at + 2], row[at + 2 : at + 4]
        behind = row[at + 4] if at + 4 < len(row) else None
        of_its_own = behind and behind.kind is Kind.CODE and behind.join is Join.TIGHT
        if (
            {one.kind for one in whole} != {Kind.CODE, Kind.AMOUNT}
            or {first.kind, second.kind} != {Kind.PERSON, Kind.AMOUNT}
            or whole[1].join is not Join.TIGHT
            or second.join is not Join.TIGHT
            or not _APART.fullmatch(first.before)
            or of_its_own
        ):
            continue
        told = next(one.minutes for one in whole if one.kind is Kind.AMOUNT)
        part = first if first.kind is Kind.AMOUNT else second
        if 0 < part.minutes < told and not (part.other or part.part):
            raise MissingFact(
                f"Are the {part.minutes} minutes of the assistant part of the {told}, or more?"
            )


_LABEL = regex(r"(?:\A|(?<=[\n.;]))[^\w\n]*\Z")


def refuse_label(text: str, found: Reading) -> None:
    """Nothing, unless «PTA: A 20. B 15» leaves open whether the label is B's too.

    Raises:
        MissingFact: asks who gave what stands behind it.
    """
    named = persons.find(text, found.writer) if len(text) <= LONGEST else []
    if len(named) != 1 or named[0].clinician is Clinician.THERAPIST:
        return
    only = named[0]
    if not (_LABEL.search(text, 0, only.start) and re.match(r"\s*:", text[only.end :])):
        return
    told = {one.code: one.minutes for one in found.services if one.by is Clinician.THERAPIST}
    if only.clinician is Clinician.ASSISTANT and told:
        code, spent = next(iter(told.items()))
        raise MissingFact(f"Who gave the {spent} minutes of {code}, the assistant too?")


_COUNTED = regex(r"\d\s*(?:units?|u)\b", re.I)
FEW = 3  # minutes; a number so small, beside units, counts units


def _refuse_counts(text: str, row: Sequence[Token], found: Reading) -> None:
    """Nothing, unless «2 units: 1 PT, 1 PTA» is read as minutes.

    Raises:
        MissingFact: asks who gave which minutes.
    """
    spent = {t.minutes for t in row if t.kind is Kind.AMOUNT}
    few = [n for one in found.services if (n := one.minutes) and n <= FEW and n in spent]
    if few and _COUNTED.search(text):
        raise MissingFact("How many minutes of each code did each person give?")


def _refuse_of_one_code(row: Sequence[Token], found: Reading) -> None:
    """Nothing, unless an assistant's minutes are added to more of the same code by nobody named.

    Raises:
        MissingFact: asks whether they are part of those.
    """
    alone = {t.minutes for t in _unnamed(row)}
    for own in (one for one in found.services if one.by is Clinician.ASSISTANT):
        for other in found.services:
            both = own.code == other.code and other.by is Clinician.THERAPIST and not other.block
            if both and other.minutes in alone and (own.minutes or 0) <= (other.minutes or 0):
                raise MissingFact(
                    f"Are the {own.minutes} minutes of the assistant part of the {other.minutes}, "
                    "or more?"
                )


def _unnamed(row: Sequence[Token]) -> Iterator[Token]:
    """The minutes that stand beside nobody, and behind nobody named earlier in the sentence."""
    beside = {amount.start for _, amount in _beside(row)}
    leads = False
    for one in row:
        leads = one.kind is Kind.PERSON or (leads and one.join is not Join.ENDED)
        if one.kind is Kind.AMOUNT and not (leads or one.other or one.start in beside):
            yield one


def _refuse_spread_back(row: Sequence[Token], found: Reading) -> None:
    """Nothing, unless minutes before «PTA did 20 min of A» are read as the assistant's too.

    Raises:
        MissingFact: asks who gave them.
    """
    at = next((n for n, one in enumerate(row) if one.kind is Kind.PERSON), 0)
    behind = [one.kind for one in row[at + 1 : at + 3]]
    if row[at].who is not Clinician.ASSISTANT or set(behind) != {Kind.CODE, Kind.AMOUNT}:
        return
    if row[at].join is Join.TIGHT or row[at + 1].join is not Join.TIGHT:
        return
    before = {one.minutes for one in row[:at] if one.kind is Kind.AMOUNT}
    others = {one.minutes for one in row[at:] if one.kind is Kind.AMOUNT}
    for one in found.services:
        if one.by is Clinician.ASSISTANT and one.minutes in before - others:
            raise MissingFact(f"Who gave the {one.minutes} minutes of {one.code}?")


def _beside(row: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each person with the minutes that stand with nothing between but what was done."""
    for at, amount in enumerate(row):
        if amount.kind is not Kind.AMOUNT or amount.but or not amount.minutes:
            continue
        near = [*_reach(row, at, -1), *_reach(row, at, +1)]
        if len(near) == 1:
            yield near[0], amount


def _reach(row: Sequence[Token], at: int, step: int) -> list[Token]:
    """The person next to the minutes on that side, one code at most between them."""
    place, passed = at, 0
    while 0 <= place + step < len(row):
        edge = row[place] if step < 0 else row[place + step]
        place += step
        if edge.join is not Join.TIGHT:
            return []
        if row[place].kind is Kind.PERSON:
            return [row[place]]
        passed += 1
        if row[place].kind is not Kind.CODE or passed > 1:
            return []
    return []


def _holds(who: Clinician, amount: Token, found: Reading) -> bool:
    """Whether the person's minutes, of one thing or of all, are those told."""
    own = [one.minutes or 0 for one in _parts(found) if one.by is who]
    by_code: dict[str, int] = {}
    for one in found.services:
        if one.by is who:
            by_code[one.code] = by_code.get(one.code, 0) + (one.minutes or 0)
    shares = [part.minutes for part in found.subsets if part.by in (who, None)]
    others = sum(part.minutes or 0 for part in found.subsets if part.by is not who)
    loose = [*found.loose_minutes, *(minutes for minutes, _ in found.unbilled_minutes)]
    wholes = [] if amount.part else [found.treatment_total, found.stated_total]
    totals = [*wholes, sum(own), *by_code.values(), *(n - others for n in by_code.values())]
    return amount.minutes in [*own, *shares, *loose, *totals]


def _parts(found: Reading) -> list[Service | Activity | SharedName]:
    return [*found.services, *found.activities, *found.choices]


def _given(found: Reading) -> set[Clinician | None]:
    return {one.by for one in _parts(found)} | {part.by for part in found.subsets}
