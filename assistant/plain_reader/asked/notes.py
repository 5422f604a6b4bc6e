"""Whether a message asks about a note that it holds, and the note alone."""

from __future__ import annotations

import re

from assistant.patterns import regex

_NOTE = regex(
    r"\b(?:check|review|audit|look (?:at|over)|critique|grade|improve|fix)\s+(?:this|my|the|our"
    r"|following)\s+(?:\w+\s+)?(?:note|documentation|soap|chart)"
    r"|\b(?:is|does|will|would)\s+(?:this|my)\s+(?:\w+\s+)?(?:note|documentation)\b"
    r"|^\W*(?:please |pls )?(?:review|check|audit)\s*:(?=[\s\S]{100})",
    re.I,
)
_REQUEST_ENDS = regex(r"[?:\n]|\.\s")
SHORTEST_NOTE = 25  # characters behind the question
AHEAD = 40  # characters in front of the question: «Hi, can you …»
LONG = 120  # characters; a shorter «note: …» is no day's note
_NOTE_BELOW = regex(r"(?<!voice )\bnote\s*:\s*\S", re.I)


def shows_a_note(text: str, *, to_bill: bool) -> bool:
    """Whether the message asks about a note and holds it."""
    asked = _NOTE.search(text)
    if asked is not None:
        end = _REQUEST_ENDS.search(text, asked.end())
        behind = text[end.end() :] if end else ""
        return len(text) > LONG or len(behind.strip()) > SHORTEST_NOTE
    return len(text) > LONG and bool(_NOTE_BELOW.search(text)) and not to_bill


def without_request(text: str) -> str:
    """A note without the words that ask to look at it."""
    asked = _NOTE.search(text)
    if asked is None or asked.start() > AHEAD:
        return text
    end = _REQUEST_ENDS.search(text, asked.end())
    return text[end.end() :] if end else text
