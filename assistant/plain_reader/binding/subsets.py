"""«of which the PTA did 10»: minutes within others, taken out so that they count once."""

from __future__ import annotations

import re

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.mentions.people import AIDE, ASSISTANT, STUDENT, THERAPIST, clinician
from assistant.plain_reader.reading import Reading, Subset
from assistant.plain_reader.words.text import NUMBER_WORD, number

ANYONE = rf"(?:{ASSISTANT}|{THERAPIST}|{STUDENT}|{AIDE}|PT\b|OT\b)"
DID = (
    r"(?:did|does|(?:helped|assisted)(?:\s+(?:with|together|for))?|provided|furnished|performed|took(?:\s+over(?:\s+for|\s+at)?)?|gave|handled|had"
    r"|joined(?:\s+(?:in|us|them))?(?:\s+for)?|was(?:\s+(?:there|in|here))?(?:\s+(?:with|w/)\s+(?:him|her|them|(?:the\s+)?(?:pt|patient)))?"
    r"(?:\s+for)?|covered|finished|completed|started|began|spent|treated(?:\s+for)?|worked(?:\s+for)?|led|ran"
    r"|counted(?:\s+reps)?(?:\s+for)?|watched(?:\s+for)?|supervised(?:\s+for)?"
    r"|directed|carried out|instructed)"
)
MINUTES = r"(?:\s*(?:minutes?|mins?\.?|m\b|'))?+"
OF_THEM = r"(?:which|(?:those|that|these)(?:\s+minutes)?|them|it)"
_NO_DOSE = r"(?!\d|\s*(?:x\s*\d|sets?\b|reps?\b))"
N = rf"(?P<n>\d{{1,3}}{_NO_DOSE}|(?!one\s+of\s+th(?:em|ose|ese)\b){NUMBER_WORD})"
_WHICH = r"(?:last|first|final|other|remaining|initial|middle|those|these|extra|additional)"
_DONE = r"(?:done|given|provided|performed|furnished|delivered|treated)"
_PART = regex(
    rf"(?:[,;(-]\s*)?(?:(?:of|out of)\s+(?:{OF_THEM}|the\s+\d+)[, ]*)?"
    rf"(?:incl(?:uding|\.)?\s+)?(?:the\s+|a\s+|my\s+|our\s+)?(?P<who>{ANYONE})\s+{DID}\s+"
    rf"(?P<which>(?:only\s+)?(?:the\s+)?{_WHICH}\s+)?"
    rf"{N}{MINUTES}(?:\s+of\s+{OF_THEM})?"
    r"(?:(?(which)\s+of\s+(?:the\s+)?(?P<code>\d{5})|(?!)))?"
    r"(?!\d|\s*(?:(?:of|for|on|doing)\s+)?(?:the\s+|a\s+)?\d{5})",
    re.I,
)
_PART_AFTER = regex(
    rf"(?:[,;(]\s*)?(?<![\d.])(?P<n>\d{{1,4}}|{NUMBER_WORD}){MINUTES}\s+"
    rf"(?:of\s+{OF_THEM}|of\s+the(?:m|se)?\s+\d+{MINUTES})\s*(?:were|was|are|is)?\s*"
    rf"{_DONE}?\s*(?:by|with|from)?\s*(?:the\s+|a\s+)?(?P<who>{ANYONE})"
    r"(?!\s+(?:did|gave|took|had|\w+ed)\b)",  # «38 min of which the PTA did 10»
    re.I,
)
_JOINT = regex(  # «the PTA helped me for 15 of it»: both gave them, as the therapist's
    rf"\b{ASSISTANT}\s+(?:helped|assisted|joined)\s+(?:me|us|(?:the\s+)?(?:{THERAPIST}|PT\b|OT\b))"
    rf"[^.;,\d]{{0,24}}?\s(?:for\s+)?(?P<joint>(?:\d{{1,3}}|{NUMBER_WORD}){MINUTES}\s+of\s+{OF_THEM}\b)",
    re.I,
)
_JOINED = regex(  # «the PTA joined for the last 10 min of it and they co-treated»
    rf"\b{ASSISTANT}\s+(?:joined|came in|hopped in|was there)\b[^.;\d]{{0,24}}?"
    rf"(?P<joint>(?:the\s+)?(?:last\s+|final\s+)?(?:\d{{1,3}}|{NUMBER_WORD}){MINUTES}(?:\s+of\s+{OF_THEM}\b)?)"
    r"[^.;\d]{0,24}\b(?:co-?treat\w*|together|jointly|both of (?:us|them)|side by side)\b",
    re.I,
)
_AND_REST = regex(
    rf"{N}{MINUTES}\s+(?:(?:was|were)\s+)?(?:{_DONE}\s+)?(?:by|with|from)\s+(?:the\s+|a\s+)?(?P<who>{ANYONE})"
    r"[\s,;]*(?:and\s+)?(?:the\s+)?(?:rest|remainder|others?)\b(?:\s+(?:was|were))?(?:\s+(?:by|with|from)"
    rf"\s+(?:me|the\s+{ANYONE}|{ANYONE}))?",
    re.I,
)
_OF_WHOLE = regex(
    rf"(?:the\s+|a\s+|my\s+|our\s+)?(?P<who>{ANYONE})\s+{DID}\s+(?:only\s+)?{N}{MINUTES}\s+"
    r"(?:out\s+)?of\s+(?:the\s+|those\s+|my\s+|our\s+|an?\s+)?(?P<whole>\d{1,3})(?!\d)",
    re.I,
)
_UNIT_WORD = regex(MINUTES, re.I)
_THE_REST = regex(
    rf"[,;]?\s*(?:and\s+|while\s+)?(?:the\s+)?{ANYONE}\s+(?:{DID}\s+)?(?:the\s+)?"
    rf"(?:other\s+|remaining\s+)?(?P<rest>\d{{1,3}}){MINUTES}(?!\s*(?:of\s+)?\d)",
    re.I,
)
_WHOLE_AFTER = regex(
    rf"(?<![\d.]){N}{MINUTES}\s+(?:out\s+)?of\s+(?:the\s+|those\s+|an?\s+)?(?P<whole>\d{{1,3}}"
    r"[\s-]*(?:minutes?|mins?|m\b)[^.;,]{2,40}?)\s+(?:(?:was|were|are|is)\s+)?"
    rf"(?:{_DONE}\s+)?(?:by|with)\s+(?:the\s+|a\s+|an\s+|our\s+)?(?P<who>{ANYONE})",
    re.I,
)
_HALF = regex(
    rf"(?:[,;(]\s*)?half\b(?:\s+of\s+(?:{OF_THEM}|the\s+(?:time|minutes)))?\s*"
    rf"(?:were|was|is)?\s*{_DONE}?\s*(?:by|with)\s*(?:the\s+|a\s+)?(?P<who>{ANYONE})"
    rf"|half\b(?:\s+of\s+(?:{OF_THEM}|the\s+(?:time|minutes)|(?:the\s+)?(?P<code>\d{{5}})))?"
    rf"\s+(?:was|were)\s+(?:by\s+|with\s+)?(?:the\s+|a\s+|our\s+)?"
    rf"(?P<was>{ANYONE})"
    rf"|(?:the\s+|a\s+|my\s+)?(?P<first>{ANYONE})\s+{DID}\s+"
    r"(?:the\s+)?(?:(?:first|second|last|other)\s+)?half\b(?!\s*(?:an?\s+)?hour)"
    rf"(?:\s+of\s+(?:{OF_THEM}|the\s+(?:time|minutes)))?",
    re.I,
)
_ONE_OR_TWO = rf"(?:{ANYONE}|me\b|myself\b|I\b)"
_THE = r"(?:(?:the|a|by|with|my|our)\s+)*"
_HALVES = regex(  # «half OT, half COTA», «half with me, half with my PTA»
    rf"(?:[,;(-]\s*)?\bhalf\s+{_THE}(?P<one>{_ONE_OR_TWO})[\s,;/&]*(?:and\s+)?(?:the\s+)?(?:other\s+)?"
    rf"half\s+{_THE}(?P<two>{_ONE_OR_TWO})",
    re.I,
)
_HALF_OF = regex(
    r"\bhalf\s+(?:of\s+)?(?:the\s+)?(?P<whole>\d{1,3}\s*(?:minutes?|mins?|m\b)[^.;,]{0,40}?)\s+"
    rf"(?:were|was|is|are)\s+{_DONE}?\s*(?:by|with)\s+(?:the\s+|a\s+)?(?P<who>{ANYONE})",
    re.I,
)
_SPLIT = regex(
    r"(?:[,;(]\s*)?(?:which (?:was|were)\s+)?(?:split|divided|shared)\s+"
    r"(?:(?:evenly|equally|50/50|half and half|in half)\s+)(?:between|by|among|with)\s+"
    rf"{_THE}(?P<one>{_ONE_OR_TWO})\s*(?:and|&|/)\s*{_THE}(?P<two>{_ONE_OR_TWO})",
    re.I,
)
_SPLIT_IT = regex(  # «COTA and OTR split a 40 min session equally»
    rf"(?P<one>{_ONE_OR_TWO})\s*(?:and|&|/)\s*{_THE}(?P<two>{_ONE_OR_TWO})\s+(?:each\s+)?"
    r"(?:split|divided|shared)\b(?=[^.;]{0,80}?\b(?:equally|evenly|50/50|in half|half and half)\b)",
    re.I,
)
_HALF_EACH = regex(  # «therapist half, assistant half»
    rf"(?P<one>{_ONE_OR_TWO})\s+(?:(?:did|gave|took|had)\s+)?(?:the\s+)?(?:first\s+)?half\b[\s,;/&]*"
    rf"(?:and\s+)?{_THE}(?P<two>{_ONE_OR_TWO})\s+(?:(?:did|gave|took|had)\s+)?(?:the\s+)?"
    r"(?:other\s+|second\s+|last\s+)?half\b(?!\s*(?:an?\s+)?hour)",
    re.I,
)
_SPLITS = (_SPLIT, _SPLIT_IT, _HALVES, _HALF_EACH)
_OTHER_PERSON_BEFORE = regex(
    r"(?:PTA|OTA|PT|OT|therapist|assistant)\s+(?:did|provided|gave)[^.;]{0,60}$", re.I
)
_ANOTHER = regex(
    rf"\b(?:another|an additional|an extra)\s+(?:\d+|{NUMBER_WORD}){MINUTES}"
    rf"(?P<of>\s+of\s+(?:{OF_THEM}|this|the same)\b)",
    re.I,
)


_TITLE = regex(  # «my student (SPT) led 12»
    rf"{ANYONE}(?P<title>\s*\((?:S?PTA?|S?OTA?|COTA(?:/L)?|SLP|DPT|OTR(?:/L)?|CF)\))(?=\s+{DID})",
    re.I,
)


def take(text: str, found: Reading) -> str:
    """The text, of the same length, without such parts; they go to the reading."""
    for match in _TITLE.finditer(text):
        text = blanked(text, match.start("title"), match.end("title"))
    for match in (m for pattern in (_JOINT, _JOINED) for m in pattern.finditer(text)):
        text = blanked(text, match.start("joint"), match.end("joint"))
    for match in _ANOTHER.finditer(text):  # «another 13 of it» is more of it, no part of it
        text = blanked(text, match.start("of"), match.end("of"))
    masked = _take_of_whole(text, found)
    for pattern in (
        _PART_AFTER,
        _AND_REST,
        _PART,
    ):
        for match in pattern.finditer(masked):
            n = number(match["n"])
            marked = pattern is not _PART or _is_part(match, masked)
            counts = match["n"].isalpha() and (n or 0) < LEAST_WORD
            if n is None or not marked or (counts and not _MIN_SAID.search(match.group())):
                continue
            code = match.groupdict().get("code") or ""
            found.subsets.append(Subset(clinician(match["who"]), int(n), code, at=match.start()))
            masked = blanked(masked, match.start(), match.end())
    return _take_halves(masked, found)


def _take_of_whole(text: str, found: Reading) -> str:
    """«the PTA did 5 of 50 minutes of 97530»: the whole stays where it was not told before."""
    masked = text
    for match in _WHOLE_AFTER.finditer(text):
        found.subsets.append(Subset(clinician(match["who"]), int(number(match["n"]) or 0)))
        masked = blanked(masked, match.start(), match.start("whole"))
        masked = blanked(masked, match.end("whole"), match.end())
    for match in _OF_WHOLE.finditer(text):
        n, whole = int(number(match["n"]) or 0), int(match["whole"])
        if not 0 < n <= whole:
            continue
        told = re.search(rf"(?<!\d){whole}(?!\d)", text[: match.start()])
        end = match.end() if told else match.start("whole")
        if told:
            end += len(_UNIT_WORD.match(text, end).group())  # type: ignore[union-attr]
        masked = blanked(masked, match.start(), end)
        found.subsets.append(Subset(clinician(match["who"]), n, "", whole))
        masked = _without_rest(masked, match.end(), whole - n)
    return masked


def _without_rest(masked: str, start: int, rest: int) -> str:
    """«…, PT gave 7» behind 1 of 8: the others are no minutes of their own."""
    match = _THE_REST.search(masked, start, start + 70)
    if match is None or int(match["rest"]) != rest:
        return masked
    return blanked(masked, match.start(), match.end())


def _take_halves(masked: str, found: Reading) -> str:
    for match in _HALF_OF.finditer(masked):
        found.subsets.append(Subset(clinician(match["who"]), None))
        masked = blanked(masked, match.start(), match.start("whole"))
        masked = blanked(masked, match.end("whole"), match.end())
    for match in (m for pattern in _SPLITS for m in pattern.finditer(masked)):
        people = [clinician(match["one"]), clinician(match["two"])]
        helpers = [who for who in people if who is not Clinician.THERAPIST]
        if len(helpers) == 1:
            found.subsets.append(Subset(helpers[0], None, at=match.start()))
            masked = blanked(masked, match.start(), match.end())
    for match in _HALF.finditer(masked):
        who = clinician(match["who"] or match["was"] or match["first"])
        found.subsets.append(Subset(who, None, match["code"] or "", at=match.start()))
        masked = blanked(masked, match.start(), match.end())
    return masked


def blanked(text: str, start: int, end: int) -> str:
    """The text, of the same length, without that stretch."""
    return text[:start] + " " * (end - start) + text[end:]


_NAMES_WHAT = regex(
    r"\s*(?:minutes?|mins?)?\s*(?:of|on|\d{5}|[a-z]{2,}\s+ex|(?-i:[A-Z]{2,4}\b)|manual\b|gait\b"
    r"|ther\w*\s?(?:ex|act)|neuro|exercis|strength|balance|self[- ]care)",
    re.I,
)


_LEFT = regex(r"(?:the\s+)?(?:remaining|other)\b", re.I)
_GIVEN = regex(
    rf"\b(?:{ANYONE}|I)\s+{DID}\s[^.;,]{{0,20}}?\d{{1,3}}{MINUTES}\s+(?:of|on)\b"
    r"(?!\s+(?:the\s+|an?\s+)?(?:total\s+)?\d{1,3}(?!\d))",
    re.I,
)
LEAST_WORD = 5  # a smaller number in words counts codes: «the PTA did two of them»
_MIN_SAID = regex(r"\bmin", re.I)
_MORE = regex(r"\b\d{1,3}\s*(?:minutes?|mins?|m)?\s+more\b|\banother\s+\d", re.I)


def _is_part(match: re.Match[str], text: str) -> bool:
    """Whether «the PTA did 10» is a part of minutes named before, and not minutes of its own."""
    said = match.group()
    if match["which"] and _MORE.search(text, match.end(), match.end() + 100):
        return False  # «the first 20 of X, then the PTA 25 more»
    if match["which"] and _LEFT.match(match["which"]) and _GIVEN.search(text, 0, match.start()):
        return False  # «I treated for 16 min of X, then the PTA finished the remaining 14»
    if match["which"] or re.search(r"\bof (?:which|those|that|them|these|it)\b|out of", said, re.I):
        return True
    after = text[match.end() : match.end() + 30]
    if _NAMES_WHAT.match(after):
        return False
    before = text[: match.start()]
    if not re.search(r"\d{5}|min", before, re.I):
        return False
    return not _OTHER_PERSON_BEFORE.search(before[-90:])
