"""The claim against the note's numbers and words: one small test for each audit trigger."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from assistant.claim import CountingRule
from assistant.evidence import Finding, Severity
from assistant.rules import note_wording, units
from assistant.rules.audited import Audit
from assistant.rules.same_day import shared_blocks

ESTIMATED = (
    r"(?:\b(?:approx(?:\.|imately)?|about|around|roughly|est(?:\.|imated)?|circa)\s|~\s*)"
    r"\d{1,3}\s*min\w*",
)


def findings(audit: Audit) -> tuple[Finding, ...]:
    """Every trigger that the note and the lines can decide, the units first."""
    return tuple(finding for test in TESTS for finding in test(audit))


def units_and_minutes(audit: Audit) -> Iterator[Finding]:
    """Units that the note's minutes do not give."""
    if not audit.billed.total():
        return
    known = {code: minutes for code, minutes in audit.pool.items() if minutes is not None}
    if len(known) == len(audit.pool):
        yield from _against_minutes(audit, known)
    elif audit.note.timed_total is not None and audit.counting_rule is CountingRule.CMS:
        allowed = units.units_of(audit.note.timed_total)
        if audit.billed.total() > allowed:
            yield _too_many(audit.billed.total(), allowed, f"{audit.note.timed_total}")


def _against_minutes(audit: Audit, minutes: dict[str, int]) -> Iterator[Finding]:
    by_cms = audit.counting_rule is CountingRule.CMS
    earned = (units.by_total_time if by_cms else units.by_midpoint)(minutes).result
    billed = {code: n for code, n in audit.billed.items() if n}
    if billed in earned.alternatives:
        return
    total, parts = sum(billed.values()), " + ".join(f"{m} ({c})" for c, m in minutes.items())
    if total > earned.total_units:
        yield _too_many(total, earned.total_units, parts)
    elif total == earned.total_units:
        yield Finding(
            "note-units-on-other-codes",
            Severity.ERROR,
            f"The note's minutes, {parts}, give {_bill(earned.units)}, not {_bill(billed)}.",
            statement="audit-units-and-minutes",
        )
    else:
        yield Finding(
            "note-units-fewer",
            Severity.INFO,
            f"The note's minutes, {parts}, give {earned.total_units} timed units; {total} billed.",
            statement="audit-units-and-minutes",
        )


def _too_many(billed: int, earned: int, minutes: str) -> Finding:
    return Finding(
        "note-units-exceed-minutes",
        Severity.ERROR,
        f"{billed} timed units are billed; the note's minutes, {minutes}, give {earned}.",
        statement="audit-units-and-minutes",
    )


def _bill(counted: dict[str, int]) -> str:
    return ", ".join(f"{code} x {n}" for code, n in counted.items()) or "no unit"


def stated_total(audit: Audit) -> Iterator[Finding]:
    """A stated total of timed minutes that the codes' minutes do not add up to."""
    known = [minutes for minutes in audit.pool.values() if minutes is not None]
    stated = audit.note.timed_total
    if stated is not None and len(known) == len(audit.pool) and sum(known) != stated:
        yield Finding(
            "note-total-differs",
            Severity.WARNING,
            f"The note states {stated} timed minutes; its codes' minutes add up to {sum(known)}.",
            statement="audit-units-and-minutes",
        )


def minutes_missing(audit: Audit) -> Iterator[Finding]:
    """Timed codes without minutes, and minutes that are estimates."""
    for code in audit.one_to_one:
        if audit.pool[code] is None:
            yield Finding(
                f"note-minutes-missing-{code}",
                Severity.WARNING,
                f"{code} is timed and the note has no one figure of minutes for it.",
                code,
                "audit-minutes",
            )
    quote = audit.note.quote(audit.note.readable, ESTIMATED)
    if quote:
        yield Finding(
            "note-minutes-estimated",
            Severity.WARNING,
            f'Minutes look estimated: "{quote.text}". Record the minutes as they were.',
            statement="audit-minutes",
        )


def same_minutes(audit: Audit) -> Iterator[Finding]:
    """The same minutes for every code at every visit."""
    today = [minutes for minutes in audit.pool.values() if minutes is not None]
    days = [[note.minutes(code) for code in audit.pool] for note in audit.earlier]
    if today and len(days) > 1 and all(day == list(audit.pool.values()) for day in days):
        yield Finding(
            "note-minutes-same-every-visit",
            Severity.WARNING,
            f"This note and the {len(days)} before it have the same minutes for every code.",
            statement="audit-minutes",
        )


def overlapping_times(audit: Audit) -> Iterator[Finding]:
    """Clock times of two codes that share minutes."""
    for one, other in combinations(audit.pool, 2):
        shared = shared_blocks(audit.note, one, other)
        if shared:
            yield Finding(
                f"note-times-overlap-{one}-{other}",
                Severity.ERROR,
                f"{one} at {shared[0]} and {other} at {shared[1]} share minutes; a minute counts "
                "once.",
                statement="audit-one-activity-once",
            )


TESTS = (
    units_and_minutes,
    stated_total,
    minutes_missing,
    same_minutes,
    overlapping_times,
    *note_wording.TESTS,
)
