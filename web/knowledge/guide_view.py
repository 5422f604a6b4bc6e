"""A guide as its page shows it: every sentence with what carries it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.evidence import Source, Statement
from assistant.knowledge import Dispute, Guide, Knowledge
from assistant.library import Passage, Reference
from assistant.library.guides import guide_document

MOST_RELATED = 6
MOST_DISPUTES = 6


@dataclass(frozen=True, slots=True)
class Ground:
    """What sentences of a guide rest on, with its number in the list of sources.

    Attributes:
        statement: what we hold the source to say there; None where a place is cited as a whole.
        locator: the place in the source.
    """

    n: int
    source: Source
    locator: str
    statement: Statement | None

    @property
    def opens(self) -> str:
        """Where more of it stands."""
        return (
            f"/statements/{self.statement.id}" if self.statement else f"/sources/{self.source.id}"
        )

    @property
    def place(self) -> str:
        """The source and the place in it, as one line."""
        return ", ".join(filter(None, (self.source.title, self.locator)))


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the grounds it rests on; none where it only leads from one to the next."""

    text: str
    grounds: tuple[Ground, ...]


@dataclass(slots=True)
class Paragraph:
    """Sentences that stand together; an item of a list where `is_item`."""

    is_item: bool
    sentences: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """One passage of a guide: what a citation of it opens."""

    id: str
    heading: str
    blocks: tuple[tuple[bool, tuple[Paragraph, ...]], ...]  # (is a list, its paragraphs)


@dataclass(frozen=True, slots=True)
class GuideView:
    """A guide, its parts in order, and the numbered grounds of its sentences."""

    guide: Guide
    authority: str
    parts: tuple[Part, ...]
    grounds: tuple[Ground, ...]
    related: tuple[Guide, ...]
    disputes: tuple[Dispute, ...]


def guide_view(guide: Guide, knowledge: Knowledge) -> GuideView:
    """A guide ready to be shown."""
    document, passages = guide_document(guide, knowledge)
    numbered = _Numbered(knowledge)
    return GuideView(
        guide,
        document.authority.value,
        tuple(_part(passage, numbered) for passage in passages),
        tuple(numbered.grounds),
        tuple(_related(guide, knowledge)),
        tuple(_disputes(guide, knowledge)),
    )


class _Numbered:
    """The grounds in the order in which they are first used."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._numbers: dict[Reference, Ground] = {}

    @property
    def grounds(self) -> Iterable[Ground]:
        """Each once, in order."""
        return self._numbers.values()

    def __call__(self, ref: Reference) -> Ground:
        if ref not in self._numbers:
            held = self._knowledge.statements.get(ref.id)
            source = self._knowledge.sources[held.source if held else ref.id]
            locator = ref.locator or (held.locator if held else "")
            self._numbers[ref] = Ground(len(self._numbers) + 1, source, locator, held)
        return self._numbers[ref]


def _part(passage: Passage, numbered: _Numbered) -> Part:
    paragraphs: list[Paragraph] = []
    for sentence in passage.sentences:
        if sentence.opens or not paragraphs:
            paragraphs.append(Paragraph(sentence.opens == "item"))
        grounds = tuple(numbered(ref) for ref in sentence.refs)
        paragraphs[-1].sentences.append(Said(sentence.text, grounds))
    return Part(passage.id, passage.heading, tuple(_in_blocks(paragraphs)))


def _in_blocks(
    paragraphs: Iterable[Paragraph],
) -> Iterator[tuple[bool, tuple[Paragraph, ...]]]:
    """Items that follow one another as one list, every other paragraph by itself."""
    items: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.is_item:
            items.append(paragraph)
            continue
        if items:
            yield True, tuple(items)
            items = []
        yield False, (paragraph,)
    if items:
        yield True, tuple(items)


def _related(guide: Guide, knowledge: Knowledge) -> list[Guide]:
    """The guides that share most codes and topics with one."""

    def shared(other: Guide) -> int:
        codes = set(guide.codes) & set(other.codes)
        return 2 * len(codes) + len(set(guide.topics) & set(other.topics))

    others = [one for one in knowledge.guides if one.id != guide.id and shared(one) > 1]
    return sorted(others, key=lambda one: (-shared(one), one.title))[:MOST_RELATED]


def _disputes(guide: Guide, knowledge: Knowledge) -> list[Dispute]:
    """The disputes on a guide's own topic that speak of one of its codes."""
    return [
        one
        for one in knowledge.disputes
        if one.topic in guide.topics and set(one.applies.get("codes", ())) & set(guide.codes)
    ][:MOST_DISPUTES]


@lru_cache(maxsize=2)
def guides_by_source(knowledge: Knowledge) -> dict[str, tuple[Guide, ...]]:
    """The guides that rest on each source, by the source's id."""
    found: defaultdict[str, dict[str, Guide]] = defaultdict(dict)
    for guide in knowledge.guides:
        for passage in guide_document(guide, knowledge)[1]:
            for ref in passage.refs:
                held = knowledge.statements.get(ref.id)
                found[held.source if held else ref.id][guide.id] = guide
    return {source: tuple(guides.values()) for source, guides in found.items()}
