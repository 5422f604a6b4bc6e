"""Modifiers as somebody means to bill them, held against what the visit calls for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.claim import ClaimLine, Clinician, Setting, Visit
from assistant.evidence import Finding, Severity
from assistant.knowledge import Knowledge, Payer
from assistant.rules.edits import PairRuling, PairStatus
from assistant.rules.modifiers import DISCIPLINE_MODIFIER, ThresholdProgress

DISTINCT = ("59", "XE", "XP", "XS", "XU")
DISCIPLINES = ("GP", "GO", "GN")
ASSISTANTS = {"CQ": "GP", "CO": "GO"}
EITHER_COLUMN = date(2019, 7, 1)  # CR 11168: Medicare's practitioner system takes 59 on either


@dataclass(frozen=True, slots=True)
class Case:
    """What the audit needs of a reviewed visit.

    Attributes:
        lines: the lines as they should be billed.
        pairs: every pair of the visit's codes as looked up.
        threshold: the patient's standing against the KX amount, where known.
    """

    visit: Visit
    payer: Payer
    lines: Sequence[ClaimLine]
    pairs: Sequence[PairRuling]
    threshold: ThresholdProgress | None


def audit(
    given: Mapping[str, Sequence[str]], case: Case, knowledge: Knowledge
) -> tuple[Finding, ...]:
    """What is wrong with the modifiers that the writer puts on each code.

    Args:
        given: code to the modifiers written on its line.
    """
    found: list[Finding] = []
    for code, modifiers in given.items():
        found += _unknown(code, modifiers, knowledge)
        found += _distinct(code, modifiers, case)
        found += _discipline(code, modifiers, case)
        found += _assistant(code, modifiers, case)
        found += _threshold(code, modifiers, case)
        found += _misused(code, modifiers, knowledge)
    return tuple(found)


def _finding(slug: str, severity: Severity, code: str, text: str, statement: str | None) -> Finding:
    return Finding(f"{slug}-{code}", severity, text, code, statement)


def _unknown(code: str, modifiers: Sequence[str], knowledge: Knowledge) -> Iterator[Finding]:
    for modifier in modifiers:
        if modifier not in knowledge.modifiers:
            text = f"{code}: modifier {modifier} is not held here; nothing is said of it."
            yield _finding(f"modifier-{modifier}-unknown", Severity.WARNING, code, text, None)


def _distinct(code: str, modifiers: Sequence[str], case: Case) -> Iterator[Finding]:
    used = [m for m in modifiers if m in DISTINCT]
    if not used:
        return
    if len(used) > 1:
        text = f"{code}: {' and '.join(used)} never stand on one line; an X modifier is a 59."
        yield _finding("modifier-59-and-x", Severity.ERROR, code, text, "x-modifiers-not-with-59")
    mine = [p for p in case.pairs if code in p.codes and p.status is not PairStatus.NONE]
    if any(p.status is PairStatus.BLOCKED for p in mine):
        text = f"{code}: {used[0]} cannot lift an edit with indicator 0."
        yield _finding("modifier-59-blocked", Severity.ERROR, code, text, "modifier-59-indicator-0")
    elif not mine and not _payer_runs_edit(code, case):
        text = (
            f"{code}: {used[0]} has no Medicare edit to lift on {case.visit.date_of_service}; "
            "leave it off unless the payer's own written rule asks for it."
        )
        yield _finding(
            "modifier-59-no-edit", Severity.WARNING, code, text, "modifier-59-no-edit-no-use"
        )
    for ruling in mine:
        yield from _column(code, used[0], ruling, case)


def _payer_runs_edit(code: str, case: Case) -> bool:
    value = case.payer.on("still_edits", case.visit.date_of_service)
    return any(code in map(str, edit["pair"]) for edit in (value.value if value else ()))


def _column(code: str, used: str, ruling: PairRuling, case: Case) -> Iterator[Finding]:
    if ruling.status is not PairStatus.MODIFIER or code == ruling.denied:
        return
    either = (
        case.visit.date_of_service >= EITHER_COLUMN
        and case.visit.setting is Setting.PRACTITIONER
        and case.payer.kind in ("medicare", "")
    )
    text = f"{code}: {used} belongs on {ruling.denied}, the column 2 code of the edit" + (
        "; Medicare's practitioner system takes it on either line." if either else "."
    )
    severity = Severity.INFO if either else Severity.WARNING
    before = case.visit.date_of_service < EITHER_COLUMN
    statement = "modifier-59-column-before" if before else "modifier-59-column"
    yield _finding("modifier-59-column", severity, code, text, statement)


def _discipline(code: str, modifiers: Sequence[str], case: Case) -> Iterator[Finding]:
    used = [m for m in modifiers if m in DISCIPLINES]
    right = [m for m in _due(code, case) if m in DISCIPLINES]
    if len(used) > 1:
        text = f"{code}: {' and '.join(used)} on one line; a line has one plan of care."
        yield _finding(
            "discipline-twice", Severity.ERROR, code, text, "discipline-modifier-meaning"
        )
    elif used and right and used[0] != right[0]:
        text = f"{code}: {used[0]} does not match the plan of care; it should be {right[0]}."
        yield _finding(
            "discipline-wrong", Severity.ERROR, code, text, "discipline-modifier-meaning"
        )
    elif not used and right:
        text = f"{code}: {right[0]} is missing; the other modifiers never take its place."
        yield _finding(
            "discipline-missing", Severity.ERROR, code, text, "discipline-modifier-always-therapy"
        )


def _assistant(code: str, modifiers: Sequence[str], case: Case) -> Iterator[Finding]:
    used = [m for m in modifiers if m in ASSISTANTS]
    due = _due(code, case)
    called_for = {m for m in due if m in ASSISTANTS}
    for modifier in used:
        discipline = case.visit.discipline
        wrong = discipline is not None and DISCIPLINE_MODIFIER[discipline] != ASSISTANTS[modifier]
        if wrong:
            own = ASSISTANTS[modifier]
            text = f"{code}: {modifier} goes with {own}, not with a plan of {discipline}."
            yield _finding("assistant-wrong", Severity.ERROR, code, text, "cq-co-pairs-with-gp-go")
        elif not any(s.by is Clinician.ASSISTANT for s in case.visit.services if s.code == code):
            text = f"{code}: {modifier} says that an assistant gave the service; none is named."
            yield _finding("assistant-not-named", Severity.WARNING, code, text, "cq-co-de-minimis")
    if called_for and not used:
        text = f"{code}: {', '.join(sorted(called_for))} is missing on the assistant's units."
        yield _finding("assistant-missing", Severity.ERROR, code, text, "cq-co-required-2020")


def _due(code: str, case: Case) -> list[str]:
    """The modifiers that the code's lines should carry."""
    return [m for line in case.lines if line.code == code for m in line.modifiers]


def _threshold(code: str, modifiers: Sequence[str], case: Case) -> Iterator[Finding]:
    if "KX" not in modifiers:
        return
    if case.threshold is None:
        text = f"{code}: KX is right only once the year's total is above the amount; check it."
        yield _finding("kx-unchecked", Severity.INFO, code, text, "kx-attests-necessity")
    elif not case.threshold.passed:
        text = f"{code}: KX is not due: the year's total is not above the amount."
        yield _finding("kx-early", Severity.WARNING, code, text, "kx-attests-necessity")


_MISUSED = {
    "52": ("a timed code below its minutes is not billed, with or without 52", Severity.ERROR),
    "76": ("more of the same timed code is billed as units, not as a repeat", Severity.WARNING),
    "77": ("more of the same timed code is billed as units, not as a repeat", Severity.WARNING),
}


def _misused(code: str, modifiers: Sequence[str], knowledge: Knowledge) -> Iterator[Finding]:
    held = knowledge.codes.get(code)
    for modifier in modifiers:
        if modifier in _MISUSED and held is not None and held.is_timed:
            words, severity = _MISUSED[modifier]
            statement = knowledge.modifiers[modifier].statement
            yield _finding(
                f"modifier-{modifier}", severity, code, f"{code}: {modifier}: {words}.", statement
            )
        if modifier == "AT" and held is not None and held.therapy != "no":
            text = f"{code}: AT belongs to chiropractic manipulation, not to a therapy code."
            yield _finding("modifier-AT", Severity.ERROR, code, text, "modifier-at-chiropractic")
