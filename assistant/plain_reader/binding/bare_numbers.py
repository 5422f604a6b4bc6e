"""Bare numbers beside a code or a person: minutes, or units."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import (
    CodeMention,
    Mention,
    Some,
    TimeMention,
    UnitsMention,
    WhoMention,
)

MOST_LOW = 4  # of numbers that stand for units where none is called minutes
_CODE_NUMBER = regex(r"\b\d{5}\s?[-:(]?\s?(\d{1,3})(?![\d/.])")
_CODE_DASH = regex(r"\d{5}\s?[-(]\s?\d(?!\d)")
_ANY_MINUTES = regex(r"\bmin|\d\s*'|(?<![\d/.])\d\d(?![\d/.])", re.I)
MOST_UNITS = 6  # «97110 x2» are units; from «x8» on the number is minutes
_BESIDE = regex(
    r"^\s*[)\]\"]?\s*[:=(\[|\-@~.\"]*\s*(?:x|for|of|at|-|was|had been|were|would be|=|~"
    r"|(?:which |that )?took(?: up)?|(?:which|that) (?:was|lasted))?\s*"
    r"(?:(?:a full|barely|only|just|exactly|nearly|about|approx\w*\.?|around|roughly|circa|ca\.?"
    r"|~)\s*)?"
    r"(?:(?:the |for )*(?:first|last|next|other|final|remaining|another|an additional) )?$",
    re.I,
)
_BETWEEN = regex(  # a code's modifiers, and what the number is: «97110 GP | 1:1 time 15»
    r"(?:[\s,/(|:=-]*\b(?:GP|GO|GN|KX|CQ|CO|59|X[EPSU]|1:1|\d\s?(?i:u|units?)"
    r"|(?i:one[- ]on[- ]one|direct|timed?"
    r"|minutes?|mins?|duration))(?!\w))+[\s,):=-]*"
)
_EACH = regex(r"\s*(?:for\s+)?(?:each|ea|apiece)\b(?!\s+(?:day|visit|time|session|week))", re.I)
_BESIDE_COMMA = regex(r"^[,;]{1,2}\s?$")
_BY_PERSON = regex(r"\s*(?:was |were )?(?:done |given )?(?:by|with)\s+(?:the |a )?", re.I)
_PERSON_DID = regex(
    r"\s*[:=-]?\s*(?:(?:did|gave|provided|took|had|covered)\s+)?"
    r"(?:another\s+|an additional\s+|(?:the )?(?:other|last|first|remaining)\s+)?",
    re.I,
)
_MORE_TODAY = regex(
    r"\s*(?:more\s+|again\s+)?"
    r"(?:(?:in|this|that|later this) (?:the )?(?:am|pm|morning|afternoon|evening)"
    r"|(?:after|before) (?:lunch|noon)|later(?: on| today| that day)?|[ap]m)"
    r"(?=\s*(?:[.,;)]|and\b|$))",
    re.I,
)
_OF_IT = regex(
    r"\s+(?:each\s+)?(?:of\s+)?(?:(?:it|that|this|them|the)\s+)?"
    r"(?:(?:was|were|is|on|for|doing|went to|spent on)\s+)?(?:the\s+)?",
    re.I,
)
_FOR = regex(r"\s+for\b", re.I)
_PEOPLE = regex(r" ?(?:pts|patients|people|persons|clients|kids|residents)\b", re.I)
_BRACKETED = regex(  # «(2) 28 MIN», «97110 (2)» on a line of its own
    r"\s*[)\]](?:\s*\d{1,3}\s*(?:min|m\b|')|[ \t]*(?=\n))", re.I
)
_BY_X = regex(r"(?:\d{5}|[A-Za-z]{2})\s*x\s*(\d{1,3})(?![\d/])", re.I)
MODIFIERS_AS_NUMBERS = frozenset((52, 59, 76, 77, 93, 95, 96, 97))
LONGEST_BARE = 300  # minutes; a larger bare number is a year, a sum or a step count


def is_a_modifier(bare: TimeMention, sure: Sequence[TimeMention], part: str) -> bool:
    """«97140 59 GP 15 min»: a bare 59 beside a code that has minutes of its own."""
    if bare.minutes not in MODIFIERS_AS_NUMBERS:
        return False
    return bare.minutes == 59 or any(
        t.start >= bare.end and not re.search(r"[,;+&\n]|\d{5}", part[bare.end : t.start])
        for t in sure
    )


def has_a_person(part: str, bare: TimeMention, who: Sequence[WhoMention]) -> bool:
    """«PT 20 / PTA 10», «20 by the PT»."""
    if bare.minutes in MODIFIERS_AS_NUMBERS or bare.minutes > LONGEST_BARE:
        return False
    before, after = _around(bare, who)
    if after is not None and _BY_PERSON.fullmatch(part[bare.end : after.start]):
        return True
    return before is not None and bool(_PERSON_DID.fullmatch(part[before.end : bare.start]))


def near_a_code(
    part: str, bare: TimeMention, codes: Sequence[CodeMention], *, as_units: bool
) -> TimeMention | UnitsMention | None:
    """A bare number as minutes or units where it stands beside a code, else nothing.

    Args:
        as_units: whether all such numbers of the part are units; see `are_units`.
    """
    before, after = _around(bare, codes)
    if bare.minutes > LONGEST_BARE or _PEOPLE.match(part, bare.end):
        return None
    if before is not None and bare.minutes <= MOST_UNITS and _BRACKETED.match(part, bare.end):
        return UnitsMention(bare.start, bare.end, int(bare.minutes))
    if before is not None and as_units:
        return UnitsMention(bare.start, bare.end, int(bare.minutes))
    if before is not None:
        gap = _BETWEEN.sub(" ", part[before.end : bare.start])
        if _BESIDE.match(gap) or _BESIDE_COMMA.match(gap):
            times = part[bare.start] in "xX" or gap.strip() == "x"
            if bare.minutes <= MOST_UNITS and times and not counts_minutes(part):
                return UnitsMention(bare.start, bare.end, int(bare.minutes))
            return replace(bare, sure=True)
    if (
        after is None
        or bare.minutes < 1
        or (bare.minutes <= MOST_UNITS and _FOR.match(part, bare.end))
    ):
        return None  # «2 for 97110» are units
    gap = part[bare.end : after.start]
    bracketed = gap.strip() == "(" and part[after.end :][:1] == ")"
    bracketed = bracketed and bare.minutes > MOST_UNITS
    return replace(bare, sure=True) if bracketed or _OF_IT.fullmatch(gap) else None


def are_units(part: str, codes: Sequence[CodeMention]) -> bool:
    """«97110-2 97140-1»: numbers too low for minutes behind codes, and none of minutes told."""
    numbers = [int(n) for n in _CODE_NUMBER.findall(part)]
    several = len({c.codes for c in codes}) == len(numbers) > 1
    low = bool(numbers) and min(numbers) >= 1 and max(numbers) <= MOST_LOW
    told = several or _CODE_DASH.search(part)
    return bool(low and told and not _ANY_MINUTES.search(_CODE_NUMBER.sub(" ", part)))


def is_each(part: str, bare: TimeMention, codes: Sequence[CodeMention]) -> bool:
    """«97110 97140 97530 all GP, 15 each»: a number that holds for all the codes before it."""
    if not (1 <= bare.minutes <= LONGEST_BARE and _EACH.match(part, bare.end)):
        return False
    return sum(code.end <= bare.start for code in codes) > 1


def is_more(part: str, bare: TimeMention, codes: Sequence[CodeMention]) -> bool:
    """«97110 15 in the am and 10 more in the pm»: minutes of a code told before, later that day."""
    before, _ = _around(bare, codes)
    whole = 1 <= bare.minutes <= LONGEST_BARE
    return before is not None and whole and bool(_MORE_TODAY.match(part, bare.end))


def counts_minutes(part: str) -> bool:
    """«97112 x 40 and 97110 x 5»: where one such number can only be minutes, all are."""
    return any(int(n) > MOST_UNITS for n in _BY_X.findall(part))


def _around(mention: Mention, others: Sequence[Some]) -> tuple[Some | None, Some | None]:
    """The nearest of the others before and after a mention; they are in order."""
    at = bisect_left(others, mention.start, key=lambda m: m.start)
    before = others[at - 1] if at and others[at - 1].end <= mention.start else None
    return before, others[at] if at < len(others) else None
