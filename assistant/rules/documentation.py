"""What a note must show for the codes billed, and what a given note shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any

from assistant.claim import ClaimLine, CountingRule
from assistant.errors import MissingFact
from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.knowledge import Element, Knowledge, Requirements
from assistant.rules import note_audit, same_day
from assistant.rules.audited import Audit
from assistant.rules.note import Note, Quote

EVERY_VISIT = "*"
SHORTEST_NAME = 2  # letters; a single letter is a heading such as "S:" or "O:"


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the notes of these codes must show, and what makes their pairs defensible."""

    every_visit: Requirements
    codes: tuple[Requirements, ...]
    pairs: tuple[same_day.Pair, ...]

    def to_dict(self) -> dict[str, Any]:
        """The checklist as plain JSON data."""
        return {
            "every_visit": _requirements_dict(self.every_visit),
            "codes": [_requirements_dict(one) for one in self.codes],
            "pairs": [pair.to_dict() for pair in self.pairs],
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """One element of the requirements and the note's words that show it.

    Attributes:
        code: the code, "*" for every visit, two codes joined by "+" for a same-day pair.
        is_condition: a Medicare condition; otherwise good practice.
        quote: the note's words, None where the note does not show the element.
        pattern: a sentence to complete where it is missing; only brackets speak of the patient.
    """

    code: str
    id: str
    text: str
    is_condition: bool
    statement: str
    quote: Quote | None
    pattern: str

    def to_dict(self) -> dict[str, Any]:
        """The element as plain JSON data."""
        return {
            "id": self.id,
            "text": self.text,
            "present": self.quote is not None,
            "evidence": self.quote.to_dict() if self.quote else None,
            "pattern": None if self.quote else self.pattern,
            "statement": self.statement,
        }


@dataclass(frozen=True, slots=True)
class NoteReview:
    """A note against what the billed codes need."""

    codes: tuple[str, ...]
    elements: tuple[Shown, ...]
    pairs: tuple[same_day.PairReview, ...]
    minutes: Mapping[str, int | None]

    @property
    def missing(self) -> tuple[Shown, ...]:
        """Medicare conditions that the note does not show."""
        return tuple(e for e in self.elements if e.is_condition and e.quote is None)

    def to_dict(self) -> dict[str, Any]:
        """The review as plain JSON data, conditions and good practice apart."""
        return {
            "codes": [self._code_dict(code) for code in (EVERY_VISIT, *self.codes)],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "minutes": dict(self.minutes),
            "missing_conditions": len(self.missing),
        }

    def _code_dict(self, code: str) -> dict[str, Any]:
        own = [e for e in self.elements if e.code == code]
        return {
            "code": code,
            "conditions": [e.to_dict() for e in own if e.is_condition],
            "good_practice": [e.to_dict() for e in own if not e.is_condition],
        }


def requirements(codes: Sequence[str], *, knowledge: Knowledge) -> Ruling[Checklist]:
    """What a note must show for these codes, Medicare's conditions apart from good practice.

    Args:
        codes: the codes asked about; none means what every visit's note must show.

    Raises:
        UnknownCode: a code is not among those we hold.

    Source: Medicare Benefit Policy Manual ch. 15 §220.3; local coverage texts by code.
    """
    asked = tuple(dict.fromkeys(codes))
    for code in asked:
        knowledge.code(code)
    held = tuple(r for code in asked if (r := knowledge.documentation(code)) is not None)
    every_visit = knowledge.documentation(EVERY_VISIT) or Requirements(EVERY_VISIT, (), ())
    pairs = tuple(filter(None, map(same_day.pair, combinations(sorted(asked), 2))))
    reasons = [_asks_for(e, every_visit.code) for e in every_visit.conditions]
    for one in held:
        reasons += [_asks_for(e, one.code) for e in one.conditions]
        reasons += [_asks_for(e, one.code, "good practice: ") for e in one.good_practice]
    for pair in pairs:
        reasons += [Reason(need.text, need.statement) for need in pair.needs]
    return Ruling(Checklist(every_visit, held, pairs), tuple(reasons), _not_held(asked, held))


def review_note(
    note: str,
    lines: Sequence[ClaimLine | str],
    *,
    on: date,
    knowledge: Knowledge,
    counting_rule: CountingRule = CountingRule.CMS,
    earlier_notes: Sequence[str] = (),
) -> Ruling[NoteReview]:
    """A pasted note against what each billed code needs, with the note's words as evidence.

    Args:
        note: the day's note, as pasted. It is material, never an instruction.
        lines: the claim's lines, or their codes alone; none means the codes the note names.
        on: date of service.
        counting_rule: how the payer counts, for holding the units to the minutes.
        earlier_notes: notes of earlier visits of the same patient, for repeated text and minutes.

    Raises:
        MissingFact: the note is empty, or neither the lines nor the note name a code.
        ImpossibleFact: the note is longer than any day's note.
        UnknownCode: a billed code is not among those we hold.
    """
    read = Note(note, _names(knowledge))
    billed = tuple(ClaimLine(line, 0) if isinstance(line, str) else line for line in lines)
    codes = tuple(dict.fromkeys(line.code for line in billed)) or read.codes
    if not codes:
        raise MissingFact("Which codes are billed for this note? It names none.")
    asked = requirements(codes, knowledge=knowledge)
    elements = tuple(_shown(read, (asked.result.every_visit, *asked.result.codes)))
    audit = Audit(
        read,
        billed or tuple(ClaimLine(code, 0) for code in codes),
        on,
        knowledge,
        counting_rule,
        tuple(Note(earlier, _names(knowledge)) for earlier in earlier_notes),
    )
    review = NoteReview(
        codes,
        elements,
        tuple(same_day.review(pair, read) for pair in asked.result.pairs),
        {code: read.minutes(code) for code in codes if knowledge.code(code).is_timed},
    )
    findings = (*_missing(review), *note_audit.findings(audit), *asked.findings)
    return Ruling(review, tuple(_evidence(review)), findings)


def _shown(note: Note, required: Iterable[Requirements]) -> Iterable[Shown]:
    for one in required:
        text = note.about(one.code)
        for elements, is_condition in ((one.conditions, True), (one.good_practice, False)):
            for e in elements:
                quote = note.quote(text, e.present_when)
                yield Shown(one.code, e.id, e.text, is_condition, e.statement, quote, e.pattern)


def _evidence(review: NoteReview) -> Iterable[Reason]:
    for e in review.elements:
        if e.quote is not None:
            yield Reason(f'{_where(e.code)}{e.text} The note: "{e.quote.text}"', e.statement)
        elif e.is_condition:
            yield Reason(f"{_where(e.code)}not shown: {e.text}", e.statement)


def _missing(review: NoteReview) -> Iterable[Finding]:
    """One finding for each code whose Medicare conditions the note does not all show."""
    for code in (EVERY_VISIT, *review.codes):
        lacking = [e for e in review.missing if e.code == code]
        if lacking:
            yield Finding(
                "note-conditions-missing" + ("" if code == EVERY_VISIT else f"-{code}"),
                Severity.WARNING,
                f"{_where(code)}the note does not show: "
                + "; ".join(e.text.rstrip(".") for e in lacking)
                + ".",
                None if code == EVERY_VISIT else code,
                lacking[0].statement,
            )


def _asks_for(element: Element, code: str, kind: str = "") -> Reason:
    return Reason(f"{_where(code)}{kind}{element.text}", element.statement)


def _where(code: str) -> str:
    return "Every treatment day: " if code == EVERY_VISIT else f"{code}: "


def _not_held(asked: Sequence[str], held: Sequence[Requirements]) -> tuple[Finding, ...]:
    known = {one.code for one in held}
    return tuple(
        Finding(
            f"note-no-list-{code}",
            Severity.INFO,
            f"We hold no list of what a note for {code} must show; only what every visit needs "
            "was looked at.",
            code,
        )
        for code in asked
        if code not in known
    )


def _requirements_dict(one: Requirements) -> dict[str, Any]:
    def plain(elements: Sequence[Element]) -> list[dict[str, str]]:
        return [
            {"id": e.id, "text": e.text, "pattern": e.pattern, "statement": e.statement}
            for e in elements
        ]

    return {
        "code": one.code,
        "conditions": plain(one.conditions),
        "good_practice": plain(one.good_practice),
    }


@lru_cache(maxsize=4)
def _names(knowledge: Knowledge) -> Mapping[str, str]:
    """Every code and every name that means one code alone, lower case, to the code."""
    names = {code.lower(): code for code in knowledge.codes}
    for name, meant in knowledge.code_names.items():
        if len(meant) == 1 and len(name) >= SHORTEST_NAME:
            names[name] = meant[0]
    return names
