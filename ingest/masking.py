"""Patients' identifiers taken out of a document before it is stored."""

from __future__ import annotations

from dataclasses import replace

from assistant.documents import Text
from assistant.privacy.dates import find as find_dates
from assistant.privacy.names import find as find_names
from assistant.privacy.numbers import find as find_numbers
from assistant.privacy.spans import kept_apart

# A policy's own telephone numbers and addresses are what people look for in it, and stay.
_KINDS = ("social security number", "health plan number", "record number", "date of birth")
_OF_MAILS = (*_KINDS, "name", "account number")
_MAIL = ".eml"


def masked(text: Text, suffix: str) -> Text:
    """The text without patients' identifiers; of a mail, which may be about one, names too."""
    kinds = _OF_MAILS if suffix.lower() == _MAIL else _KINDS
    spans = [*find_numbers(text.text), *find_dates(text.text)]
    if "name" in kinds:
        spans += find_names(text.text)
    parts, at = list[str](), 0
    found: dict[str, int] = {}
    for span in kept_apart([one for one in spans if one.kind in kinds], text.text):
        parts += [text.text[at : span.start], f"[{span.kind}]"]
        at = span.end
        found[span.kind] = found.get(span.kind, 0) + 1
    if not found:
        return text
    shown = ", ".join(f"{kind} ({times})" for kind, times in found.items())
    note = f"identifiers were masked: {shown}"
    return replace(text, text="".join([*parts, text.text[at:]]), notes=(*text.notes, note))
