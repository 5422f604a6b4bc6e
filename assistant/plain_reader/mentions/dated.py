"""Visits told apart by their dates: what stands with each day, and when that cannot be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.errors import ImpossibleFact
from assistant.patterns import regex

MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
DATE = (
    r"(?<![\d/.$-])(?:(?:19|20)\d\d-\d{1,2}-\d{1,2}"
    r"|(?:0?[1-9]|1[0-2])(?:/(?:0?[1-9]|[12]\d|3[01])/|-(?:0?[1-9]|[12]\d|3[01])-)(?:20)?\d\d)"
    rf"(?![\d/]|\s*(?:min|m\b|'|of\b))|\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+20\d\d\b"
)
_SHORT = (
    r"(?:^|(?<=[\n;.,] )|(?<=[\n;])|(?<=\bon )|(?<=\bdos ))"
    r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])"
    r"(?=\s*[:-]?\s+(?:[A-Za-z(]|\d{5}))"
    rf"|(?:^|(?<=[\n;.,] )|(?<=[\n;])|(?<=\bon )){MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?"
    r"(?=\s*[:-]\s|,?\s+\d{5})"
)
_DATE = regex(rf"{DATE}|{_SHORT}", re.I | re.M)
_NO_VISIT = regex(
    r"(?:\bdob|\bborn|\bbirth|\bonset|\binjur\w+|\bsurgery|\bsx|\bpoc|plan of care|\bcert\w*"
    r"|\brefer(?:ral|red)|\bdr|\bscript|\brx|\border\w*|\bauth\w*|\bapproved|\bthrough"
    r"|\bthru|\buntil|\bexpir\w+|\bvalid|\bdue"
    r"|\bsubmitted|\bfiled|\bbilled|\bdenied|\bremit\w*|\beob|\bnext (?:visit|appt|appointment)"
    r"|\beffective|\bsince|\bsigned|\bscheduled|\bpaid|\breceived"
    r"|\btoday(?:'s date)? is|\bif|\bvs|\bversus"
    r"|\beval(?:uat\w+)? (?:was|on|date))\W*(?:(?!and\b)\w+\W+){0,2}$",
    re.I,
)
TREATED = regex(  # a code, minutes, or letters with a number: «TE 15», «te 15»
    r"\d{5}|\d\s*(?:min|m\b|')|\b(?!(?:PT|OT|ST|SLP|DOS|VISIT|DAY)\b)(?:[A-Z]{2,4}"
    r"|te|ta|mt|nmr|gt|adl)\s*[:=x-]?\s*\d{1,2}\b(?![/,.]\d|/)"
    r"|(?<![\d:])\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d"
)
_MINUTES = regex(
    r"\d\s*(?:min|m\b|')|\d{5}\s*[,:=x-]?\s*\d{1,2}\b"
    r"|\b(?-i:[A-Z]{2,4}|te|ta|mt|nmr|gt|adl) \d{1,2}\b",
    re.I,
)
_JOINT = regex(r"\s*(?:,|&|\+|/|-|and|,\s*and|to|through|thru)\s*(?:on\s+|again\s+)?", re.I)
_UNTIL = regex(r"\s*(?:-|to|through|thru|until)\s*", re.I)
_ON_ALL = regex(
    r"\beach (?:day|visit|date|time)\b|\b(?:on )?(?:both|all(?: \w+)?) (?:days|visits|dates)\b"
    r"|\beach\b(?=\W*$)|\b(?:both|each|all)\b(?=\s*:|\s+\d{5})|\bmin\w* each\b",
    re.I,
)
_PIECE = regex(r"\n+|;|(?<=[a-z0-9)\]'])\.(?=\s|$)", re.I)

_EARLIER = regex(
    r"\b(?:initial (?:visit|eval\w*)|first (?:visit|seen)|start of care|soc|started|began"
    r"|last (?:visit|seen)"
    r"|(?:re-?)?eval\w*)\W*(?:(?!and\b)\w+\W+){0,2}$",
    re.I,
)

Told = tuple[str, dict[str, str]]


def visits(text: str) -> Told:
    """The words that hold for all, and each day with its own; no days where not two have any."""
    dates = _dates(text)
    if len({m.group() for m in dates}) < 2 or not _MINUTES.search(text):
        return "", {}
    run = _in_a_row(text, dates)
    if run and len(run) == len(dates) and _ON_ALL.search(text):
        around = text[: run[0].start()] + text[run[-1].end() :]
        return "", {m.group(): around for m in run}
    around, own = _by_piece(text, dates) or _by_place(text, dates) or ("", {})
    return (around, own) if len(own) > 1 else ("", {})


def refuse_unclear(text: str) -> None:
    """Nothing where all minutes can be of one day.

    Raises:
        ImpossibleFact: several days stand in a row, and no minutes are said to be of either.
    """
    dates = _dates(text)
    run = _in_a_row(text, dates) if _MINUTES.search(text) else []
    if len({m.group() for m in run}) > 1:
        named = " and ".join(dict.fromkeys(m.group() for m in run))
        raise ImpossibleFact(
            "date of service",
            named,
            f"{named}: minutes are counted a day at a time. Which were given on which day?",
        )


def others(text: str) -> frozenset[int]:
    """Where the dates start that are of a birth, a plan, an order or a letter, and of no visit.

    An evaluation's or a first visit's day counts where something done stands with it.
    """
    found: list[re.Match[str]] = []
    for match in _DATE.finditer(text):
        ends_it = found and _UNTIL.fullmatch(text, found[-1].end(), match.start())
        if ends_it or _is_of_other(text, match.start()):
            found.append(match)
    return frozenset(m.start() for m in found)


def _is_of_other(text: str, start: int) -> bool:
    if _NO_VISIT.search(text, max(0, start - 32), start):
        return True
    if not _EARLIER.search(text, max(0, start - 32), start):
        return False
    end = _PIECE.search(text, start)
    return not TREATED.search(text[start : end.start() if end else len(text)])


_SHORT_DAY = regex(r"(?<![\d/])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\d/])")
_SHORT_RUN = regex(  # «11/16, 11/18 and 11/20 each 97110 23 min»
    rf"(?:^|\n|\b(?:on|dos|dates?(?: of service)?|visits?)\W{{1,3}})(?P<run>{_SHORT_DAY.pattern}"
    rf"(?:\s*(?:,|&|and|,\s*and)\s*(?:on\s+)?{_SHORT_DAY.pattern})+)"
    r"(?=\s*[:,-]?\s*(?:each|both|all|same|\d{5}|(?!AND)(?-i:[A-Z]{2,4}) \d)|\s*:)",
    re.I,
)


def _dates(text: str) -> list[re.Match[str]]:
    left_out = others(text)
    found = {m.start(): m for m in _DATE.finditer(text) if m.start() not in left_out}
    for run in _SHORT_RUN.finditer(text):
        found |= {m.start(): m for m in _SHORT_DAY.finditer(text, *run.span("run"))}
    return [found[start] for start in sorted(found)]


def _in_a_row(text: str, dates: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """«11/2/2026 and 11/4/2026»: days with nothing but a joint between them."""
    run: list[re.Match[str]] = []
    for one, other in pairwise(dates):
        if _JOINT.fullmatch(text, one.end(), other.start()):
            run += [other] if run and run[-1] is one else [one, other]
    return run


def _by_piece(text: str, dates: Sequence[re.Match[str]]) -> Told | None:
    """Sentences and lines: a day holds until the next one is named; None where two share one."""
    own: dict[str, list[str]] = {}
    around: list[str] = []
    day = ""
    starts = [0, *(m.end() for m in _PIECE.finditer(text)), len(text)]
    for start, end in pairwise(starts):
        words = text[start:end].strip(" \n;.")
        named = dict.fromkeys(m.group() for m in dates if start <= m.start() < end)
        if len(named) > 1 or (not named and not day and TREATED.search(words)):
            return None
        day = next(iter(named), day)
        bare = words.replace(day, " ") if day else words
        if TREATED.search(bare) or (named and own.get(day)):
            own.setdefault(day, []).append(bare)
        elif words:
            (own[day] if day in own and not _holds_for_all(words) else around).append(bare)
    return ". ".join(around), {d: ".\n".join(w) for d, w in own.items()}


def _holds_for_all(words: str) -> bool:
    return not _OF_ONE.search(words)


_OF_ONE = regex(
    r"\b(?:s?he|her|his|him|c?ota|l?pta|student|aide|tech|assistant|separate\w*|overlap\w*|eval\w*)\b",
    re.I,
)


def _last_words(text: str, start: int) -> int:
    """Where the last sentence starts that tells no treatment and is of all days; 0 without one."""
    ends = [m.end() for m in _PIECE.finditer(text, start) if text[m.end() :].strip()]
    last = text[ends[-1] :] if ends else ""
    return ends[-1] if last and not TREATED.search(last) and _holds_for_all(last) else 0


def _by_place(text: str, dates: Sequence[re.Match[str]]) -> Told | None:
    """Each day before what was done on it, or each behind it; None where neither fits."""
    heads = not TREATED.search(text[: dates[0].start()])
    bounds = [m.start() for m in dates] if heads else [0, *(m.end() for m in dates)]
    bounds += [len(text)] if heads else []
    own: dict[str, str] = {}
    around = text[: bounds[0]] if heads else text[bounds[-1] :]
    if heads and (last := _last_words(text, dates[-1].end())):
        bounds[-1], around = last, f"{around} {text[last:]}"
    if not heads and TREATED.search(around):
        return None
    for date, (start, end) in zip(dates, pairwise(bounds), strict=True):
        words = text[start:end].replace(date.group(), " ").strip(" ,;:-\n")
        if not TREATED.search(words):
            return None
        own[date.group()] = f"{own[date.group()]}. {words}" if date.group() in own else words
    return around, own
