"""What the writer means to bill, held against what the visit earns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, product

from assistant.claim import Block
from assistant.conversation import Claim
from assistant.evidence import Finding, Severity
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.rules import modifier_audit
from assistant.rules.visit import VisitReview


def findings(facts: Facts, review: VisitReview, knowledge: Knowledge) -> list[Finding]:
    """Units, modifiers and circumstances written that the rules do not bear out."""
    return [
        *_claimed(facts, review),
        *_unbilled(facts),
        *_modifiers(facts, review, knowledge),
        *_caregiver(facts, review),
        *_add_ons(review, knowledge),
    ]


def _add_ons(review: VisitReview, knowledge: Knowledge) -> list[Finding]:
    """Add-on codes told without the code that they add to: their first minutes are that code's."""
    told = dict.fromkeys(s.code for s in review.visit.services)
    found = []
    for code in told:
        first = knowledge.code(code).first_code
        if first and first not in told:
            text = (
                f"{code} adds to {first} and is not billed without it: of the minutes told, the "
                f"first are counted as {first}."
            )
            found.append(Finding("add-on-alone", Severity.WARNING, text, code))
    return found


def shared_minutes(claims: Sequence[Claim]) -> tuple[Finding, ...]:
    """Clock times of two disciplines' visits with one patient that overlap: billed once only."""
    found = []
    for one, other in combinations(claims, 2):
        for mine, theirs in product(one.blocks, other.blocks):
            if mine["start"] is None or theirs["start"] is None:
                continue
            a, b = Block(mine["start"], mine["end"]), Block(theirs["start"], theirs["end"])
            if one.discipline != other.discipline and a.overlaps(b):
                text = (
                    f"{mine['code']} {a} ({one.discipline}) and {theirs['code']} {b} "
                    f"({other.discipline}) overlap: the patient's minutes are billed once; divide "
                    "them, or let one discipline bill them all."
                )
                found.append(
                    Finding("co-treatment-minutes", Severity.ERROR, text, None, "co-treatment-once")
                )
    return tuple(found)


def _modifiers(facts: Facts, review: VisitReview, knowledge: Knowledge) -> tuple[Finding, ...]:
    """The modifiers that the writer puts on codes of this visit."""
    written = {c: m for c, m in facts.written.items() if c in review.counted.shares}
    case = modifier_audit.Case(
        visit=review.visit,
        payer=knowledge.payer(review.visit.payer or "medicare"),
        lines=review.lines,
        pairs=[pair.result for pair in review.pairs],
        threshold=review.threshold,
    )
    return modifier_audit.audit(written, case, knowledge)


CAREGIVER = ("97550", "97551", "97552")
_PRESENT = regex(r"(?:patient|pt|client)\s+(?:was\s+|is\s+)?(?:present|there|in the room)", re.I)
_NOT = regex(r"\bnot\b|\bwithout\b|n't\b", re.I)


def _caregiver(facts: Facts, review: VisitReview) -> list[Finding]:
    """Caregiver training is billed only while the patient is away."""
    match = _PRESENT.search(facts.topic)
    code = next((c for c in CAREGIVER if c in review.counted.units), None)
    if code is None or match is None or _NOT.search(match.group()):
        return []
    text = (
        f"{code} is for training a caregiver while the patient is not there. With the patient "
        "present bill the treatment code that fits."
    )
    return [Finding("caregiver-patient-present", Severity.ERROR, text, code, "choose-caregiver")]


def _claimed(facts: Facts, review: VisitReview) -> list[Finding]:
    """Units that the writer names, held against the rule's."""
    found = []
    earned = {line.code: 0 for line in review.lines}
    for line in review.lines:
        earned[line.code] += line.units
    for code, units in facts.claimed.items():
        right = review.counted.timed_units if not code else earned.get(code, 0)
        if units == right or (not code and units in (sum(earned.values()), right)):
            continue
        where = f"of {code} " if code else "timed "
        found.append(
            Finding(
                "units-claimed",
                Severity.ERROR if units > right else Severity.WARNING,
                f"You name {units} {where}unit{'s' if units != 1 else ''}; the minutes earn"
                f" {right}.",
                code or None,
                "units-total-sets-count" if review.rule.value == "cms" else "units-midpoint-rule",
            )
        )
    return found


def _unbilled(facts: Facts) -> list[Finding]:
    return [
        Finding(
            "minutes-not-treatment",
            Severity.INFO,
            f"{minutes} minutes are left out as no one-to-one treatment («{words}»).",
            None,
            "one-to-one-minutes-only",
        )
        for minutes, words in facts.unbilled_minutes
    ]
