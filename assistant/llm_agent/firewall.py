"""Nothing that a model words reaches a reader unless this turn's results hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.llm_agent.claim_checks import (
    denied_modifiers,
    incomplete_lines,
    is_rightly_denied,
    modifier,
    money,
)
from assistant.llm_agent.clauses import misplaced
from assistant.llm_agent.evidence_held import Held
from assistant.llm_agent.figures import Figure, ranges
from assistant.llm_agent.marks import DOMAIN, marks_not_allowed
from assistant.llm_agent.number_checks import counted, number, ordinal
from assistant.llm_agent.sentences import Bound, Sentence, sentences
from assistant.patterns import regex

_YOURS = regex(r"\byour?s?\b|\byou\b|\basked\b|\bmessage\b", re.I)
_NOT_EARNED = regex(r"\b(?:short of|would|needs?|until|before|no|not|without|missing)\b", re.I)
_TOWARD = regex(r"\b(?:towards?|of|in|among) (?:the|those|these|your|all) \Z", re.I)
_VAGUE = regex(
    r"\b(?:a couple|couple of|a few|several|a handful|a pair|dozens?|half|halves|double[ds]?|"
    r"triple[ds]?|quadruple|twice|thrice|(?:one|two|three)-?fold|more units|fewer units|"
    r"extra units?|some units|(?<!how )many units|an hour|a quarter|three[- ]quarters?|a third|"
    r"two[- ]thirds|"
    r"one[- ](?:third|half)|a hundred|a thousand|both units|all units|single unit|no units?|"
    r"none of the (?:units|lines|minutes)|an? unit(?: more| less)|maximum|minimum|"
    r"unlimited|(?P<one_more>an? (?:extra|additional|further) unit|another unit))\b"
    r"(?P<next>\s+\w+)?",
    re.I,
)
_QUALIFIED = regex(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|close to|some|circa|maybe|"
    r"perhaps)|~|≈|±)\s*\$?\Z",
    re.I,
)
_COMPARED = regex(
    r"(?:\b(?:over|under|up to|at most|at least|more than|fewer than|less than|above|below|"
    r"exceed(?:s|ing)?)|>|<|≥|≤)\s*\$?\Z",
    re.I,
)
_ADDRESS = regex(
    r"\b\d{1,5}\s+\w+(?:\s\w+)?\s+(?:street|avenue|ave|road|rd|drive|lane|boulevard|blvd|suite)\b"
    r"|\bP\.?\s?O\.? box\b",
    re.I,
)


def faults(draft: str, held: Held) -> list[str]:
    """What in a draft is not held, each in a sentence that names it; none where it may be shown.

    Slots must have been taken out of the draft before.
    """
    found = list(marks_not_allowed(draft))
    if found:
        return found
    for sentence in sentences(draft):
        found += _citations(sentence, held)
        if sentence.key not in held.ours:
            found += _faults(sentence, held)
    return list(dict.fromkeys(found))


def _faults(sentence: Sentence, held: Held) -> Iterator[str]:
    for vague in _VAGUE.finditer(sentence.text):
        if vague["one_more"] and _NOT_EARNED.search(sentence.text):
            continue
        if f"{vague.group()}{vague['next'] or ''}".lower() not in held.text:
            yield f"«{vague.group()}» is not in the worksheet."
    if DOMAIN.search(sentence.text):
        yield "links and addresses are not allowed: cite as [1]."
    if _ADDRESS.search(sentence.text):
        yield "an address is not in the worksheet."
    yield from _unknown_ranges(sentence, held)
    yield from denied_modifiers(sentence, held)
    yield from incomplete_lines(sentence, held)
    if not held.lines:
        yield from misplaced(sentence, held)
    for bound in sentence.bound:
        fault = _fault(sentence, bound, held)
        if fault:
            yield fault


def _citations(sentence: Sentence, held: Held) -> Iterator[str]:
    for figure in sentence.figures:
        if figure.kind == "citation":
            for n in re.findall(r"\d+", figure.value):
                if not 1 <= int(n) <= held.citations:
                    yield f"there is no citation [{n}]."


def _unknown_ranges(sentence: Sentence, held: Held) -> Iterator[str]:
    for shown in ranges(sentence.text, sentence.figures):
        if shown not in held.ranges:
            yield f"the range {shown} is not in the worksheet."


def _fault(sentence: Sentence, bound: Bound, held: Held) -> str:
    figure = bound.figure
    shown = sentence.text[figure.start : figure.end]
    if figure.kind == "citation":
        return ""
    if figure.kind == "ordinal" and held.lines:
        return ordinal(sentence, bound, held, shown)
    if figure.kind == "modifier" and is_rightly_denied(sentence, figure.value, held):
        return ""
    if figure.unit == "code" and _are_the_others(sentence, figure, held):
        return ""
    if figure.kind == "modifier" and _is_total(sentence, figure, held):
        return ""
    of_other_rule = figure.unit == "unit" and figure.value in held.other_totals
    if not of_other_rule and not held.has(figure.kind, figure.unit, figure.value):
        if not held.has(figure.kind, figure.unit, figure.value, held.user):
            return f"«{shown}{counted(figure)}» is not in the worksheet."
        matters = figure.kind in ("money", "percent", "modifier") or figure.unit == "unit"
        if matters and not _YOURS.search(sentence.text):
            return f"«{shown}» is only what the user wrote: say «you wrote»."
    if _qualifier(sentence, figure, held):
        return f"«{_qualifier(sentence, figure, held)}{shown}» is not in the worksheet."
    check = {"number": number, "money": money, "modifier": modifier}.get(figure.kind)
    return check(sentence, bound, held, shown) if check else ""


def _is_total(sentence: Sentence, figure: Figure, held: Held) -> bool:
    """«They count toward the 52»: the day's minutes, and no modifier."""
    before = sentence.text[: figure.start]
    return figure.value in held.totals["minute"] and bool(_TOWARD.search(before))


def _are_the_others(sentence: Sentence, figure: Figure, held: Held) -> bool:
    """«The other two codes», where three were given."""
    before = sentence.text[: figure.start]
    return figure.value == str(len(held.treated) - 1) and before.endswith("other ")


def _qualifier(sentence: Sentence, figure: Figure, held: Held) -> str:
    if figure.kind not in ("number", "money", "percent"):
        return ""
    ahead = sentence.text[max(0, figure.start - 16) : figure.start]
    before = _QUALIFIED.search(ahead)
    if before is None and (figure.kind != "number" or figure.unit == "unit"):
        before = _COMPARED.search(ahead)
    if before is None:
        return ""
    phrase = sentence.text[figure.start - len(before.group()) : figure.end].lower().strip()
    return "" if phrase in held.text else before.group()
