"""What a document says, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.patterns import regex

PAGE_BREAK = "\f"
INSTALL = "pip install 'therapy-coding-assistant[documents]'"


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says.

    Attributes:
        text: with `\\n` line ends; pages end with a form feed.
        title: as the file itself names it, or "".
        about: front matter, and what else the file says of itself.
        notes: what was left out of it, a sentence each.
    """

    text: str
    title: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


_DAY = regex(r"\d{4}-\d{2}-\d{2}")
_ITSELF = ("title", "publisher", "authority", "payer", "url", "effective", "until")


def said_of_itself(found: Mapping[str, str]) -> dict[str, str]:
    """What of a file's metadata describes the document; days only where they are plain ones."""
    kept = {name: str(found[name]).strip() for name in _ITSELF if found.get(name)}
    if not kept.get("url", "http").startswith("http"):
        del kept["url"]
    days = ("effective", "until")
    return {k: v for k, v in kept.items() if v and (k not in days or _DAY.fullmatch(v))}
