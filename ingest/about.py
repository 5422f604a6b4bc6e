"""Who says a document, of whom it holds, and from when: flags, front matter, file metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.documents import Text, Unreadable
from assistant.evidence import Authority, Source
from assistant.library.nouns import Passage


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a document; None where nothing is."""

    title: str | None = None
    publisher: str | None = None
    authority: Authority | None = None
    payer: str | None = None
    url: str | None = None
    effective: date | None = None
    until: date | None = None
    source: str | None = None


def describe(said: About, text: Text, sources: Mapping[str, Source]) -> About:
    """What is said on the command line first, then what the file says of itself.

    Raises:
        Unreadable: it names a source that we do not hold, an authority or a day that is none.
    """
    itself = _itself(text.about)
    found = {
        name: getattr(said, name) if getattr(said, name) is not None else getattr(itself, name)
        for name in About.__dataclass_fields__
    }
    about = About(**{**found, "title": found["title"] or text.title or None})
    if about.effective and about.until and about.until < about.effective:
        raise Unreadable(f"ends ({about.until}) before it begins ({about.effective})")
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


def of_passage(passage: Passage) -> About:
    """What was said of a stored document, as its passages carry it."""
    return About(
        payer=next(iter(passage.payers), None),
        effective=passage.effective,
        until=passage.until,
        source=passage.source if passage.source != passage.document else None,
    )


def _itself(raw: Mapping[str, Any]) -> About:
    """What a file says of itself; keys that other programs put there are not ours to judge."""

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
        return Authority(value.lower()) if value else None
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
