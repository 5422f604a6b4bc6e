"""Who gave the minutes: therapist, assistant, student or aide."""

from __future__ import annotations

import re

from assistant.claim import Clinician
from assistant.plain_reader.mentions import WhoMention, beside
from assistant.plain_reader.text import NUMBER_WORD

_ASSISTANT = (
    r"(?:(?:c|l)?pta'?s?\b|c?ota'?s?\b(?:/l)?|"
    r"(?:pt|ot|physical|occupational)\s+(?:therapist\s+|therapy\s+)?assistants?\b"
    r"|therap(?:ist|y)\s+assistants?\b|assistants?\b(?!\s+(?:device|living|level)))"
)
_AIDE = (
    r"(?:(?:rehab\s+|therapy\s+|pt\s+|ot\s+|physical\s+therapy\s+)?"
    r"(?:aides?|techs?|technicians?)\b)"
)
_STUDENT = r"(?:(?:pt\s+|ot\s+)?students?\b(?:\s+(?:pta?|ota?)\b)?|s\.?pta?\b|interns?\b)"
_THERAPIST = (
    r"(?:(?:licensed\s+|treating\s+)?(?:physical|occupational|speech|supervising)?\s*"
    r"therapists?\b(?!\s+assist)|dpt\b|otr(?:/l)?\b|slps?\b)"
)
_PT_OR_OT = r"(?:pts?|ots?)\b"
_AND = r"\s*(?:and|&|/|\+|with)\s*(?:the\s+|a\s+|an\s+)?"
_SIMULTANEOUS = r"(?:together|jointly|simultaneously|as a team|at the same time|side by side)"
_TOGETHER = re.compile(
    rf"(?:(?:{_THERAPIST}|{_PT_OR_OT}){_AND}{_ASSISTANT}|{_ASSISTANT}{_AND}(?:{_THERAPIST}"
    rf"|{_PT_OR_OT}))"
    rf"\s*(?:(?:[\w:]+\s+){{0,3}}?{_SIMULTANEOUS}|(?:have\s+|both\s+)?co-?treat\w*)",
    re.I,
)
_WHO = re.compile(
    rf"\b(?:(?P<student>{_STUDENT})|(?P<assistant>{_ASSISTANT})|(?P<aide>{_AIDE})"
    rf"|(?P<therapist>{_THERAPIST}))",
    re.I,
)
_PT = re.compile(r"(?<![\w/-])(?P<who>PT|OT)(?![\w/])")
_I = re.compile(
    r"\bI\b(?=(?:,\s*the\s+\w+,)?\s+(?:also\s+|then\s+|personally\s+)?"
    r"(?:did|provid|perform|treat|gave|spent|work|furnish|deliver|complet)\w*)"
)
_ACTS = re.compile(
    r"\s*(?::|-|=)?\s*(?:did|does|provid\w+|furnish\w+|perform\w*|treat\w*|gave|gives|deliver\w*"
    r"|work\w*|spen[dt]\w*|complet\w+|render\w*|saw|sees|took|takes|alone|then|for|\(?\d{1,3}(?![\d/-])|only|(?<=:)\d{5}|(?<=:\s)\d{5}"
    r"|(?:and|&|/|\+)\s*(?:the\s+)?c?[po]ta\b)",
    re.I,
)
_BY = re.compile(r"(?:\bby|with|w/|per|from|\(|,|:|and|&|\+|-|\bthe)\s*(?:the\s+|a\s+)?$", re.I)
_NOT_TREATING = re.compile(
    r"\s*(?:supervis\w+|observ\w+|watch\w+|on site|onsite|in the building|sign\w*|co-?sign\w*"
    r"|in the room|was present|modifier|plan\b|plan of care|poc\b|clinic\b|patient\b)",
    re.I,
)
_BEFORE_NOT = re.compile(
    r"(?:supervised by|no|without(?: a| an| the)?|not (?:a|an|the|by a))\s*$", re.I
)

_ANYONE = rf"(?:{_ASSISTANT}|{_THERAPIST}|{_STUDENT}|{_AIDE}|PT\b|OT\b)"
_DID = (
    r"(?:did|does|provided|furnished|performed|took|gave|handled|had|was|covered"
    r"|treated(?:\s+for)?)"
)
_SOME_MINUTES = r"(?:\s*(?:minutes?|mins?\.?|m\b))?"
_OF_THEM = r"(?:which|those|that|them|these|it)"
SUBSET = re.compile(
    rf"(?:[,;(-]\s*)?(?:(?:of|out of)\s+(?:{_OF_THEM}|the\s+\d+)[, ]*)?"
    rf"(?:incl(?:uding|\.)?\s+)?(?:the\s+|a\s+|my\s+|our\s+)?(?P<who>{_ANYONE})\s+{_DID}\s+"
    rf"(?P<which>(?:only\s+)?(?:the\s+)?(?:last|first|final|other|remaining|initial|middle)\s+)?"
    rf"(?P<n>\d+|{NUMBER_WORD}){_SOME_MINUTES}(?:\s+of\s+{_OF_THEM})?"
    r"(?:(?(which)\s+of\s+(?:the\s+)?(?P<code>\d{5})|(?!)))?"
    r"(?!\d|\s*(?:of\s+)?(?:the\s+|a\s+)?\d{5})",
    re.I,
)
SUBSET_AFTER = re.compile(
    rf"(?:[,;(]\s*)?(?<![\d.])(?P<n>\d{{1,4}}|{NUMBER_WORD}){_SOME_MINUTES}\s+"
    rf"(?:of\s+{_OF_THEM}|of\s+the(?:m|se)?\s+\d+{_SOME_MINUTES})\s*(?:were|was|are|is)?\s*"
    r"(?:done|given|provided|performed|furnished|delivered|treated)?\s*(?:by|with|from)?\s*"
    rf"(?:the\s+|a\s+)?(?P<who>{_ANYONE})",
    re.I,
)
HALF = re.compile(
    r"(?:[,;(]\s*)?half\b(?:\s+of\s+(?:it|that|them|those|the\s+(?:time|minutes)))?\s*"
    r"(?:were|was|is)?\s*(?:done|given|provided|performed|furnished)?\s*(?:by|with)\s*"
    rf"(?:the\s+|a\s+)?(?P<who>{_ANYONE})"
    rf"|(?:the\s+|a\s+|my\s+)?(?P<first>{_ANYONE})\s+{_DID}\s+half\b(?!\s*(?:an?\s+)?hour)"
    r"(?:\s+of\s+(?:it|that|them|those|the\s+(?:time|minutes)))?",
    re.I,
)


def clinician(word: str) -> Clinician:
    """Which kind of clinician a word names."""
    kinds = (
        (_STUDENT, Clinician.STUDENT),
        (_ASSISTANT, Clinician.ASSISTANT),
        (_AIDE, Clinician.AIDE),
    )
    for pattern, kind in kinds:
        if re.fullmatch(pattern, word.strip(), re.I):
            return kind
    return Clinician.THERAPIST


def find(text: str) -> list[WhoMention]:
    """Mentions of people who treat; two together count as the therapist."""
    found = [WhoMention(m.start(), m.end(), Clinician.THERAPIST) for m in _TOGETHER.finditer(text)]
    named = []
    for match in _WHO.finditer(text):
        kind = Clinician(match.lastgroup or "")
        idle = _NOT_TREATING.match(text, match.end()) and kind is not Clinician.AIDE
        refused = _BEFORE_NOT.search(text, max(0, match.start() - 24), match.start())
        if not idle and not refused:
            named.append(WhoMention(match.start(), match.end(), kind))
    found += beside(named, found)
    found += beside(_pt_or_ot(text), found)
    return sorted(found, key=lambda m: m.start)


def _pt_or_ot(text: str) -> list[WhoMention]:
    """«PT» and «OT» as the person, where the words around say that somebody treats."""
    return [
        WhoMention(m.start(), m.end(), Clinician.THERAPIST)
        for m in (*_PT.finditer(text), *_I.finditer(text))
        if (_ACTS.match(text, m.end()) or _BY.search(text, max(0, m.start() - 12), m.start()))
        and not _NOT_TREATING.match(text, m.end())
    ]
