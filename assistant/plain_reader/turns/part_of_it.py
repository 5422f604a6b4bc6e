"""«He sat for 6 of those», «15 of that she swam alone»: minutes told that were no treatment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.reading import Subset
from assistant.plain_reader.turns.follow_up import carved
from assistant.plain_reader.words.text import NUMBER_WORD, number

_PART = regex(
    rf"(?<![\w$.,/:-])(?P<n>\d{{1,3}}|{NUMBER_WORD})\s*(?:min(?:ute)?s?\s*|m\s+)?(?:out )?of\s+"
    r"(?:it|that|those|them|these|this|which|the\s+(?:(?P<code>\d{5})|time|minutes|\d{1,3}))\b",
    re.I,
)
_IDLE = regex(
    r"\b(?:rest(?:ed|ing)?|breaks?|sat|sitting|seated|lay|lying|wait(?:ed|ing)|bathroom|restroom"
    r"|alone|on (?:his|her|their) own|by (?:him|her)self|unattended|unsupervised|unskilled|phone"
    r"|late|nothing|warm[- ]?up|set ?up|setting up|paperwork|charting|documentation|documenting"
    r"|(?:writing|typing|doing|finishing) (?:up )?(?:the |my |his |her |a )?notes?"
    r"|chatting|chit ?chat|talking|not (?:skilled|billable|treat(?:ment|ing)|one on one|1[: ]1))\b",
    re.I,
)


def moved(
    services: Sequence[Service], codes: Sequence[str], focus: Sequence[str], text: str
) -> list[Service]:
    """«the hot pack was 10 of that», «split it w/ 97535, 25 and 20»: part under another code.

    Args:
        codes: those that the message names; text: the message, codes by their numbers.

    Raises:
        ImpossibleFact: it is split into other minutes than were told.
    """
    told = {s.code for s in services if s.minutes is not None}
    new = [c for c in codes if c not in told]
    spoken = {*codes, *focus} & told if len(told) > 1 else told
    if len(new) != 1 or len(spoken) != 1 or "?" in text:
        return []
    old = next(s for s in services if s.code in spoken and s.minutes is not None)
    said = [int(n) for n in _NUMBER.findall(text)]
    if _SPLIT.search(text) and len(said) == 2:
        kept, given = said
    elif not said and old.minutes and (share := _SHARE.search(text)):
        given = old.minutes // _SHARES[share["share"].lower()]
        kept = old.minutes - given
    elif len(said) == 1 and _OF_THAT.search(text) and old.minutes and said[0] < old.minutes:
        kept, given = old.minutes - said[0], said[0]
    else:
        return []
    if kept + given != old.minutes:
        raise ImpossibleFact(
            "minutes",
            said,
            f"{kept} and {given} minutes are not the {old.minutes} of {old.code} told before: how "
            f"many one-to-one minutes of {old.code} and of {new[0]}?",
        )
    parts = [replace(old, minutes=kept, block=None), Service(new[0], given, old.by)]
    at = list(services).index(old)
    return [*services[:at], *parts, *services[at + 1 :]]


_NUMBER = regex(r"(?<![\w$.,/:-])\d{1,3}(?![\w%/:]|[.,]\d)")
_SHARES = {"half": 2, "third": 3, "quarter": 4}
_SHARE = regex(
    r"\b(?P<share>half|third|quarter) of (?:it|that|this|them|those"
    r"|the (?:time|visit|session|minutes|treatment))\b",
    re.I,
)
_SPLIT = regex(r"\b(?:split|divided?|shared?)\b", re.I)
_OF_THAT = regex(r"\d\s*(?:min\w*\s*)?(?:out )?of (?:that|it|those|them|these)\b", re.I)


def is_idle(text: str) -> bool:
    """Whether the message speaks of time without treatment: rest, set-up, waiting."""
    return bool(_IDLE.search(text))


def without_idle(
    services: Sequence[Service], codes: Sequence[str], focus: Sequence[str], text: str
) -> list[Service]:
    """The services without such minutes; none where the message tells none, or not of which code.

    Args:
        codes: those that the message names; focus: those spoken of last.
    """
    parts = list(_PART.finditer(text))
    helped = any(p.clinician is not Clinician.THERAPIST for p in people.find(text))
    if len(parts) != 1 or not _IDLE.search(text) or helped or "?" in text:
        return []
    told = {s.code for s in services if s.minutes is not None}
    spoken = [c for c in dict.fromkeys(codes or focus) if c in told]
    code = told.pop() if len(told) == 1 else spoken[0] if len(spoken) == 1 else ""
    minutes = int(number(parts[0]["n"]) or 0)
    if not code or not minutes:
        return []
    left = carved(list(services), Subset(None, minutes, code))
    return left if left != list(services) else []
