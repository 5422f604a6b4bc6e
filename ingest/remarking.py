"""What is noticed about an added document: what we contradict, what speaks to a program."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from assistant.evidence import Authority
from assistant.knowledge import Knowledge
from assistant.library.addressed import addressed
from assistant.library.nouns import Document, Passage, Remark
from ingest.claims import VERSION, Checker
from ingest.claims import Document as Spoken

_OWN_RULES = (Authority.PAYER, Authority.LOCAL)


class Remarking:
    """Looks documents through."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._checker = Checker(knowledge)

    def remarked(self, document: Document, passages: list[Passage], today: date) -> list[Passage]:
        """The passages, each with what was noticed about it.

        A statement is held against the rules of the day from which the document holds, or of
        today. What a payer or a clinic says of its own rules is not held against Medicare's.
        """
        first = passages[0] if passages else None
        own = document.authority in _OWN_RULES or bool(first and first.payers)
        day = first.effective if first and first.effective else today
        remarks = [
            *self._checker.remarks(document.text, document.title, Spoken(day, own)),
            *addressed(document.text),
        ]
        return [replace(one, remarks=_of(one, remarks)) for one in passages]


def _of(passage: Passage, remarks: list[Remark]) -> tuple[Remark, ...]:
    """The remarks on what a passage says; each belongs to every passage that it reaches into."""
    return tuple(one for one in remarks if one.start < passage.end and passage.start < one.end)


def stamp(knowledge: Knowledge) -> str:
    """A digest of what documents are checked against; another one calls for another check."""
    digest = hashlib.sha256(str(VERSION).encode())
    for path in sorted(knowledge.folder.rglob("*")):
        if path.suffix in (".yaml", ".csv"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
