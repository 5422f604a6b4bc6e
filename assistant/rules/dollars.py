"""The nouns of a payment estimate: a unit's money, a priced line, the visit's total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.errors import ImpossibleFact

ZERO = Decimal(0)
ASSISTANT = frozenset(("CQ", "CO"))


@dataclass(frozen=True, slots=True)
class Gpci:
    """A locality's geographic factors for work, practice expense and malpractice.

    Attributes:
        statement: id of the table that carries them; "" where they were given.
    """

    work: Decimal
    pe: Decimal
    mp: Decimal
    locality: str
    statement: str = ""

    def __post_init__(self) -> None:
        for name in ("work", "pe", "mp"):
            value = getattr(self, name)
            if not isinstance(value, Decimal) or not value.is_finite() or value <= 0:
                raise ImpossibleFact(
                    f"GPCI {name}", value, f"Give the {name} GPCI as a number such as 1.013."
                )


NATIONAL = Gpci(Decimal(1), Decimal(1), Decimal(1), "national, unadjusted")


@dataclass(frozen=True, slots=True)
class Terms:
    """The day's percentages and conversion factor."""

    conversion_factor: Decimal
    reduced_share: Decimal
    medicare_share: Decimal
    assistant_share: Decimal
    sequestration: Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit's money, each figure rounded to the cent."""

    allowed: Decimal
    reduced: bool  # half practice expense
    deductible: Decimal
    coinsurance: Decimal
    medicare_pays: Decimal


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A claim line with its units' money."""

    code: str
    modifiers: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def allowed(self) -> Decimal:
        """Allowed amount: what Medicare and the patient owe together before the cuts."""
        return sum((unit.allowed for unit in self.units), ZERO)

    @property
    def medicare_pays(self) -> Decimal:
        """Medicare's payment after the assistant's 85 percent and sequestration."""
        return sum((unit.medicare_pays for unit in self.units), ZERO)

    @property
    def patient_pays(self) -> Decimal:
        """Deductible and coinsurance."""
        return sum((unit.deductible + unit.coinsurance for unit in self.units), ZERO)

    @property
    def has_assistant(self) -> bool:
        """Whether CQ or CO stands on the line."""
        return not ASSISTANT.isdisjoint(self.modifiers)

    def to_dict(self) -> dict[str, Any]:
        """The line as plain JSON data, dollars as text with two decimals."""
        return {
            "code": self.code,
            "units": len(self.units),
            "modifiers": list(self.modifiers),
            "unit_allowed": [_dollars(unit.allowed) for unit in self.units],
            "reduced_units": sum(unit.reduced for unit in self.units),
            "allowed": _dollars(self.allowed),
            "medicare_pays": _dollars(self.medicare_pays),
            "patient_pays": _dollars(self.patient_pays),
            "total": _dollars(self.medicare_pays + self.patient_pays),
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim line that we hold no amount for, and why."""

    code: str
    units: int
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """The line as plain JSON data."""
        return {"code": self.code, "units": self.units, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A visit's money under Medicare's fee schedule. Refused lines are in no total."""

    lines: tuple[PricedLine, ...]
    refused: tuple[Refused, ...]
    locality: str
    conversion_factor: Decimal | None
    notes: tuple[str, ...]

    @property
    def total_allowed(self) -> Decimal:
        """Allowed amounts of all priced lines."""
        return sum((line.allowed for line in self.lines), ZERO)

    @property
    def medicare_pays(self) -> Decimal:
        """Medicare's payment for all priced lines."""
        return sum((line.medicare_pays for line in self.lines), ZERO)

    @property
    def patient_pays(self) -> Decimal:
        """Deductible and coinsurance of all priced lines."""
        return sum((line.patient_pays for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        """What the provider receives: Medicare's payment and the patient's share."""
        return self.medicare_pays + self.patient_pays

    @property
    def is_complete(self) -> bool:
        """Whether every line has an amount."""
        return not self.refused

    def to_dict(self) -> dict[str, Any]:
        """The estimate as plain JSON data; a total is null where no line has an amount."""
        totals = ("total_allowed", "medicare_pays", "patient_pays", "total")
        return {
            "lines": [line.to_dict() for line in self.lines],
            "refused": [line.to_dict() for line in self.refused],
            **{name: _dollars(getattr(self, name)) if self.lines else None for name in totals},
            "locality": self.locality,
            "conversion_factor": str(self.conversion_factor) if self.conversion_factor else None,
            "notes": list(self.notes),
        }


def _dollars(amount: Decimal) -> str:
    return f"{amount:.2f}"
