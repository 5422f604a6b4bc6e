"""The payment locality that a message names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.patterns import regex

_NAMED = regex(
    r"\b(?i:locality)\s*(?i:is|:|=|#|no\.?|number|code)?\s*"
    r"(?P<name>\d{5}[\s/-]?\d{2}|[A-Z]{2}[\s-]?\d{2}|[A-Z][A-Za-z.]+(?:[ -][A-Z][A-Za-z.]+){0,3})"
    r"|(?P<before>\d{5}[\s/-]\d{2}|[A-Z]{2}[\s-]\d{2})\s+(?i:locality)"
)
_PLACE = regex(r"\b(?i:in|near)\s+(?P<name>[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,3})(?!\s*\d)")


@dataclass(frozen=True, slots=True)
class NamedLocality:
    """A payment locality as written; `sure` where it is called one, not only a place."""

    name: str
    sure: bool


def locality(text: str) -> NamedLocality | None:
    """The locality that a text names: «locality 13202-01», «CA 18 locality», «in Houston»."""
    if named := _NAMED.search(text):
        return NamedLocality(_spaced(named["name"] or named["before"]), sure=True)
    place = _PLACE.search(text)
    return NamedLocality(place["name"], sure=False) if place else None


def _spaced(name: str) -> str:
    """Contractor or state and the number apart, as the tables are asked for them."""
    return re.sub(r"^(\d{5}|[A-Z]{2})[\s/-]?(\d{2})$", r"\1 \2", name)
