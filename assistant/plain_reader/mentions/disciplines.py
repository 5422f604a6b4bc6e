"""Whose plan of care it is: PT, OT or SLP."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.claim import Discipline
from assistant.errors import ImpossibleFact
from assistant.patterns import regex

_WORDS = (
    (Discipline.PT, regex(r"\b[cl]?ptas?\b|\bphys(?:ical|\.)?\s+therap\w+|\bdpt\b", re.I)),
    (
        Discipline.OT,
        regex(r"\bc?otas?\b|\bocc(?:upational|\.)\s+therap\w+|\botr(?:/l)?\b", re.I),
    ),
    (
        Discipline.SLP,
        regex(r"\bslps?\b|\bspeech(?:[- ]language)?\s+(?:therap|path)\w+|\bccc-slp\b", re.I),
    ),
)
_CAPITALS = (
    (Discipline.PT, regex(r"(?<![\w/-])(?:PT|GP)(?![\w/])|(?<=\d-)GP(?![\w/])")),
    (Discipline.OT, regex(r"(?<![\w/-])(?:OT|GO)(?![\w/])|(?<=\d-)GO(?![\w/])")),
    (Discipline.SLP, regex(r"(?<![\w/-])(?:SLP|ST|GN)(?![\w/])|(?<=\d-)GN(?![\w/])")),
)
_PLACE = (
    r"\s(?:plan(?!n)|poc|eval|re-?eval|clinic|visit(?!ed)|practice(?!d)|session|dept|department"
    r"|treatment)"
)
_LED_IN = r"(?:outpatient|outpt|op|hospital|under|an?|for|in|our|this is|i'?m an?|im a|as an?)"


_MEDICARE = r"(?:medicare?(?: part b)?|mcr|m-?care|mdcr|part b)"


def _small(letters: str) -> re.Pattern[str]:
    """The letters in any case, where they stand as a discipline and not for the patient."""
    return re.compile(
        rf"(?:^|[,;:(/?!\n]\s*|\.\s+|\d\s+(?=\w+\W*$)|\s[-–—]+\s+|\d\s*min\w*\s+|\b{_LED_IN}\s+){letters}(?=\s*(?:[,;:.)?!/]|$|\n|-\s)|{_PLACE}|\s(?:patient|here))"
        rf"|\b{letters}(?={_PLACE}\b|\s+\d{{5}})",
        re.I,
    )


def _alone(kind: str) -> re.Pattern[str]:
    """«Medicare, speech»: the kind of therapy by its adjective, set off or beside the payer."""
    ends = rf"(?=\s*(?:[,;:.)?!]|$|\n|{_MEDICARE}\b|dept\b|department\b|visit\b|session\b))"
    return re.compile(rf"(?:^|[,;:(\n]\s*|[.?!]\s+|\b{_MEDICARE}[\s,/]+){kind}{ends}", re.I)


_BESIDE_PAYER = regex(
    r"(?<!\ba )(?<!\bthis )(?<!\bmy )(?<!\bthe )(?<!\bour )(?<!\bof )(?<!\bany )"
    r"(?<!\beach )(?<!\bone )"
    rf"\b{_MEDICARE}\s+(?P<after>pt|ot|slp|st)(?=\s*[.,;?!]|\s*$|\s+dos\b|\s+-\s)"
    rf"|(?:^|[.,;?!\n]\s*|(?<=\d)\s*(?:minutes?|mins?|m|')?\.?\s+)(?P<before>pt|ot|slp|st)\s+"
    rf"(?:20\d\d\s+)?{_MEDICARE}\b",
    re.I,
)
_BY_LETTERS = {
    "pt": Discipline.PT,
    "ot": Discipline.OT,
    "slp": Discipline.SLP,
    "st": Discipline.SLP,
}
_SMALL = (
    (Discipline.PT, _small("pt")),
    (Discipline.OT, _small("ot")),
    (Discipline.SLP, regex(r"(?:^|[,;:(]\s*)(?:slp|st)(?=\s*(?:[,;:.)?!]|$))", re.I)),
    (Discipline.PT, _alone("physical")),
    (Discipline.OT, _alone("occupational")),
    (Discipline.SLP, _alone("speech")),
)
_COMBINED = regex(  # the year's amount that the two share
    r"\b(?:PT\s*(?:/|and|&|\+)?\s*(?:SLP|ST)|(?:SLP|ST)\s*(?:/|and|&|\+)?\s*PT)\b"
    r"(?=\s*(?:combined|together|shared|threshold|cap))",
    re.I,
)
_ANY_OF = regex(  # «physical or occupational therapy claims»: no visit's
    r"\b(?:(?:physical|occupational|speech)(?:-language)?(?: therapy)?"
    r"(?:\s{0,2}(?:,|\band\b|\bor\b|/|&)){1,2}\s{0,2}){1,2}"
    r"(?:physical|occupational|speech)(?:[- ]language)?\s+(?:therap|path)\w+",
    re.I,
)
_BESIDE_MONEY = regex(r"\bPT\s*(?:[/+&]|and)\s*(?:SLP|ST)\b|\b(?:SLP|ST)\s*(?:[/+&]|and)\s*PT\b")
_MONEY = regex(r"[$]|\b(?:ytd|used|accrued|threshold|kx)\b|\b\d{1,2},\d{3}\b", re.I)
_LETTERS = r"(?:PT|OT|SLP|ST)"
_AMOUNT = regex(  # «OT ytd 2600»: whose amount it is, not whose visit
    rf"\b(?P<whose>{_LETTERS})(?:\s*[/+&]\s*{_LETTERS})?\s+(?:(?:is|was)\s+(?:at\s+)?|has\s+|at\s+)?"
    r"(?:ytd|used|total|amount|accrued|cap|threshold)?\s*(?:is|was|of|:|=)?\s*"
    r"(?:\$?\d{1,2},?\d{3}|\$\d{3})(?:\.\d\d)?(?!\d|,\d)"
)
_DENIED = regex(
    r"\b(?:(?<=\w )no|not|without|instead of|rather than|isn't|wasn't|no[- ]?show(?:ed)?|missed"
    r"|skipped|refused|cancell?ed)\s+(?:an?\s+|any\s+|for\s+|with\s+|(?:his|her|their|the)\s+)?"
    r"(?:PT|OT|SLP|ST|physical therapy|occupational therapy|speech therapy)\b"
    r"|\b(?:PT|OT|SLP|ST|(?:physical|occupational|speech) therapy) (?:patient|client|pt)\b"
    r"(?=[^.;\n]{0,30}\b(?:got|had|received|saw|seen|came)\b[^.;\n]{0,30}\b(?:PT|OT|SLP|ST)\b)",
    re.I,
)
_PATIENT = regex(
    r"PT(?=\s+(?:PERFORM|TOLERAT|DEMONSTRAT|REPORT|STAT|COMPLET|REQUIR|WAS|IS|HAS|C/O|PRESENT|SEEN"
    r"|ABLE|AMBULAT|EDUCAT|INSTRUCT|RECEIV|GOT|ATTEND)\w*)"
)


_DID = regex(
    r"\b(?:the\s+|our\s+)?(?P<who>PT|OT|SLP|ST)\s+(?:actually\s+|also\s+|will\s+)?"
    r"(?:did|gave|handled|saw|sees|seen|had|has|worked|treats|evaluated|bills?|billed|took|provided|covered|treated)\b"
)


def anothers(text: str, own: Discipline | None) -> bool:
    """Whether the text says that another discipline than one's own did something: «the OT did»."""
    who = {_BY_LETTERS[m["who"].lower()] for m in _DID.finditer(text)}
    return own is not None and bool(who) and own not in who


_HELPERS = {
    Discipline.PT: regex(r"\b[cl]?ptas?\b", re.I),
    Discipline.OT: regex(r"\bc?otas?\b", re.I),
}


def refuse_others_assistant(text: str, own: Discipline | None) -> None:
    """Ask where an assistant of the other discipline is said to treat in a visit of one's own.

    Raises:
        ImpossibleFact: «the COTA did 10» in a PT visit.
    """
    other = {Discipline.PT: Discipline.OT, Discipline.OT: Discipline.PT}.get(own or Discipline.SLP)
    match = _HELPERS[other].search(text) if other else None
    if match is None or other is None or own is None:
        return
    names = any(pattern.search(text) for d, pattern in _CAPITALS if d is other)
    if names or dict(_WORDS)[own].search(text):
        return
    told = match.group().upper()
    raise ImpossibleFact(
        "discipline",
        told,
        f"The visit told so far is {own}, and a {told} works under an {other} plan of care: was it "
        f"the {own} assistant, or is the visit {other}?",
    )


def without_others_amounts(text: str, own: Discipline | None) -> str:
    """The text without what other disciplines than one's own have used: «OT ytd 2600»."""
    if own is None:
        return text
    ot = own is Discipline.OT  # the two others share one amount
    return _AMOUNT.sub(
        lambda m: m.group() if (_BY_LETTERS[m["whose"].lower()] is Discipline.OT) is ot else " ",
        text,
    )


def find_anew(text: str, known: Discipline | None) -> tuple[Discipline, ...]:
    """The disciplines that a text names; a small «pt» is the patient where another is known."""
    found = find(text)
    if known in (None, Discipline.PT) or found != (Discipline.PT,):
        return found
    surely = any(p.search(text) for d, p in (*_WORDS, *_CAPITALS) if d is Discipline.PT)
    return found if surely else ()


@lru_cache(maxsize=256)
def find(text: str) -> tuple[Discipline, ...]:
    """The disciplines that a text names; "pt" in the middle of a sentence is a patient."""
    visit = _AMOUNT.sub(" ", text)
    return (_named(visit) if visit != text else ()) or _named(text)


def _named(text: str) -> tuple[Discipline, ...]:
    letters = sum(c.isalpha() for c in text)
    shouted = sum(c.isupper() for c in text) > 0.6 * letters
    named = _PATIENT.sub("  ", text) if shouted else text
    named = re.sub(
        rf"(?i)\b({_MEDICARE}|medicare)\s*/\s*|\s*/\s*(?=(?:{_MEDICARE}|medicare)\b)", " , ", named
    )
    named = _ANY_OF.sub(" ", _COMBINED.sub(" ", _DENIED.sub(" ", named)))
    named = _BESIDE_MONEY.sub(" ", named) if _MONEY.search(named) else named
    patterns = (*_WORDS, *_CAPITALS, *_SMALL)
    found = {discipline for discipline, pattern in patterns if pattern.search(named)}
    if not found and (beside := _BESIDE_PAYER.search(named)):
        found = {_BY_LETTERS[(beside["after"] or beside["before"]).lower()]}
    return tuple(d for d in Discipline if d in found)
