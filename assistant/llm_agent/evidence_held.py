"""What one answer holds: every figure that may be said, and of which line, year and role."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from assistant.conversation import Answer, Claim, Line
from assistant.llm_agent.clauses import Clause, clauses_of
from assistant.llm_agent.figures import ranges
from assistant.llm_agent.sentences import Sentence, key_of, sentences
from assistant.patterns import regex
from assistant.rules.units import UNIT_MINUTES

Key = tuple[str, str, str]  # kind, unit, value
_ANY_YEAR = ""
_PUBLISHED = "**Published otherwise**"
_VALUE = regex(r"(\d[\d.]*) \(USD[^)]*\)")
ROLES = {"total_allowed": "allowed", "medicare_pays": "pays", "patient_pays": "patient"}


@dataclass(slots=True)
class Held:
    """The figures of one turn.

    Attributes:
        pool: every figure that our results hold.
        user: every figure that the user's messages hold.
        of_code: figures by the code that they are said of; "" for those said of none.
        disputed: the same, as publications say it that we contradict.
        of_year: money by the year that it is said of.
        lines: the claim lines by code, those of all visits together.
        other_units: units that another permitted allocation or counting rule would give a code.
        other_totals: what all codes would earn together by the other counting rule.
        treated: the codes that have minutes, billed or not.
        ours: sentences of our own that may be said word for word.
        clauses: what our sentences say, clause by clause.
        text: all that is held, for words and quotations.
        own_words: the words of our own texts.
        words: these and the user's.
    """

    pool: set[Key] = field(default_factory=set)
    user: set[Key] = field(default_factory=set)
    of_code: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    disputed: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    of_year: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    amounts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lines: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    other_units: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    other_totals: set[str] = field(default_factory=set)
    treated: set[str] = field(default_factory=set)
    totals: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    told_minutes: set[str] = field(default_factory=set)
    ranges: set[str] = field(default_factory=set)
    ours: set[str] = field(default_factory=set)
    claims: int = 0
    citations: int = 0
    clauses: list[Clause] = field(default_factory=list)
    text: str = ""
    own_words: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def has(self, kind: str, unit: str, value: str, pool: set[Key] | None = None) -> bool:
        """Whether a figure is held; a bare number may be held with what it counts."""
        pool = self.pool if pool is None else pool
        if kind != "number":
            return (kind, "", value) in pool
        if unit in ("", "size"):
            return any(("number", u, value) in pool for u in ("", "unit", "minute", "size"))
        bare = unit == "minute" and ("number", "", value) in pool
        return bare or ("number", unit, value) in pool


def hold(answer: Answer, messages: Iterable[str], extra: Iterable[str] = ()) -> Held:
    """What the answer holds, with the user's messages and further look-ups of the turn."""
    held = Held(claims=len(answer.claims), citations=len(answer.citations))
    billed = any(claim.lines for claim in answer.claims)
    contradicted = list(dict.fromkeys(_disputed_texts(answer)))
    ours = list(dict.fromkeys(filter(None, [*_texts(answer), *extra])))
    for text in [*ours, *contradicted]:
        links = held.of_code if text in ours else held.disputed
        for sentence in sentences(text):
            held.ours.add(sentence.key)
            if not billed:  # a claim's figures are bound to its codes instead
                held.clauses += clauses_of(sentence)
            _add(held, sentence, held.pool, links)
    for sentence in (
        s for q in answer.questions for option in q.options for s in sentences(option)
    ):
        held.ours.discard(sentence.key)  # one answer of several is nothing that we say
    said = list(messages)
    for text in said:
        for sentence in sentences(text):
            _add(held, sentence, held.user, held.of_code)
    for claim in answer.claims:
        _add_claim(held, claim)
    held.pool.add(("number", "visit", str(len(answer.claims))))
    seen = [*answer.text.split("\n\n"), *said]  # paragraph by paragraph, as they were read above
    visible = {f for text in seen for s in sentences(text) for f in s.figures}
    held.told_minutes |= {f.value for f in visible if f.kind == "number"}
    held.told_minutes |= {v for unit, v in _minutes(held) if unit == "minute"}
    own = [*ours, *contradicted]
    held.text = " ".join(key_of(text) for text in [*own, *said])
    held.own_words = frozenset().union(*map(_words, own))
    held.words = held.own_words.union(*map(_words, said))
    return held


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{3,}", key_of(text)))


def _minutes(held: Held) -> Iterator[tuple[str, str]]:
    for code in held.lines:
        yield from ((key[1], key[2]) for key in held.of_code[code])
    yield from (("minute", value) for value in held.totals["minute"])


def _texts(answer: Answer) -> Iterator[str]:
    yield from (p for p in answer.text.split("\n\n") if not p.startswith(_PUBLISHED))
    for citation in answer.citations:
        if citation.passage.startswith("dispute:"):
            continue
        yield from (citation.quote, _VALUE.sub(r"$\1", citation.quote))
        yield citation.title
        yield citation.locator
        yield citation.effective or ""
    for claim in answer.claims:
        yield claim.date_of_service or ""
        yield from _claim_texts(claim)
    for choice in answer.code_choices:
        yield ", ".join(filter(None, [choice.code, *choice.candidates]))
        for step in choice.path:
            yield from (step.question, step.answer)
    for question in answer.questions:
        yield from (question.text, *question.options)
    for finding in answer.findings:
        if not finding.id.startswith("dispute-"):
            yield finding.text
    yield from answer.assumptions


def _disputed_texts(answer: Answer) -> Iterator[str]:
    """What publications say that we contradict; true only of them."""
    yield from (p for p in answer.text.split("\n\n") if p.startswith(_PUBLISHED))
    yield from (f.text for f in answer.findings if f.id.startswith("dispute-"))
    for citation in answer.citations:
        if citation.passage.startswith("dispute:"):
            yield from (citation.quote, citation.title, citation.locator)


def _claim_texts(claim: Claim) -> Iterator[str]:
    for why in claim.steps:
        yield why.text
    for line in claim.lines:
        yield from (why.text for why in line.why)
    yield from (u.reason for u in claim.unbilled)
    yield from (claim.payment or {}).get("notes", [])


def _add(held: Held, sentence: Sentence, pool: set[Key], links: dict[str, set[Key]]) -> None:
    ours = pool is held.pool
    held.ranges.update(ranges(sentence.text, sentence.figures))
    for bound in sentence.bound:
        figure = bound.figure
        key = (figure.kind, figure.unit, figure.value)
        pool.add(key)
        if figure.kind == "date" and len(figure.value) > 4:
            pool.add(("year", "", figure.value[:4]))
        for code in bound.codes or ("",):
            links[code].add(key)
        if figure.kind == "money" and ours:
            for year in bound.years or (_ANY_YEAR,):
                held.of_year[year].add(figure.value)


def _number(held: Held, code: str, unit: str, value: object) -> None:
    key = ("number", unit, str(value))
    held.pool.add(key)
    held.of_code[code].add(key)


def _add_claim(held: Held, claim: Claim) -> None:
    billed = [n.units for n in claim.lines]
    held.pool.add(("number", "line", str(len(claim.lines))))
    held.pool.add(("number", "code", str(len({n.code for n in claim.lines}))))
    held.totals["unit"] |= {str(claim.timed_units), str(sum(billed))}
    held.totals["minute"] |= {str(claim.total_timed_minutes), str(claim.total_treatment_minutes)}
    for unit, values in held.totals.items():
        for value in values:
            held.pool.add(("number", unit, value))
    for code in dict.fromkeys(line.code for line in claim.lines):
        mine = [line for line in claim.lines if line.code == code]
        held.lines[code] += mine
        for amount in [*(n.units for n in mine), sum(n.units for n in mine)]:
            _number(held, code, "unit", amount)
        minutes = [n.minutes for n in mine if n.minutes is not None]
        for amount in [*minutes, sum(minutes)] if minutes else []:
            _number(held, code, "minute", amount)
        _number(held, code, "block", sum(minutes) // UNIT_MINUTES)
        for line in mine:
            _modifiers(held, line)
    held.treated |= {*held.lines, *(str(block["code"]) for block in claim.blocks)}
    held.treated |= {unbilled.code for unbilled in claim.unbilled}
    for block in claim.blocks:
        if block.get("minutes") is not None:
            _number(held, str(block["code"]), "minute", block["minutes"])
    for unbilled in claim.unbilled:
        _number(held, unbilled.code, "minute", unbilled.minutes)
    _add_others(held, claim)
    _add_money(held, claim.payment or {})


def _modifiers(held: Held, line: Line) -> None:
    held.pool.add(("code", "", line.code))
    for modifier in line.modifiers:
        held.pool.add(("modifier", "", modifier))
        held.of_code[line.code].add(("modifier", "", modifier))


def _add_others(held: Held, claim: Claim) -> None:
    """Allocations that the rule permits too, and what the other counting rule would give."""
    for lines in claim.alternatives:
        for line in lines:
            held.other_units[line.code].add(str(line.units))
            _modifiers(held, line)
    ruled = (claim.other_rule or {}).get("units", {})
    if ruled:
        held.other_totals.add(str(sum(ruled.values())))
    for code, units in ruled.items():
        held.other_units[code].add(str(units))
    for code, units_held in held.other_units.items():
        for value in units_held:
            _number(held, code, "unit", value)


def _add_money(held: Held, payment: dict[str, Any]) -> None:
    for key, role in ROLES.items():
        _dollars(held, "", role, payment.get(key))
    _dollars(held, "", "total", payment.get("total"))
    for line in payment.get("lines", []):
        for key, role in (("allowed", "allowed"), *ROLES.items(), ("total", "total")):
            _dollars(held, line["code"], role, line.get(key))


def _dollars(held: Held, code: str, role: str, amount: object) -> None:
    if amount is None:
        return
    value = f"{Decimal(str(amount)).normalize():f}"
    held.pool.add(("money", "", value))
    held.of_year[_ANY_YEAR].add(value)
    held.amounts[value].add(f"{code}:{role}")
