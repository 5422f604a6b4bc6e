"""Minutes that nobody spent: a rule's, a deadline's, those of a notice."""

from __future__ import annotations

import re

from assistant.patterns import regex

_NOT_DURATION = regex(
    r"[ \t]*-?[ \t]*(?:rules?\b|units?\b(?!\s*[:=?]|\s+\d)|increments?\b"
    r"|codes?\b(?!\s*[:=])|intervals?|threshold|mark\b|cutoff"
    r"|minimum\b|window|drive|walk test|step test|\s*guideline|(?:time\s+)?blocks\b|blocks? of time"
    r"|timed codes?|billing|convention|late\b|early\b)",
    re.I,
)
_WALK_TEST = regex(
    r"\s+walk\b(?!\s+(?:on|in|around|to|with|through|outside|down|over|for|at)\b)", re.I
)
_BEFORE_NOT = regex(
    r"\b(?:(?<!how many )units?\s*(?:=|is|are|equals?)|every|per|each|least|under|than"
    r"|minimum of|at|within|\bcodes? (?:with|over|above)|\bservices? (?:with|over|above)"
    r"|different|separate|distinct|only need"
    r"|ago|nearest)\s*$",
    re.I,
)
_NOTICE = regex(r"\b(?:within|under|than|every|at least)\s+(?:the\s+)?$", re.I)  # «within 24 hrs»
_LISTED_EACH = regex(r"(?:\band|&|,|\+)\s+\S+(?:\s\S+){0,2}\s+(?:for\s+|got\s+)?each\s+$", re.I)
_DUE_IN = regex(
    r"\b(?:need|want|answer|reply|respond|hurry|meeting|leav\w+|start\w*|due|back|clos\w+|call"
    r"|next (?:patient|pt)|here)\b[^.,;?!\d]{0,30}\b(?:in|within)\s+(?:about\s+|the next\s+)?$",
    re.I,
)
_BAND = regex(r"\bunits?\s*(?:for|is|are|=|means?)\s*\d{1,3}\s*(?:-|to|through)\s*$", re.I)
_ASKS_OF = regex(r"\b(?:do|does|is|are|will|would|can|isn't|doesn't)\s+(?:the\s+)?$", re.I)
_ANSWERS = regex(r"\s+(?:get|earn|count|qualif|enough|give|meet|reach|equal|make|bill)\w*\b", re.I)


def is_a_rule(text: str, match: re.Match[str]) -> bool:
    """«the 8-minute rule», «every 15 minutes», «15-minute units» are no time spent."""
    if _NOT_DURATION.match(text, match.end()):
        return True
    if match["n"].lower() in ("2", "two", "6", "six") and _WALK_TEST.match(text, match.end()):
        return True  # «the six-minute walk and the Berg»: a test's name
    if _LISTED_EACH.search(text, max(0, match.start() - 60), match.start()):
        return False
    asked = _ASKS_OF.search(text, max(0, match.start() - 12), match.start())
    if asked and _ANSWERS.match(text, match.end()):
        return True  # «does 22 min get the add-on?»
    if _BAND.search(text, max(0, match.start() - 30), match.start()):
        return True  # «3 units for 38-52 min»
    if _DUE_IN.search(text, max(0, match.start() - 60), match.start()):
        return True  # «need the answer in 10 min»
    return bool(_BEFORE_NOT.search(text, max(0, match.start() - 14), match.start()))


def is_a_notice(text: str, start: int) -> bool:
    """«cancelled within 24 hrs»: hours of a notice, and no time spent."""
    return bool(_NOTICE.search(text, max(0, start - 14), start))
