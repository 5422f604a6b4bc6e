"""Anyone's documents as stored documents: what a file says, who says it, and its passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import LibraryError
from assistant.evidence import Authority, Source
from assistant.library.guides import content_hash
from assistant.library.nouns import Document, Kind, Passage
from assistant.library.store import Store
from assistant.library.words import codes_in
from ingest.blocks import Shape, lines_of
from ingest.cutting import cut
from ingest.errors import Unreadable, Unsupported
from ingest.reading import PAGE_BREAK, Text, files_under, read_file

# Part of every document's hash: another way of cutting makes every document new.
CUT_VERSION = 1
PREFIX = "document:"  # so that no id is ever that of a guide
_LONGEST_ID = 60
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a document from outside; None where nothing is."""

    title: str | None = None
    publisher: str | None = None
    authority: Authority | None = None
    payer: str | None = None
    url: str | None = None
    effective: date | None = None
    until: date | None = None
    source: str | None = None


@dataclass(slots=True)
class Added:
    """What became of the files."""

    documents: list[tuple[Document, int]] = field(default_factory=list)  # with their passages
    unchanged: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # path and reason
    failed: list[tuple[str, str]] = field(default_factory=list)


def add_files(
    store: Store,
    paths: Iterable[Path],
    said: About,
    *,
    today: date,
    sources: Mapping[str, Source],
    each: Callable[[Path], None] = lambda path: None,
) -> Added:
    """Store every file that can be read; each is stored whole or not at all.

    Args:
        store: where to.
        paths: files and folders.
        said: what holds of all of them; what a file says of itself comes after it.
        today: the day they are added.
        sources: the documents we know, which a file's front matter may name.
        each: called before each file.
    """
    named = [path.absolute() for path in paths]
    found = Added()
    for path in files_under(named):
        each(path)
        try:
            _add(store, path, said, today, sources, found)
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
    sources: Mapping[str, Source],
    found: Added,
) -> None:
    text = read_file(path)
    about = _about(said, text, sources)
    digest = content_hash(CUT_VERSION, about, text.text)
    held = {one.origin: one for one in store.documents()}
    before = held.get(str(path))
    twin = next((one for one in held.values() if one.hash == digest), None)
    if twin is not None and (before is None or before.hash == digest):
        found.unchanged.append(twin.id)
        return
    title = about.title or _first_heading(text.text) or path.stem
    document = Document(
        id=before.id if before else _new_id(title, store),
        kind=Kind.DOCUMENT,
        title=title[:_LONGEST_TITLE],
        origin=str(path),
        text=text.text,
        hash=digest,
        publisher=about.publisher or "",
        authority=about.authority or Authority.INDUSTRY,
        url=about.url or "",
        added=today.isoformat(),
    )
    passages = passages_of(document, about)
    if not passages:
        raise Unreadable("holds no sentence that could be cited (menus and headings only)")
    store.put(document, passages)
    found.documents.append((document, len(passages)))


def passages_of(document: Document, about: About) -> list[Passage]:
    """The passages of a document, in order; one that repeats another word for word is left out."""
    found: dict[str, Passage] = {}
    for part in cut(document.text):
        text = document.text[part.start : part.end]
        key = f"{document.id}-{content_hash(part.heading, text)[:10]}"
        pages = PAGE_BREAK in document.text
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
                page=document.text.count(PAGE_BREAK, 0, part.start) + 1 if pages else None,
            ),
        )
    return list(found.values())


def _about(said: About, text: Text, sources: Mapping[str, Source]) -> About:
    """What is said on the command line first, then front matter, then the file's own title."""
    matter = _front_matter(text.about)
    found = {
        name: getattr(said, name) if getattr(said, name) is not None else getattr(matter, name)
        for name in About.__dataclass_fields__
    }
    about = About(**{**found, "title": found["title"] or text.title or None})
    if about.source is None:
        return about
    if about.source not in sources:
        raise Unreadable(f"names the source {about.source!r}, which sources.yaml does not hold")
    known = sources[about.source]
    return replace(
        about,
        title=about.title or known.title,
        publisher=about.publisher or known.publisher,
        authority=about.authority or known.authority,
        url=about.url or known.url,
    )


def _front_matter(raw: Mapping[str, Any]) -> About:
    """What front matter says; keys that other programs put there are not ours to judge."""

    def text(key: str) -> str | None:
        value = raw.get(key)
        return str(value).strip() or None if value is not None else None

    return About(
        title=text("title"),
        publisher=text("publisher"),
        authority=parse_authority(text("authority")),
        payer=text("payer"),
        url=text("url"),
        effective=parse_day("effective", text("effective")),
        until=parse_day("until", text("until")),
        source=text("source"),
    )


def parse_authority(value: str | None) -> Authority | None:
    """The authority of that name.

    Raises:
        Unreadable: there is none.
    """
    try:
        return Authority(value) if value else None
    except ValueError:
        names = ", ".join(Authority)
        raise Unreadable(f"authority is {value!r}; it is one of {names}") from None


def parse_day(name: str, value: str | None) -> date | None:
    """The day written as 2026-01-31.

    Raises:
        Unreadable: it is not written so.
    """
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise Unreadable(f"{name} is {value!r}; write it as 2026-01-31") from None


def _first_heading(text: str) -> str:
    headings = (Shape.HEADING, Shape.QUESTION)
    first = next((line.text for line in lines_of(text)[:10] if line.shape in headings), "")
    return first.lstrip("# ")


def _new_id(title: str, store: Store) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST_ID].strip("-")
    first = name = f"{PREFIX}{slug or 'untitled'}"
    taken = store.hashes()
    number = 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name
