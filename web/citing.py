"""An answer's citations as its page shows them, with where each opens."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from assistant.conversation import Citation
from assistant.evidence import Certainty

AUTHORITIES = {
    "law": "Law",
    "cms-manual": "CMS manual",
    "cms-page": "CMS page",
    "contractor": "Medicare contractor",
    "payer": "Payer",
    "society": "Professional society",
    "industry": "Industry article",
    "local": "Local",
}
CERTAINTIES = {
    "verified": "Seen in the source.",
    "computed": "Computed here from values seen in the source.",
    "inferred": "Inferred: it follows from the source, which does not say it in so many words.",
    "memory": "From memory of the field: nobody here has seen it written.",
}


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A citation with where it opens; `same_as` is the first citation with the same quote."""

    citation: Citation
    authority: str
    opens: str
    same_as: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it may be taken as read in the source."""
        return Certainty(self.citation.certainty).is_settled


def source_cards(citations: Sequence[Citation], guides: Container[str]) -> Iterator[SourceCard]:
    """The citations, each quote shown once; `guides` are the ids of our own notes."""
    quoted: dict[str, int] = {}
    for citation in citations:
        first = quoted.setdefault(citation.quote, citation.n)
        yield SourceCard(
            citation,
            AUTHORITIES.get(citation.authority, citation.authority),
            opens(citation, guides),
            first if first != citation.n and citation.quote else None,
        )


def opens(citation: Citation, guides: Container[str] = ()) -> str:
    """Where the citation is shown: `passage` says what kind of place it is."""
    kind, _, name = citation.passage.partition(":")
    match kind:
        case "":
            return f"/sources/{quote(citation.source)}"
        case "statement":
            return f"/statements/{quote(name)}"
        case "value":
            return f"/values/{quote(name)}"
        case "dispute":
            return f"/disputes/{quote(name)}"
    document = citation.passage.rpartition("-")[0]
    return reading_address(document, citation.passage, is_guide=document in guides)


def reading_address(document: str, passage: str, *, is_guide: bool) -> str:
    """Where a passage is read: marked in its guide, or in the document that somebody added."""
    folder, place = "guides" if is_guide else "documents", quote(passage, safe=":")
    return f"/knowledge/{folder}/{quote(document, safe=':')}?passage={place}#{place}"
