"""What a later message does to the services told before: add, correct, remove, fill in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.reading import Reading, Subset
from assistant.plain_reader.turns import fragments

_ADD = regex(
    r"^\s*(?:(?:and|also|plus|oh|wait|sorry|ok|okay|yes)[, ]+)*"
    r"(?:add\b|also\b|plus\b|and (?:also|another|then|add)\b"
    r"|(?:(?:i|we|you|u) (?:also )?)?forgot|we also"
    r"|there was also|in addition|i also|another\b|then\b|includ\w+|(?<=and )\d)"
    r"|^\s*\d+\s+more\b|\bas well\s*[.!]?$|\bon top of (?:that|it)\b|\balso\b|\btoo\s*[.!]?$"
    r"|\badd(?:ed|ing)?\b|\b\d+ more min|\bfor (?:another \d+|\d+ (?:min\w* )?more)\b",
    re.I,
)
_CORRECT = regex(
    r"\b(?:no|nope|actually|sorry|correction|correct that|make (?:it|that|the)|instead|change"
    r"|should (?:be|read|say|have been)|it was|was really|not|i meant|meant|typo|only|rather"
    r"|what if|if)\b",
    re.I,
)
_WAS = regex(r"\b(?:was|were|is|should|took|lasted)\b", re.I)
_FURTHER = regex(
    r"\b(?:more|another|additional|extra|also|add(?:ed)?|plus|forgot|too|as well)\b", re.I
)
_CHOOSES = regex(
    r"\b(?:should (?:get|have|take)|units?|bill|give|choose|pick|goes|use|prefer|go with"
    r"|gets|want|take(?! o))\b",
    re.I,
)
_NAMES_ONE = regex(
    r"^\W*(?:(?:no,|actually,?|sorry,?|the|ok|okay|then|let's|to|for|i'?d|say)\s+)*[\w-]+(?:\s+[\w-]+)?"
    r"(?:\s+(?:and|&|\+)\s+[\w-]+(?:\s+[\w-]+)?)?"
    r"(?:[\s,]+(?:please|then|pls))?\W*$",
    re.I,
)
_JOINED = regex(r"\s*(?:and|plus|&|\+|with)\s", re.I)
_PLAIN_WORD = regex(r"[a-z]{3,}")


def adds(text: str) -> bool:
    """Whether the message adds to what was told."""
    return bool(_ADD.search(text))


def restates(text: str, before: Sequence[Service], fresh: Sequence[Service]) -> bool:
    """«and the 97112 was 22»: minutes of codes told before, put right and not added."""
    told = {s.code for s in fresh} <= {s.code for s in before}
    return told and bool(_WAS.search(text)) and not _FURTHER.search(text)


def corrects(before: Facts, fresh: Sequence[Service], text: str, names_payer: bool) -> bool:
    """Whether new minutes of codes told before replace theirs and leave the rest standing."""
    known, mine = {s.code for s in before.services}, {s.code for s in fresh}
    some = mine < known or (mine == known and bool(before.activities))
    return bool(mine) and some and (bool(_CORRECT.search(text)) or not names_payer)


def is_correction(text: str) -> bool:
    """Whether the message takes something back."""
    return bool(_CORRECT.search(text))


def whole(reading: Reading) -> list[Service]:
    """The reading's services; a code named again without minutes is the same service.

    «The PTA did all of the 97140» then says who gave it.
    """
    timed = {s.code for s in reading.services if s.minutes is not None}
    kept: list[Service] = []
    for service in reading.services:
        if service.minutes is not None or service.code not in {*timed, *(k.code for k in kept)}:
            kept.append(service)
        elif service.by is not Clinician.THERAPIST:
            kept = [replace(k, by=service.by) if k.code == service.code else k for k in kept]
    return kept


def replaced(services: Sequence[Service], fresh: Sequence[Service]) -> list[Service]:
    """The services, those told anew in their place."""
    anew = {s.code for s in fresh}
    kept: list[Service] = []
    for service in services:
        if service.code not in anew:
            kept.append(service)
        elif service.code not in {k.code for k in kept}:
            kept += [f for f in fresh if f.code == service.code]
    return kept


def carved(services: list[Service], subset: Subset) -> list[Service]:
    """«of which the PTA did 10»: the last service long enough is divided between the two.

    Without minutes it is half of the last one.
    """
    for n in range(len(services) - 1, -1, -1):
        service = services[n]
        if service.minutes is None or subset.code not in ("", service.code):
            continue
        if subset.whole not in (None, service.minutes) and len(services) > 1:
            continue
        minutes = service.minutes // 2 if subset.minutes is None else subset.minutes
        if service.minutes < minutes or service.by is subset.by:
            continue
        rest = service.minutes - minutes
        if subset.by is None:
            kept = [replace(service, minutes=rest, block=None)] if rest else []
            return [*services[:n], *kept, *services[n + 1 :]]
        part = replace(service, minutes=minutes, by=subset.by, block=None)
        both = [replace(service, minutes=rest, block=None), part] if rest else [part]
        return [*services[:n], *both, *services[n + 1 :]]
    return services


def parts_of(before: Sequence[Service], fresh: Sequence[Service]) -> list[Subset]:
    """«the PTA did 10 minutes of the 97110» after 30 of it were told: a part, not a new time."""
    spent = {s.code: s.minutes or 0 for s in before}
    if len(spent) < len(before) or any(s.by is Clinician.THERAPIST for s in fresh):
        return []
    within = [s.minutes is not None and s.minutes <= spent.get(s.code, -1) for s in fresh]
    smaller = any((s.minutes or 0) < spent.get(s.code, 0) for s in fresh)
    if not (within and all(within) and smaller):
        return []
    return [Subset(s.by, s.minutes, s.code) for s in fresh]


def as_told(before: Sequence[Service], fresh: Sequence[Service]) -> list[Service]:
    """The services, «the PTA did the manual and 5 of TE»: without minutes, with those told."""
    if not any(s.minutes for s in fresh):
        return list(fresh)
    spent = Counter(s.code for s in before)
    told = {s.code: s.minutes for s in before if spent[s.code] == 1}
    return [
        replace(s, minutes=told.get(s.code)) if s.minutes is None and s.block is None else s
        for s in fresh
    ]


def undivided(services: Sequence[Service], subset: Subset) -> list[Service]:
    """The services; what the subset's giver was told to give all of is the therapist's again."""
    own = [s for s in services if s.code == subset.code]
    if any(s.by is not subset.by for s in own):
        return list(services)
    return [replace(s, by=Clinician.THERAPIST) if s in own else s for s in services]


def chosen(reading: Reading, codes: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The codes that the clinician chooses for a tied unit; none where nothing is chosen."""
    if reading.claimed and re.match(r"\s*bill\b", text, re.I):
        return tuple(c for c in reading.claimed if c)
    if not codes or "?" in text:
        return ()
    return codes if _CHOOSES.search(text) or _NAMES_ONE.match(text) else ()


def with_minutes(
    services: Sequence[Service], minutes: Sequence[int], *, each: bool = False
) -> list[Service] | None:
    """The services with minutes told alone: for those without any, or for the only one."""
    open_codes = [s.code for s in services if s.minutes is None]
    if each and len(minutes) == 1 and open_codes:
        minutes = [*minutes] * len(open_codes)
    if minutes and len(minutes) == len(open_codes):
        fill = dict(zip(open_codes, minutes, strict=True))
        return [s if s.minutes is not None else replace(s, minutes=fill[s.code]) for s in services]
    if len(minutes) == len(services) > 1 and not open_codes:  # «should have been 17 and 28»
        pairs = zip(services, minutes, strict=True)
        return [replace(s, minutes=n, block=None) for s, n in pairs]
    if each and len(minutes) == 1 and not open_codes:
        return [replace(s, minutes=minutes[0], block=None) for s in services] or None
    if len(minutes) == 1 and len(services) == 1:
        return [replace(services[0], minutes=minutes[0], block=None)]
    return None


def picked(codes: Sequence[str], reply: str, labels: Mapping[str, str]) -> str | None:
    """The one of several codes that a reply picks by number or by words of its label."""
    by_number = [code for code in codes if code in reply]
    if len(by_number) == 1:
        return by_number[0]
    said = set(_PLAIN_WORD.findall(reply.lower()))
    shares = {c: len(said & set(_PLAIN_WORD.findall(labels.get(c, "").lower()))) for c in codes}
    best = max(shares.values(), default=0)
    leading = [code for code, share in shares.items() if share == best]
    return leading[0] if best and len(leading) == 1 else None


def in_turn_by_clock(services: Sequence[Service]) -> bool:
    """Whether every service has a clock block of its own."""
    return len(services) >= 2 and all(s.block is not None for s in services)


def joins(
    text: str, before: Sequence[Service], fresh: Sequence[Service], *, going_on: bool
) -> bool:
    """«and TA 15»: other codes, joined to those told before.

    Args:
        going_on: whether the visit is still being told, no payer having been named.
    """
    other = not {s.code for s in before} & {s.code for s in fresh}
    return other and (
        going_on or bool(_JOINED.match(text)) or (bool(before) and fragments.goes_on(text))
    )


def adds_more(text: str) -> bool:
    """Whether minutes in the message come on top of those told."""
    return bool(_FURTHER.search(text))
