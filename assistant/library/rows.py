"""Passages and documents as rows of the store, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date
from functools import lru_cache
from typing import Any

from assistant.evidence import Authority, Certainty
from assistant.library.nouns import Document, Kind, Mark, Passage, Reference, Remark, Sentence

_FIELDS = tuple(Passage.__dataclass_fields__)
PASSAGE_COLUMNS = ", ".join(f'"{name}"' for name in _FIELDS)
DOCUMENT_COLUMNS = ", ".join(Document.__dataclass_fields__)


def as_row(passage: Passage) -> dict[str, Any]:
    """A passage as values of its columns."""
    row = {name: getattr(passage, name) for name in _FIELDS}
    for name in ("codes", "payers", "topics", "asked_as"):
        row[name] = json.dumps(row[name])
    for name in ("effective", "until"):
        row[name] = row[name].isoformat() if row[name] else None
    row["sentences"] = json.dumps(
        [[s.text, s.opens, [[r.id, r.locator] for r in s.refs]] for s in passage.sentences]
    )
    row["remarks"] = remarks_row(passage.remarks)
    return row


def remarks_row(remarks: Iterable[Remark]) -> str:
    """Remarks as the value of their column."""
    return json.dumps([astuple(one) for one in remarks])


@lru_cache(maxsize=2048)  # the passages found again and again need not be made again
def to_passage(values: tuple[Any, ...]) -> Passage:
    """The passage in a row of `PASSAGE_COLUMNS`."""
    row = dict(zip(_FIELDS, values, strict=True))
    for name in ("codes", "payers", "topics", "asked_as"):
        row[name] = tuple(json.loads(row[name]))
    for name in ("effective", "until"):
        row[name] = date.fromisoformat(row[name]) if row[name] else None
    row["sentences"] = tuple(
        Sentence(text, tuple(Reference(*ref) for ref in refs), opens)
        for text, opens, refs in json.loads(row["sentences"])
    )
    row["remarks"] = tuple(
        Remark(Mark(mark), *others) for mark, *others in json.loads(row["remarks"])
    )
    row["kind"] = Kind(row["kind"])
    row["authority"] = Authority(row["authority"])
    row["certainty"] = Certainty(row["certainty"])
    return Passage(**row)


def to_document(values: tuple[Any, ...]) -> Document:
    """The document in a row of `DOCUMENT_COLUMNS`."""
    row = dict(zip(Document.__dataclass_fields__, values, strict=True))
    return Document(**{**row, "kind": Kind(row["kind"]), "authority": Authority(row["authority"])})
