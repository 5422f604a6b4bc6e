"""Several patients told in one message, whose minutes are never counted together."""

from __future__ import annotations

import re

from assistant.errors import ImpossibleFact
from assistant.patterns import regex

_PATIENTS = r"(?:patients?|pts?|clients?|people|persons?|residents?)"
_MANY = (
    r"(?:two|three|four|five|[2-5]|both|several|a couple(?: of)?)\s+"
    r"(?P<kind>(?:\w+\s+){0,3}?)(?:patients|(?!(?-i:PTs))pts|clients|people|persons|residents)\b"
)
_PAIR = (
    r"\b(?:husband and wife|wife and husband|(?:mother|father|mom|dad) and (?:son|daughter)"
    r"|twins|(?:two|2) (?:brothers|sisters|siblings))\b"
)
_ONE_AND_OTHER = (
    rf"\bone {_PATIENTS}\b[^.]{{0,120}}"
    rf"\b(?:(?:the\s+)?other(?:\s+(?:one|{_PATIENTS}))?|another\s+{_PATIENTS})\b"
)
_SEVERAL = regex(rf"\b{_MANY}|{_PAIR}|{_ONE_AND_OTHER}", re.I)
_HEAD = regex(rf"\b(?:{_MANY})|{_PAIR}", re.I)
_IN_GROUP = regex(
    r"\bgroups?\b|\bgrp\b|97150|92508|\bclass\b|\bthis (?:one|patient|pt)\b|\bovers(?:ee|aw)\w*"
    r"|\bsupervis\w+",
    re.I,
)
_HELPERS = regex(  # «needs two people», «assist of 2 people»
    r"\b(?:needs?|needed|requir\w+|takes|took|assist\w*(?: of)?|with|by)\s+(?:two|2|three|3)\s+"
    r"(?:people|persons)\b",
    re.I,
)
_SPENT = regex(
    r"\d\s*(?:min|m\b|')|\d:\d\d\s*-\s*\d{1,2}:\d\d|\d{5}\W{1,3}(?:x\s*)?\d{1,3}(?![\d/])"
    r"|\b(?-i:[A-Z]{2,4}) \d{1,2}\b",
    re.I,
)
_LETTERED = regex(
    r"\b(?:patient|pt|client)(?:\s+|\s*#\s*)(?P<who>[A-H]|[1-9](?!\d))(?![\w'])(?!\s*(?:min|m\b|units?))",
    re.I,
)
_ASSISTANT = regex(r"\b(?:PTA|C?OTA)\b")  # beside one, «PT 8» is the therapist's minutes
_KIN = regex(  # «husband (97110 30) and wife (97110 15)»
    r"\b(?:the\s+)?(?P<nth>husband|wife|mother|father|mom|dad|son|daughter|brother|sister)\s*"
    r"(?:[:(-]|\b(?:had|got|did|was)\b)\s*(?=[^.;\n]{0,30}\d)",
    re.I,
)
_LETTER = regex(  # «A 97110 15, B 97110 15»
    r"(?:^|(?<=[\n.;,:?!])\s*|(?<=\band )|(?<=\bpts )|(?<=\bpatients ))(?P<nth>[A-Ha-h])"
    r"(?:\s*[:=(-]\s*|\s+(?:got|had|did|received)\s+|\s+)(?=\d{5}|[A-Z]{2,3}\s\d|\d{1,2}\s*min)"
)
_BARE_NTH = regex(
    r"(?:^|(?<=[\n.;,:\s]))(?P<nth>(?:the\s+)?(?:first|second|third|fourth|1st|2nd|3rd|4th|other|last)"
    rf"(?:\s+(?:one|{_PATIENTS}))?)(?:\s+(?:of the (?:day|morning|afternoon)|today)(?=:))?"
    r"(?:\s*(?::|-(?=\s))\s*|\s+(?:was|had|got|did|received|is)(?:\s+seen)?(?:\s+for)?\s+"
    r"|,?\s+(?=\d{1,3}\s*min|\d{5}))(?=[^.;\n]{0,60}?\d)"
    r"|(?<=[,:.] )(?P<one>one)\s+(?:had|got|did|received)\s+(?=[^.;\n]{0,60}?\d)",
    re.I,
)


_TOGETHER = regex(r"\b(?:at (?:the same time|once)|simultaneously|together|concurrently)\b", re.I)
_ALONE = regex(
    r"\bgroups?\b|\d{5}|\b1:1\b|\bone[- ](?:on|to)[- ]one\b|\balternat\w+|\bindividual\w*"
    r"|\beach (?:for|got|had|gets|of)\b"
    r"|\bnot\b|n't\b|\bco-?treat\w*|\bpart a\b",
    re.I,
)


_ALTERNATES = regex(
    r"\balternat\w+|\bswitch\w*|\bafter the other|\bin turn\b|\bnot\b|n't\b|\bseparate\w*", re.I
)


_THERAPISTS = regex(r"\b((?i:two|2|three|3|both(?: the)?)\s+)PTs\b")


def spelled_out(text: str) -> str:
    """«2 PTs treated one pt»: in these letters they are therapists, and no patients."""
    return _THERAPISTS.sub(r"\1physical therapists", text)


def as_group(text: str) -> str:
    """«two patients exercise at the same time … 30 minutes»: one time of several is a group's."""
    match = _TOGETHER.search(text)
    many = _SEVERAL.search(_HELPERS.sub(" ", text))
    if not (match and many) or _ALONE.search(text) or len(_SPENT.findall(text)) != 1:
        return text
    return f"{text[: match.start()]}in a group (97150){text[match.end() :]}"


def labels(text: str) -> list[re.Match[str]]:
    """«Two patients: the first …, the second …»: what heads each; none where it is one patient."""
    named = len({m["nth"].lower() for m in _KIN.finditer(text)}) > 1
    letters = [m["nth"].upper() for m in _LETTER.finditer(text)]
    named = named or (len(letters) > 1 and letters == list("ABCDEFGH"[: len(letters)]))
    if not (named or _SEVERAL.search(text) or re.search(rf"\bfirst {_PATIENTS}\b", text, re.I)):
        return []
    if _TOGETHER.search(text):
        return []  # `refuse_unclear` asks
    every = (list(pattern.finditer(text)) for pattern in (_BARE_NTH, _LETTER, _KIN))
    found = max(every, key=len)
    if len(found) < 2:
        return []
    ends = [m.start() for m in found[1:]] + [len(text)]
    told = (_SPENT.search(text, m.end(), end) for m, end in zip(found, ends, strict=True))
    return found if all(told) else []


def without(shared: str) -> str:
    """The words in front of the patients, without how many they are."""
    return _HEAD.sub(lambda m: f" {m['kind'] or ''}", shared)


def refuse_unclear(text: str) -> None:
    """Nothing where minutes are told of one patient, or of a group.

    Raises:
        ImpossibleFact: several patients are told, and not whose minutes are whose, or both
            have the same minutes.
    """
    text = _HELPERS.sub(" ", text)
    lettered = {
        m["who"].upper()
        for m in _LETTERED.finditer(text)
        if not (m.group().startswith("PT") and m["who"].isdigit() and _ASSISTANT.search(text))
    }
    several = _SEVERAL.search(text)
    lettered |= {m["nth"] for m in _LETTER.finditer(text)} if several else set()
    if not (several or len(lettered) > 1) or _IN_GROUP.search(text):
        return
    if len(lettered) > 1 and _TOGETHER.search(text) and not _ALTERNATES.search(text):
        raise ImpossibleFact(
            "patient",
            "at once",
            "Two patients at the same time: a minute is one-to-one with one of them at most. Which "
            "minutes were with which patient alone, and which were with both, a group (97150)?",
        )
    if len(_SPENT.findall(text)) > 1 and not _TOGETHER.search(text):
        raise ImpossibleFact(
            "patient",
            "several",
            "More than one patient is told, and each has a claim of its own: whose minutes are "
            "whose? Say «patient 1: … patient 2: …».",
        )
