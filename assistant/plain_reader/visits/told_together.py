"""Several visits or patients told in one message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.patterns import regex
from assistant.plain_reader.mentions import dated, disciplines
from assistant.plain_reader.rewording import several
from assistant.plain_reader.visits import by_discipline, patients, rows, weekdays

_NUMBERED = (
    r"(?:patient|pt|client|case|visit|claim|scenario|example)\s*(?:(?:#|no\.?)\s*|\s)"
    r"(?:\d{1,2}|[A-H]|one(?!\s+on\b)|two|three|four)(?!\w)"
    r"|(?:patient|client|case|visit|claim|scenario|example)\d{1,2}"
)
_ORDINAL = (
    r"(?:(?:the|my|our)\s+)?(?:first|second|third|fourth|1st|2nd|3rd|4th|other|next|last)\s+"
    r"(?:patient|pt|client|visit|one)"
)
_DISCIPLINE = r"(?:PT|OT|SLP|ST|physical therapy|occupational therapy|speech therapy)(?=\s*:)"
_DATED = r"(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2})(?=\s*:)"
_WEEKDAY = (
    r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday)"
)
_HAD = (
    r"(?:has|had|got|gets|received|did|does|completed|underwent|is|was|came (?:in )?for"
    r"|(?:was |were )?(?:seen|treated)(?: for)?)"
)
_LABEL = regex(
    r"(?:^|(?<=[\n.;,:])|(?<=\band))[ \t]*(?:"
    rf"(?:on\s+)?(?P<day>{_WEEKDAY})(?:[.:,-]\s*|\s+)(?=[^\n.;,]*\d)"
    rf"|(?P<label>{_NUMBERED}|{_DISCIPLINE}|{_DATED})"
    r"\s*(?::|-(?=\s)|\)|\.(?=\s)|\n|(?=\((?!59))|(?=,?\s+\d{5})"
    rf"|(?=,?\s+(?:on\s+|dos:?\s+)?(?:{dated.DATE})))\s*"
    rf"|(?P<who>{_NUMBERED})(?:\s+{_HAD})\s+(?=[^\n.;]*\d)"
    rf"|(?P<bare>(?-i:[Pp]t|[Pp]atient|[Cc]lient)\s#?[1-9A-H])\s+(?=[^\n.;]*\d)(?!min|m\b|or\b|and\b)"
    rf"|(?P<nth>{_ORDINAL})\s*(?::|-|was|had|got|did|is)?\s+(?=(?:[^\s.;,]+ ){{0,4}}\S*\d))",
    re.I,
)
NAMED = regex(rf"\b(?:{_NUMBERED})(?!\w)|\[name\]", re.I)
_SEVERAL_TREAT = regex(
    r"\b(?:two|2|both|different|three|several)\s+(?:different\s+)?(?:therapists|PTs|OTs|clinicians)\b"
)
_FIGURES = regex(r"\d")
_LAST_SENTENCE = regex(
    r"(?:\n|(?<=[.;?!])\s)(?P<words>[^\n.;?!]*[A-Za-z][^\n.;?!]*)(?P<mark>[.;?!]?)\s*\Z"
)
_PAYER = (
    r"(?:medicare|mcr|medicaid|aetna|cigna|uhc|united(?:healthcare)?|bcbs|blue cross|anthem|humana"
    r"|tricare|workers'? comp)(?:\s+(?:part )?b\b|\s+advantage|\s+commercial)?"
)
_PAYER_LAST = regex(  # «… 97140 15 min Medicare PT»
    rf"[\s,]+(?:(?:both|all|each)\s+(?:are\s+)?)?(?:{_PAYER}[\s,/]*(?:(?:pt|ot|slp|st)\b)?"
    rf"|(?:pt|ot|slp|st)[\s,/]+{_PAYER})\W*\Z",
    re.I,
)
_TREATED = regex(r"\d\s*(?:min|m\b|')|\d{5}|[A-Za-z]\s*:?\s*\d{1,2}\s*\Z(?<!59)", re.I)
_OF_ALL = regex(r"\b(?:all|both|each|every\w*|they|them|patients)\b", re.I)
_OF_ONE = regex(
    r"\b(?:s?he|her|his|him|c?ota|l?pta|student|aide|tech|assistant|separate\w*|overlap\w*|eval\w*)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One visit of a message, with the words that hold for all of them in front."""

    label: str
    text: str


def names_discipline(label: str) -> bool:
    """Whether a label names a discipline: then all parts are one patient's day."""
    return bool(re.match(r"(?:PT|OT|SLP|ST|physical|occupational|speech)\b", label, re.I))


def split(text: str) -> list[Part]:
    """The visits of a message; one where it labels none, or only one of them has figures."""
    return [day for part in _of_patients(text) for day in _of_days(part)]


def refuse_unclear(text: str) -> None:
    """Nothing where it is told whose minutes are whose.

    Raises:
        ImpossibleFact: two days or two names are told, and not which minutes are whose.
    """
    dated.refuse_unclear(text)
    patients.refuse_unclear(text)
    several.refuse_unclear(text)


def _of_patients(text: str) -> list[Part]:
    whole = [Part("", text)]
    if own := rows.grouped(text):
        return [Part(who, words) for who, words in own]
    headed = [m for m in _LABEL.finditer(text) if not (_SEVERAL_TREAT.search(text) and _is_pt(m))]
    if len({_said(label).lower() for label in headed}) > 1:
        return _labelled(text, headed) or whole
    named = patients.labels(text) or several.labels(text)
    return (_labelled(text, named) if named else []) or whole


def _is_pt(label: re.Match[str]) -> bool:
    """«PT A» where several therapists are told: one of them, and no patient."""
    return bool(re.match(r"(?:PT|OT)\s*#?\s*[A-H1-9]\b", _said(label)))


def _of_days(part: Part) -> list[Part]:
    """The part's own days, or else its disciplines, told apart."""
    around, days = dated.visits(part.text)
    if not days:
        around, days = weekdays.visits(part.text)
    name = f"{part.label}, " if part.label else ""
    if days:
        return [Part(name + day, f"{around}. On {day}: {words}") for day, words in days.items()]
    if part.label:
        return [part]
    around, own = by_discipline.parts(part.text)
    return [Part(who, f"{around}. {who}: {words}.") for who, words in own.items()] or [part]


def _labelled(text: str, labels: Sequence[re.Match[str]]) -> list[Part]:
    """One part a label, the words that hold for all in front; none where a part has no figures."""
    shared = several.without(text[: labels[0].start()]).strip()
    if _TREATED.search(shared):
        return []
    body, last = _without_last_words(text, labels[-1].end())
    shared = f"{shared} {last}".strip()
    shared += "." if shared and shared[-1] not in ".?!:;" else ""
    parts = []
    for n, label in enumerate(labels):
        end = labels[n + 1].start() if n + 1 < len(labels) else len(body)
        words = body[label.end() : end].strip()
        if not _FIGURES.search(words):
            return []
        said = _said(label)
        parts.append(Part(said, f"{shared} {said}: {words}".strip()))
    return parts


def _said(label: re.Match[str]) -> str:
    return str(next(filter(None, label.groupdict().values()))).strip()


def _without_last_words(text: str, start: int) -> tuple[str, str]:
    """The last sentences that tell no treatment hold for all visits: «Both Medicare PT. Units?»"""
    last: list[str] = []
    while (match := _LAST_SENTENCE.search(text, start)) and _holds_for_all(match["words"]):
        text = text[: match.start()]
        last.insert(0, match["words"].strip() + match["mark"])
    payer = None if last else _PAYER_LAST.search(text, start)
    if payer and not (disciplines.find(payer.group()) and disciplines.find(text[:start])):
        return text[: payer.start()], payer.group().strip(" ,.") + "."
    return text, " ".join(last)


def _holds_for_all(words: str) -> bool:
    if _TREATED.search(words):
        return False
    return bool(_OF_ALL.search(words)) or not _OF_ONE.search(words)
