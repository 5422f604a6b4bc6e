"""Numbers that may be minutes and that nothing in the message takes up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import TimeMention

LEAST, MOST = 5, 120  # what the minutes of one code plausibly are
AROUND = 24  # characters shown on either side
_NO_MINUTES_BEFORE = regex(
    r"(?:\b(?:age[ds]?|no|nos|number|room|rm|pages?|pgs?|p|pp|chapter|ch|sections?|sec|part|version"
    r"|icd|goals?|goal of|weeks?|wks?|visits?|days?|level|lvl|grades?|mmt|lines?|steps?|score[ds]?"
    r"|berg|tug|oswestry|odi|lefs|q?dash|ndi|fim|modifiers?|mod|temp|bp|hr|spo2|o2|weight|wt|height|ht|pain"
    r"|rpe|n?prs|vas|tables?|box|items?|fields?|form|options?|questions?|q|examples?|scenarios?|case"
    r"|patients?|pts?|clients?|phone|ext|suite|zip|rom|flexion|flex|extension|abd\w*|er|ir|degrees?"
    r"|cap|threshold|rule|rule of|units?|lb|lbs|bill|jan\w*|feb\w*|mar|march|apr\w*|may|june?|july?"
    r"|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*|since|in|by|year|fy|cy|mrn|id|acct|dob|every|per|under|over"
    r"|than|least|most|first|last|next|another|other|s/p|pod|group of|class of|out of|up to|x|reps?"
    r"|(?<!quad )(?<!glute )(?<!ham )sets?"
    r"|medicare|ch\.?|gcode|lcd|articles?|rev|fax|call|seat|speed|incline|resistance|mets?|mph"
    r"|is|are|was|were|be|have|had|has|get|got|billed|only|need|wants?|about|not)\W{0,3}"
    r"|\btot(?:al)?\b[\w :=-]{0,24}"
    r"|\b(?:tx|treatment|session|visit) time\W{0,3}\s*|\b(?:scheduled|booked) for\s+"
    r"|\b(?:timed|rest|break|group|used|at)\W{0,3}|\d,|\d\s*=\s*|\d\s+of\s*"
    r"|[$#§%@/.<>~^*-]\s*|(?<![A-Za-z])x\s*)$",
    re.I,
)
_NO_MINUTES_AFTER = regex(
    r"\s*(?:min(?:ute)?s?\s+(?:get|earn|count|qualif|enough|give|meet|reach|equal)|[%/]|x\b"
    r"|\(?(?:part of|incl)|more\b|total\b|altogether\b|in all\b|[-+]?\s*\d"
    r"|st\b|nd\b|rd\b|th\b|\.\d"
    r"|['\"]|of\s+(?:it|these|those|them|the|my|our|\d)|-"
    r"|(?:[a-z-]+\s+)?(?:reps?|sets?|lbs?|pounds?|kg|feet|ft|steps?|stairs?|visits?|years?|yo|y/o|weeks?|wks?|days?"
    r"|degrees?|deg|units?|u|times|muscles?|patients?|(?!(?-i:PT\b))pts?|people|codes?|hours?|hrs?|inch\w*|cm|meters?"
    r"|yards?|miles?|mph|watts?|level|trials?|goals?|months?|minute|percent|cents?|dollars?|lines?"
    r"|claims?|denials?|points?|bpm|mmhg|seconds?|secs?|rounds?|holds?|calories|flights?|areas?"
    r"|regions?|clinics?|therapists?|modifiers?|edits?|pages?|am|pm|male|female|m|f)\b)",
    re.I,
)


def numbers(part: str, bare: Sequence[TimeMention], *, x_is_minutes: bool = False) -> list[str]:
    """Each such number with the words around it, in the writer's own words.

    Args:
        bare: the numbers without «min» that stand beside no code, no person and nothing done.
        x_is_minutes: whether «x15» means minutes here: «gait x20, stairs x10».
    """
    return [_around(part, m) for m in bare if _may_be_minutes(part, m, x_is_minutes)]


def _may_be_minutes(part: str, bare: TimeMention, x_is_minutes: bool) -> bool:
    written = part[bare.start : bare.end].strip()
    if x_is_minutes and not _in_brackets(part, bare.start):  # there «x20» doses an exercise
        written = written.lstrip("xX ")
    if not LEAST <= bare.minutes <= MOST or not written.isdigit():
        return False
    if _NO_MINUTES_BEFORE.search(part, max(0, bare.start - 30), bare.start):
        return False
    return not _NO_MINUTES_AFTER.match(part, bare.end)


def _in_brackets(part: str, at: int) -> bool:
    return part.count("(", 0, at) > part.count(")", 0, at)


def _around(part: str, bare: TimeMention) -> str:
    """The whole words around a number."""
    low, high = max(0, bare.start - AROUND), bare.end + AROUND
    before, after = part[low : bare.start], part[bare.end : high]
    if low:  # the first may be the end of a word
        before = before.partition(" ")[2]
    if high < len(part):
        after = after.rpartition(" ")[0]
    return " ".join(f"{before}{part[bare.start : bare.end]}{after}".split()).strip(" ,;")
