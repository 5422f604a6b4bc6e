"""Our own prose as documents and passages: guides and statements, without their references."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.evidence import Authority, Source, Statement
from assistant.knowledge import Guide, Knowledge
from assistant.library.nouns import Document, Kind, Passage, Reference, Sentence
from assistant.library.words import codes_in
from assistant.patterns import regex

FORM = 1  # of the passages made here: another form makes every guide new
MOST_WORDS = 220  # a guide's section up to this length is one passage

_REFERENCE = regex(r"\[([a-z0-9][\w./@-]*)(?: ([^\]]+))?\]")
_REFERENCES = regex(rf"(?:\s*{_REFERENCE.pattern})+")
_WEIGHT = {authority: rank for rank, authority in enumerate(Authority)}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item of a guide."""

    heading: str
    is_item: bool
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """What a person reads."""
        return ("- " if self.is_item else "") + " ".join(one.text for one in self.sentences)


def content_hash(*parts: object) -> str:
    """A digest of everything that was said."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def parse_blocks(body: str) -> Iterator[Block]:
    """The paragraphs and list items of a guide, each with its heading and its sentences."""
    heading, lines = "", list[str]()
    for line in [*body.splitlines(), ""]:
        starts_item = line.startswith(("- ", "* "))
        if lines and (starts_item or not line.strip() or line.startswith("#")):
            yield _block(heading, " ".join(lines))
            lines = []
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        elif line.strip():
            lines.append(line.strip())


def _block(heading: str, text: str) -> Block:
    is_item = text.startswith(("- ", "* "))
    sentences = tuple(_sentences(text[2:] if is_item else text, "item" if is_item else "paragraph"))
    return Block(heading, is_item, sentences)


def _sentences(text: str, opens: str) -> Iterator[Sentence]:
    start = 0
    for match in _REFERENCES.finditer(text):
        refs = tuple(Reference(m[1], m[2] or "") for m in _REFERENCE.finditer(match[0]))
        yield Sentence(text[start : match.start()].strip(), refs, opens)
        start, opens = match.end(), ""
    if rest := text[start:].strip():
        yield Sentence(rest, (), opens)


def guide_document(guide: Guide, knowledge: Knowledge) -> tuple[Document, tuple[Passage, ...]]:
    """A guide as it is stored, and its passages: the answer first, then its further sections."""
    text, placed = _laid_out(list(parse_blocks(guide.body)))
    authority = _weightiest(guide, knowledge)
    document = Document(
        id=guide.id,
        kind=Kind.GUIDE,
        title=guide.title,
        origin=f"guide:{guide.id}",
        text=text,
        hash=content_hash(FORM, authority, guide),
        authority=authority,
    )
    whole = Passage(
        id="",
        document=guide.id,
        kind=Kind.GUIDE,
        title=guide.title,
        heading="",
        text="",
        start=0,
        end=0,
        source=guide.id,
        authority=authority,
        certainty=guide.certainty,
        codes=guide.codes,
        payers=guide.payers,
        topics=guide.topics,
        effective=guide.start,
        until=guide.until,
    )
    passages = tuple(_passage(whole, text, group) for group in _grouped(placed))
    answer = replace(passages[0], asked_as=guide.asked_as) if passages else None
    return document, (answer, *passages[1:]) if answer else ()


_Placed = tuple[Block, int, int]


def _laid_out(blocks: list[Block]) -> tuple[str, list[_Placed]]:
    """The guide's text as shown, and where each block stands in it."""
    text, placed, before = "", list[_Placed](), None
    for block in blocks:
        if before is not None:
            text += "\n" if before.is_item and block.is_item else "\n\n"
        if block.heading and (before is None or before.heading != block.heading):
            text += f"## {block.heading}\n\n"
        placed.append((block, len(text), len(text) + len(block.text)))
        text += block.text
        before = block
    return text, placed


def _grouped(placed: list[_Placed]) -> Iterator[list[_Placed]]:
    """Blocks of one section together, as long as they stay within `MOST_WORDS`."""
    group, words = list[_Placed](), 0
    for one in placed:
        count = len(one[0].text.split())
        if group and (one[0].heading != group[0][0].heading or words + count > MOST_WORDS):
            yield group
            group, words = [], 0
        group.append(one)
        words += count
    if group:
        yield group


def _passage(whole: Passage, text: str, group: list[_Placed]) -> Passage:
    start, end, heading = group[0][1], group[-1][2], group[0][0].heading
    said = text[start:end]
    return replace(
        whole,
        id=f"{whole.document}-{content_hash(heading, said)[:10]}",
        heading=heading,
        text=said,
        start=start,
        end=end,
        sentences=tuple(sentence for block, _, _ in group for sentence in block.sentences),
    )


def references(guide: Guide) -> Iterator[Reference]:
    """Everything a guide refers to, in order."""
    for block in parse_blocks(guide.body):
        for sentence in block.sentences:
            yield from sentence.refs


def _weightiest(guide: Guide, knowledge: Knowledge) -> Authority:
    cited = (_source(ref.id, knowledge) for ref in references(guide))
    found = [source.authority for source in cited if source is not None]
    return min(found, key=_WEIGHT.__getitem__, default=Authority.LOCAL)


def _source(reference: str, knowledge: Knowledge) -> Source | None:
    statement = knowledge.statements.get(reference)
    return knowledge.sources.get(statement.source if statement else reference)


def statements_document(knowledge: Knowledge) -> tuple[Document, tuple[Passage, ...]]:
    """All statements as one document, each a passage of its own."""
    text, passages = "", list[Passage]()
    for statement in knowledge.statements.values():
        text += "\n\n" if text else ""
        source = knowledge.sources.get(statement.source)
        if source is not None:
            passages.append(_stated(statement, source, len(text)))
        text += statement.says
    document = Document(
        id="statements",
        kind=Kind.STATEMENT,
        title="What we hold the sources to say",
        origin="statements",
        text=text,
        hash=content_hash(FORM, *passages),
        authority=Authority.LOCAL,
    )
    return document, tuple(passages)


def _stated(statement: Statement, source: Source, start: int) -> Passage:
    return Passage(
        id=f"statement:{statement.id}",
        document="statements",
        kind=Kind.STATEMENT,
        title=source.title,
        heading=statement.locator,
        text=statement.says,
        start=start,
        end=start + len(statement.says),
        source=source.id,
        authority=source.authority,
        url=source.url,
        certainty=statement.certainty,
        codes=codes_in(statement.says),
        effective=statement.start,
        until=statement.until,
        sentences=(Sentence(statement.says, (Reference(statement.id),), "paragraph"),),
    )


def own_documents(knowledge: Knowledge) -> Iterable[tuple[Document, tuple[Passage, ...]]]:
    """Everything we wrote ourselves."""
    for guide in knowledge.guides:
        yield guide_document(guide, knowledge)
    yield statements_document(knowledge)
