"""What is new in an answer to our own mail, apart from what it quotes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

LONGEST_PARSED = 8_000  # characters: the library's time grows with their square
_LANGUAGES = ["en", "es", "fr", "de"]
_SIGNATURE = re.compile(r"(?m)^-- ?$")
_LONGEST_SIGNATURE = 15  # lines
_HEADER_LINE = re.compile(
    r"(?i)\A(?:on|le|el|am)\b.{0,200}(?:wrote|escribió|écrit|schrieb)\s*:\s*\Z"
)


@cache
def _parser() -> Any:
    from mailparser_reply import EmailReplyParser  # type: ignore[import-untyped]

    return EmailReplyParser(languages=list(_LANGUAGES))


def without_signature(text: str) -> str:
    """The text up to its signature mark; the whole where nothing would be left.

    A long stretch below the mark is no signature: people draw such lines too.
    """
    *_, mark = [None, *_SIGNATURE.finditer(text)]
    if mark is None or text.count("\n", mark.end()) > _LONGEST_SIGNATURE:
        return text
    kept = text[: mark.start()].rstrip()
    return kept if kept.strip() else text


def split(text: str) -> tuple[str, str]:
    """New text and quoted history of an answer to a mail of ours.

    What cannot be told apart stays whole: (text, "").
    """
    new = _without_quotes(_newest(text))
    if not new:
        return text, ""
    return new, "" if new == text.strip() else _rest(text, new)


def _newest(text: str) -> str:
    try:
        replies = _parser().read(text[:LONGEST_PARSED]).replies
    except (re.error, RecursionError, IndexError, AttributeError):
        return text
    if not replies:
        return text
    first = str(replies[0].full_body or "")
    cut_off = text[LONGEST_PARSED:] if len(replies) == 1 else ""
    return first + cut_off


def _without_quotes(text: str) -> str:
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    kept = [line for line in lines if not _HEADER_LINE.match(line.strip())]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _rest(text: str, new: str) -> str:
    """The lines of the text that are not new, in their order."""
    left = [line.strip() for line in new.split("\n")]
    quoted = []
    for line in text.split("\n"):
        if line.strip() in left:
            left.remove(line.strip())
        else:
            quoted.append(line)
    return "\n".join(quoted).strip("\n")
