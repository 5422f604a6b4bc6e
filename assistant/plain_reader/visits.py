"""Several visits or patients told in one message."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERED = (
    r"(?:patient|pt|client|case|visit|claim|scenario|example)\s*(?:(?:#|no\.?)\s*|\s)(?:\d{1,2}|[A-H])"
    r"|(?:patient|client|case|visit|claim|scenario|example)\d{1,2}"
)
_DISCIPLINE = r"(?:PT|OT|SLP|ST|physical therapy|occupational therapy|speech therapy)(?=\s*:)"
_DATED = r"(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2})(?=\s*:)"
_LABEL = re.compile(
    rf"(?:^|(?<=[\n.;]))[ \t]*(?P<label>{_NUMBERED}|{_DISCIPLINE}|{_DATED})"
    r"\s*(?::|-(?=\s)|\)|\.(?=\s))\s*",
    re.I,
)
_FIGURES = re.compile(r"\d")
_LAST_SENTENCE = re.compile(r"(?:\n|(?<=[.;])\s)(?P<words>[^\n.;]*[A-Za-z][^\n.;]*)[.;]?\s*\Z")
_TREATED = re.compile(r"\d+\s*min|\d{5}")


@dataclass(frozen=True, slots=True)
class Part:
    """One visit of a message, with the words that hold for all of them in front."""

    label: str
    text: str

    @property
    def is_discipline(self) -> bool:
        """Whether the label names a discipline: then all parts are one patient's day."""
        return bool(re.match(r"(?:PT|OT|SLP|ST|physical|occupational|speech)\b", self.label, re.I))


def split(text: str) -> list[Part]:
    """The visits of a message; one where it labels none, or only one of them has figures."""
    labels = list(_LABEL.finditer(text))
    whole = [Part("", text)]
    if len(labels) < 2 or len({label["label"].lower() for label in labels}) < 2:
        return whole
    shared = text[: labels[0].start()].strip()
    if _TREATED.search(shared):
        return whole
    body, last = _without_last_words(text)
    shared = f"{shared} {last}".strip()
    parts = []
    for n, label in enumerate(labels):
        end = labels[n + 1].start() if n + 1 < len(labels) else len(body)
        words = body[label.end() : end].strip()
        if not _FIGURES.search(words):
            return whole
        parts.append(Part(label["label"].strip(), f"{shared} {label['label']}: {words}".strip()))
    return parts


def _without_last_words(text: str) -> tuple[str, str]:
    """A last sentence without figures holds for all visits: «Both Medicare PT.»"""
    match = _LAST_SENTENCE.search(text)
    if match is None or _FIGURES.search(match["words"]):
        return text, ""
    return text[: match.start()], match["words"].strip() + "."
