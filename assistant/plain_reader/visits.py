"""Several visits or patients told in one message."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LABEL = re.compile(
    r"(?:^|(?<=[\n.;]))[ \t]*(?P<label>(?:(?:patient|pt|client|case|visit|claim|scenario|example)\s*(?:#|no\.?)?\s*(?:\d{1,2}|[A-H]))"
    r"|(?:PT|OT|SLP|ST|physical therapy|occupational therapy|speech therapy)(?=\s*:)"
    r"|(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2})(?=\s*:))\s*(?::|-(?=\s)|\)|\.(?=\s))\s*",
    re.I,
)
_NUMBERS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Part:
    """One visit of a message, with the words that hold for all of them in front."""

    label: str
    text: str


def split(text: str) -> list[Part]:
    """The visits of a message; one where it labels none, or only one of them has figures."""
    labels = list(_LABEL.finditer(text))
    if len(labels) < 2:
        return [Part("", text)]
    shared = text[: labels[0].start()].strip()
    if re.search(r"\d+\s*min|\d{5}", shared):
        return [Part("", text)]
    parts = []
    for n, label in enumerate(labels):
        end = labels[n + 1].start() if n + 1 < len(labels) else len(text)
        words = text[label.end() : end].strip()
        if not _NUMBERS.search(words):
            return [Part("", text)]
        parts.append(Part(label["label"].strip(), f"{shared} {label['label']}: {words}".strip()))
    return parts
