"""What Medicare's fee schedule allows for a visit, to the cent. Never used to choose a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from assistant.claim import ClaimLine
from assistant.errors import ImpossibleFact, NotInForce
from assistant.evidence import Finding, Ruling, Severity
from assistant.knowledge import Knowledge, Locality, Rvu
from assistant.rules import payment_account as account
from assistant.rules.dollars import (
    ASSISTANT,
    NATIONAL,
    ZERO,
    Estimate,
    Gpci,
    PricedLine,
    Refused,
    Terms,
    Unit,
)

CENT = Decimal("0.01")
WHOLE = Decimal(1)
MULTIPLE_THERAPY = "5"  # the fee schedule's indicator for the therapy reduction (MPPR)
NOT_CLAIMED_AS_COVERED = frozenset(("GY", "GZ"))  # billed so that Medicare denies the line
PAYABLE = frozenset("AR")  # active and restricted coverage: the file has an amount
STATUS_WORDS = {
    "B": "bundled: Medicare never pays it apart from the day's other services",
    "C": "priced by each contractor: the national file has no amount",
    "I": "not valid for Medicare, which uses another code",
    "N": "not covered by Medicare",
}


Priced = Sequence[tuple[ClaimLine, Rvu]]


def estimate(
    lines: Sequence[ClaimLine],
    *,
    on: date,
    knowledge: Knowledge,
    gpci: Gpci = NATIONAL,
    qualifying_participant: bool = False,
    deductible_left: Decimal = ZERO,
) -> Ruling[Estimate]:
    """Medicare's allowed amount, payment and the patient's share for one day's therapy lines.

    Each unit is priced and rounded to the cent by itself. Of all units with the therapy reduction
    the one with the highest practice expense is paid in full (tie: higher total first), every
    other keeps its work and malpractice and half its practice expense. CQ and CO cut Medicare's
    share, not the coinsurance. Sequestration cuts what is then left of Medicare's payment.

    Args:
        lines: all lines of the same patient, day and billing provider, of every discipline.
        on: date of service.
        gpci: the locality's factors.
        qualifying_participant: whether the clinician is a qualifying APM participant.
        deductible_left: dollars of the year's deductible still open; taken from the first lines.

    Raises:
        ImpossibleFact: units or the deductible cannot be.

    Source: the physician fee schedule's formula and files; Social Security Act §1834(v).
    """
    _check(lines, deductible_left)
    billed = tuple(line for line in lines if line.units)
    values = [_values(line, on, knowledge) for line in billed]
    priced = [(line, rvu) for line, rvu in zip(billed, values, strict=True) if isinstance(rvu, Rvu)]
    refused = tuple(
        Refused(line.code, line.units, why)
        for line, why in zip(billed, values, strict=True)
        if isinstance(why, str)
    )
    if not priced:
        return _nothing_priced(refused, gpci)
    try:
        terms = _terms(on, knowledge, qualifying_participant, _by_assistant(billed))
    except NotInForce as error:
        return _nothing_priced([Refused(x.code, x.units, str(error)) for x in billed], gpci)
    leaders = _leaders(priced, gpci)
    full = leaders[0] if leaders else None
    result = Estimate(
        lines=tuple(_price(priced, full, terms, gpci, deductible_left)),
        refused=refused,
        locality=gpci.locality,
        conversion_factor=terms.conversion_factor,
        notes=account.notes(priced, leaders, gpci, deductible_left),
    )
    in_full = priced[full][0].code if full is not None else None
    reasons = account.reasons(result, in_full, terms)
    read_in = account.read_in([rvu for _, rvu in priced], gpci, knowledge)
    return Ruling(result, (*reasons, *read_in), _findings(refused))


def locality_gpci(locality: str, *, on: date, knowledge: Knowledge) -> Gpci:
    """The geographic factors of one of Medicare's payment localities.

    Args:
        locality: contractor and number ("01182 18"), state and number ("CA 18"), or the name or
            an unmistakable part of it ("Los Angeles").
        on: date of service; each year has its own factors.

    Raises:
        NotInForce: that year's table (GPCI) was not read in.
        ImpossibleFact: no locality, or more than one, is meant.

    Source: CMS's Addendum E, read in with `python -m ingest cms`.
    """
    held = knowledge.localities(on)
    if not held:
        raise NotInForce(
            f"We hold no payment localities of {on.year}: read CMS's GPCI file in "
            "(python -m ingest cms), or give the three factors."
        )
    found = _meant(locality, held)
    if len(found) == 1:
        one = found[0]
        name = f"{one.name.title()}, {one.state} {one.number}".replace(", ,", ",")
        return Gpci(one.work, one.pe, one.mp, f"{name} ({one.contractor})", one.source)
    if found:
        several = "; ".join(f"{x.contractor} {x.number} {x.name.title()}" for x in found[:8])
        text = f"{locality!r} may mean {several}: give contractor and number."
    else:
        text = (
            f"No payment locality of {on.year} is called {locality!r}: give contractor and number, "
            "such as 01182 18."
        )
    raise ImpossibleFact("locality", locality, text)


def _meant(locality: str, held: Sequence[Locality]) -> list[Locality]:
    said = re.findall(r"[a-z0-9]+", locality.lower())
    if len(said) == 2 and said[1].isdecimal():
        number = said[1].zfill(2)
        return [
            x for x in held
            if x.number == number and said[0] in (x.contractor, x.state.lower())
        ]  # fmt: skip
    words = {x: re.findall(r"[a-z0-9]+", x.name.lower()) for x in held}
    exact = [x for x, named in words.items() if named == said]
    return exact or [x for x, named in words.items() if said and _within(said, named)]


def _within(said: Sequence[str], named: Sequence[str]) -> bool:
    """Whether the words stand in the name, one after the other."""
    return any(named[n : n + len(said)] == said for n in range(len(named)))


def _check(lines: Sequence[ClaimLine], deductible_left: Decimal) -> None:
    for line in lines:
        if isinstance(line.units, bool) or not isinstance(line.units, int) or line.units < 0:
            raise ImpossibleFact(
                "units", line.units, f"{line.code}: give whole units, such as 2, not {line.units}."
            )
    if not _is_amount(deductible_left):
        raise ImpossibleFact(
            "deductible", deductible_left, "Give the open deductible in dollars, such as 120.50."
        )


def _is_amount(value: object) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and value >= 0


def _by_assistant(lines: Sequence[ClaimLine]) -> bool:
    return any(not ASSISTANT.isdisjoint(line.modifiers) for line in lines)


def _terms(
    on: date, knowledge: Knowledge, qualifying_participant: bool, by_assistant: bool
) -> Terms:
    def value(name: str) -> Decimal:
        return Decimal(str(knowledge.dated(f"medicare/{name}", on=on).value))

    return Terms(
        value("conversion_factor_qp" if qualifying_participant else "conversion_factor"),
        value("mppr_practice_expense_share"),
        value("medicare_payment_share"),
        # Before 2020 there was no CQ and CO, and no share to hold.
        value("assistant_payment_share") if by_assistant else WHOLE,
        value("sequestration_rate"),
    )


def _values(line: ClaimLine, on: date, knowledge: Knowledge) -> Rvu | str:
    """The line's relative values, or why there is no amount."""
    denied = NOT_CLAIMED_AS_COVERED.intersection(line.modifiers)
    if denied:
        return (
            f"{line.code} carries {min(denied)}: it is billed to be denied, Medicare pays nothing."
        )
    status, note, _ = knowledge.statuses.get((line.code, on.year), ("", "", ""))
    try:
        rvu = knowledge.rvu(line.code, on)
    except NotInForce as error:
        return (
            _unpaid(line.code, status, note) if status in STATUS_WORDS else str(error).rstrip(".")
        )
    if rvu.status not in PAYABLE:
        return _unpaid(line.code, rvu.status, note)
    if rvu.work + rvu.pe + rvu.mp == 0:
        return _unpaid(line.code, "C", note)
    return rvu


def _unpaid(code: str, status: str, note: str) -> str:
    words = STATUS_WORDS.get(status, "not paid by the fee schedule")
    said = f"{code} has Medicare status {status}, {words}" + (f". {note}" if note else "")
    return said.rstrip(".")


def _leaders(priced: Priced, gpci: Gpci) -> list[int]:
    """Places of the lines that tie for the unit paid in full; the first of them gets it."""
    ranks = {
        place: (rvu.pe, _value(rvu, rvu.pe, gpci))
        for place, (_, rvu) in enumerate(priced)
        if rvu.multiple_procedure == MULTIPLE_THERAPY
    }
    best = max(ranks.values(), default=None)
    return [place for place, rank in ranks.items() if rank == best]


def _value(rvu: Rvu, practice_expense: Decimal, gpci: Gpci) -> Decimal:
    return rvu.work * gpci.work + practice_expense * gpci.pe + rvu.mp * gpci.mp


def _price(
    priced: Priced, full: int | None, terms: Terms, gpci: Gpci, deductible_left: Decimal
) -> Iterator[PricedLine]:
    for place, (line, rvu) in enumerate(priced):
        share = WHOLE if ASSISTANT.isdisjoint(line.modifiers) else terms.assistant_share
        units = []
        for number in range(line.units):
            reduced = rvu.multiple_procedure == MULTIPLE_THERAPY and (number > 0 or place != full)
            allowed = _allowed(rvu, reduced, terms, gpci)
            deductible = min(deductible_left, allowed)
            deductible_left -= deductible
            units.append(_unit(allowed, reduced, deductible, share, terms))
        yield PricedLine(line.code, line.modifiers, tuple(units))


def _allowed(rvu: Rvu, reduced: bool, terms: Terms, gpci: Gpci) -> Decimal:
    practice_expense = rvu.pe * terms.reduced_share if reduced else rvu.pe
    return _cents(_value(rvu, practice_expense, gpci) * terms.conversion_factor)


def _unit(
    allowed: Decimal, reduced: bool, deductible: Decimal, share: Decimal, terms: Terms
) -> Unit:
    open_amount = allowed - deductible
    coinsurance = _cents(open_amount * (1 - terms.medicare_share))
    before_sequestration = _cents((open_amount - coinsurance) * share)
    paid = _cents(before_sequestration * (1 - terms.sequestration))
    return Unit(allowed, reduced, deductible, coinsurance, paid)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _nothing_priced(refused: Sequence[Refused], gpci: Gpci) -> Ruling[Estimate]:
    return Ruling(Estimate((), tuple(refused), gpci.locality, None, ()), (), _findings(refused))


def _findings(refused: Sequence[Refused]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            f"payment-no-amount-{line.code}",
            Severity.INFO,
            f"No amount estimated: {line.reason}.",
            line.code,
            "payment-no-amount",
        )
        for line in {line.code: line for line in refused}.values()
    )
