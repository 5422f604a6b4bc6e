"""Signs that never stand in a checked draft: links, images, HTML, other scripts' digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from assistant.patterns import regex

_LINK = regex(
    r"(?:https?|ftp|file|javascript|data|mailto|tel)\s*:|//\w|\bwww\.|\]\(|^\s*\[[^\]]+\]:|!\[|"
    r"<\s*/?\s*[a-z!]|"
    r"&#?\w+;|[\w.+-]+@[\w-]+\.\w|"
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|hxxps?|\b[a-z]+\s+dot\s+(?:com|org|gov|net)\b",
    re.I | re.M,
)
DOMAIN = regex(
    r"\b(?:[a-z0-9-]+(?:\.|\s*\[?\(?dot\)?\]?\s+))+(?:com|org|gov|net|edu|io|info|biz|us|co|uk|ru|"
    r"cn|app|dev|xyz)\b",
    re.I,
)
_PHONE = regex(r"(?:\(\d{3}\)\s?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b|\b1?-?800-\w{3,}")
_SPACED = regex(r"(?<![\w$.])\d(?:[ .,_-]\d){3,}(?![\w])")
_SPLIT_WORDS = regex(
    r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)[\s-]+){3,}", re.I
)
_ROMAN = regex(
    r"(?:×|\bx)\s*[IVX]+\b|\b[IVX]+\s+(?:units?|minutes?|lines?)\b|\b(?:VI{1,3}|I[XV]|I{2,3}|XI+)\b"
)
_CODE_FENCE = regex(r"```|~~~|^\s*[{\[]\s*\"|<tool|<\|", re.M)
_ALLOWED = frozenset("–—\u2018’“”«»×•…§·→≥≤±éèñöüäà°\u00a0\u202f\u2009")


def marks_not_allowed(draft: str) -> Iterator[str]:
    """What of a draft's signs keeps it from being shown at all."""
    if _LINK.search(draft):
        yield "links, addresses, images and HTML are not allowed: cite as [1]."
    if _PHONE.search(draft):
        yield "telephone numbers are not allowed."
    if _SPACED.search(draft) or _SPLIT_WORDS.search(draft):
        yield "write a figure as one number."
    if _ROMAN.search(draft):
        yield "write figures in the digits 0 to 9."
    if _CODE_FENCE.search(draft):
        yield "write plain Markdown sentences, no code and no JSON."
    if "[^" in draft:
        yield "footnotes are not used; cite as [1]."
    if "\\" in draft:
        yield "a backslash is not allowed."
    if re.search(r"[A-Za-z\d][*_~`]+\d|\d[*_~`]+\d", draft):
        yield "no emphasis inside a figure."
    for ch in dict.fromkeys(draft):
        if fault := _odd(ch):
            yield fault
            return


def _odd(ch: str) -> str:
    if ch.isascii():
        return "" if ch.isprintable() or ch in "\n\t" else "a control character is not allowed."
    if unicodedata.numeric(ch, None) is not None:
        return "write figures in the digits 0 to 9."
    if ch in _ALLOWED:
        return ""
    category = unicodedata.category(ch)
    if category[0] in "CM" or category in ("No", "Nl", "Lm"):
        return "invisible and combining signs are not allowed."
    if category[0] == "L" and not unicodedata.name(ch, "").startswith("LATIN "):
        return "write in English letters."
    folded = unicodedata.normalize("NFKC", ch)
    if folded != ch and any(c.isalnum() for c in folded):
        return "write in plain letters and digits."
    return ""
