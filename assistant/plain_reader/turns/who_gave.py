"""Who gave what, as a later turn says it: the therapist's own part, together, none of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import CodeMention
from assistant.plain_reader.mentions.people import AIDE, ASSISTANT, STUDENT
from assistant.plain_reader.words.text import NUMBER_WORD, number

_HELPER = rf"(?:{ASSISTANT}|{STUDENT}|{AIDE})"
_GAVE = (
    r"(?:(?:came|stepped|jumped) in(?: for)?"
    r"|did|gave|had|took(?: over)?|finished|started|covered|ran|handled|treated|provided"
    r"|completed|worked|spent)"
)
_N = rf"(?:\d{{1,3}}(?!\d)|{NUMBER_WORD}\b|half\b)"
_OWN = regex(
    rf"\b(?:I|(?-i:PT|OT)|the\s+ot|therapist|otr)\s+(?:only\s+|just\s+|also\s+|actually\s+)*{_GAVE}\s+"
    rf"(?:(?:only|just|about|the|first|last|final|other)\s+)*(?P<n>{_N})\s*(?:min\w*\s*)?"
    r"(?:of\b|$|\W*$)",
    re.I,
)
_OWN_SHORT = regex(
    r"^\W*(?:(?:no|and|sorry|actually|wait)\W+)*(?:the\s+)?(?:pt|ot|otr|therapist|me)\s+"
    r"(?P<n>\d{1,3})\s*(?:min\w*)?\W*$",
    re.I,
)
_TOGETHER = regex(
    r"^\W*(?:(?:no|sorry|actually|well|but|and|it was)\W+)*"
    rf"(?:(?:both of )?us|(?:me|i) and (?:her|him|them|the {_HELPER})|"
    rf"(?:her|him|the {_HELPER}) and (?:me|i)|we)\b(?P<rest>[^?]*)$",
    re.I,
)
_WITH_ME = regex(
    r"\b(?:with me|together|at the same time|side by side|jointly|both (?:there|of us))\b", re.I
)
_JOINTLY = frozenset(
    ("together", "with", "me", "we", "were", "was", "both", "worked", "treated", "did", "she", "he",
     "they", "it", "the", "whole", "time", "all", "of", "us", "at", "same", "side", "by", "jointly",
     "no", "actually", "and", "but", "so", "that", "for", "in", "there", "sorry", "i", "her", "him")
)  # fmt: skip
_ALONE = regex(r"\b(?:alone|by (?:her|him)self|on (?:her|his|their) own|without me)\b", re.I)
_NONE = regex(
    r"\b(?:did ?n[o']?t|didnt|never|not)\b[^?]{0,24}\bany\b(?: of (?:it|that|this|them))?\W*$"
    rf"|^\W*(?:(?:no|sorry|actually)\W+)*(?:the |my )?{_HELPER} (?:did ?n[o']?t|didnt|never) "
    r"(?:do|did|treat|give|gave|touch|help|see)\b[^?\d]*$"
    rf"|^\W*(?:(?:no|sorry|actually)\W+)*(?:the |my )?{_HELPER} (?:(?:was|only|just)\s+)*"
    r"(?:watch|observ|shadow)\w*[^?\d]*$",
    re.I,
)
_NEITHER = regex(
    r"^\W*(?:(?:no|sorry|actually|wait|oh)\W+)*(?:neither|none|nothing|not any)"
    r"(?: of (?:it|them|those|the two|that))?\W*$",
    re.I,
)
_MINE = regex(
    r"^\W*(?:(?:no|nope|wrong|sorry|actually|oh|wait|it was|that was|just|all)\W+)*(?:me|myself"
    r"|(?:the )?(?:pt|ot|therapist|otr) (?:did|gave|had)"
    r" (?:it|that|both|all|all of it|both of them|everything|them)"
    r"|i (?:did|gave|treated|had)(?: (?:it|that|all|all of it|everything|this))?)"
    r"(?:,? the (?:pt|ot|therapist))?\W*$",
    re.I,
)
_PT_FOR = regex(
    r"^\W*(?:(?:no|but|and|sorry|actually)\W+)*(?:the\s+)?(?:pt|ot|therapist|otr|me|i)\s+"
    rf"(?:(?:for|on|with|{_GAVE})\s+)?(?:the\s+)?(?P<code>\d{{5}})\W*$",
    re.I,
)
_REST_TOO = regex(
    r"\b(?:other half|rest|remainder|remaining|other part)\b[^?]{0,20}\b(?:too|also|as well)\W*$",
    re.I,
)


def says_a_share(text: str) -> bool:
    """«the COTA did neuro half the time»: of a share of what is named."""
    return bool(_SOME.search(text))


def says_of_some(text: str) -> bool:
    """«the PTA did some of it», «the COTA did the buttons»: of a part, and not of everything."""
    if _SOME.search(text):
        return True
    on = _ON_THE.search(text)
    if on is not None and on["what"].lower() not in _THE_WHOLE:
        return True
    done = _DID_THE.search(text)
    return done is not None and done["what"].lower() not in _THE_WHOLE


_SOME = regex(
    r"\b(?:some|part(?:s|ly|ially)?|one of|a (?:bit|little|portion|piece)|most|mostly|few|couple"
    r"|half|third|quarter|either|which)\b",
    re.I,
)
_DID_THE = regex(
    rf"\b{_HELPER}\s+(?:also\s+|actually\s+|only\s+|just\s+)?{_GAVE}\s+(?:(?:the|his|her|my)\s+)?"
    r"(?P<what>[a-z]+)",
    re.I,
)
_ON_THE = regex(
    rf"^\W*(?:w/?|with|by|and|the|my|a)?\s*(?:the |my |a )?{_HELPER}\s+(?:for|on|with|during)\s+"
    r"(?:the |his |her |my )?(?P<what>[a-z]+)\W*$",
    re.I,
)
_THE_WHOLE = frozenset(
    ("all", "everything", "it", "that", "this", "them", "both", "one", "each",
     "visit", "session", "treatment", "whole", "entire", "thing", "same", "patient", "pt", "full",
     "appointment", "time", "minutes", "work", "therapy", "rest", "lot", "him", "her", "today",
     "for", "with", "in", "me", "to", "not", "so", "instead", "throughout", "alone", "too", "also",
     "actually", "sorry", "then", "done", "given", "treated", "seen", "only", "please",
     "though", "and", "but", "on", "as")
)  # fmt: skip


def own_part(
    services: Sequence[Service], codes: Sequence[str], focus: Sequence[str], text: str
) -> list[Service]:
    """«I finished the last 5 of it»: that much of what another gave is the therapist's; else none.

    Args:
        codes: those that the message names; focus: those spoken of last.
    """
    match = _OWN.search(text) or _OWN_SHORT.match(text)
    helped = {s.code for s in services if s.by is not Clinician.THERAPIST and s.minutes}
    near = [c for c in (codes or focus) if c in helped] or (sorted(helped) if not codes else [])
    if match is None or len(near) != 1 or set(codes) - set(near):
        return []
    own = [s for s in services if s.code == near[0]]
    helpers = {s.by for s in own} - {Clinician.THERAPIST}
    whole = sum(s.minutes or 0 for s in own)
    said = match["n"].lower()
    part = whole // 2 if said == "half" else int(number(said) or 0)
    if len(helpers) != 1 or not 0 < part <= whole:
        return []
    mine = replace(own[0], by=Clinician.THERAPIST, minutes=part, block=None)
    theirs = replace(own[0], by=helpers.pop(), minutes=whole - part, block=None)
    return _in_place(services, near[0], [mine, *([theirs] if part < whole else [])])


def taken_over(
    services: Sequence[Service], giver: Clinician | None, named: Sequence[CodeMention], text: str
) -> list[Service]:
    """«the manual, not the 97110»: who gave the one gave not the other; none where not so said.

    Args:
        giver: who else than the therapist this message, or the one before, speaks of.
    """
    nots = [
        m.codes[0]
        for m in named
        if re.search(r"\bnot(?: on| for| of)?(?: the| my)?\s*$", text[: m.start], re.I)
    ]
    gave = {s.code for s in services if s.by is giver}
    others = {m.codes[0] for m in named} - set(nots)
    told = {s.code for s in services}
    if giver in (None, Clinician.THERAPIST) or re.search(r"\d\s*min", text, re.I):
        return []
    if len(nots) != 1 or nots[0] not in gave or not others or not others <= told:
        return []
    assert giver is not None
    kept = _in_place(services, nots[0], [_therapists(services, nots[0])])
    return [replace(s, by=giver) if s.code in others else s for s in kept]


def together(
    services: Sequence[Service], giver: Clinician | None, codes: Sequence[str], text: str
) -> list[Service]:
    """«me and her together»: minutes given jointly are the therapist's; none where not so said.

    Args:
        codes: those that the message names.
    """
    helped = {s.code for s in services if s.by is giver}
    joint = _TOGETHER.match(text)
    said = joint is not None and (not joint["rest"].strip(" .!") or _WITH_ME.search(text))
    words = {w.lower() for w in re.findall(r"[a-z']+", text, re.I)}
    said = said or bool(_WITH_ME.search(text) and not words - _JOINTLY)
    helped = helped & set(codes) if codes else helped
    uncoded = re.sub(r"\b\d{5}\b", "", text)
    if giver in (None, Clinician.THERAPIST) or not said or not helped:
        return []
    return [] if re.search(r"\d", uncoded) else _all_therapists(services, helped)


def none_of_it(services: Sequence[Service], giver: Clinician | None, text: str) -> list[Service]:
    """«she didn't do any of it»: all the therapist's after all; none where it says no such."""
    helped = {s.code for s in services if s.by is giver}
    says_so = _NONE.search(text) or _NEITHER.match(text)
    if giver in (None, Clinician.THERAPIST) or not helped or not says_so:
        return []
    return _all_therapists(services, helped)


def mine(services: Sequence[Service], giver: Clinician | None, text: str) -> list[Service]:
    """«no, me»: all the therapist's; none where it says no such."""
    helped = {s.code for s in services if s.by is giver}
    if giver in (None, Clinician.THERAPIST) or not helped or not _MINE.match(text):
        return []
    return _all_therapists(services, helped)


def of_the_therapist(services: Sequence[Service], codes: Sequence[str], text: str) -> list[Service]:
    """«PT for the 97116» after «PTA for all»: that one the therapist's; none where not so said.

    Args:
        text: the message, codes by their numbers.
    """
    match = _PT_FOR.match(text)
    told = {s.code for s in services if s.by is not Clinician.THERAPIST}
    if match is None or len(codes) != 1 or match["code"] not in told:
        return []
    return _all_therapists(services, {codes[0]})


def rest_too(services: Sequence[Service], giver: Clinician | None, text: str) -> list[Service]:
    """«the other half too»: all of the divided code by the same helper; none where not so said."""
    helped = {s.code for s in services if s.by is giver}
    own = [s for s in services if s.code in helped]
    if giver in (None, Clinician.THERAPIST) or len(helped) != 1 or not _REST_TOO.search(text):
        return []
    whole = replace(_therapists(services, own[0].code), by=own[-1].by)
    return _in_place(services, own[0].code, [replace(whole, by=giver or whole.by)])


def was_alone(
    services: Sequence[Service], earlier: Sequence[Service], giver: Clinician | None, text: str
) -> list[Service]:
    """«no, she was alone» after «together»: as it was told before that; none where not so said."""
    now, then = ([(s.code, s.minutes) for s in some] for some in (services, earlier))
    back = giver not in (None, Clinician.THERAPIST) and _ALONE.search(text) is not None
    if not back or re.search(r"\d", text) or sorted(now, key=str) != sorted(then, key=str):
        return []
    return list(earlier) if any(s.by is giver for s in earlier) else []


def _therapists(services: Sequence[Service], code: str) -> Service:
    """All minutes of the code as the therapist's."""
    own = [s for s in services if s.code == code]
    whole = None if any(s.minutes is None for s in own) else sum(s.minutes or 0 for s in own)
    return replace(own[0], minutes=whole, by=Clinician.THERAPIST, block=None)


def _all_therapists(services: Sequence[Service], codes: set[str]) -> list[Service]:
    found = list(services)
    for code in codes:
        found = _in_place(found, code, [_therapists(found, code)])
    return found


def _in_place(services: Sequence[Service], code: str, parts: Sequence[Service]) -> list[Service]:
    at = next(n for n, s in enumerate(services) if s.code == code)
    rest = [s for s in services if s.code != code]
    return [*rest[:at], *parts, *rest[at:]]
