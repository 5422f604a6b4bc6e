"""Whether a message asks for the bill of what it told, or for its units."""

from __future__ import annotations

import re

from assistant.patterns import regex

_TO_BILL = regex(
    r"\bhow (?:should|would|do|can|could|is|are) (?:(?:i|we|you) (?:bill|code|charge) )?"
    r"(?:this|it|these|the following)"
    r"(?: (?:visit|session|day|note|treatment))?(?: be)?(?: billed| coded| charged)?\s*[?:]"
    r"|\bbill me\b",
    re.I,
)

_HOW_MANY = regex(r"\bhow many units\b|\bunits (?:is|are|for|in|from)\b", re.I)


def asks_how_many(text: str) -> bool:
    """Whether the message asks how many units something is."""
    return bool(_HOW_MANY.search(text))


def asks_to_bill(text: str) -> bool:
    """Whether the message asks for the bill of what it told: «How should this be billed?»."""
    return bool(_TO_BILL.search(text))
