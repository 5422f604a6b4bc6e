"""Anyone's documents as stored documents: what a file says, who says it, and its passages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from assistant.documents import PAGE_BREAK, Apart, Unreadable, Unsupported
from assistant.errors import LibraryError
from assistant.evidence import Authority
from assistant.knowledge import Knowledge, Payer
from assistant.library.guides import content_hash
from assistant.library.nouns import Document, Kind, Passage
from assistant.library.store import Store
from assistant.library.words import codes_in
from ingest.about import About, describe, of_passage
from ingest.apart import Reading, reader_apart
from ingest.blocks import Shape, lines_of
from ingest.cutting import Cut, cut
from ingest.reading import bytes_of, files_under
from ingest.remarking import Remarking

# Part of every document's hash: another way of reading or cutting makes every document new.
CUT_VERSION = 3
PREFIX = "document:"  # so that no id is ever that of a guide
_LONGEST_ID = 60
_LONGEST_TITLE = 200
_UNKNOWN = "unknown"  # the kind of a payer that we hold no profile of
_FROM_TOP = 10_000  # characters among which a document's first heading stands

Each = Callable[[Path, int, int], None]


@dataclass(slots=True)
class Added:
    """What became of the files."""

    documents: list[tuple[Document, list[Passage]]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # path and reason
    failed: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # path and what was left out


def add_files(
    store: Store,
    paths: Iterable[Path],
    said: About,
    *,
    today: date,
    knowledge: Knowledge,
    each: Each = lambda path, number, of: None,
    reader: Apart[Reading] | None = None,
) -> Added:
    """Store every file that can be read; each is stored whole or not at all.

    Args:
        store: where to.
        paths: files and folders.
        said: what holds of all of them; what a file says of itself comes after it.
        today: the day they are added.
        knowledge: what they are checked against; its sources may be named in front matter.
        each: called before each file, with its number and how many there are.
        reader: reads the files; one with the usual bounds, unless given.
    """
    named = [path.absolute() for path in paths]
    found = Added()
    files = list(files_under(named, lambda path, why: found.failed.append((str(path), why))))
    remarking = Remarking(knowledge)
    with reader or reader_apart() as apart:
        for number, path in enumerate(files, 1):
            each(path, number, len(files))
            try:
                _add(store, path, said, today, knowledge, found, apart, remarking)
            except Unsupported as error:
                (found.failed if path in named else found.skipped).append((str(path), str(error)))
            except (Unreadable, LibraryError) as error:
                found.failed.append((str(path), str(error)))
    return found


def _add(
    store: Store,
    path: Path,
    said: About,
    today: date,
    knowledge: Knowledge,
    found: Added,
    reader: Apart[Reading],
    remarking: Remarking,
) -> None:
    reading = reader.read(bytes_of(path), path.suffix)
    text = reading.text.text
    about = describe(said, reading.text, knowledge.sources)
    payer = _payer(about.payer, knowledge)
    about = replace(about, payer=payer.id if payer else None)
    digest = content_hash(CUT_VERSION, about, text)
    twin = store.document_from(str(path), digest)
    before = twin if twin is not None and twin.origin == str(path) else None
    if twin is not None and twin.hash == digest:
        found.unchanged.append(twin.id)
        return
    title = about.title or _first_heading(text) or path.stem
    document = Document(
        id=before.id if before else _new_id(title, store),
        kind=Kind.DOCUMENT,
        title=_named(title, about, payer)[:_LONGEST_TITLE],
        origin=str(path),
        text=text,
        hash=digest,
        publisher=about.publisher or "",
        authority=about.authority or Authority.INDUSTRY,
        url=about.url or "",
        added=today.isoformat(),
    )
    passages = passages_of(document, about, reading.cuts)
    if not passages:
        raise Unreadable("holds no sentence that could be cited (menus and headings only)")
    passages = remarking.remarked(document, passages, today)
    store.put(document, passages)
    found.documents.append((document, passages))
    found.notes += [(str(path), note) for note in reading.text.notes]


def passages_of(document: Document, about: About, cuts: Iterable[Cut]) -> list[Passage]:
    """The passages of a document, in order; one that repeats another word for word is left out."""
    found: dict[str, Passage] = {}
    breaks = [match.start() for match in re.finditer(PAGE_BREAK, document.text)]
    for part in cuts:
        text = document.text[part.start : part.end]
        key = f"{document.id}-{content_hash(part.heading, text)[:10]}"
        found.setdefault(
            key,
            Passage(
                id=key,
                document=document.id,
                kind=Kind.DOCUMENT,
                title=document.title,
                heading=part.heading,
                text=text,
                start=part.start,
                end=part.end,
                source=about.source or document.id,
                authority=document.authority,
                url=document.url,
                codes=codes_in(f"{document.title}\n{part.heading}\n{text}"),
                payers=(about.payer,) if about.payer else (),
                effective=about.effective,
                until=about.until,
                page=bisect_right(breaks, part.start) + 1 if breaks else None,
            ),
        )
    return list(found.values())


def cut_again(store: Store, knowledge: Knowledge, today: date) -> int:
    """Cut and check every added document anew from its stored text; how many there are."""
    remarking = Remarking(knowledge)
    added = [one for one in store.documents() if one.kind is Kind.DOCUMENT]
    for document in added:
        about = of_passage(store.passages(document.id)[0])
        passages = passages_of(document, about, cut(document.text))
        passages = remarking.remarked(document, passages, today)
        if passages and passages != list(store.passages(document.id)):
            store.put(document, passages)
    return len(added)


def check_again(store: Store, knowledge: Knowledge, today: date) -> None:
    """Hold the added documents against the rules as they are now; their passages stay."""
    remarking = Remarking(knowledge)
    for document in store.documents():
        if document.kind is Kind.DOCUMENT:
            passages = list(store.passages(document.id))
            bare = [replace(one, remarks=()) for one in passages]
            found = remarking.remarked(document, bare, today)
            if found != passages:
                store.remark({one.id: one.remarks for one in found})


def _payer(named: str | None, knowledge: Knowledge) -> Payer | None:
    """The payer of that id or name; one that we hold no profile of, by the id made of its name."""
    if not named:
        return None
    slug = re.sub(r"[^a-z0-9]+", "-", named.lower()).strip("-")
    for payer in knowledge.payers.values():
        if named == payer.id or named.lower() in (payer.name.lower(), *payer.aliases):
            return payer
    return Payer(slug, named if named != slug else slug.replace("-", " ").title(), (), _UNKNOWN)


def _named(title: str, about: About, payer: Payer | None) -> str:
    """The title, with whose rule it is: every passage then says so, and is found by it."""
    name = payer.name if payer else ""
    if about.authority is Authority.PAYER and (payer is None or payer.kind == _UNKNOWN):
        publisher = about.publisher or ""
        is_domain = "." in publisher and " " not in publisher  # all that a mail says
        name = name if is_domain else publisher or name
    if not name or name.split()[0].lower() in title.lower():
        return title
    return f"{title} ({name})"


def _first_heading(text: str) -> str:
    headings = (Shape.HEADING, Shape.QUESTION)
    lines = lines_of(text[:_FROM_TOP])[:10]
    return next((line.text for line in lines if line.shape in headings), "").lstrip("# ")


def _new_id(title: str, store: Store) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST_ID].strip("-")
    first = name = f"{PREFIX}{slug or 'untitled'}"
    taken = store.hashes()
    number = 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name
