"""Minutes that a later message tells without a code: «no, 25», «5 more», «15 and 20»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.claim import Service
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.turns import corrections, follow_up, fragments
from assistant.plain_reader.words.text import NUMBER_WORD, number

_FILLER = (
    r"(?:no|nope|actually|sorry|mistyped|mistake|typo|wrong|my|bad|misspoke|go|back|hypothetically|suppose"
    r"|maybe|done|how|both|each|all|of|them|those|i'?d|it'?s|that'?s|it|was|were|is|should|be|have"
    r"|been|make|that|ok|okay|oops|i|we|meant"
    r"|mean|did|do|about|only|so|what|if|and|correction|change|to|really|the|minutes|time|instead"
    r"|just|wait|had|say|with|she|he|they|there|for|then|did|got)"
)
_BESIDE_MINUTES_WORDS = (
    "no nope actually sorry mistyped mistake typo wrong my bad misspoke go back hypothetically "
    "suppose maybe done how both each all of them those i i'd id it's its that's thats it was were "
    "is are should be have been make that ok okay oops we meant mean did do about only so what if "
    "and correction change to really the minutes minute mins min m time instead just wait had say "
    "with total in then actually please right correct count counted counts billable skilled direct "
    "for a there she he they ah hmm oh well said let's lets closer nearer treatment treated actual "
    "yes yeah timed leave keep at stay stick payer insurance switch plan under too we're "
    "log note notes emr chart clock timer documentation record records shows says reads sheet "
    "sry srry soz call but like guess i'm new would get when thanks thank you great cool perfect "
    "hi hey"
)
_BESIDE_MINUTES = frozenset(_BESIDE_MINUTES_WORDS.split())
_ONE_ON_ONE = regex(r"\b(?:one[- ]on[- ]one|1[:/]1|hands[- ]on)\b", re.I)
_NOT_OLD = regex(r"\b(?:not|instead of|rather than)\s+(?:the\s+)?\d{1,3}\b", re.I)
_WORD = regex(rf"{NUMBER_WORD}\b|\d+(?:[:/.-]\d+)?|[a-z][a-z'-]*|[$%]", re.I)
_ASKS_WHAT_IF = regex(r"\b(?:what|how|if|suppose|hypothetically|and)\b", re.I)
_UNITS_WITH = regex(  # «would it be 2 with 23?»
    r"\b(?:be|get|have|is|bill|do)\s+(?:\d|\w{3,5})(?:\s+units?)?(?=\s+(?:with|at|if|for|when)\s)",
    re.I,
)
_MINUTE_WORD = regex(r"\bmin|\dm\b|'", re.I)
MOST_MEANT = 4  # units that «it should be 3» means
FEWEST = 8  # minutes that «so it's 6?» can mean; fewer are units
_N = rf"(?:\d{{1,3}}|{NUMBER_WORD})"
_MORE = regex(
    rf"^\W*(?:{_FILLER}\W+){{0,6}}(?:(?:add|plus|another)\W+(?:another\W+)?(?P<n>{_N})"
    rf"(?:\s+more)?|(?P<more>{_N})\s+(?:more|extra|additional))\s*(?:min(?:ute)?s?|m)?"
    r"(?:\s+of (?:the same|it|that))?\W*$"
    rf"|^\W*(?:{_FILLER}\W+){{0,6}}(?P<long>{_N})\s*(?:min(?:ute)?s?|m)?\s+"
    r"(?:(?:longer|more(?! like)|extra)|(?P<less>shorter|less|fewer))\W*$",
    re.I,
)
_SIGNED = regex(r"^\s*(?P<sign>[-+–−])\s*(?P<n>\d{1,2})\s*(?:min\w*|m)?\W*$", re.I)  # noqa: RUF001
_BARE_LIST = regex(
    r"^\W*(?:(?:no|actually|sorry|ok|oh|make (?:it|that)|it was|like|about|probably|maybe|should"
    r"|have been|be|say|i mean|meant)\W+){0,4}"
    r"\d{1,3}(?:(?:\s{0,2}(?:,\s{0,2}and|,|and|then|/|&)\s{0,2}|\s)\d{1,3}){1,11}"
    r"\s*(?:min\w*)?\s*[.!]?\s*$",
    re.I,
)
_PLEADS = regex(
    r"\b(?:only|just|come on|please|almost|nearly|short|missing|off by|away|need|round)\b", re.I
)


def takes_back_minutes(text: str) -> bool:
    """Whether minutes in the message replace those told: not so «it's only one minute»."""
    return bool(bare_minutes(text)) or (follow_up.is_correction(text) and not _PLEADS.search(text))


def more_minutes(text: str) -> int:
    """«5 more minutes», «3 minutes less»: how many more (or fewer, below 0); 0 where none."""
    if signed := _SIGNED.match(text):
        return int(signed["n"]) * (1 if signed["sign"] == "+" else -1)
    match = None if fragments.is_wish(text) else _MORE.match(text)
    if match is None:
        return 0
    minutes = int(number(match["n"] or match["more"] or match["long"]) or 0)
    return -minutes if match["less"] else minutes


def says_each(text: str) -> bool:
    """«15 min each»."""
    return bool(re.search(r"\b(?:each|apiece|both)\b", text, re.I))


def bare_minutes(text: str) -> list[int]:
    """«no, 25» and «15 and 20»: numbers that can only be minutes."""
    if fragments.is_wish(text) or _SIGNED.match(text):
        return []
    if _BARE_LIST.match(text):
        return [int(n) for n in re.findall(r"\d+", text)]
    said = _ONE_ON_ONE.sub(" ", _NOT_OLD.sub(" ", _UNITS_WITH.sub(" ", text)))
    told = [w for w in _WORD.findall(said) if w.lower() not in _BESIDE_MINUTES]
    value = number(told[0]) if len(told) == 1 else None
    if value is None or value != int(value) or not 0 <= value < 1000:
        return []
    return [int(value)]


def are_units(text: str, minutes: Sequence[int]) -> bool:
    """«so it's 2?», «it should be 1»: units and no minutes, where the minutes are known."""
    if len(minutes) != 1 or _MINUTE_WORD.search(text):
        return False
    asks = text.rstrip().endswith("?") and not _ASKS_WHAT_IF.search(text)
    return minutes[0] <= MOST_MEANT or (asks and minutes[0] < FEWEST)


_DAY = regex(
    r"\b(?:(?:the )?same(?: thing| visit)?\W+)?(?:on )?(?<![\d/])\d{1,2}/\d{1,2}"
    r"(?:/\d{2,4})?(?!\d)",
    re.I,
)
_AND_NUMBER = regex(r"^\W*(?:and|plus|also)\s+\d{1,3}\s*(?:min\w*)?[\s.!]*$", re.I)


_TREATED = regex(
    r"\b(?:one[- ]on[- ]one|1[:/]1|hands[- ]on|skilled|billable|direct|timed|treat\w*|counts?)\b",
    re.I,
)
_PART_OF = regex(r"\d\s*(?:min\w*\s*)?(?:out )?of (?:it|that|those|them|these|which)\b", re.I)
_TOTAL = regex(r"\b(?:total|visit|session|overall|whole|altogether)\b", re.I)


def take(before: Facts, facts: Facts, reading: Reading, text: str) -> None:
    """Take minutes that stand alone: for what has none yet, or in place of those told."""
    if fragments.is_wish(text):
        return
    more = more_minutes(text)
    if more and len(facts.services) == 1:
        reading.loose_minutes = [max((facts.services[0].minutes or 0) + more, 0)]
    known = bool(facts.services) and all(s.minutes is not None for s in facts.services)
    minutes = reading.loose_minutes or bare_minutes(_DAY.sub(" ", text))
    if known and not reading.loose_minutes and _AND_NUMBER.match(text):
        minutes = []  # «and 7»: of what?
    if known and _PART_OF.search(text) and not _TREATED.search(text):
        minutes = []  # «3 of it was …»: no new whole
    if before.treatment_total in minutes and _TOTAL.search(text):
        minutes = []  # «60 is total», of a visit of 60 minutes
    if known and not more and not takes_back_minutes(text):
        minutes = []
    if known and are_units(text, minutes):
        minutes = []
    if added := _of_the_unplaced(before, minutes):
        facts.services, facts.new_services = [*before.services, added], True
        facts.focus = (added.code,)
        return
    every = follow_up.with_minutes(facts.services, minutes, each=says_each(text))
    filled = every or corrections.of_focus(facts.services, minutes, before.focus)
    if filled:
        facts.services, facts.new_services = filled, True
    elif len(minutes) == 1 and len(before.activities) == 1 and not before.services:
        facts.activities = [replace(before.activities[0], minutes=minutes[0])]
        facts.new_services = True
    else:
        facts.loose_minutes = minutes


MOST_ASIDE = 2  # turns that say nothing between a code and its minutes


def _of_the_unplaced(before: Facts, minutes: Sequence[int]) -> Service | None:
    """«10» after «TE», which no minutes were told of and which was asked about: of that code."""
    told, asked = {s.code for s in before.services}, before
    for _ in range(MOST_ASIDE):  # «idk» may stand between
        if asked.codes or asked.before_said is None or asked.differs_from(asked.before_said):
            break
        asked = asked.before_said
    stood = asked.before_said
    if stood is None or asked.differs_from(stood) or asked.rule_question or len(minutes) != 1:
        return None
    (new,) = asked.codes if len(asked.codes) == 1 else ("",)
    return Service(new, minutes[0]) if new and new not in told else None
