"""Whether what a document says is what a tool gives, and how to say what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.evidence import Ruling
from assistant.rules.edits import PairRuling, PairStatus
from assistant.rules.units import Allocation
from ingest.claims.nouns import Example, Fee, Together

_CENT = Decimal("0.01")
_ABOUT = Decimal("0.02")  # how far from the amount "about" may lie


@dataclass(frozen=True, slots=True)
class Held:
    """What our tools give instead, and the statement or dated value that carries it."""

    text: str
    statement: str


def unnamed(code: str) -> bool:
    """Whether an example left the code out."""
    return not code or code.startswith("#")


def agrees(claim: Example, result: Allocation, names: dict[str, str]) -> bool:
    """Whether an example gives what the rule gives."""
    if claim.total is not None:
        return claim.total == result.total_units
    said = {names.get(code, code): n for code, n in claim.units.items() if n}
    return said in result.alternatives or said == result.units


def shown(units: dict[str, int]) -> str:
    """Units as people read them."""
    return " and ".join(f"{code} x {n}" for code, n in units.items()) or "no unit"


def units_held(counted: Ruling[Allocation], *, named: bool) -> Held:
    """What the minutes are by the rule."""
    result = counted.result
    noun = "unit" if result.total_units == 1 else "units"
    detail = f": {shown(result.units)}" if named and len(result.units) > 1 else ""
    single = len(result.units) + len(result.unbilled) == 1
    statement = "units-bands" if single else "units-total-sets-count"
    return Held(
        f"{result.total_minutes} minutes are {result.total_units} {noun}{detail}", statement
    )


def refutes(ruling: PairRuling, together: Together) -> bool:
    """Whether a ruling makes what is said of a pair wrong."""
    if together is Together.NEEDS_59:
        return ruling.status in (PairStatus.NONE, PairStatus.BLOCKED)
    if together is Together.NEVER:
        return ruling.status in (PairStatus.NONE, PairStatus.MODIFIER)
    return ruling.status in (PairStatus.MODIFIER, PairStatus.BLOCKED)


def pair_held(ruling: Ruling[PairRuling]) -> Held:
    """What the edit table says instead."""
    reason = ruling.because[0]
    return Held(reason.text, reason.statement or "ncci-how-it-works")


def same(said: Decimal, held: Decimal) -> bool:
    """Whether a value is ours, written to as many places as it is said."""
    exponent = said.as_tuple().exponent
    places = max(-exponent if isinstance(exponent, int) else 0, 0)
    return said == held or abs(said - held) <= Decimal(1).scaleb(-places) / 2


def within(claim: Fee, money: Decimal) -> bool:
    """Whether an amount lies where it is said to lie."""
    slack = money * _ABOUT if claim.about else _CENT
    if claim.low == claim.high and claim.low == claim.low.to_integral_value():
        slack = max(slack, Decimal("0.5")) if "." not in str(claim.low) else slack
    return claim.low - slack <= money <= claim.high + slack
