"""Codes weighed against each other ahead of what was done: the words tell, the codes do not."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.patterns import regex
from assistant.plain_reader.mentions import disciplines

_NAME = (
    r"(?:\d{5}|(?-i:TE|TA|NMR|NMRE|MT|ADL)"
    r"|ther(?:apeutic)? ?(?:ex(?:ercises?)?|act(?:ivit(?:y|ies))?)"
    r"|neuro(?:muscular)?(?: re-?ed(?:ucation)?)?|gait(?: training)?|manual(?: therapy)?"
    r"|self[- ]?care(?: training)?)"
)
_AGAINST = (
    r"(?:or|vs\.?|versus|instead of|rather than|in place of|over|as opposed to|in lieu of"
    r"|and (?:some|others?|my \w+|the \w+) says?|but (?:the |my )?\w+ (?:says?|wants|billed))"
)
_CHANGED = (
    r"(?:chang|switch|swap|recod|convert|mov|down-?cod|up-?cod|flip|alter|edit)\w*"
    r"(?:\s+(?:it|this|that|my|our|the|from|code|claim|line|note)){0,3}"
)
_WEIGHED = regex(
    rf"\b(?:cpt\s*)?(?P<one>{_NAME})[,\s]+{_AGAINST}\s+(?:(?:it|be|to|as|under|a|the|cpt|just)\s+)*"
    rf"(?P<other>{_NAME})(?![\w/])"
    rf"|\b{_CHANGED}\s+(?P<was>{_NAME})\s+(?:in)?to\s+(?:an?\s+|cpt\s+)?(?P<now>{_NAME})(?![\w/])"
    r"|\b(?:(?:was|were|am|is|'m) (?:going|about|planning|tempted)|planned|wanted|meant|thought of)"
    rf"\s+(?:to\s+)?(?:bill|cod|us|charg|call)\w*\s+(?:it\s+|this\s+|as\s+|for\s+)*(?P<meant>{_NAME})(?![\w/])",
    re.I,
)
_ENDS = regex(r"[.?!;:,\n]\s|\s[-–]\s|\n|\s(?:for|if|when|where|but|though)\s|$", re.I)
_FIGURE = regex(r"\d\s*(?:-\s*)?(?:min|m\b|'|units?)|\bx\s*\d", re.I)
_HELPER = regex(r"\b(?:[cl]?pta|c?ota|assistant|aide|tech|student|intern)s?\b", re.I)
_WHO_IS_RIGHT = regex(
    r"(?:(?:so\s+)?(?:who|is|was|am|are|which)\b[^.?!\d]{0,24}\b(?:right|correct|ok(?:ay)?|wrong)"
    r"|thoughts|ok(?:ay)?|right|correct|yes or no|opinions?)\W*$",
    re.I,
)


def told(
    text: str,
    codes_of: Callable[[str], tuple[str, ...]],
    is_activity: Callable[[str], bool],
    names_payer: Callable[[str], bool],
) -> str:
    """«97530 or 97110? Leg press for 30 min»: what was done, without the codes it is asked of.

    The text stays as it is where minutes or a helper stand with the codes, and where what is told
    behind them names a code of its own, no minutes or nothing done.
    """
    match = _WEIGHED.search(text)
    if match is None:
        return text
    start = max(text.rfind(mark, 0, match.start()) for mark in ".?!;\n") + 1
    end = _ENDS.search(text, match.end())
    if end is None:
        return text
    beside = f"{text[start : match.start()]} {text[match.end() : end.start()]}"
    done = _WHO_IS_RIGHT.sub("", text[end.end() :])
    if _FIGURE.search(beside) or _HELPER.search(beside) or not _FIGURE.search(done):
        return text
    if codes_of(text[:start] + done) or not is_activity(done):
        return text
    kept = beside if names_payer(beside) or disciplines.find(beside) else ""
    return f"{text[:start]}{kept.rstrip(' ,:')}. {done}".lstrip(" .")
