"""What the library holds: documents, and the passages they are cut into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.evidence import Authority, Certainty


class Kind(StrEnum):
    """What sort of document a passage comes from."""

    GUIDE = "guide"  # our own prose
    STATEMENT = "statement"  # an atomic fact of ours
    DOCUMENT = "document"  # somebody's page, letter or policy, as it was added


@dataclass(frozen=True, slots=True)
class Reference:
    """What a sentence of ours rests on: the id of a source or of a statement, and the place."""

    id: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of ours with its references, in order.

    Attributes:
        opens: "paragraph" or "item" where the sentence begins one, otherwise "".
    """

    text: str
    refs: tuple[Reference, ...] = ()
    opens: str = ""


class Mark(StrEnum):
    """What was noticed about a stretch of an added document."""

    CONTRADICTED = "contradicted"  # our tools give something else
    ADDRESSED = "addressed"  # it speaks to a program; kept as text, never obeyed


@dataclass(frozen=True, slots=True)
class Remark:
    """What was noticed about characters `start` to `end` of an added document.

    Attributes:
        quote: its words, line ends taken out.
        held: what our tools give instead; "" for what is only addressed to a program.
        statement: id of the statement or dated value that carries it, or "".
        dispute: id of the same dispute in our ledger, or "".
    """

    mark: Mark
    quote: str
    start: int
    end: int
    held: str = ""
    statement: str = ""
    dispute: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a stored document: `text` is exactly its characters `start` to `end`.

    Attributes:
        id: the document's id and the first digits of the content's hash.
        heading: where it stands in the document, outermost heading first.
        sentences: of our own prose; empty for anybody else's.
        authority: who speaks; of a guide, the weightiest of those it cites.
        asked_as: ways of asking that it answers; searched, not shown.
        effective: first day on which it holds, where known.
        until: last day on which it is known to hold.
        page: page of a paged document.
        remarks: what was noticed about it when it was added.
    """

    id: str
    document: str
    kind: Kind
    title: str
    heading: str
    text: str
    start: int
    end: int
    source: str
    authority: Authority
    url: str = ""
    certainty: Certainty = Certainty.VERIFIED
    codes: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    effective: date | None = None
    until: date | None = None
    page: int | None = None
    sentences: tuple[Sentence, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def refs(self) -> tuple[Reference, ...]:
        """What its sentences rest on, each once, in order."""
        return tuple(dict.fromkeys(ref for one in self.sentences for ref in one.refs))

    @property
    def contradicted(self) -> tuple[Remark, ...]:
        """What it says that our tools contradict."""
        return tuple(one for one in self.remarks if one.mark is Mark.CONTRADICTED)

    @property
    def addressed(self) -> tuple[Remark, ...]:
        """What in it speaks to a program."""
        return tuple(one for one in self.remarks if one.mark is Mark.ADDRESSED)

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day, as far as it says."""
        return (self.effective is None or self.effective <= on) and (
            self.until is None or on <= self.until
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A document as stored.

    Attributes:
        origin: where it was read; the same origin read again is the same document.
        hash: of everything it was made from, to see whether it has changed.
    """

    id: str
    kind: Kind
    title: str
    origin: str
    text: str
    hash: str
    publisher: str = ""
    authority: Authority = Authority.LOCAL
    url: str = ""
    added: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, the best first.

    Attributes:
        mode: "fused" (by meaning and by words) or "lexical" (by words alone).
        note: why the search was by words alone, why nothing was found, or "".
    """

    passages: tuple[Passage, ...]
    mode: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which index serves.

    Attributes:
        name: of its folder, or of its collection on a server.
        fingerprint: of the embedder that made its vectors.
        entries: how many vectors it holds.
        content: the state of the passages it was made from.
    """

    name: str
    fingerprint: str
    entries: int
    content: int
