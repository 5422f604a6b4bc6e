"""Codes with a clock of their own: a first stretch, then further ones, outside the day's pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.claim import Unbilled
from assistant.evidence import Finding, Reason, Severity
from assistant.knowledge import Code, Knowledge
from assistant.rules import units
from assistant.rules.assistants import Shares

TOO_SHORT = "too short for a unit of the code"


@dataclass(frozen=True, slots=True)
class OwnClock:
    """What the codes with a clock of their own earn.

    Attributes:
        shares: the minutes behind each billed code, whichever code of its family they came under.
        minutes: all their minutes, billed or not.
    """

    units: dict[str, int]
    shares: dict[str, Shares]
    minutes: int
    unbilled: tuple[Unbilled, ...]
    steps: tuple[Reason, ...]
    findings: tuple[Finding, ...]


NONE = OwnClock({}, {}, 0, (), (), ())


def count(shares: Mapping[str, Shares], knowledge: Knowledge) -> OwnClock:
    """Units of every family of codes with a clock of its own.

    Args:
        shares: the minutes of each code by person; codes in the pool or untimed are passed over.
    """
    families: dict[str, dict[str, Shares]] = {}
    for code, share in shares.items():
        entry = knowledge.code(code)
        if entry.clock == "own":
            families.setdefault(entry.first_code or code, {})[code] = share
    if not families:
        return NONE
    counted = [_family(first, given, knowledge) for first, given in families.items()]
    return OwnClock(
        units={code: n for family in counted for code, n in family.units.items()},
        shares={code: s for family in counted for code, s in family.shares.items()},
        minutes=sum(family.minutes for family in counted),
        unbilled=tuple(u for family in counted for u in family.unbilled),
        steps=tuple(step for family in counted for step in family.steps),
        findings=tuple(f for family in counted for f in family.findings),
    )


def _family(first: str, given: Mapping[str, Shares], knowledge: Knowledge) -> OwnClock:
    entry, addon = knowledge.code(first), knowledge.addon(first)
    total = sum(share.total for share in given.values())
    ruling = units.by_own_clock(entry, addon, total)
    last = addon.code if addon else first
    shares, left, findings = _placed(entry, last, given, ruling.result)
    unbilled = tuple(Unbilled(code, minutes, TOO_SHORT) for code, minutes in left)
    return OwnClock(ruling.result, shares, total, unbilled, ruling.because, findings)


def _placed(
    first: Code, last: str, given: Mapping[str, Shares], earned: Mapping[str, int]
) -> tuple[dict[str, Shares], tuple[tuple[str, int], ...], tuple[Finding, ...]]:
    """Each billed code's minutes, the codes and minutes that earn nothing, and a caution."""
    if first.code not in earned:
        return {}, tuple((code, share.total) for code, share in given.items()), ()
    own, further = given.get(first.code, Shares(0, 0)), given.get(last, Shares(0, 0))
    if last == first.code:
        return {last: own}, (), ()
    enough = own.total >= units.least_minutes(first)
    if last in earned and not (enough and further.total):
        return _divided(first, last, Shares.sum_of(given.values()))
    if last in earned:
        return {first.code: own, last: further}, (), ()
    if enough:
        left = ((last, further.total),) if further.total else ()
        return {first.code: own}, left, ()
    return {first.code: Shares.sum_of(given.values()), last: Shares(0, 0)}, (), ()


def _divided(
    first: Code, last: str, together: Shares
) -> tuple[dict[str, Shares], tuple[tuple[str, int], ...], tuple[Finding, ...]]:
    """The family's minutes divided at the end of the first stretch, the therapist's first."""
    stretch = min(first.first_minutes, together.total)
    therapist = min(together.therapist, stretch)
    begun = Shares(therapist, stretch - therapist)
    rest = Shares(together.therapist - therapist, together.assistant - begun.assistant)
    findings: tuple[Finding, ...] = ()
    if together.therapist and together.assistant:
        findings = (
            Finding(
                f"own-clock-shares-{first.code}",
                Severity.WARNING,
                f"{first.code} and {last}: who gave the first minutes and who the further ones is "
                "not said; the therapist's are taken first. Give each code's minutes by person.",
                first.code,
                "cq-co-per-unit",
            ),
        )
    return {first.code: begun, last: rest}, (), findings
