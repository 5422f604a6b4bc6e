"""The year's allowed dollars against Medicare's KX amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ROOM = Decimal("1.06")  # beyond the larger of the two amounts
BUCKETS = {"pt_slp": "PT and SLP together", "ot": "OT"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Dollars before and with the visit; places in percent of the width."""

    bucket: str
    threshold: Decimal
    before: Decimal
    visit: Decimal | None
    threshold_at: float
    before_at: float
    after_at: float

    @property
    def in_words(self) -> str:
        """The picture's content as a sentence."""
        visit = f", this visit ${self.visit:,.2f}" if self.visit is not None else ""
        return (
            f"Allowed this year for {self.bucket}: ${self.before:,.2f} before this visit{visit}; "
            f"the KX amount is ${self.threshold:,.2f}."
        )


def standing(given: Mapping[str, Any] | None) -> Standing | None:
    """The picture of a claim's standing, None where the claim has none."""
    if not given:
        return None
    threshold, before = Decimal(given["threshold"]), Decimal(given["before"])
    visit = Decimal(given["visit"]) if given["visit"] is not None else None
    after = before + (visit or 0)
    scale = max(threshold, after) * ROOM

    def at(amount: Decimal) -> float:
        return round(float(100 * amount / scale), 3)

    bucket = BUCKETS.get(given["bucket"], given["bucket"])
    return Standing(bucket, threshold, before, visit, at(threshold), at(before), at(after))
