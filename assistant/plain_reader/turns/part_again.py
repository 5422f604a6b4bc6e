"""A later message that only makes sense beside the one before it: an amount, an option."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.reading import Subset
from assistant.plain_reader.turns.follow_up import carved
from assistant.plain_reader.words.text import NUMBER_WORD, number

_AGAIN = (
    r"(?:(?:ok(?:ay)?|no|nope|actually|wait|sorry|please|hmm|oh|well|so|and|now|then|just)\W+)*"
)
_OPTION = regex(
    r"^\W*(?:(?:ok|okay|let's|i'll|we'll|i|go|going|with|do|pick|choose|take|use|bill|want|the"
    r"|prefer|please|say|then)\W+)*"
    r"(?:(?:option|choice|number|alternative)\W*(?P<n>[1-9]|one|two|three|[a-c])"
    r"|(?P<nth>first|second|third|last|1st|2nd|3rd|other|latter)\s+"
    r"(?:option|choice|alternative|way|combination|split)|#?(?P<bare>[1-4]))"
    r"(?:\W+(?:please|then|it is))?\W*$",
    re.I,
)
_OPTIONS = {
    "one": 1, "a": 1, "first": 1, "1st": 1, "two": 2, "b": 2, "second": 2, "2nd": 2,
    "three": 3, "c": 3, "third": 3, "3rd": 3, "last": -1, "other": -1, "latter": -1,
}  # fmt: skip
_SMALL_WORDS = (
    "no nope actually sorry i mean meant it was were is that's thats it's its only just more like "
    "the a an of it that them those this minutes minute min mins m time make did done do closer to "
    "really ok okay wait about first last final ones one and say should be said not so correction "
    "are pta cota ota assistant student aide they she he by with visit session thing oops my bad "
    "whole entire gave had did does treated provided handled took over covered of those for also "
    "aide tech there well maybe perhaps probably set up student's pta's on from supervised watched "
    "ran helped assisted worked her him out saw"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_OF_WHOLE = regex(r"\b(?:out )?of (?:the|those|these|that|my) \d{1,3}\b", re.I)
_BUT = regex(r"\b(?:(?:all|everything) )?(?:except(?: for)?|but(?: not)?|minus|apart from)\b", re.I)
_YET = regex(  # «ok but the manual was the PTA's»: no exception
    r"^\W*+(?:(?:ok(?:ay)?|yes|yeah|no|sorry|well|oh|right|sure|and)\W+)*but\b(?! not)", re.I
)
_MYSELF = regex(r"\b(?:i(?! (?:mean|meant|think|guess)\b)|me|myself)\b", re.I)
_ALL_OF_IT = regex(r"\b(?:all|both|everything|whole)\b", re.I)
_MINE = frozenset(("i", "me", "myself"))
_TOO = frozenset(("too", "also", "same", "likewise", "so", "as", "well", "and", "plus"))
_WHOLE = frozenset(("all", "everything", "entirely", "whole", "entire"))
_NONE = frozenset(("none", "nothing", "zero"))
_SHARES = {"half": (1, 2), "third": (1, 3), "quarter": (1, 4), "fourth": (1, 4)}
_N = regex(rf"\d{{1,3}}|{NUMBER_WORD}|[a-z']+", re.I)
_NUMBER = regex(rf"(?<![\w$.,/:-])(?:\d{{1,3}}|{NUMBER_WORD})(?![\w%/:]|[.,]\d)", re.I)


def says_but(text: str) -> bool:
    """«everything except the first 5 minutes»."""
    return bool(_BUT.search(text)) and bool(_NUMBER.search(text))


def giver(text: str) -> Clinician | None:
    """Who else than the therapist a message says gave something; None where not just one."""
    named = {p.clinician for p in people.find(text)} - {Clinician.THERAPIST}
    return named.pop() if len(named) == 1 else None


_PRONOUN = regex(
    r"^\W*(?:(?:and|no|sorry|actually|but|oh|ok|well|not all|not all of it)\W+)*"
    r"(?P<who>s?he|they)(?=\s+(?:only\s+|also\s+)?"
    r"(?:did|gave|had|took|provided|treated|ran|covered|handled)\b)",
    re.I,
)


_HAD = regex(  # «she had the PTA»: who treated
    r"^\W*(?:(?:and|but|no|actually|sorry|oh)\W+)*"
    r"(?:(?:s?he|they|pt|ot|the patient|patient|it|(?:this|that)(?: one)?)\s+)?"
    r"(?:had|saw|got|was (?:seen|treated) by|was with|seen by)\s+(?:an?|the|my|our)\s+"
    rf"(?P<who>{people.ASSISTANT}|{people.AIDE}|{people.STUDENT})"
    r"(?: (?:today|that day|this time|only|for (?:it|this|that|all of it|everything)))?\W*$",
    re.I,
)


def named(text: str, giver: Clinician | None) -> str:
    """«she did 15 of the 45» after «the PTA helped»: with the person in place of the pronoun."""
    if had := _HAD.match(text):
        return f"the {had['who']} did all of it"
    match = _PRONOUN.match(text) if giver else None
    if match is None or people.find(text):
        return text
    return f"{text[: match.start('who')]}the {giver}{text[match.end('who') :]}"


def option(text: str, *, bare: bool) -> int:
    """Which of the offered ways is chosen, from 1 (-1: the last); 0 where none is.

    Args:
        bare: whether a number alone can be meant so.
    """
    match = _OPTION.match(text)
    if match is None or (match["bare"] and not bare):
        return 0
    said = (match["n"] or match["nth"] or match["bare"]).lower()
    return _OPTIONS[said] if said in _OPTIONS else int(said)


def amount(text: str, whole: int, *, bare: bool) -> int | None:
    """«no, all of it», «half», «the last 15»: how many of these minutes; None where it says none.

    Args:
        bare: whether a number alone can be meant so.
    """
    said = [w.lower() for w in _N.findall(_OF_WHOLE.sub(" ", _BUT.sub(" ", text)))]
    told = [w for w in said if w not in _SMALL or w in _WHOLE]
    if len(told) != 1:
        return None
    word = told[0]
    if _BUT.search(text):
        rest = number(word)
        return int(whole - rest) if rest is not None and 0 < rest < whole else None
    if word in _WHOLE:
        return whole
    if word in _NONE:
        return 0
    if word in _SHARES:
        part, of = _SHARES[word]
        return whole * part // of
    value = number(word)
    placed = {"last", "first", "final", "only", "just"} & set(said)
    if value is None or not (bare or placed) or not 0 < value <= whole:
        return None
    return int(value)


def given_again(
    services: Sequence[Service],
    giver: Clinician | None,
    named: Sequence[str],
    text: str,
    *,
    bare: bool,
) -> list[Service]:
    """«no, all of it» after «the PTA did 10»: the parts divided anew; none where it says no such.

    Args:
        giver: who else than the therapist the message, or the one before, speaks of.
        named: the codes that the message names.
        text: the message without their names.
    """
    codes = {s.code for s in services if s.by is giver}
    if giver is None or len(codes) != 1 or _MYSELF.search(text) or set(named) - codes:
        return []
    code = codes.pop()
    own = [s for s in services if s.code == code]
    whole = sum(s.minutes or 0 for s in own)
    minutes = amount(text, whole, bare=bare)
    if minutes is None:
        return []
    joined = replace(own[0], minutes=whole, by=Clinician.THERAPIST, block=None)
    at = next(n for n, s in enumerate(services) if s.code == code)
    rest = [s for s in services if s.code != code]
    parts = carved([joined], Subset(giver, minutes, code)) if minutes else [joined]
    return [*rest[:at], *parts, *rest[at:]]


_LEFT_OUT = regex(
    rf"^\W*{_AGAIN}(?:remove|drop|without|take out|leave out|scratch|forget(?: about)?|there was no"
    r"|(?:it was )?no|cancel)\s+(?:the\s+)?(?:l?pta|c?ota|assistant|aide|tech|technician"
    r"|student)(?:'s (?:part|time))?"
    r"\W*+(?:then|after all)?\W*$",
    re.I,
)


def without_giver(services: Sequence[Service], text: str) -> list[Service]:
    """«remove the PTA»: all of it the therapist's, parts of one code together; else none."""
    if not _LEFT_OUT.match(text) or all(s.by is Clinician.THERAPIST for s in services):
        return []
    whole: dict[str, Service] = {}
    for service in services:
        minutes = (whole[service.code].minutes if service.code in whole else 0) or 0
        total = None if service.minutes is None else minutes + service.minutes
        whole[service.code] = replace(service, minutes=total, by=Clinician.THERAPIST, block=None)
    return list(whole.values())


def all_but(
    services: Sequence[Service], giver: Clinician | None, codes: Sequence[str], text: str
) -> list[Service]:
    """«everything but the 97116», «both of them»: who gave which; none where it says no such.

    Args:
        text: the message without the names of its codes.
    """
    text = _YET.sub(" ", text)
    words = {w.lower() for w in _N.findall(text)}
    told = {s.code for s in services}
    but = bool(_BUT.search(text))
    mine = bool(_MYSELF.search(text))
    giver = Clinician.THERAPIST if mine else giver
    if giver is None or not told > set(codes) or bool(codes) != but:
        return []
    if mine and not codes:
        if not _ALL_OF_IT.search(text):
            return []
        words = {w for w in words - _MINE if not w.isdigit()} | {"everything"}
    if words - _SMALL - _EVERY - {"except", "but", "apart"} or not (but or words & _EVERY_ONE):
        return []
    if "one" in words:  # «one of them»
        return []
    by = Clinician.THERAPIST
    return [replace(s, by=by if s.code in codes else giver) for s in services]


_EVERY_ONE = frozenset(("both", "them", "everything"))
_EVERY = frozenset(("both", "all", "everything", "two", "three", "four", "each"))


def by_the_same(before: Sequence[Service], now: Sequence[Service], text: str) -> list[Service]:
    """«make the 97110 25» after «the PTA did it»: corrected minutes stay with who gave them."""
    if people.find(text) or _MYSELF.search(text):
        return list(now)
    givers: dict[str, set[Clinician]] = {}
    for service in before:
        givers.setdefault(service.code, set()).add(service.by)
    sole = {code: min(who) for code, who in givers.items() if len(who) == 1}
    return [replace(s, by=sole.get(s.code, s.by)) for s in now]


def only_given(
    services: Sequence[Service], giver: Clinician | None, codes: Sequence[str], text: str
) -> list[Service]:
    """«no, just the 97110» and «so was the 97140» after «the PTA did …»: who gave which, else none.

    Args:
        text: the message without the names of its codes.
    """
    words = {w.lower() for w in _N.findall(text)}
    told = {s.code for s in services}
    mine = _MYSELF.search(text)
    if giver is None or mine or not codes or not set(codes) < told or words - _SMALL - _TOO:
        return []
    if words & _TOO:
        return [replace(s, by=giver if s.code in codes else s.by) for s in services]
    return [replace(s, by=giver if s.code in codes else Clinician.THERAPIST) for s in services]
