"""«97161 on Monday and today 97110 23 min», «seen 11/10 (…) and 11/12 (…)»: days in any words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions.dated import DATE, MONTH, TREATED, others

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT = (  # but «pain 5/10», «strength 4/5»
    r"(?<![\d/.])(?!(?:10|\d)/10(?!\d)|[0-5]/5(?!\d))(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])"
    r"(?![\d/%]|\s*(?:min|of\b|(?:an? )?(?:hours?|hrs?|miles?|units?|lbs?|the|way|times?)\b))"
)
_DAY = regex(
    rf"(?<!\w)(?:on\s+)?(?P<day>yesterday|today|(?:the )?day before(?: yesterday)?(?= \d{{5}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)(?=:\s)|(?:{_WEEKDAY},?\s+)?(?:{DATE}|{_SHORT})"
    rf"|(?:last\s+)?{_WEEKDAY}|(?:(?<=\bon )|(?<=\band ))the \d{{1,2}}(?:st|nd|rd|th)(?= )"
    r"(?! (?:visit|session|of|time|treatment|day))"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\w|\s*(?:min|,?\s*20\d\d))|day [1-9](?!\w)"
    r"|(?:mon|tues?|weds?|thurs?|thu|fri|(?-i:Sat|Sun|SAT|SUN))(?![\w/]))(?:'s)?",
    re.I,
)
_CLAUSE = regex(r"[;\n]|,|\.(?=\s|$)|\s(?=(?:and|but|then)\s)", re.I)
_JOINT = regex(r"\s*(?:,|&|\+|and|,\s*and)\s*", re.I)
_AHEAD = regex(
    r"\b(?:next|tomorrow|upcoming|will|plan\w*|schedul\w+|due|denied|paid|submitted|billed on)\b",
    re.I,
)
_JOINED = regex(r"^\s*(?:and|but|then)\s+", re.I)
_EACH = regex(r"\b(?:each|both|all|every)\b", re.I)

Told = tuple[str, dict[str, str]]


def visits(text: str) -> Told:
    """The words that hold for all, and each day with its own; no days where not two have any."""
    return _by_clause(text) or _by_place(text) or ("", {})


def refuse_unclear(text: str) -> None:
    """Nothing where all minutes can be of one day.

    Raises:
        ImpossibleFact: several days are told with minutes, and which belong to which is not sure.
    """
    # What is to come, or the claim, is no day of treatment.
    ahead = [clause for clause in _CLAUSE.split(text) if _AHEAD.search(clause)]
    past = [m for m in _days(text) if not any(m["day"] in clause for clause in ahead)]
    runs = _runs(text, [m for m in past if m["day"].lower() != "today"] if _dated(past) else past)
    marks = [run[0] for run in runs]
    bounds = [0, *(m.start() for m in marks), len(text)]
    told = [bool(TREATED.search(_DAY.sub(" ", text[a:b]))) for a, b in pairwise(bounds)]
    several = len({m["day"].lower() for m in marks}) > 1
    joined = any(len(run) > 1 and re.search(r"\d", run[0]["day"]) for run in runs)
    if (several and any(told[1:-1]) and (told[0] or told[-1])) or (joined and any(told)):
        named = " and ".join(dict.fromkeys(m["day"] for run in runs for m in run))
        raise ImpossibleFact(
            "date of service",
            named,
            f"{named}: minutes are counted a day at a time. Which were given on which day?",
        )


def _dated(days: Sequence[re.Match[str]]) -> bool:
    """Whether a day is told by its date, so that «today» may be that day."""
    return any(re.search(r"\d", m["day"]) for m in days)


def _by_clause(text: str) -> Told | None:
    own: dict[str, list[str]] = {}
    around: list[str] = []
    waiting: list[str] = []  # told before their day is: «A 20, B 10 yesterday»
    day = ""
    for clause in filter(str.strip, _CLAUSE.split(text)):
        named = _days(clause)
        treated = bool(TREATED.search(clause)) and not _AHEAD.search(clause)
        if len({m["day"].lower() for m in named}) > 1:
            return None
        words = _JOINED.sub("", _DAY.sub(" ", clause) if named else clause).strip()
        if not treated:
            if named:
                return None  # a day whose treatment stands elsewhere
            around.append(words)
            continue
        if not named:
            (own[day] if day else waiting).append(words)
            continue
        called, leads = named[0]["day"], not TREATED.search(clause[: named[0].start()])
        if not leads and day and TREATED.search(clause[named[0].end() :]):
            return None  # «… and 97140 for 10 on Wednesday 97110 for 30»
        if waiting and leads:
            return None
        own.setdefault(called, []).extend([*waiting, words])
        day, waiting = (called if leads else ""), []
    if waiting or len(own) < 2:
        return None
    return ", ".join(filter(None, around)), {d: ", ".join(w) for d, w in own.items()}


def _by_place(text: str) -> Told | None:
    """Each run of days before what was done on it, or each behind it; None where neither fits."""
    runs = _runs(text, _days(text))
    if not runs or (len(runs) == 1 and not (len(runs[0]) > 1 and _EACH.search(text))):
        return None
    heads = not TREATED.search(text[: runs[0][0].start()])
    starts = [run[0].start() for run in runs]
    ends = [run[-1].end() for run in runs]
    bounds = [*starts, len(text)] if heads else [0, *ends]
    around = text[: starts[0]] if heads else text[ends[-1] :]
    own: dict[str, str] = {}
    for run, (start, end) in zip(runs, pairwise(bounds), strict=True):
        words = text[run[-1].end() : end] if heads else text[start : run[0].start()]
        words = _JOINED.sub("", words.strip(" ,;:-()\n"))
        if not TREATED.search(words) or _AHEAD.search(words):
            return None
        own |= dict.fromkeys((m["day"] for m in run), words)
    if TREATED.search(around) or len(own) < 2:
        return None
    return around.strip(" ,;:.\n"), own


def _days(text: str) -> list[re.Match[str]]:
    """The words for days of treatment; births, orders and plans left out."""
    left_out = others(text)
    return [m for m in _DAY.finditer(text) if m.start("day") not in left_out]


def _runs(text: str, days: Sequence[re.Match[str]]) -> list[list[re.Match[str]]]:
    """The days, those with nothing but a joint between them together."""
    runs: list[list[re.Match[str]]] = []
    for day in days:
        joint = runs and _JOINT.fullmatch(text, runs[-1][-1].end(), day.start())
        if joint:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
