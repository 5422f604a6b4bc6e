"""What a modifier means, said before the passages on it."""

from __future__ import annotations

import re

from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts

_MEANING = regex(
    r"\b(?:means?|meaning|stands? for|define|definition|explain|used for|tell me about"
    r"|what(?:'s|s| is| are| does))\b",
    re.I,
)

_WORDS_TOO = ("AT", "CO", "GO")


def say(parts: Parts, text: str, modifiers: tuple[str, ...], knowledge: Knowledge) -> str:
    """The text to search passages with, after the meaning of each modifier it asks for is said.

    "GO" and "CO" are words to a search, so what they mean is searched for beside them.
    """
    held = [knowledge.modifiers[name] for name in modifiers if name in knowledge.modifiers]
    if not held or not _MEANING.search(text):
        return text
    for one in held:
        parts.say(f"**{one.modifier}**: {one.meaning}{parts.worksheet.mark(one.statement)}.")
    lost = [one for one in held if one.modifier in _WORDS_TOO]
    return " ".join([text, *(f"modifier {one.modifier}: {one.meaning}" for one in lost)])
