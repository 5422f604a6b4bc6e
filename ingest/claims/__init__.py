"""Claims of a document that our tools can work out again, and those that they contradict."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.knowledge import Knowledge
from assistant.library.nouns import Mark, Remark
from assistant.library.words import codes_in
from assistant.tools import BillingTools
from ingest.claims import amounts, bands, fees, pairs, units
from ingest.claims.matching import dispute_of
from ingest.claims.nouns import Claim
from ingest.claims.recomputing import Document, Recomputing
from ingest.claims.sentences import sentences

__all__ = ["Checker", "Document", "claims_in"]

VERSION = 1  # of what is looked for: another one checks every document anew


def claims_in(text: str, title: str, knowledge: Knowledge) -> Iterator[Claim]:
    """Everything in a document that our tools can work out again."""
    said = sentences(text)
    codes = codes_in(title)
    subject = codes[0] if len(codes) == 1 else ""
    yield from units.examples(said)
    yield from units.sums(said)
    yield from bands.bands(said)
    yield from bands.rules_of_thumb(said)
    yield from pairs.pairs(said, subject)
    yield from amounts.yearly(said)
    yield from amounts.shares(said)
    yield from amounts.intervals(said)
    yield from amounts.day_limits(said, subject)
    yield from amounts.outdated(said)
    yield from fees.fees(said, subject, knowledge.code_names)
    yield from fees.paid_alike(said, knowledge.code_names)


class Checker:
    """Finds what of a document the tools contradict."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._recomputing = Recomputing(BillingTools(knowledge), knowledge)

    def remarks(self, text: str, title: str, document: Document) -> list[Remark]:
        """The contradicted statements, in the order in which they stand."""
        found: list[Remark] = []
        for claim in claims_in(text, title, self._knowledge):
            held = self._recomputing.contradicted(claim, document)
            if held is None:
                continue
            remark = Remark(
                mark=Mark.CONTRADICTED,
                quote=" ".join(text[claim.start : claim.end].split()),
                start=claim.start,
                end=claim.end,
                held=held.text,
                statement=held.statement,
                dispute=dispute_of(claim, held, self._knowledge.disputes),
            )
            found.append(remark)
        return list(_once_a_paragraph(sorted(found, key=lambda one: (one.start, one.end)), text))


def _once_a_paragraph(remarks: list[Remark], text: str) -> Iterator[Remark]:
    """Without those that say of the same paragraph what has been said of it."""
    last: dict[str, Remark] = {}
    for remark in remarks:
        before = last.get(remark.statement)
        if before is None or "\n" in text[before.end : remark.start] or before.held != remark.held:
            yield remark
            last[remark.statement] = remark
