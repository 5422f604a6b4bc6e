"""What surrounds the services: setting, dollars, and what the writer attests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.claim import Setting
from assistant.patterns import regex
from assistant.plain_reader.mentions.days import is_alone, year_of

_AMOUNT = r"\$\s?(\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+(?:\.\d\d)?)"
_MONEY = regex(
    rf"{_AMOUNT}|\b(\d{{1,3}}(?:,\d{{3}})+|\d{{3,5}})(?:\.\d\d)?\s*(?:dollars|usd)\b"
    r"|(?<![\d.,$])(\d{1,2},\d{3})(?:\.\d\d)?(?=\s+(?:used|accrued|ytd|so far)\b)",
    re.I,
)
_BARE_USED = regex(
    r"\b(?:used|accrued|at|already|ytd|accumulated|so far|to date)\s*[:=]?\s+"
    r"(?:(?:about|up|exactly|OT|PT|ST|SLP|therapy|amount|total|is|was|of|now)\s+){0,4}"
    r"(\d{1,2},\d{3}|\d{3,4})(?:\.\d\d)?(?:\s+"
    r"(?:of|so far|this year|ytd|to date|towards?|already|for the year|used|incl\w*|through"
    r"|before\s+(?:today|this|the)|prior\s+to)\b"
    r"|(?<=\d{4})\s*(?=[,;.)]|$)|(?<=\d,\d{3})\s*(?=[,;.)]|$))",
    re.I,
)
_AMOUNT_ALONE = regex(r"(?<![\d.,/-])\$?(\d{1,2},\d{3}|\d{3,4})(?:\.\d\d)?(?![\d,/-])")
_YEAR_SO_FAR = regex(
    r"this (?:calendar )?year|so far|year[- ]to[- ]date|\bytd\b|already|accrued|accumulated|used"
    r"|since january|to date|for the year|prior|before (?:today|this visit)|toward"
    r"|patient (?:is|was|has|sits|stands)? ?at|\bat\s*$"
    r"|\b(?:PT|OT|SLP|ST)\s+(?:amount|total|spend\w*)\s*(?:(?:is|was|of)\s+)?(?:at\s+)?[:=]?\s*$",
    re.I,
)
_THIS_VISIT = regex(
    r"today|this visit|this session|visit(?:'s)? (?:allows|allowed|is|will|total|bill|amount"
    r"|charge)"
    r"|allow(?:s|ed)|current visit|tomorrow",
    re.I,
)
_INCLUDES = regex(r"\W*incl\w*\.?\s+(?:today|this)", re.I)
_OF_BOTH = regex(  # «PT used $1,900, SLP used $700»: the two share one amount
    rf"\b(?:PT|(?P<st>SLP|ST))\b[^.;$\d]{{0,25}}{_AMOUNT.replace('(', '(?P<one>', 1)}"
    r"[^.;$\d]{0,20}"
    rf"\b(?(st)PT|(?:SLP|ST))\b[^.;$\d]{{0,25}}{_AMOUNT.replace('(', '(?P<two>', 1)}"
)
_SUM = r"\$?\s?(?P<{}>\d{{1,3}}(?:,\d{{3}})+|\d{{3,4}})(?:\.\d\d)?"
_SLP = r"(?i:slp|st|speech)"
_OF = r"\s+(?:(?i:used|so far|this year|of|for|in|on|toward|by)\s+){0,3}"
_OF_BOTH_BEHIND = regex(  # «used 1,900 PT and 700 speech»
    rf"(?<![\d,.]){_SUM.format('one')}{_OF}(?:(?i:pt)|(?P<st>{_SLP}))\b"
    rf"[^.;$\d]{{0,20}}{_SUM.format('two')}{_OF}(?(st)(?i:pt)|{_SLP})\b"
)
_THRESHOLD = regex(r"threshold|limit|cap\b|conversion|per unit|rate|pays?\b", re.I)


@dataclass(frozen=True, slots=True)
class Dollars:
    """Medicare-allowed dollars as the writer gives them."""

    before: Decimal | None = None
    visit: Decimal | None = None

    def over(self, earlier: Dollars) -> Dollars:
        """These, with the earlier ones where nothing was said anew."""
        return Dollars(
            earlier.before if self.before is None else self.before,
            earlier.visit if self.visit is None else self.visit,
        )


_OF_THE_RULE = regex(
    r"\bwhat (?:happens|about|if)\b[^.]{0,40}"
    r"\b(?:over|above|past|after|beyond|at|exceed\w*|reach\w*)"
    r"\s+(?:the\s+)?\$?\d,?\d{3}\b[^.]{0,12}\?*\s*$",
    re.I,
)


@lru_cache(maxsize=256)
def dollars(text: str, *, again: bool = False) -> Dollars:
    """What was allowed this year before the visit, and what the visit itself allows.

    Args:
        again: whether the year's amount was told before, so that a lone amount replaces it.
    """
    before: Decimal | None = None
    visit: Decimal | None = None
    spans = [(m.start(), m.end(), m[1] or m[2] or m[3]) for m in _MONEY.finditer(text)]
    spans += [(m.start(1), m.end(), m[1]) for m in _BARE_USED.finditer(text)]
    if _OF_THE_RULE.search(text) and not _YEAR_SO_FAR.search(text):
        return Dollars()  # «what happens over $3,000?»
    if (
        again
        and not (spans or year_of(text))
        and (alone := _AMOUNT_ALONE.search(text))
        and is_alone(text, alone)
    ):
        spans = [(alone.start(1), alone.end(1), alone[1])]
    for n, (start, end, amount) in enumerate(sorted(spans)):
        left = max((e for _, e, _ in spans if e <= start), default=max(0, start - 60))
        right = min((s for s, _, _ in spans if s >= end), default=min(len(text), end + 60))
        around_before, around_after = text[left:start], text[end:right]
        if n + 1 < len(spans):
            around_after = re.split(r"[,;.]|\band\b|\+", around_after)[0]
        value = Decimal(amount.replace(",", ""))
        is_year = bool(
            _YEAR_SO_FAR.search(around_before[-45:]) or _YEAR_SO_FAR.search(around_after[:40])
        )
        is_visit = bool(
            _THIS_VISIT.search(around_before[-40:]) or _THIS_VISIT.search(around_after[:25])
        )
        if is_visit and not (is_year and before is None):
            visit = value
        elif is_year and before is None and _INCLUDES.match(around_after):
            before, visit = value, Decimal(0)
        elif is_year and before is None and not _THRESHOLD.search(around_after[:14]):
            before = value
    behind = _OF_BOTH_BEHIND.search(text) if _YEAR_SO_FAR.search(text) else None
    both = behind or _OF_BOTH.search(text)
    if both and (behind or before is not None):
        before = sum((Decimal(both[n].replace(",", "")) for n in ("one", "two")), Decimal(0))
    if again and len(spans) == 1 and before is None and visit is None:
        before = Decimal(spans[0][2].replace(",", ""))
    return Dollars(before, visit)


_HOSPITAL = regex(
    r"hospital[- ](?:based|outpatient|owned)|outpatient hospital|\bhopd\b|\bcorf\b"
    r"|\bhosp(?:ital)?\.? (?:op|outpt|out-?patient)\b|\b(?:op|outpt) hosp(?:ital)?\b"
    r"|rehab(?:ilitation)? agency|\borf\b|"
    r"\bopt agency|snf part b|part b snf|hospital's outpatient|hospital department|ub-?04"
    r"|institutional claim",
    re.I,
)
_PRACTICE = regex(
    r"private practice|\bppt?p\b|physician(?:'s)? office|cms-?1500|professional claim"
    r"|outpatient clinic",
    re.I,
)


def setting(text: str) -> Setting | None:
    """Which edit table applies, where the text names the setting."""
    if _HOSPITAL.search(text):
        return Setting.OUTPATIENT_HOSPITAL
    return Setting.PRACTITIONER if _PRACTICE.search(text) else None


_SEPARATE = regex(
    r"\b(?:separate(?:ly)?|non-?overlapping|distinct|did(?: not|n't) overlap|no overlap\w*"
    r"|(?:own|different) (?:time|minutes|15|blocks?|sessions?)\w*|different time blocks?"
    r"|back[- ]to[- ]back"
    r"|different (?:body )?(?:regions?|areas?|parts?|sites?|times?)|one after the other)\b",
    re.I,
)
_SHARED = regex(
    r"\b(?:not separate|weren't separate|same (?:minutes|time|15|block)|at the same time"
    r"|simultaneous\w*|overlap(?:ped|ping|s)?|shared|concurrent\w*|while (?:also )?doing)\b",
    re.I,
)
_IN_TURN = regex(r"\b(?:then|followed by|after(?:wards?| that)|next|before)\b", re.I)


_APART = regex(
    r"(?:\bnot|n't|\bnever)\s+(?:at\s+)?(?:the\s+)?same\s+time|\bno overlap|non-?overlap"
    r"|did(?: not|n't) overlap|not overlap",
    re.I,
)


@lru_cache(maxsize=256)
def separate(text: str) -> bool | None:
    """Whether the writer says that each code had minutes of its own."""
    if _APART.search(text):
        return True
    if _SHARED.search(text):
        return False
    if re.search(
        r"\b(?:how|what|if|were|should|must|need|do|does)\b[^.?]*\bseparate[^.]*\?", text, re.I
    ):
        return None
    return True if _SEPARATE.search(text) else None


def in_turn(text: str) -> bool:
    """Whether the services are told one after the other."""
    return bool(_IN_TURN.search(text))
