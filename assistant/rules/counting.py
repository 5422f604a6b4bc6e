"""A visit's services to units: who gave them, on which clock, by which rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from assistant.claim import Clinician, CountingRule, Service, Unbilled, Visit
from assistant.errors import ImpossibleFact, MissingFact
from assistant.evidence import Finding, Reason, Severity
from assistant.knowledge import Code, Knowledge
from assistant.rules import own_clock, units
from assistant.rules.assistants import Shares


@dataclass(frozen=True, slots=True)
class Counted:
    """Units of every code of a visit.

    Attributes:
        shares: code to the minutes behind it, by person; they add up to the visit's minutes.
        assisted: the codes of which an assistant gave a part.
        units: code to units, in the visit's order.
        alternatives: the allocations that the rule permits equally, `units` first.
        other: what the other counting rule gives for the same minutes.
    """

    rule: CountingRule
    shares: Mapping[str, Shares]
    assisted: frozenset[str]
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
    kept, dropped, findings = _billable(visit.services)
    _refuse_overlaps(kept)
    shares = _shares(kept, knowledge)
    pooled = {c: s.total for c, s in shares.items() if knowledge.code(c).is_pooled}
    chosen = _BY_RULE[rule](pooled)
    (other_rule,) = _BY_RULE.keys() - {rule}
    other = _BY_RULE[other_rule](pooled).result
    own = own_clock.count(shares, knowledge)
    untimed = {code: 1 for code in shares if not knowledge.code(code).is_timed}
    fixed = own.units | untimed
    result = chosen.result
    merged = tuple(_in_order(shares, a | fixed) for a in result.alternatives)
    return Counted(
        rule=rule,
        shares=shares | own.shares,
        assisted=_assisted(kept, own),
        units=merged[0],
        alternatives=merged,
        other=_in_order(shares, other.units | fixed),
        timed_minutes=result.total_minutes + own.minutes,
        timed_units=result.total_units + sum(own.units.values()),
        to_next_unit=result.to_next_unit,
        unbilled=(*_unearned(pooled, result, rule), *own.unbilled, *dropped),
        steps=(*(chosen.because if pooled else ()), *own.steps, *_untimed_steps(untimed)),
        findings=(*findings, *own.findings),
    )


_BY_RULE = {CountingRule.CMS: units.by_total_time, CountingRule.AMA: units.by_midpoint}


def _refuse_overlaps(services: list[Service]) -> None:
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
        "therapist was in the room, directed it, made the judgment and treated nobody else.",
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
        minutes = units.checked_minutes(_minutes(service, code, services), code.code)
        before = found.get(code.code, _NOTHING)
        if service.by is Clinician.ASSISTANT:
            found[code.code] = Shares(before.therapist, before.assistant + minutes)
        else:
            found[code.code] = Shares(before.therapist + minutes, before.assistant)
    return found


_NOTHING = Shares(0, 0)


def _minutes(service: Service, code: Code, services: list[Service]) -> int:
    """The service's minutes; an untimed code needs them only where two people gave it."""
    if service.minutes is not None:
        return service.minutes
    if service.block is not None:
        return service.block.minutes
    if code.is_timed:
        raise MissingFact(f"How many one-to-one minutes of {code.code} ({code.label})?")
    if len({s.by for s in services if s.code == code.code}) > 1:
        raise MissingFact(f"How many minutes of {code.code} did each person give?")
    return 0


def _assisted(services: list[Service], own: own_clock.OwnClock) -> frozenset[str]:
    named = {s.code for s in services if s.by is Clinician.ASSISTANT}
    placed = {code for code, share in own.shares.items() if share.assistant}
    return frozenset((named - own.shares.keys()) | placed)


def _unearned(
    pooled: Mapping[str, int], result: units.Allocation, rule: CountingRule
) -> Iterator[Unbilled]:
    for code, minutes in pooled.items():
        if code in result.unbilled:
            yield Unbilled(code, minutes, _why_unbilled(code, minutes, result, rule))
        elif not minutes:
            yield Unbilled(code, 0, "no minutes were given for it")


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


def _why_unbilled(code: str, minutes: int, allocation: units.Allocation, rule: CountingRule) -> str:
    if rule is CountingRule.AMA:
        return f"under {units.MIDPOINT} minutes, and each code counts alone"
    total = allocation.total_units
    allowed = (
        f"the day's {allocation.total_minutes} timed minutes allow {total} "
        f"{'unit' if total == 1 else 'units'}"
    )
    if any(one.get(code) for one in allocation.alternatives):
        return f"{allowed}, and another code has as many minutes left over"
    if minutes < units.MIDPOINT:
        return f"under {units.MIDPOINT} minutes and the day's total leaves no unit for it"
    return f"{allowed}, and other codes have more minutes left over"


def _in_order(shares: Mapping[str, Shares], units_by_code: Mapping[str, int]) -> dict[str, int]:
    known = {code: units_by_code[code] for code in shares if code in units_by_code}
    return known | {c: n for c, n in units_by_code.items() if c not in known}
