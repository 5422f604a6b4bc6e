"""Several visits or patients told in one message."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.patterns import regex
from assistant.plain_reader.mentions import dated, disciplines
from assistant.plain_reader.rewording import several
from assistant.plain_reader.visits import (
    by_discipline,
    day_words,
    patients,
    repeated,
    rows,
    weekdays,
)

_NUMBERED = (
    r"(?:patient|pt|client|case|visit|claim|scenario|example)\s*(?:(?:#|no\.?)\s*|\s)"
    r"(?:\d{1,2}|[A-H]|(?-i:[XYZ])|one(?!\s+on\b)|two|three|four)(?!\w)"
    r"|(?:tx|session|treatment)\s*#\s*\d{1,2}|(?:patient|client|case|visit|claim|scenario|example|(?-i:[Pp]t(?=\d:)))\d{1,2}"
)
_ORDINAL = (
    r"(?:(?:the|my|our)\s+)?(?:first|second|third|fourth|1st|2nd|3rd|4th|other|next|last|morning|afternoon|evening|\d{1,2}(?::\d\d)?\s*[ap]m)\s+"
    r"(?:patient|pt|client|visit|one)"
)
_DISCIPLINE = r"(?:PT|OT|SLP|ST|physical therapy|occupational therapy|speech therapy)(?=\s*:)"
_SLOT = (  # «my 9am: TE 23»
    r"(?:my|the)\s+\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\.?)?(?:\s+(?:patient|pt|client|appt))?(?=\s*:)"
)
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
    r"(?:^|(?<=[\n.;,:?!])|(?<=\band)|(?<=\d)(?=\s#\s?[2-9]\s))[ \t]*(?:"
    rf"(?:on\s+)?(?P<day>{_WEEKDAY})(?:[.:,-]\s*|\s+)(?=[^\n.;,]*\d)"
    rf"|(?P<label>{_NUMBERED}|{_SLOT}|{_DISCIPLINE}|{_DATED})"
    r"\s*(?::|-(?=\s)|\)|\.(?=\s)|\n|(?=\((?!59))|(?=,?\s+\d{5})"
    rf"|(?=,?\s+(?:on\s+|dos:?\s+)?(?:{dated.DATE})))\s*"
    rf"|(?P<who>{_NUMBERED})(?:\s+{_HAD})\s+(?=[^\n.;]*\d)"
    rf"|(?P<room>(?:(?:the\s+)?(?:patient|pt|client)\s+in\s+)?(?:room|rm|bed|bay)\s*#?\d{{1,3}}\b)"
    rf"(?:\s*[:,-]\s*|\s+{_HAD}\s+|\s+)(?=\S*[^\n.;]*\d)"
    rf"|(?P<bare>(?-i:[Pp]t|[Pp]atient|[Cc]lient)\s#?[1-9A-H])\s+(?=[^\n.;]*\d)(?!min|m\b|or\b|and\b)"
    r"|(?P<bare_nth>(?:second|third|fourth|2nd|3rd|4th)(?=\s+(?:(?:was|had|got|did)\s+)?\d{5}))"
    r"|(?P<hash>#\s?[1-9])(?:\s*[:.)-])?\s+(?=[^\n.;]*\d)(?!\d\s*-)"
    rf"|(?P<nth>{_ORDINAL})\s*(?::|-|was|had|got|did|is)?\s+(?=(?:[^\s.;,]+ ){{0,4}}\S*\d))",
    re.I,
)
NAMED = regex(rf"\b(?:{_NUMBERED})(?!\w)|\[name\]", re.I)
_BOTH_GOT = regex(  # «patient A and patient B each got …»
    r"\b(?P<a>(?:patient|pt|client)s?\s+[A-H1-9])\s*(?:and|&|,)\s*(?P<b>(?:(?:patient|pt|client)\s+)?"
    r"[A-H1-9])\s+(?:(?:was|were|got|had|did)\s+)?(?:each|both)\b",
    re.I,
)
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
_A_PAYER = regex(rf"\b{_PAYER}\b", re.I)
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


LONGEST_TALK = 300  # characters at the end of a message


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
    before, told, behind = _without_talk(text)
    told = repeated.spelled_out(told)
    parts = [day for part in _of_patients(told) for day in _of_days(part)]
    if len(parts) < 2:
        return [Part("", text)]
    asked = "".join(f"\n{words}" for words in (before, behind) if _ASKS_MORE.search(words))
    return [Part(p.label, f"{p.text}{asked}") for p in parts]


_ASKS_MORE = regex(r"\bmodifiers?\b|\b\d\d\b|\b(?:KX|CQ|CO|GP|GO|GN|right|correct|ok)\b", re.I)


_TALK_BEFORE = regex(  # «Hi, quick question. How should I bill this?»
    r"\A\s*(?:(?:hi|hello|hey|good \w+|quick question|question)\b[^.?!\d\n]{0,60}[.,!:?\n-]+\s*"
    r"|(?:how|what|which|can|could|should|do|does|is|are|please|pls)\b[^.?!\d\n]{0,80}[?:]\s+)+",
    re.I,
)
_TALK_BEHIND = regex(
    r"(?:(?<=[.?!\n])\s*|\s+(?=thanks|thank you|ty\b))(?:(?:(?:how|what|which|can|could|should|do"
    r"|does|is|are|please|pls|correct|right|ok)\b[^.?!\d\n]{0,80}\?+|(?:thanks|thank you|ty|thx)\b"
    r"[^.?!\d\n]{0,40}[.!]*)\s*)+\Z",
    re.I,
)


def _without_talk(text: str) -> tuple[str, str, str]:
    """What stands around the visits, a greeting, a question or thanks, and the text between."""
    before = _TALK_BEFORE.match(text)
    start = before.end() if before else 0
    behind = _TALK_BEHIND.search(text, max(start, len(text) - LONGEST_TALK))
    end = behind.start() if behind else len(text)
    return text[:start].strip(), text[start:end], text[end:].strip()


def refuse_unclear(text: str) -> None:
    """Nothing where it is told whose minutes are whose.

    Raises:
        ImpossibleFact: two days or two names are told, and not which minutes are whose.
    """
    _, text, _ = _without_talk(text)
    dated.refuse_unclear(text)
    day_words.refuse_unclear(text)
    patients.refuse_unclear(text)
    several.refuse_unclear(text)


def _of_patients(text: str) -> list[Part]:
    whole = [Part("", text)]
    if own := rows.grouped(text):
        return [Part(who, words) for who, words in own]
    several_treat = _SEVERAL_TREAT.search(text)
    headed = [m for m in _LABEL.finditer(text) if not (several_treat and _is_pt(m))]
    if len({_said(label).lower() for label in headed}) > 1:
        return _labelled(text, headed) or whole
    if both := _BOTH_GOT.search(text):
        return [Part(both[who], f"{text[: both.start()]} {text[both.end() :]}") for who in "ab"]
    named = patients.labels(text) or several.labels(text)
    return (_labelled(text, named) if named else []) or whole


def _is_pt(label: re.Match[str]) -> bool:
    """«PT A» where several therapists are told: one of them, and no patient."""
    return bool(re.match(r"(?:PT|OT)\s*#?\s*[A-H1-9]\b", _said(label)))


def _of_days(part: Part) -> list[Part]:
    """The part's own days, or else its disciplines, told apart."""
    around, days = "", repeated.on_days(part.text)
    for told in (dated.visits, weekdays.visits, day_words.visits):
        if not days:
            around, days = told(part.text)
    name = f"{part.label}, " if part.label else ""
    if days:
        days = repeated.with_its_code(days)
        whose = _said_once(days.values())
        return [
            Part(name + day, f"{around}. {whose} On {day}: {words}") for day, words in days.items()
        ]
    if part.label:
        return [part]
    around, own = by_discipline.parts(part.text)
    payer = _payer_once([*own.values(), around])
    return [Part(who, f"{around}. {payer} {who}: {words}.") for who, words in own.items()] or [part]


def _said_once(days: Collection[str]) -> str:
    """The payer and the discipline that only some of a patient's days name: they hold for all."""
    owners = {d for words in days for d in disciplines.find(words)}
    payer = _payer_once(days)
    return f"{payer} {owners.pop()}." if len(owners) == 1 else payer


def _payer_once(told: Collection[str]) -> str:
    payers = {m.group().lower() for words in told for m in _A_PAYER.finditer(words)}
    return f"{payers.pop().capitalize()}." if len(payers) == 1 else ""


def _labelled(text: str, labels: Sequence[re.Match[str]]) -> list[Part]:
    """One part a label, the words that hold for all in front; none where a part has no figures."""
    shared = several.without(text[: labels[0].start()]).strip()
    if _TREATED.search(shared):
        return []
    body, last = _without_last_words(text, labels[-1].end())
    shared = f"{shared} {last}".strip()
    shared += "." if shared and shared[-1] not in ".?!:;" else ""
    ends = [*(label.start() for label in labels[1:]), len(body)]
    own = [body[a.end() : end].strip() for a, end in zip(labels, ends, strict=True)]
    if not all(_FIGURES.search(words) or repeated.is_untold(words) for words in own):
        return []
    named = zip(map(_said, labels), repeated.filled(own), strict=True)
    return [Part(said, f"{shared} {said}: {words}".strip()) for said, words in named]


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
