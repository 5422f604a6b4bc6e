"""«Mon, Wed, Fri: TE 30 min»: the same visit on several days of the week."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.patterns import regex

_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)s?\b\.?"
)
_JOINT = r"(?:\s*(?:,|&|\+|/|-)\s*(?:and\s+)?|\s+(?:and\s+)?)"
_WEEK = r"(?i:\s+(?:of\s+)?(?:this|last|the)\s+week)?"
_RUN = regex(rf"\b(?:on\s+)?(?P<days>{_DAY}(?:{_JOINT}{_DAY})+){_WEEK}(?P<head>\s*:)?", re.I)
_LETTERS = regex(
    rf"(?<![\w/])(?P<days>M/?W/?F|m/?w/?f|T(?:u|ue)?/?Th(?:u|ur)?|M/W|W/F|M/Th)(?![\w/]){_WEEK}(?P<head>\s*:)?"
)
_LETTER_HEADS = regex(
    r"(?<![\w/])(?P<days>M|Tu?|W|Th|F|m|tu?|w|th|f):(?=\s)"
    r"|(?:^|(?<=[;,:] )|(?<=\n))(?P<bare>M|Tu?|W|Th|F)(?=\s(?:\d{5}|[A-Z]{2,4})\b)"
)  # «M: 97110 15; W: …»
_HEADED = regex(rf"\b(?:on\s+)?(?P<days>{_DAY}(?:{_JOINT}{_DAY})*)\s*:", re.I)
_LAST = regex(r"(?:\n|(?<=[.;])\s)(?P<words>[^\d\n.;]{0,80}[A-Za-z][^\d\n.;]{0,80})\W*\Z")
_ON_ALL = regex(
    r"\beach (?:day|visit|date|time|session)\b"
    r"|\b(?:on )?(?:both|all(?: \w+)?) (?:days|visits|dates)\b"
    r"|\b(?:per|every) (?:visit|day|session)\b|\beach\b(?=\W*$)",
    re.I,
)
_MINUTES = regex(r"\d\s*(?:min|m\b|')|\d{5}\W{1,3}\d{1,2}\b|(?-i:[A-Z]{2,4}) \d{1,2}\b", re.I)
_SHORT = {"M": "Monday", "T": "Tuesday", "W": "Wednesday", "Th": "Thursday", "F": "Friday"}


def visits(text: str) -> tuple[str, dict[str, str]]:
    """The words in front, and each day with its own; no days where the text heads none with them.

    One run of days heads the visit, or the words say that each was so; or each run heads its own.
    """
    letters = list(_LETTER_HEADS.finditer(text))
    if len({_written(m) for m in letters}) > 1:
        return _headed(text, letters)
    runs = [*_RUN.finditer(text), *_LETTERS.finditer(text)]
    if not runs or not _MINUTES.search(text):
        return "", {}
    heads = list(_HEADED.finditer(text))
    if len(heads) > 1:
        return _headed(text, heads)
    run = runs[0]
    if len(runs) > 1 or not (run["head"] or _ON_ALL.search(text)):
        return "", {}
    around = f"{text[: run.start()]} {text[run.end() :]}".strip()
    return "", dict.fromkeys(_days(run["days"]), around)


def _headed(text: str, heads: Sequence[re.Match[str]]) -> tuple[str, dict[str, str]]:
    """«Mon and Thu: …. Fri: …»; the last words, where they tell no minutes, hold for all."""
    last = _LAST.search(text, heads[-1].end())
    end = last.start() if last else len(text)
    around = text[: heads[0].start()] + (f" {last['words']}" if last else "")
    found: dict[str, str] = {}
    for one, stop in zip(heads, [*(m.start() for m in heads[1:]), end], strict=True):
        words = text[one.end() : stop].strip(" .;,\n")
        if not _MINUTES.search(words):
            return "", {}
        found |= dict.fromkeys(_days(_written(one)), words)
    return around.strip(" ."), found


def _written(head: re.Match[str]) -> str:
    return head["days"] or head["bare"]


def _days(written: str) -> list[str]:
    if named := re.findall(_DAY, written, re.I):
        return list(dict.fromkeys(day.strip(".").capitalize() for day in named))
    return [_SHORT[letter] for letter in re.findall(r"M|Th|T|W|F", _capital(written))]


def _capital(letters: str) -> str:
    """«mwf», «th»: the letters as days are written."""
    upper = letters.upper()
    return re.sub(r"TH|TU", lambda m: m.group().capitalize(), upper)
