"""«Maria: 97110 23 min» and «Tom: …» on lines of their own: one visit a patient."""

from __future__ import annotations

import re

from assistant.privacy.words import lists

_LABEL = re.compile(
    r"^[ \t]*(?:[-*]\s+|\d{1,2}[.)]\s+)?"
    r"(?P<label>(?:(?:Mrs?|Ms|Miss)\.?[ ])?(?:\[name\]|[A-Z][a-z]+)"
    r"(?:[ ][A-Z]\.?)?|[A-Z]\.[ ]?[A-Z]\.)[ \t]*(?::|[ ]-)[ \t]*(?=\S)",
    re.M,
)
_SPEECH = re.compile(r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Ll]ol|[Tt]hanks)\b|\?")
_TREATED = re.compile(r"\d{5}|\d\s*(?:min|m\b|')|\b[A-Z]{2,4}\s*\d{1,2}\b|\d{1,2}\s*$", re.I)


def labels(text: str) -> list[re.Match[str]]:
    """The names that head a patient's visit each; none where the lines are talk, or only one is."""
    found = [m for m in _LABEL.finditer(text) if _is_person(m["label"])]
    if len(found) < 2:
        return []
    ends = [m.start() for m in found[1:]] + [len(text)]
    bodies = [text[m.end() : end] for m, end in zip(found, ends, strict=True)]
    if any(_SPEECH.search(b) or not _TREATED.search(b) for b in bodies):
        return []
    return found


def _is_person(label: str) -> bool:
    if "[name]" in label or re.match(r"(?:Mrs?|Ms|Miss)\b", label):
        return True
    if re.fullmatch(r"[A-Z]\.\s?[A-Z]\.", label):
        return True
    first = label.split()[0].lower()
    known = lists()
    return first in known.first or first in known.first_capitalised or first in known.also_words
