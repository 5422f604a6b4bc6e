"""A later message that puts codes or minutes in another's place, without telling them anew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.mentions.mention import CodeMention
from assistant.plain_reader.turns.follow_up import adds, is_correction

_SWAP = regex(
    r"^\W*(?:no[, ]+|sorry[, ]+|actually[, ]+|i )*"
    r"(?:what (?:about|if) )?(?:the )?(?:swap|switch|reverse|flip|mixed|opposite)(?:ped|ed|d)?\b"
    r"(?:\s+(?:them|those|these|it|that|up|the|two|times|minutes|around|who|did|what|which|people"
    r"|us|clinicians?|therapists?|providers?))*\W*$"
    r"|\bother way (?:a)?round\b|\bvice versa\b",
    re.I,
)

_SWAP_THESE = regex(r"^\W*(?:no\W+|sorry\W+)?(?:swap|switch|flip|reverse)\b", re.I)
_WHO = regex(r"\b(?:who|us|people|clinicians?|therapists?|providers?)\b", re.I)


def swapped(services: Sequence[Service], codes: Sequence[str], text: str) -> list[Service]:
    """«swap them», «swap TE and MT»: two with each other's minutes; none where not so said."""
    named = [s for s in services if s.code in codes]
    pair = named if len(named) == 2 and _SWAP_THESE.match(text) else services
    if len(pair) != 2 or not (_SWAP.search(text) or pair is named):
        return []
    one, other = pair
    if len(services) > 2:
        twins = {id(one): other.minutes, id(other): one.minutes}
        return [
            replace(s, minutes=twins[id(s)], block=None) if id(s) in twins else s for s in services
        ]
    if _WHO.search(text) or (one.minutes == other.minutes and one.by is not other.by):
        return [replace(one, by=other.by), replace(other, by=one.by)]
    return [
        replace(one, minutes=other.minutes, block=other.block),
        replace(other, minutes=one.minutes, block=one.block),
    ]


_SUBSTITUTE = regex(
    r"\b(?:change|switch|swap|replace|make|turn|move|instead|not|should (?:be|have been)|same"
    r"|keep|back to|stay with)\b"
    r"|\b(?:it|that)(?:'s| was| is)\b|\bmeant\b|\bactually\b|\breally\b|\b(?:use|call|go with)\b"
    r"|\bthen\W*$|[,;]\s*(?:it )?was\b",
    re.I,
)
_NOT_THIS = regex(r"\b(?:instead of|rather than|in place of|not)\s+(?:the\s+)?(\d{5}|G\d{4})", re.I)
_IT_WAS = regex(r"\b(?:it|that) was\b", re.I)
_NTH = regex(
    r"\b(first|second|third|last)(?:\s+(?:one|code|line|service))?\s+"
    r"(?:was|is|should (?:be|have been)|to|had)\s+(?:really\s+)?(\d{1,3})(?!\d)",
    re.I,
)


_SUPPOSED = regex(
    r"\bif\s+(?:it|that|this|we|i|he|she)\b.{0,12}\b(?:was|were|is|did|used|use|billed|bill|had)\b",
    re.I,
)


def substituted(services: Sequence[Service], codes: Sequence[str], text: str) -> list[Service]:
    """«change the 97112 to 97530», «97530 instead of 97112»: the minutes under the other code."""
    told = {s.code for s in services}
    old = [c for c in codes if c in told]
    new = [c for c in codes if c not in told]
    asked = text.rstrip().endswith("?") and not _SUPPOSED.search(text)
    if set(new) & set(_NOT_THIS.findall(text)):
        return []  # «I mean instead of ther ex», which is out already
    if not old and len(told) == 1 and not asked and (_IT_WAS.search(text) or not adds(text)):
        old = [*told]  # «make it 97530»
    if len(old) != 1 or len(new) != 1 or not _SUBSTITUTE.search(text):
        return []
    return [replace(s, code=new[0], activity="") if s.code == old[0] else s for s in services]


def corrected_nth(services: Sequence[Service], text: str) -> list[Service]:
    """«the last one was 15»: the services with that one corrected; none where it says no such."""
    match = _NTH.search(text)
    if match is None or not services:
        return []
    at = {"first": 0, "second": 1, "third": 2, "last": len(services) - 1}[match[1].lower()]
    if at >= len(services):
        return []
    new = replace(services[at], minutes=int(match[2]), block=None)
    return [*services[:at], new, *services[at + 1 :]]


_ONLY = regex(
    r"\b(?:just|only|nothing but)\s+(?:bill(?:ed|ing)?\s+|did\s+|do\s+)?(?:the\s+)?$", re.I
)


_ONLY_BEHIND = regex(r"\s+only\W*$", re.I)


def only_these(
    services: Sequence[Service],
    mentions: Sequence[CodeMention],
    text: str,
    *,
    beside: bool = False,
) -> list[Service]:
    """«just the 97140», «what if only the 97110?»: the services of those codes; else none.

    Args:
        beside: whether something without a code was told too, so that all codes can be meant.
    """
    told = {s.code for s in services}
    named = {m.codes[0] for m in mentions}
    if (
        not named
        or not named <= told
        or (named == told and not beside)
        or re.search(r"\d\s*min", text, re.I)
    ):
        return []
    behind = _ONLY_BEHIND.match(text[mentions[-1].end :])
    if not (_ONLY.search(text[: mentions[0].start]) or behind) or people.find(text):
        return []  # «only the 97530 was the PT»: who gave it, and no word on the others
    return [s for s in services if s.code in named]


_SET = regex(
    r"\b(?:change|set|make|adjust|correct|update|switch)\b[^.?!]{0,30}?\bto\s+(?:be\s+)?(\d{1,3})"
    r"(?:\s*min\w*)?(?:\s+(?:please|instead|then|pls))*\W*$",
    re.I,
)


def set_to(services: Sequence[Service], codes: Sequence[str], text: str) -> list[Service]:
    """«change 97110 to 30»: that one with so many minutes; none where it says no such."""
    match = _SET.search(text)
    told = [s for s in services if s.code in codes]
    if match is None or len(codes) != 1 or len(told) != 1 or told[0].minutes is None:
        return []
    new = replace(told[0], minutes=int(match[1]), block=None)
    return [new if s is told[0] else s for s in services]


def in_place(services: Sequence[Service], codes: Sequence[str], text: str) -> list[Service]:
    """The services with what the message puts in another's place; none where it does not."""
    return (
        substituted(services, codes, text)
        or corrected_nth(services, text)
        or swapped(services, codes, text)
        or shared(services, text)
        or given_nth(services, text)
        or instead(services, text)
    )


def given_by(
    services: Sequence[Service], givers: Mapping[str, Clinician], text: str
) -> list[Service]:
    """«The PTA did the 97140»: the services with who gave them; «only the …» says who the rest."""
    if _PERMITTED.search(text):
        return list(services)
    others = Clinician.THERAPIST if givers and _LIMITS.search(text) else None
    return [replace(s, by=givers.get(s.code, others or s.by)) for s in services]


def shared(services: Sequence[Service], text: str) -> list[Service]:
    """«COTA 20, OT 10»: the one service of just so many minutes, divided; none where none is."""
    who = people.find(text)
    said = [int(n) for n in _NUMBER.findall(text)]
    whole = [n for n, s in enumerate(services) if s.minutes == sum(said)]
    if len({p.clinician for p in who}) < 2 or len(who) != len(said) or len(whole) != 1:
        return []
    old = services[whole[0]]
    parts = [
        replace(old, minutes=n, by=p.clinician, block=None) for p, n in zip(who, said, strict=True)
    ]
    return [*services[: whole[0]], *parts, *services[whole[0] + 1 :]]


def of_focus(
    services: Sequence[Service], minutes: Sequence[int], focus: Sequence[str]
) -> list[Service]:
    """«go back to 15»: the minutes of the one code spoken of last; none where it was not one."""
    if len(minutes) != 1 or len(focus) != 1 or [s.code for s in services].count(focus[0]) != 1:
        return []
    new = minutes[0]
    return [replace(s, minutes=new, block=None) if s.code == focus[0] else s for s in services]


_NTH_GIVEN = regex(r"\b(first|second|third|last)\s+(?:one|code|service)\W*$", re.I)


def given_nth(services: Sequence[Service], text: str) -> list[Service]:
    """«the PTA did the first one»: the services with who gave that one; none where it is not so."""
    match, who = _NTH_GIVEN.search(text), people.find(text)
    at = {"first": 0, "second": 1, "third": 2, "last": len(services) - 1}
    n = at[match[1].lower()] if match else len(services)
    if len(who) != 1 or n >= len(services):
        return []
    return [*services[:n], replace(services[n], by=who[0].clinician), *services[n + 1 :]]


_LIMITS = regex(r"\b(?:only|just)\b", re.I)
_PERMITTED = regex(r"\b(?:allowed|permitted|able|can|could|may|should|must)\b.*\?", re.I)
_THAT = regex(
    r"\b(?:did|does|gave|provided|handled) (?:that|it|this)\b(?! all)|\b(?:that|it) was\b", re.I
)


def spoken_of(text: str, services: Sequence[Service], focus: Sequence[str]) -> set[str]:
    """The codes that «the PTA did that» is about: the one spoken of last, else all."""
    told = {s.code for s in services}
    return set(focus) if len(focus) == 1 and set(focus) < told and _THAT.search(text) else told


def without_purpose(activity: str) -> str:
    """«stair climbing for leg strength» without what it was for."""
    return re.split(r"\s+(?:for|to|so|because)\s+", activity, maxsplit=1)[0]


_THE_REST = regex(r"\b(?:rest|remainder|remaining|none|nothing)\b", re.I)


def speaks_of_the_rest(text: str) -> bool:
    """«the rest was with a tech»: of minutes that are not among those told."""
    return bool(_THE_REST.search(text))


_NUMBER = regex(r"(?<![\w$.,/:-])(\d{1,3})(?![\w%/:]|[.,]\d)(?=\s*(?:min\w*|m\b)?)")


def instead(services: Sequence[Service], text: str) -> list[Service]:
    """«it wasn't 16, it was 24»: the one service of those minutes with the other number."""
    said = list(dict.fromkeys(int(n) for n in _NUMBER.findall(text)))
    told = [s.minutes for s in services]
    old = [n for n in said if told.count(n) == 1]
    if len(said) != 2 or len(old) != 1 or not is_correction(text):
        return []
    new = next(n for n in said if n != old[0])
    if (refused := _NOT_N.search(text)) and int(refused["n"]) == new:
        return []  # «30 not 15», where 30 is told
    return [replace(s, minutes=new, block=None) if s.minutes == old[0] else s for s in services]


_NOT_N = regex(r"(?:\bnot|n't)\s+(?P<n>\d{1,3})(?!\d)", re.I)
_NTH_ONE = regex(
    r"^\W*(?:let's |i )?(?:(?:go|went) with |choose |pick |take )?(?:the )?"
    r"(?P<nth>first|second|third|last)(?: (?:one|code|option))?(?: please| gets it)?\W*$",
    re.I,
)


def nth_code(services: Sequence[Service], text: str) -> tuple[str, ...]:
    """«the second one»: the code that a tied unit goes to; none where it says no such."""
    match = _NTH_ONE.match(text)
    at = {"first": 0, "second": 1, "third": 2, "last": -1}[match["nth"].lower()] if match else 0
    if match is None or at >= len(services):
        return ()
    return (services[at].code,)
