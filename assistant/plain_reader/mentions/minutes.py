"""Minutes in any form people write them; clock times are read in `clock`."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.mentions import clock, reckoned, unspent
from assistant.plain_reader.mentions.mention import TimeMention, beside
from assistant.plain_reader.words.text import NUMBER_WORD, number

_NUM = rf"(?:\d+(?:\.\d+)?|{NUMBER_WORD})"
_MIN = r"(?:mins?\b|min(?:ut|ue|t)[a-z]{0,5}\b|mnts?\b|mns?\b|mnis?\b|m(?=[\s,.;:)+/|]|$))"
_HOUR = r"(?:hours?|hrs?\b|h(?![a-z]))"
_NOT_INSIDE = r"(?:(?<![\w.$:/])|(?<=[\dA-Z]x)|(?<=\sx)|(?<=[A-Za-z]{2}/))"

_MINUTES = regex(
    rf"{_NOT_INSIDE}(?P<n>-?{_NUM})(?!(?<=x\d)\s*\n)\)?\+?\s*-?\s*(?:more\s+|additional\s+|extra\s+)?"
    rf"(?:one[- ]on[- ]one\s+|timed\s+|total\s+|skilled\s+){{0,3}}"
    rf"(?:{_MIN}|'{{1,2}}(?=[\s,.;)+:|]|$))",
    re.I,
)
_HOURS = regex(
    rf"{_NOT_INSIDE}(?P<h>{_NUM}|an?|one|another)\s*-?\s*"
    rf"(?:(?:more|additional|further|extra|full|whole)\s+)?{_HOUR}"
    rf"(?:(?:\s*,?\s*and)?\s*(?:(?P<m>{_NUM})\s*{_MIN}|(?P<part>an?\s+(?:half|quarter))))?",
    re.I,
)
_PARTS = regex(
    r"(?P<ninety>\bhour and a half\b)|(?P<half>\bhalf[- ]*(?:an?[- ])?(?:hour|hr)\b"
    r"|(?<![\d/])(?:1/2|\u00bd)\s*(?:of\s+)?(?:an?\s*)?(?:hour|hr)\b)"
    r"|(?P<three>\b(?:three[- ]quarters?|3/4|\u00be)(?:\s+of)?(?:\s+an)?\s+(?:hour|hr)\b)"
    r"|(?P<quarter>(?:\b(?:a[- ])?quarter|(?<![\d/])1/4|\u00bc)[- ]*(?:of\s*-?an[- ]|an[- ])?"
    r"(?:hour|hr)\b)",
    re.I,
)
_HOUR_AND = regex(
    rf"(?:\b(?P<h>an?|one|two|\d)\s+)?(?<![\w-])hours?\s+and\s+(?P<m>{_NUM})(?:\s*{_MIN}|(?=\s+of\b|\s*[.,;]|\s*$))",
    re.I,
)
_OF_AN_HOUR = {"ninety": 90.0, "half": 30.0, "three": 45.0, "quarter": 15.0}
_SINGLE = regex(r"\b(?:an?|one|1)\s+(?:single|lone|stray|lonely)\s+min(?:ute)?\b", re.I)
_TIMER = regex(
    r"(?<![\d:])(?:0?0:(?P<a>[0-5]\d)(?::00)?(?![\d:])|(?P<b>\d{1,2}):00\s*min\w*)", re.I
)
_MODIFIERS = frozenset(
    (22, 24, 25, 26, 27, 50, 51, 52, 53, 58, 59, *range(73, 80), *range(90, 100))
)
_IN_SLASHES = regex(
    r"(?<![\w/])(?P<codes>(?:[A-Za-z]{2,5}|\d{5})(?:/(?:[A-Za-z]{2,5}|\d{5})){1,5})[\s:=(-]+"
    r"(?P<times>\d{1,3}(?:/\d{1,3}){1,5})(?![\d/])",
)
_SLASHES_FIRST = regex(
    r"(?<![\w.$:/])(?P<times>\d{1,3}(?:/\d{1,3}){1,5})\s+(?:of\s+)?"
    r"(?P<codes>(?:[A-Za-z]{2,5}|\d{5})(?:/(?:[A-Za-z]{2,5}|\d{5})){1,5})(?![\w/])",
)
_LISTED = regex(
    r"(?<![\w.$:/])(?:\d{1,3}(?:\s*/\s*\d{1,3}){1,11}"
    r"|\d{1,3}(?:\s*(?:,|and|&)\s*(?:and\s+)?\d{1,3}){1,11})\s*(?:minutes?|mins?\b|m\b)"
    r"|(?<![\w.$:/])\d{1,3}(?:/\d{1,3}){1,5}(?=\s+of\s+[A-Za-z9])"
    r"|(?<![\w.$:/])\d{1,3}(?:\s*(?:,|and|&)\s*\d{1,3}){1,4}(?=\s+on\s+(?:\d{5}|(?-i:[A-Z]{2,4})\b))"
    r"|(?:(?<=split was )|(?<=split )|(?<=split: )"
    r"|(?<=minutes were )|(?<=minutes are )|(?<=minutes: )|(?<=minutes )|(?<=mins: )|(?<=mins ))"
    r"\d{1,3}(?:\s*(?:,|and|&|/)\s*(?:and\s+)?\d{1,3}){1,11}(?!\d|\s*min"
    r"|\s*(?:of\s+)?(?:\d{5}|(?-i:[A-Z]{2,4}\b)))",
    re.I,
)
_NOT_LISTED = regex(
    r"\b(?:groups? of|class of|sets? of|reps? of|aged?|room|visits?|goals?|grades?|level|weeks?"
    r"|days?|pod|pain|strength|bp|hr)\W{0,3}$",
    re.I,
)
_COUNTED = regex(r"\b(?:group|grp|class|sets?|reps?) (?:of|x)\s*$", re.I)
_FEET = regex(
    r"(?<![\w.])(?P<over>[1-9]\s*x\s*)?(?P<n>\d{2,4})'(?!['\w])(?P<times>\s*x\s*[1-9]\b)?", re.I
)
_WALKED = regex(r"\b(?:amb(?:ulat\w+)?|walk(?:s|ed|ing)?)\b", re.I)
_GAIT = regex(r"\b(?:gait|gt|distance)\b", re.I)
_IN_MINUTES = regex(r"\d\s*-?\s*min\b(?!\s*(?-i:A\b))", re.I)
_REPS_BEFORE = regex(r"(?<!\d)\d\s*x\s*$", re.I)
_DENIAL = regex(r"\b(?:CO|PR|OA|PI|CR|MA|CARC|RARC|reason|remark|denial)(?: codes?)?[\s#:-]{0,2}$")
_CODE_BEFORE = regex(r"[\dA-Z]\d{4}-$")
_BEHIND_CODE = regex(r"(?<=\d{5}-)\d{1,3}(?!\w|\.\d)")
LAST_HOUR = 12  # of a clock without its half
_CAME_AT = regex(
    r"\b(?:came|arrived|seen|showed|show|visit|appointment|appt|scheduled|started?|PT|OT|ST)\b"
    r"[^.;,\d]{0,15}\bat\s+$"
)
_HALF_DAY = regex(r"\s*[ap]m\b(?!:)", re.I)
_TIMES_BEFORE = regex(r"(?<![A-Za-z])x\s*$", re.I)
_BARE = regex(
    rf"(?:(?<![\w.$:/%#])|(?<=\d{{5}})(?=x)|(?<=\.\.)|(?<=[a-z]{{3}}/)|(?<=[A-Za-z]:)|(?<=\d{{5}}:))(?:(?<!-)|(?<=[A-Za-z]-)|(?<=\d{{5}}-))(?P<x>x\s*)?"
    rf"(?:(?P<n>\d{{1,4}})(?![\w%:]|/(?!\d{{5}}|(?-i:[A-Z][A-Za-z]+ ?:?\d))|\.\d|-\d)"
    rf"|(?P<word>{NUMBER_WORD})(?=\s+(?:each\s+)?of\s|\s*(?:[.,;)]|$)))",
    re.I,
)
_BARE_NOT = regex(
    r"\s*(?:%|x\b|reps?\b|sets?\b|lbs?\b|pounds?|kg|feet|ft\b|steps?|stairs?|visits?|years?|yo\b"
    r"|y/o|weeks?|days?|degrees?|deg\b|units?\b|u\b|treatment days|sessions?|times\b"
    r"|/\s*\d(?!\d{4})|'"
    r"|-?\s*min(?:ute)?s?\b|muscles?|patients?|people|famil(?:y|ies)|caregivers?|children|kids|codes?"
    r"|hours?|hrs?\b|inch|cm\b|meters?|m\b"
    r"|of (?:those|which)\b"
    r"|of the\b(?!\s+(?:\d|(?-i:[A-Z]{2,4})\b|manual|ther|exerc|gait|neuro|self|ultra))"
    r"|yards?|miles?|mph|watts?|level|trials?|goals?|months?)",
    re.I,
)


def find(text: str) -> list[TimeMention]:
    """Every stretch of minutes and every clock block; bare numbers come as unsure minutes.

    Raises:
        ImpossibleFact: a clock block cannot be.
    """
    found = clock.find(text)
    found += beside(reckoned.repeated(text), found)
    for pattern in (_IN_SLASHES, _SLASHES_FIRST):
        found += beside([m for match in pattern.finditer(text) for m in _slashed(match)], found)
    found += beside(reckoned.summed(text), found)
    listed = [m for match in _LISTED.finditer(text) for m in _listed(match, text)]
    found += beside(listed, found)
    found += beside(_durations(text), found)
    bare = (_bare(match, text) for match in _BARE.finditer(text))
    found += beside([m for m in bare if m is not None], found)
    feet = [m.span() for m in _FEET.finditer(text) if _is_distance(text, m)]
    timed = (m for m in found if not any(a < m.end and m.start < b for a, b in feet))
    return sorted(timed, key=lambda m: m.start)


def _listed(match: re.Match[str], text: str) -> list[TimeMention]:
    """«10, 12 and 8 min»: each number is minutes."""
    at = match.start()
    if _NOT_LISTED.search(text, max(0, at - 14), at):
        return []
    numbers = list(re.finditer(r"\d+", match.group()))
    if _REPS_BEFORE.search(text, max(0, at - 5), at):
        numbers = numbers[1:]  # «3 x 10, 11 min»: an exercise's dose, then its minutes
    elif (
        _TIMES_BEFORE.search(text, max(0, at - 3), at)
        and int(numbers[0].group()) < reckoned.LEAST_REPEATED
    ):
        numbers = numbers[1:]  # «97140 x 1, 30 min and 15 min»: units, then minutes
    ends = [at + n.end() for n in numbers[:-1]] + [match.end()]
    return [
        TimeMention(at + n.start(), end, float(n.group()))
        for n, end in zip(numbers, ends, strict=True)
    ]


def _slashed(match: re.Match[str]) -> list[TimeMention]:
    """«TE/TA 20/15»: as many minutes as codes."""
    if match["codes"].count("/") != match["times"].count("/"):
        return []
    at = match.start("times")
    numbers = re.finditer(r"\d+", match["times"])
    return [TimeMention(at + n.start(), at + n.end(), float(n.group())) for n in numbers]


def _durations(text: str) -> list[TimeMention]:
    found = [
        TimeMention(m.start(), m.end(), _OF_AN_HOUR[m.lastgroup or ""])
        for m in _PARTS.finditer(text)
    ]
    found += [
        TimeMention(m.start(), m.end(), float(m["a"] or m["b"])) for m in _TIMER.finditer(text)
    ]
    found += [TimeMention(m.start(), m.end(), 1.0) for m in _SINGLE.finditer(text)]
    long = [
        TimeMention(m.start(), m.end(), 60 * (number(m["h"] or "one") or 1) + (number(m["m"]) or 0))
        for m in _HOUR_AND.finditer(text)
        if "half" not in m.group().lower()
    ]
    found += beside(long, found)
    hours = [
        TimeMention(m.start(), m.end(), _hours(m))
        for m in _HOURS.finditer(text)
        if not unspent.is_a_notice(text, m.start())
    ]
    found += beside(hours, found)
    single = []
    for match in _MINUTES.finditer(text):
        value = number(match["n"])
        if value is not None and not unspent.is_a_rule(text, match):
            single.append(TimeMention(match.start(), match.end(), value))
    return [*found, *beside(single, found)]


def _hours(match: re.Match[str]) -> float:
    word = match["h"].lower()
    hours = 1.0 if word in ("a", "an", "one", "another") else (number(word) or 0.0)
    more = number(match["m"]) if match["m"] else 0.0
    if match["part"]:
        more = 30.0 if "half" in match["part"].lower() else 15.0
    return hours * 60 + (more or 0.0)


LONGEST_WALK = 100  # minutes; «amb 300'» is feet


def _is_distance(text: str, match: re.Match[str]) -> bool:
    """«amb 150' x 2, 20 min»: feet, where the number is too high or minutes are told apart."""
    around = (text, max(0, match.start() - 40), match.end() + 20)
    if int(match["n"]) >= LONGEST_WALK:
        return bool(_WALKED.search(*around) or _GAIT.search(*around))
    if not _WALKED.search(*around):
        return False
    return bool(match["over"] or match["times"] or _IN_MINUTES.search(text))


_THAT_ONE = regex(r"\b(?:that|this|the|which|last|first|other|same|no)\s+one\Z", re.I)
_BEFORE_59 = regex(r"\b(?:no|without|needs?|add|append|wants?|a|the|with)\s+$", re.I)


def _bare(match: re.Match[str], text: str) -> TimeMention | None:
    value = number(match["n"] or match["word"])
    if value is None or _BARE_NOT.match(text, match.end()):
        return None
    if _THAT_ONE.search(text, max(0, match.start() - 8), match.end()):
        return None
    if _COUNTED.search(text, max(0, match.start() - 12), match.start()):
        return None  # «a group of 3», «2 sets of 10»
    if value <= LAST_HOUR and _HALF_DAY.match(text, match.end()):
        return None  # «10 am»; «20 am» are minutes of the morning
    if value <= LAST_HOUR and _CAME_AT.search(text, max(0, match.start() - 40), match.start()):
        return None  # «came to OT at 10 for …»
    if _DENIAL.search(text, max(0, match.start() - 14), match.start()):
        return None  # «CO-151», «denial code 97»
    if value == 59 and _BEFORE_59.search(text, max(0, match.start() - 10), match.start()):
        return None  # «no 59?», «does it need a 59»
    if value in _MODIFIERS and _CODE_BEFORE.search(text, max(0, match.start() - 6), match.start()):
        others = [int(n) for n in _BEHIND_CODE.findall(text)]
        if value == 59 or all(n in _MODIFIERS for n in others):
            return None  # «97110-59»; «TA-22» is minutes, and «97110-22, 97112-16» too
    return TimeMention(match.start(), match.end(), value, sure=False)
