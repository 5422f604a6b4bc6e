"""A visit's services to units: who gave them, on which clock, by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from assistant.claim import Clinician, CountingRule, Service, Unbilled, Visit
from assistant.errors import ImpossibleFact, MissingFact
from assistant.evidence import Finding, Reason, Severity
from assistant.knowledge import Knowledge
from assistant.rules import units
from assistant.rules.assistants import Shares


@dataclass(frozen=True, slots=True)
class Counted:
    """Units of every code of a visit.

    Attributes:
        units: code to units, in the visit's order.
        alternatives: the allocations that the rule permits equally, `units` first.
        other: what the other counting rule gives for the same minutes.
    """

    rule: CountingRule
    shares: Mapping[str, Shares]
    units: dict[str, int]
    alternatives: tuple[dict[str, int], ...]
    other: dict[str, int]
    timed_minutes: int
    timed_units: int
    to_next_unit: int
    unbilled: tuple[Unbilled, ...]
    steps: tuple[Reason, ...]
    findings: tuple[Finding, ...]


def count(visit: Visit, rule: CountingRule, knowledge: Knowledge) -> Counted:
    """Units of a visit under one counting rule.

    Raises:
        UnknownCode: a code is not among those held.
        MissingFact: a timed code came without minutes.
        ImpossibleFact: minutes or clock times cannot be true.
    """
    _refuse_overlaps(visit.services)
    kept, dropped, findings = _billable(visit.services)
    shares = _shares(kept, knowledge)
    pooled = {
        c: s.therapist + s.assistant for c, s in shares.items() if knowledge.code(c).is_pooled
    }
    by_rule = {CountingRule.CMS: units.by_total_time, CountingRule.AMA: units.by_midpoint}
    chosen = by_rule[rule](pooled)
    (other_rule,) = by_rule.keys() - {rule}
    other = by_rule[other_rule](pooled).result
    own, own_steps, own_minutes = _own_clock(shares, knowledge)
    untimed = {code: 1 for code in shares if not knowledge.code(code).is_timed}
    fixed = own | untimed
    result = chosen.result
    merged = tuple(_in_order(shares, a | fixed) for a in result.alternatives)
    return Counted(
        rule=rule,
        shares=shares,
        units=merged[0],
        alternatives=merged,
        other=_in_order(shares, other.units | fixed),
        timed_minutes=result.total_minutes + own_minutes,
        timed_units=result.total_units + sum(own.values()),
        to_next_unit=result.to_next_unit,
        unbilled=(
            *(Unbilled(c, m, _why_unbilled(c, m, result)) for c, m in result.unbilled.items()),
            *_unearned(shares, own, knowledge),
            *dropped,
        ),
        steps=(*(chosen.because if pooled else ()), *own_steps, *_untimed_steps(untimed)),
        findings=findings,
    )


def _refuse_overlaps(services: tuple[Service, ...]) -> None:
    blocks = [(s.code, s.block) for s in services if s.block is not None]
    for (code, block), (other_code, other) in combinations(blocks, 2):
        if block.overlaps(other):
            raise ImpossibleFact(
                "clock times",
                f"{block} and {other}",
                f"{code} {block} and {other_code} {other} overlap. A minute counts for one code "
                "only: correct the times, or say how the shared minutes are divided.",
            )


_DROPPED = {
    Clinician.AIDE: (
        "an aide's minutes are not billable",
        "aide-not-billable",
        "Minutes of an aide or technician are not billable as therapy, supervised or not.",
    ),
    Clinician.STUDENT: (
        "a student's own minutes are not billable",
        "student-therapist-service",
        "Only the therapist's own service is billable: a student's minutes count only where the "
        "therapist was in the room, directed it, made the judgement and treated nobody else.",
    ),
}


def _billable(
    services: tuple[Service, ...],
) -> tuple[list[Service], tuple[Unbilled, ...], tuple[Finding, ...]]:
    kept = [s for s in services if s.by not in _DROPPED]
    out = [s for s in services if s.by in _DROPPED]
    dropped = tuple(Unbilled(s.code, s.minutes or 0, _DROPPED[s.by][0]) for s in out)
    findings = {
        _DROPPED[s.by][1]: Finding(
            _DROPPED[s.by][1], Severity.ERROR, _DROPPED[s.by][2], s.code, _DROPPED[s.by][1]
        )
        for s in out
    }
    return kept, dropped, tuple(findings.values())


def _shares(services: list[Service], knowledge: Knowledge) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for service in services:
        code = knowledge.code(service.code)
        if service.minutes is None and code.is_timed:
            raise MissingFact(f"How many one-to-one minutes of {code.code} ({code.label})?")
        minutes = units.checked_minutes(service.minutes or 0, code.code)
        before = found.get(code.code, Shares(0, 0))
        if service.by is Clinician.ASSISTANT:
            found[code.code] = Shares(before.therapist, before.assistant + minutes)
        else:
            found[code.code] = Shares(before.therapist + minutes, before.assistant)
    return found


def _own_clock(
    shares: Mapping[str, Shares], knowledge: Knowledge
) -> tuple[dict[str, int], tuple[Reason, ...], int]:
    families: dict[str, int] = {}
    for code, share in shares.items():
        entry = knowledge.code(code)
        if entry.clock == "own":
            first = entry.first_code or code
            families[first] = families.get(first, 0) + share.therapist + share.assistant
    found: dict[str, int] = {}
    steps: list[Reason] = []
    for first, minutes in families.items():
        addon = next((c for c in knowledge.codes.values() if c.first_code == first), None)
        ruling = units.by_own_clock(knowledge.code(first), addon, minutes)
        found |= ruling.result
        steps += ruling.because
    return found, tuple(steps), sum(families.values())


def _unearned(
    shares: Mapping[str, Shares], own: Mapping[str, int], knowledge: Knowledge
) -> tuple[Unbilled, ...]:
    return tuple(
        Unbilled(code, share.therapist + share.assistant, "too short for the code's first unit")
        for code, share in shares.items()
        if knowledge.code(code).clock == "own"
        and code not in own
        and (knowledge.code(code).first_code or code) not in own
    )


def _untimed_steps(untimed: Mapping[str, int]) -> tuple[Reason, ...]:
    if not untimed:
        return ()
    codes = ", ".join(untimed)
    return (
        Reason(
            f"{codes}: untimed, one unit; the minutes do not enter the timed total.",
            "units-untimed-one",
        ),
    )


def _why_unbilled(code: str, minutes: int, allocation: units.Allocation) -> str:
    if minutes < units.MIDPOINT:
        return f"under {units.MIDPOINT} minutes and the day's total leaves no unit for it"
    return (
        f"the day's {allocation.total_minutes} timed minutes allow {allocation.total_units} "
        "units, and other codes have more minutes left over"
    )


def _in_order(shares: Mapping[str, Shares], units_by_code: Mapping[str, int]) -> dict[str, int]:
    known = {code: units_by_code[code] for code in shares if code in units_by_code}
    return known | {c: n for c, n in units_by_code.items() if c not in known}
