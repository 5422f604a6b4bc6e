"""Patient identifiers masked at the door, before anything is stored, logged or sent on.

The kinds are those of the HIPAA Safe Harbor list (45 CFR 164.514(b)(2)) that text can hold. A
date of service stays, because claims turn on it; so do codes, minutes and amounts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assistant.privacy import dates, names, numbers, places
from assistant.privacy.spans import PLACEHOLDER, Span, kept_apart

__all__ = ["PLACEHOLDER", "MaskedText", "Span", "find", "mask"]


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text without identifiers, and the kinds that were found."""

    text: str
    found: tuple[str, ...]


def find(text: str) -> list[Span]:
    """Where the identifiers of a text stand, in order."""
    spans = [*numbers.find(text), *dates.find(text), *places.find(text)]
    spans = kept_apart(spans, text)
    return kept_apart([*spans, *names.find(text)], text)


def mask(text: str, only: Collection[str] = ()) -> MaskedText:
    """The text with patient identifiers replaced by their kind in brackets.

    Masking what is masked changes nothing.

    Args:
        only: the kinds that are masked; all, where none is named.
    """
    parts: list[str] = []
    at = 0
    found: dict[str, None] = {}
    for span in find(text):
        if only and span.kind not in only:
            continue
        parts += [text[at : span.start], f"[{span.kind}]"]
        at = span.end
        found[span.kind] = None
    return MaskedText("".join([*parts, text[at:]]), tuple(found))
