"""Who gave the minutes: therapist, assistant, student or aide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import WhoMention, beside

ASSISTANT = (
    r"(?:(?:c|l)?pta'?s?\b|c?ota'?s?\b(?:/l)?|"
    r"(?:(?:pt|ot|therapist)'s|pt|ot|physical|occupational)\s+(?:therapist\s+|therapy\s+)?assistants?\b"
    r"|therap(?:ist|y)\s+assistants?\b|assistants?\b(?!\s+(?:device|living|level))"
    r"|(?<!min )(?<!mod )(?<!max )(?<!by )asst\b\.?(?!\s*(?:x|of|for|with|w/|to|level)\b))"
)
AIDE = (  # and others whose work is no therapy under Part B
    r"(?:(?:rehab\s+|therapy\s+|pt\s+|ot\s+|physical\s+therapy\s+)?"
    r"(?:aides?|(?<!assistive\s)(?<!high\s)(?<!high-)techs?(?!\s+neck)|technicians?)\b|(?:certified\s+)?athletic\s+trainers?\b|(?-i:LMT|LAT|ATC)"
    r"(?:[,/]\s*(?-i:LAT|ATC))?\b|massage\s+therapists?\b"
    r"|exercise\s+physiologists?\b|personal\s+trainers?\b)"
)
STUDENT = (
    r"(?:(?:(?:pta?|c?ota?|dpt|slp)\s+)?students?\b(?:\s+(?:pta?|ota?)\b)?"
    r"|s\.?(?:pta?|c?ota|ot)\b|(?-i:PTAS|C?OTAS)\b|interns?\b)"
)
THERAPIST = (
    r"(?:(?:licensed\s+|treating\s+)?(?:(?:physical|occupational|speech|supervising)\s*)?"
    r"therapists?\b(?!\s+assist)|clinical instructor\b|(?-i:CI)\b(?=\s+(?:did|\d))"
    r"|dpt\b|otr(?:/l)?\b|slps?\b)"
)
_PT_OR_OT = r"(?:pts?|ots?)\b"
_AND = r"(?:\s+present)?\s*(?:and|&|/|\+|with)\s*(?:the\s+|a\s+|an\s+|my\s+|our\s+)?"
_SIMULTANEOUS = (
    r"(?:together|jointly|simultaneously|as a team|at the same time|side by side"
    r"|both (?:were |had )?(?:hands[- ]?on|treating|guarding|working))"
)
_TOGETHER = regex(
    rf"(?:(?:{THERAPIST}|{_PT_OR_OT}|\bI\b){_AND}{ASSISTANT}|{ASSISTANT}{_AND}(?:{THERAPIST}"
    rf"|{_PT_OR_OT}|(?:I|me)\b))"
    rf"\s*(?:(?!each\b)(?:[\w:()/-]+,?\s+){{0,9}}?{_SIMULTANEOUS}|(?:have\s+|both\s+)?co-?\s?(?:treat\w*|tx\b))"
    rf"|(?:{ASSISTANT}\s+co-?treat\w*\s+with\s+(?:the\s+|a\s+|an\s+)?(?:{THERAPIST}|{_PT_OR_OT})"
    rf"|(?:{THERAPIST}|{_PT_OR_OT})\s+co-?treat\w*\s+with\s+(?:the\s+|a\s+|an\s+)?{ASSISTANT})"
    rf"|(?:{THERAPIST}|{_PT_OR_OT}){_AND}{AIDE}\s*(?:[\w:]+\s+){{0,5}}?{_SIMULTANEOUS}"
    rf"|\bco-?\s?(?:treat\w*|tx)\W{{1,3}}(?:with\s+|by\s+)?(?:the\s+)?(?:{_PT_OR_OT}{_AND}{ASSISTANT}"
    rf"|{ASSISTANT}{_AND}{_PT_OR_OT})"
    rf"|\bboth\s+(?:the\s+|a\s+|our\s+)?(?:(?:{THERAPIST}|{_PT_OR_OT}){_AND}{ASSISTANT}|{ASSISTANT}{_AND}"
    rf"(?:{THERAPIST}|{_PT_OR_OT}))(?![^.;]{{0,80}}\b(?:each|respectively)\b)"
    rf"|{ASSISTANT}\s+(?:assist|help)(?:ed|ing|s)\s+(?:the\s+)?(?:{THERAPIST}|{_PT_OR_OT}|me\b)"
    rf"|{ASSISTANT}\b(?=[^.;]{{0,50}}\b(?:together|jointly|alongside|side by side"
    rf"|at the same time)\s+(?:with\s+|as\s+)?(?:me\b|the\s+(?:{THERAPIST}|{_PT_OR_OT})))"
    rf"|(?:{THERAPIST}|{_PT_OR_OT}|\bI\b),?\s+(?:was\s+|were\s+)?(?:assisted|helped|aided)\s+by\s+"
    rf"(?:the\s+|a\s+|an\s+|my\s+|our\s+)?{ASSISTANT}"
    rf"|\b(?:with|w/)\s+(?:the\s+|a\s+|my\s+)?{ASSISTANT}\s+"
    r"(?:(?:assist|help)ing\b(?:\s+me\b)?|(?:as\s+)?(?:the\s+|a\s+)?(?:second|2nd)\s+(?:pair|set|person)\b(?:\s+of\s+hands)?)"
    rf"|\b(?:with|w/)\s+(?:the\s+)?(?:assist(?:ance)?|help)\s+(?:of|from|by)\s+"
    rf"(?:the\s+|a\s+)?{ASSISTANT}",
    re.I,
)
_WHO = regex(
    rf"\b(?:(?P<student>{STUDENT})|(?P<assistant>{ASSISTANT})|(?P<aide>{AIDE})"
    rf"|(?P<therapist>{THERAPIST}))",
    re.I,
)
_PT = regex(r"(?<![\w/-])(?P<who>PT|OT)(?![\w/])")
_I = regex(
    r"\b[Ii]\b(?=(?:,\s*the\s+\w+,)?\s+(?:also\s+|then\s+|personally\s+|each\s+|both\s+)?"
    r"(?:did|provid|perform|treat|gave|spent|work|furnish|deliver|complet)\w*)"
)
_WAS_ME = regex(r"\b(?:was|were|by)\s+(?P<me>me)\b", re.I)
_ACTS = regex(
    r"\s*(?::|-|=)?\s*(?:did|does|provid\w+|furnish\w+|perform\w*|treat\w*|gave|gives|deliver\w*"
    r"|work\w*|spen[dt]\w*|complet\w+|render\w*|saw|sees|took|takes|came in|stepped in"
    r"|(?:popped|jumped|dropped|hopped|filled|subbed|stepped) in|joined"
    r"|was with (?:her|him|them|the c?[po]ta)\b"
    r"|finish\w*|continued|handled|covered|started|led|ran|alone|then|for"
    r"|\(?\d{1,3}(?![\d/-])|only|(?<=:)\d{5}|(?<=:\s)\d{5}"
    r"|(?:and|&|/|\+)\s*(?:the\s+)?c?[po]ta\b)",
    re.I,
)
_BY = regex(r"(?:\bby|with|w/|per|from|\(|,|:|and|&|\+|-|\bthe)\s*(?:the\s+|a\s+)?$", re.I)
_SPENT_BY = regex(r"\d\s*(?:minutes?|mins?|min)\.?\s+(?:by\s+)?\Z", re.I)
_SPENT_BY_ASSISTANT = regex(
    rf"\d\s*(?:minutes?|mins?|min)\.?\s+(?:by\s+)?{ASSISTANT}|{ASSISTANT}\s+\d{{1,3}}\s*min", re.I
)
NOT_TREATING = regex(  # what somebody named is said to have done, and is no treatment
    r"\s*(?:(?:was|were|is|then|also|only|just|got|had)\s+)*"
    r"(?:supervis\w++(?!\s+by\b)|observ\w+|watch\w+|sign\w*|co-?sign\w*|wrote|documented|charted"
    r"|walk\w*\s+(?:behind|beside|alongside)|follow\w*\s+(?:behind|with|along)|pushed|fetched"
    r"|stood by|guarded|spotted|left\b|stepped (?:out|away)|called (?:away|out)|pulled"
    r"|to (?:step|leave|take a call)|off\b|out\b(?!\s+of)|absent|sick|gone\b|on vacation"
    r"|(?:let|told|asked|sent)\s+(?:the|my|our|a)\s+(?:[a-z]+\s+)?"
    r"(?:pta|c?ota|assistant|student|aide|tech)|wasn't|didn't\b"
    r"|not\b(?!\s+(?:by\s+)?(?:the\s+|an?\s+)?(?:PT|OT|me)\b)"
    r"|on-?\s?site|in the (?:building|room|clinic)|(?:in\s+)?(?:direct\s+)?line[- ]of[- ]sight"
    r"|nearby|available|present\b(?!\s+(?:and|for\s+\d))|assist\w*\s+as\s"
    r"|as (?:a |the )?(?:second|2nd)\b"
    r"|modifier|plan\b|poc\b|clinic\b|patient\b)",
    re.I,
)
_BEFORE_NOT = regex(
    r"(?:supervised by|no|without(?: a| an| the)?|not(?: by)?(?: a| an| the)?)\s*$", re.I
)
_SIGNER_BEFORE = regex(
    r"\b(?:[Cc]o-?|[Cc]ounter-?)?(?:[Ss]ign(?:ed|ature|s)?"
    r"|[Ss]upervis(?:ed\b(?!\s+(?:the|my|a|our)\b)|ing|ion|or)|[Rr]eview(?:ed)?(?! *:)"
    r"|[Oo]versight|[Rr]eferr(?:ed|ing)|[Oo]rdered)(?: off)?"
    r"(?: by| from| of)?:?\s+"
    r"(?:the\s+|my\s+|a\s+)?"
    r"(?:(?!PTA?\b|OTA?\b|COTA\b)(?:[A-Z][\w'.-]*|\[[\w ]+\]),?\s+){0,3}$"
)
_ME = rf"(?P<me>{ASSISTANT}|{STUDENT}|{AIDE})"
_WRITER = regex(
    rf"\b(?:i'?m|i am|as)\s+(?:a|an|the|your)\s+(?:\w+[ ]+)?{_ME}(?!\s+(?:did|saw|treat))"
    rf"|(?:^|[.!?\n]\s*|\bhi,?\s+){_ME.replace('me', 'here', 1)}\s+(?:here|writing|speaking)\b",
    re.I,
)
_FOR_ALL = regex(
    rf"\b(?P<who>{ASSISTANT}|{STUDENT}|{AIDE})\s*(?:(?:for|on|did|gave|throughout|=|-|:)\s*)?"
    r"(?:(?:it\s+|them\s+)?(?:all|only(?=\W*[.\n]))(?: of (?:it|them|these|the above))?|everything"
    r"|(?:the )?(?:whole|entire) (?:visit|session|thing|time|treatment)|throughout)"
    r"\s*(?=[).,;\n]|$)"
    rf"|\b(?:all|everything|entire (?:visit|session)|whole (?:visit|session))\s+(?:was\s+|were\s+)?"
    rf"(?:done\s+|given\s+|provided\s+|treated\s+)?(?:by|with)\s+(?:the\s+|a\s+|our\s+)?"
    rf"(?P<by>{ASSISTANT}|{STUDENT}|{AIDE})(?=\s*[).,;\n]|$)",
    re.I,
)

_CODE_NEXT = regex(r"\s+\d{5}")
_ASSISTANT_AND_CODE = regex(
    rf"(?:^|[;,/\n(]|\band\b)\s*(?:[A-Z.]{{1,4}}\s+)?{ASSISTANT}\s+\d{{5}}", re.I
)


def together(text: str) -> Iterator[re.Match[str]]:
    """Where the words tell of a therapist and an assistant who treat at once."""
    return _TOGETHER.finditer(text)


def clinician(word: str) -> Clinician:
    """Which kind of clinician a word names."""
    kinds = (
        (STUDENT, Clinician.STUDENT),
        (ASSISTANT, Clinician.ASSISTANT),
        (AIDE, Clinician.AIDE),
    )
    for pattern, kind in kinds:
        if re.fullmatch(pattern, word.strip(), re.I):
            return kind
    return Clinician.THERAPIST


_WITH = regex(r"\b(?:with|w/|by)\s*(?:the\s+|a\s+|an\s+)?\Z", re.I)
_HELPS = regex(r"\s+(?:assist|help|stand\w*\s*by)", re.I)


def only_helps(text: str, start: int, end: int) -> bool:
    """Whether the aide named there stood by somebody else: «20 min PT w/ tech assist»."""
    before = _WITH.search(text, max(0, start - 16), start)
    return bool(before and _HELPS.match(text, end))


def find(text: str, writer: Clinician = Clinician.THERAPIST) -> list[WhoMention]:
    """Mentions of people who treat; two together count as the therapist, «I» as the writer."""
    found = [WhoMention(m.start(), m.end(), Clinician.THERAPIST) for m in together(text)]
    named = []
    for match in _WHO.finditer(text):
        kind = Clinician(match.lastgroup or "")
        idle = NOT_TREATING.match(text, match.end()) and kind is not Clinician.AIDE
        idle = idle or (kind is Clinician.AIDE and only_helps(text, *match.span()))
        refused = _BEFORE_NOT.search(text, max(0, match.start() - 24), match.start()) or _signs(
            text, match.start()
        )
        of_amount = kind is Clinician.THERAPIST and text[: match.start()].endswith(("PT/", "PT+"))
        if not (idle or refused or of_amount):  # «PT/SLP $2,500»
            named.append(WhoMention(match.start(), match.end(), kind))
    found += beside(named, found)
    found += beside(_pt_or_ot(text, writer), found)
    found += [WhoMention(*m.span("me"), writer) for m in _WAS_ME.finditer(text)]
    return sorted(found, key=lambda m: m.start)


_SUPERVISES = regex(r"\b(?:supervis\w+|oversee\w*|co-?sign\w*|signed)\b[^.;\n]{0,40}", re.I)
_HEAD = regex(  # «Provider: J. Doe, PTA»
    r"(?:^|(?<=[\n.;|]))\s*(?:staff|provider|clinician|treating(?: therapist| clinician| provider)?"
    r"|(?:rendered|seen|treated|performed|provided) by|therapist)\s*[:=]\s*"
    r"(?:(?:[A-Z][\w'-]*\.?|\[[\w ]+\]),?\s+){0,3}"
    rf"(?P<who>{ASSISTANT})(?=\s*(?:[.,;)|\n]|$))",
    re.I,
)


def _headed(text: str) -> tuple[Clinician, int, int] | None:
    """Who a line in front says treats, where nobody else is named to."""
    match = _HEAD.search(text)
    others = find(_SUPERVISES.sub(" ", text[match.end() :])) if match else []
    if match is None or any(m.clinician is Clinician.THERAPIST for m in others):
        return None
    return clinician(match["who"]), match.start("who"), match.end("who")


def writer(text: str) -> tuple[Clinician, int, int] | None:
    """«I'm a PTA», «COTA here»: who writes, and where it stands; None where it is not said."""
    match = _WRITER.search(text)
    if match is None:
        return None
    return clinician(match["me"] or match["here"]), match.start(), match.end()


def of_everything(text: str) -> tuple[Clinician, int, int] | None:
    """«PTA for all»: who gave everything, and where it stands; None where it is not said."""
    match = _FOR_ALL.search(text)
    if match is None and (head := _headed(text)):
        return head
    if match is None or any(m.start() <= match.start() < m.end() for m in _TOGETHER.finditer(text)):
        return None
    return clinician(match["who"] or match["by"]), match.start(), match.end()


def _signs(text: str, start: int) -> bool:
    """Whether who stands here only signed or supervised."""
    return bool(_SIGNER_BEFORE.search(text, max(0, start - 60), start))


def _pt_or_ot(text: str, writer: Clinician) -> list[WhoMention]:
    """«PT», «OT» and «I» as the person, where the words around say that somebody treats."""
    assistant_too = cache(lambda: bool(_ASSISTANT_AND_CODE.search(text)))
    by_minutes = cache(lambda: bool(_SPENT_BY_ASSISTANT.search(text)))
    return [
        WhoMention(m.start(), m.end(), who)
        for pattern, who in ((_PT, Clinician.THERAPIST), (_I, writer))
        for m in pattern.finditer(text)
        if (
            _ACTS.match(text, m.end())
            or _BY.search(text, max(0, m.start() - 12), m.start())
            # «PTA 97110 23 min; PT 97140 15 min»: both are people, since the other one is.
            or (_CODE_NEXT.match(text, m.end()) and assistant_too())
            # «15 min PTA, 8 min PT»
            or (_SPENT_BY.search(text, max(0, m.start() - 16), m.start()) and by_minutes())
        )
        and not NOT_TREATING.match(text, m.end())
        and not _signs(text, m.start())
    ]
