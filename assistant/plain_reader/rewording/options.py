"""«Which code? A) 97110 B) 97530 C) 97535»: a quiz's answers stand for nothing that was done."""

from __future__ import annotations

import re

from assistant.patterns import regex

_TEXT = r"\s*[^\n?]{1,70}?[\s,;]+"
_OPTIONS = regex(
    rf"(?<=\?)\s*\(?[Aa][).]{_TEXT}(?:or\s+)?\(?[Bb][).]"
    rf"(?:{_TEXT}(?:or\s+)?\(?[Cc][).](?:{_TEXT}(?:or\s+)?\(?[Dd][).])?)?\s*[^\n?]{{1,90}}\Z"
)
_FIRST = regex(r"^\s*(?:multiple choice|quiz|(?:practice )?question)\s*(?:#?\d+)?\s*[:.]\s*", re.I)
_OF_THE_OPTIONS = regex(  # «which of the following is untimed?» asks of them
    r"\b(?:un)?timed\b|\b(?:service|time)-based\b|\bconstant attendance\b|\bcorrect statement\b",
    re.I,
)
LONGEST = 400  # characters that the answers of a question may take


def told(text: str) -> str:
    """The question without the answers that it offers."""
    found = _OPTIONS.search(text, max(0, len(text) - LONGEST))
    asked = text[: found.start()] if found else ""
    if found is None or _OF_THE_OPTIONS.search(asked):
        return text
    return _FIRST.sub("", asked.rstrip())
