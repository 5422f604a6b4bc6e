"""Who gave the minutes: therapist, assistant, student or aide."""

from __future__ import annotations

import re

from assistant.claim import Clinician, Discipline
from assistant.plain_reader.mentions import Kind, Mention
from assistant.plain_reader.text import NUMBER_WORD

_ASSISTANT = (
    r"(?:c|l)?ptas?\b|c?otas?\b|(?:pt|ot|physical|occupational)\s+(?:therapist\s+|therapy\s+)?"
    r"assistants?\b|therapist\s+assistants?\b|therapy\s+assistants?\b|assistants?\b(?!\s+(?:device|living))"
)
_AIDE = r"(?:rehab\s+|therapy\s+|pt\s+|physical\s+therapy\s+)?(?:aides?|techs?|technicians?)\b"
_STUDENT = r"students?\b(?:\s+(?:pt|ot))?|s\.?pt\b|s\.?pta\b|interns?\b"
_THERAPIST = (
    r"(?:licensed\s+)?(?:physical|occupational|speech|supervising)?\s*therapists?\b(?!\s+assist)"
    r"|dpt\b|otr(?:/l)?\b|slps?\b"
)
_TOGETHER = re.compile(
    rf"(?:(?:{_THERAPIST}|pts?\b|ots?\b)\s*(?:and|&|/|\+|with)\s*(?:the\s+|a\s+)?(?:{_ASSISTANT})|"
    rf"(?:{_ASSISTANT})\s*(?:and|&|/|\+|with)\s*(?:the\s+|a\s+)?(?:{_THERAPIST}|pts?\b|ots?\b))"
    r"\s*(?:\w+\s+){0,3}?(?:together|jointly|simultaneously|as a team|at the same time)",
    re.I,
)
_WHO = re.compile(
    rf"\b(?:(?P<assistant>{_ASSISTANT})|(?P<aide>{_AIDE})|(?P<student>{_STUDENT})"
    rf"|(?P<therapist>{_THERAPIST}))",
    re.I,
)
_PT = re.compile(r"(?<![\w/-])(?P<who>PT|OT)(?![\w/])")
_I = re.compile(
    r"\bI\b(?=\s+(?:also\s+|then\s+|personally\s+)?(?:did|provid|perform|treat|gave|spent|work|furnish|deliver|complet)\w*)"
)
_ACTS = re.compile(
    r"\s*(?::|-|=)?\s*(?:did|does|provid\w+|furnish\w+|perform\w*|treat\w*|gave|gives|deliver\w*|work\w*|spen[dt]\w*|"
    r"complet\w+|render\w*|saw|sees|took|takes|alone|then|for|\d|\(?\d|only)",
    re.I,
)
_BY = re.compile(r"(?:\bby|with|per|from|\(|,|:|and|&|\+|-)\s*(?:the\s+|a\s+)?$", re.I)
_NOT_TREATING = re.compile(
    r"\s*(?:supervis\w+|observ\w+|watch\w+|on site|onsite|in the building|sign\w*|co-?sign\w*"
    r"|in the room|was present|modifier)",
    re.I,
)
_BEFORE_NOT = re.compile(
    r"(?:supervised by|no|without(?: a| an| the)?|not (?:a|an|the|by a))\s*$", re.I
)

SUBSET = re.compile(
    rf"(?:,|;|\(|-)?\s*(?:(?:of|out of)\s+(?:which|those|that|them|these|the\s+\d+)[, ]*)?"
    rf"(?:incl(?:uding|\.)?\s+)?(?:the\s+|a\s+|my\s+|our\s+)?(?P<who>{_ASSISTANT}|{_THERAPIST}|PT\b|OT\b)\s+"
    rf"(?:did|does|provided|furnished|performed|took|gave|handled|had|was|covered|treated(?:\s+for)?)\s+"
    rf"(?P<which>(?:only\s+)?(?:the\s+)?(?:last|first|final|other|remaining|initial|middle)\s+)?"
    rf"(?P<n>\d+|{NUMBER_WORD})(?:\s*(?:minutes?|mins?\.?|m\b))?(?:\s+of\s+(?:those|that|them|it|these))?"
    rf"(?!\s*(?:of\s+)?\d{{5}})",
    re.I,
)
SUBSET_AFTER = re.compile(
    rf"(?:,|;|\()?\s*(?P<n>\d+|{NUMBER_WORD})(?:\s*(?:minutes?|mins?\.?|m\b))?\s+(?:of\s+(?:which|those|that|them|these)"
    rf"|of\s+the(?:m|se)?\s+\d+(?:\s*(?:minutes?|mins?\.?))?)\s*(?:were|was|are|is)?\s*"
    rf"(?:done|given|provided|performed|furnished|delivered|treated)?\s*(?:by|with|from)?\s*(?:the\s+|a\s+)?"
    rf"(?P<who>{_ASSISTANT}|{_THERAPIST}|PT\b|OT\b)",
    re.I,
)


def clinician(word: str) -> Clinician:
    """Which kind of clinician a word names."""
    if re.fullmatch(_ASSISTANT, word.strip(), re.I):
        return Clinician.ASSISTANT
    if re.fullmatch(_AIDE, word.strip(), re.I):
        return Clinician.AIDE
    if re.fullmatch(_STUDENT, word.strip(), re.I):
        return Clinician.STUDENT
    return Clinician.THERAPIST


def find(text: str) -> list[Mention]:
    """Mentions of people who treat; two together count as the therapist."""
    found = [
        Mention(Kind.WHO, m.start(), m.end(), Clinician.THERAPIST) for m in _TOGETHER.finditer(text)
    ]
    for match in _WHO.finditer(text):
        mention = Mention(Kind.WHO, match.start(), match.end(), Clinician(match.lastgroup or ""))
        idle = _NOT_TREATING.match(text, match.end()) and mention.value is not Clinician.AIDE
        if idle or _BEFORE_NOT.search(text[: match.start()]):
            continue
        if not any(mention.overlaps(m) for m in found):
            found.append(mention)
    found += [m for m in _pt_or_ot(text) if not any(m.overlaps(o) for o in found)]
    return sorted(found, key=lambda m: m.start)


def _pt_or_ot(text: str) -> list[Mention]:
    """«PT» and «OT» as the person, where the words around say that somebody treats."""
    return [
        Mention(Kind.WHO, m.start(), m.end(), Clinician.THERAPIST)
        for m in (*_PT.finditer(text), *_I.finditer(text))
        if (_ACTS.match(text, m.end()) or _BY.search(text[: m.start()]))
        and not _NOT_TREATING.match(text, m.end())
    ]


_WORDS = (
    (Discipline.PT, re.compile(r"\b[cl]?ptas?\b|\bphysical\s+therap\w+|\bdpt\b", re.I)),
    (Discipline.OT, re.compile(r"\bc?otas?\b|\boccupational\s+therap\w+|\botr(?:/l)?\b", re.I)),
    (Discipline.SLP, re.compile(r"\bslps?\b|\bspeech(?:[- ]language)?\s+(?:therap|path)\w+", re.I)),
)
_CAPITALS = (
    (Discipline.PT, re.compile(r"(?<![\w/-])(?:PT|GP)(?![\w/])")),
    (Discipline.OT, re.compile(r"(?<![\w/-])(?:OT|GO)(?![\w/])")),
    (Discipline.SLP, re.compile(r"(?<![\w/-])(?:SLP|ST|GN)(?![\w/])")),
)
_SMALL = (
    (
        Discipline.PT,
        re.compile(
            r"(?:^|[,;:(]\s*|\b(?:outpatient|outpt|op|under|an?|for|in|our|in)\s+)pt(?=\s*(?:[,;:.)?!]|$|\s(?:plan|poc|eval|clinic|visit|practice|session|patient|here)))",
            re.I,
        ),
    ),
    (
        Discipline.OT,
        re.compile(
            r"(?:^|[,;:(]\s*|\b(?:outpatient|outpt|op|under|an?|for|in|our)\s+)ot(?=\s*(?:[,;:.)?!]|$|\s(?:plan|poc|eval|clinic|visit|practice|session|patient|here)))",
            re.I,
        ),
    ),
    (Discipline.SLP, re.compile(r"(?:^|[,;:(]\s*)(?:slp|st)(?=\s*(?:[,;:.)?!]|$))", re.I)),
)
_PATIENT = re.compile(
    r"PT(?=\s+(?:PERFORM|TOLERAT|DEMONSTRAT|REPORT|STAT|COMPLET|REQUIR|WAS|IS|HAS|C/O|PRESENT|SEEN"
    r"|ABLE|AMBULAT)\w*)"
)


def disciplines(text: str) -> tuple[Discipline, ...]:
    """The disciplines that a text names; "pt" in the middle of a sentence is a patient."""
    shouted = sum(c.isupper() for c in text) > 0.6 * sum(c.isalpha() for c in text)
    named = _PATIENT.sub("  ", text) if shouted else text
    patterns = (*_WORDS, *_CAPITALS, *_SMALL)
    found = {discipline for discipline, pattern in patterns if pattern.search(named)}
    return tuple(d for d in Discipline if d in found)
