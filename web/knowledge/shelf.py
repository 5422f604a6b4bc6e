"""The documents that somebody added, as the store of passages holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from assistant.evidence import Authority
from assistant.library import Document, Kind, Passage
from assistant.library.nouns import Mark, Remark
from assistant.library.store import FILE, Store

# Who may call itself one of these: what a document says of itself is shown as just that.
WEIGHTY = (Authority.LAW, Authority.CMS_MANUAL, Authority.CMS_PAGE, Authority.CONTRACTOR)


@dataclass(frozen=True, slots=True)
class Held:
    """An added document without its text.

    Attributes:
        name: the file's name, as it was added.
        passages: how many it is cut into.
        pages: of a paged document, how many; 0 for any other.
        noticed: what was noticed about it, each place once.
    """

    id: str
    title: str
    name: str
    publisher: str
    authority: Authority
    url: str
    added: str
    characters: int
    passages: int
    pages: int
    payers: tuple[str, ...]
    effective: date | None
    until: date | None
    noticed: tuple[Remark, ...]

    @property
    def contradicted(self) -> int:
        """How many of its claims our tools contradict."""
        return sum(one.mark is Mark.CONTRADICTED for one in self.noticed)

    @property
    def addressed(self) -> int:
        """How many of its places speak to a program."""
        return sum(one.mark is Mark.ADDRESSED for one in self.noticed)

    @property
    def says_so_itself(self) -> bool:
        """Whether it carries a weight that only law, CMS or a contractor has."""
        return self.authority in WEIGHTY


@dataclass(frozen=True, slots=True)
class Flagged:
    """Something noticed, with the passage and the document in which it stands."""

    document: Held
    passage: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every added document, the latest first, and what was noticed in them."""

    documents: tuple[Held, ...]
    flagged: tuple[Flagged, ...]

    def get(self, document: str) -> Held | None:
        """One document, or None where none has that id."""
        return next((one for one in self.documents if one.id == document), None)


def shelf(folder: Path) -> Shelf:
    """The added documents of a data folder; read again only when its store has changed.

    Raises:
        LibraryError: the store cannot be read; says what to do.
    """
    path = folder / FILE
    return _read(path, _stamp(path)) if path.is_file() else Shelf((), ())


def _stamp(path: Path) -> tuple[int, ...]:
    """Another one whenever the file, or the log beside it, is another."""
    files = (path, path.with_name(f"{path.name}-wal"))
    states = [one.stat() for one in files if one.exists()]
    return tuple(number for one in states for number in (one.st_mtime_ns, one.st_size))


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: tuple[int, ...]) -> Shelf:
    with closing(Store(path)) as store:
        added = [one for one in store.documents() if one.kind is Kind.DOCUMENT]
        passages = {one.id: store.passages(one.id) for one in added}
    held = sorted((_held(one, passages[one.id]) for one in added), key=_latest_first)
    return Shelf(tuple(held), tuple(_flagged(held, passages)))


def _latest_first(document: Held) -> tuple[int, str]:
    day = date.fromisoformat(document.added) if document.added else date.min
    return -day.toordinal(), document.title.lower()


def _held(document: Document, passages: Sequence[Passage]) -> Held:
    first = passages[0] if passages else None
    return Held(
        id=document.id,
        title=document.title,
        name=Path(document.origin).name,
        publisher=document.publisher,
        authority=document.authority,
        url=document.url,
        added=document.added,
        characters=len(document.text),
        passages=len(passages),
        pages=max((one.page or 0 for one in passages), default=0),
        payers=first.payers if first else (),
        effective=first.effective if first else None,
        until=first.until if first else None,
        noticed=tuple(dict.fromkeys(remark for one in passages for remark in one.remarks)),
    )


def _flagged(held: Sequence[Held], passages: dict[str, tuple[Passage, ...]]) -> Iterator[Flagged]:
    for document in held:
        seen: set[Remark] = set()
        for passage in passages[document.id]:
            for remark in passage.remarks:
                if remark not in seen:  # one that reaches into two passages stands once
                    seen.add(remark)
                    yield Flagged(document, passage.id, remark)
