"""Messages written by hand: their identifiers, and those without any."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from benchmarks.masking.notes import Label, Note

_READ = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
_MARKED = re.compile(r"\{\{(.+?)\}\}", re.S)
CLEAN: tuple[str, ...] = tuple(_READ["clean"])


def notes() -> list[Note]:
    """The messages with identifiers, labelled; their kinds are not told apart."""
    return [_note(text) for text in _READ["notes"]]


def _note(marked: str) -> Note:
    text, labels, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        labels.append(Label(len(text), len(text) + len(match[1]), "by hand"))
        text += match[1]
        at = match.end()
    return Note(text + marked[at:], tuple(labels), ())
