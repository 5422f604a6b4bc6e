"""«prosthetic training, third visit»: later visits for an orthosis or prosthesis have one code."""

from __future__ import annotations

import re

from assistant.patterns import regex

_NAMED = regex(
    r"\b(?:orthotic|orthosis|prosthetic|prosthesis|splint)s?\s+"
    r"(?:(?:management|fitting)(?: and training)?|training)\b",
    re.I,
)
_LATER = regex(
    r"\b(?:second|third|fourth|2nd|3rd|4th|5th|later|subsequent|return)\s+"
    r"(?:visit|week|session|encounter|appointment)\b|\bfollow[- ]?up\b|\bf/u\b",
    re.I,
)
_FIRST = regex(r"\b(?:first|initial|new|deliver\w*|issu\w+|next|schedul\w+|will)\b", re.I)
_CODE = regex(r"(?<!\d)\d{5}(?!\d)")
LATER_CODE = "97763"


def told(text: str) -> str:
    """The text, such training told by its code where a later visit and no other code is named."""
    if _CODE.search(text) or _FIRST.search(text) or not _LATER.search(text):
        return text
    return _NAMED.sub(LATER_CODE, text)
