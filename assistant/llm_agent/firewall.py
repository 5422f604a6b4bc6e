"""Nothing that a model words reaches a reader unless this turn's results hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.llm_agent.claim_checks import (
    OTHERS,
    denied_modifiers,
    incomplete_lines,
    is_rightly_denied,
    modifier,
    money,
)
from assistant.llm_agent.evidence_held import Held
from assistant.llm_agent.figures import Figure, ranges
from assistant.llm_agent.marks import DOMAIN, marks_not_allowed
from assistant.llm_agent.sentences import Bound, Sentence, sentences

_YOURS = re.compile(r"\byour?s?\b|\byou\b|\basked\b|\bmessage\b", re.I)
_TOTAL = re.compile(
    r"\b(?:total|together|in all|altogether|sum|pooled|combined|overall|day's|the day|visit|"
    r"session|timed)\b",
    re.I,
)
_SUM = re.compile(r"\b(?:total|in all|altogether|together)\b", re.I)
_EARN = re.compile(
    r"\s*(?:timed )?(?:minutes?,?)? ?(?:make|earn|are|allow|come to|give|in all|in total|"
    r"together)\b",
    re.I,
)
_NOT_EARNED = re.compile(r"\b(?:short of|would|needs?|until|before|no|not|without|missing)\b", re.I)
_GOES_TO = re.compile(
    r"\s+(?:\w+\s+)?unit (?:then |still )?(?:goes|falls|is given|belongs) to\b", re.I
)
_EACH = re.compile(r"\b(?:each|apiece|both|per line|every)\b", re.I)
_VAGUE = re.compile(
    r"\b(?:a couple|couple of|a few|several|a handful|a pair|dozens?|half|halves|double[ds]?|"
    r"triple[ds]?|quadruple|twice|thrice|(?:one|two|three)-?fold|more units|fewer units|"
    r"extra units?|some units|many units|an hour|a quarter|three[- ]quarters?|a third|"
    r"two[- ]thirds|"
    r"one[- ](?:third|half)|a hundred|a thousand|both units|all units|single unit|no units?|"
    r"none of the (?:units|lines|minutes)|an? unit(?: more| less)|maximum|minimum|"
    r"unlimited|(?P<one_more>an? (?:extra|additional|further) unit|another unit))\b"
    r"(?P<next>\s+\w+)?",
    re.I,
)
_QUALIFIED = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|close to|some|circa|maybe|"
    r"perhaps)|~|≈|±)\s*\$?\Z",
    re.I,
)
_COMPARED = re.compile(
    r"(?:\b(?:over|under|up to|at most|at least|more than|fewer than|less than|above|below|"
    r"exceed(?:s|ing)?)|>|<|≥|≤)\s*\$?\Z",
    re.I,
)
_ADDRESS = re.compile(
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
        return _ordinal(sentence, bound, held, shown)
    if figure.kind == "modifier" and is_rightly_denied(sentence, figure.value, held):
        return ""
    if not held.has(figure.kind, figure.unit, figure.value):
        if not held.has(figure.kind, figure.unit, figure.value, held.user):
            return f"«{shown}{_counted(figure)}» is not in the worksheet."
        matters = figure.kind in ("money", "percent", "modifier") or figure.unit == "unit"
        if matters and not _YOURS.search(sentence.text):
            return f"«{shown}» is only what the user wrote: say «you wrote»."
    if _qualifier(sentence, figure, held):
        return f"«{_qualifier(sentence, figure, held)}{shown}» is not in the worksheet."
    check = {"number": _number, "money": money, "modifier": modifier}.get(figure.kind)
    return check(sentence, bound, held, shown) if check else ""


def _counted(figure: Figure) -> str:
    return f" {figure.unit}s" if figure.unit in ("unit", "minute") else ""


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


def _number(sentence: Sentence, bound: Bound, held: Held, shown: str) -> str:
    figure = bound.figure
    if figure.unit == "size":
        return ""
    if figure.unit == "unit" and not bound.codes:
        return _unbound_units(sentence, figure, held, shown)
    if figure.unit == "minute" and not bound.codes and held.claims:
        return _unbound_minutes(sentence, figure, held, shown)
    for code in bound.codes:
        if figure.unit == "unit" and code in held.lines:
            fault = _line_units(sentence, figure, held, code, shown)
        else:
            fault = _of_code(sentence, figure, held, code, shown)
        if fault:
            return fault
    return ""


def _line_units(sentence: Sentence, figure: Figure, held: Held, code: str, shown: str) -> str:
    if held.claims > 1 and len({(n.units, *n.modifiers) for n in held.lines[code]}) > 1:
        return f"units of {code} differ between the visits: use the slot {{{{bill}}}}."
    mine = [line.units for line in held.lines[code]]
    if figure.value in {str(n) for n in (*mine, sum(mine))}:
        return ""
    if figure.value in held.totals["unit"] and _follows_the_sum(sentence, figure, held):
        return ""
    several = len({f.value for f in sentence.figures if f.kind == "code"}) > 1
    if several and _TOTAL.search(sentence.text) and figure.value in held.totals["unit"]:
        return ""
    other = figure.value in held.other_units[code] or (
        ("number", "unit", figure.value) in held.of_code[code] | held.disputed[code]
    )
    if other and OTHERS.search(sentence.text):
        return ""
    return f"«{shown}» is not the number of units of {code}."


def _follows_the_sum(sentence: Sentence, figure: Figure, held: Held) -> bool:
    """«40 minutes make 3 units»: units of the total, whatever code stands before."""
    before = re.search(
        r"(\d+) (?:timed )?minutes,? (?:make|earn|are|allow|come to|give|which (?:is|makes))\s*\Z",
        sentence.text[: figure.start],
    )
    return before is not None and before[1] in held.totals["minute"]


def _ordinal(sentence: Sentence, bound: Bound, held: Held, shown: str) -> str:
    """«the second unit»: there must be so many, of the code or in all."""
    most = max((int(n) for n in held.totals["unit"]), default=0)
    if not _GOES_TO.match(sentence.text, bound.figure.end):
        for code in bound.codes:
            most = min(most, sum(line.units for line in held.lines.get(code, [])))
    if int(bound.figure.value or 0) <= most or OTHERS.search(sentence.text):
        return ""
    return f"there is no {shown} unit."


def _of_code(sentence: Sentence, figure: Figure, held: Held, code: str, shown: str) -> str:
    known = held.of_code[code]
    if ("number", figure.unit, figure.value) in known:
        return ""
    if figure.unit in ("", "minute") and ("number", "", figure.value) in known:
        return ""
    if figure.unit == "" and ("number", "minute", figure.value) in known:
        return ""
    if figure.unit == "" and figure.value in {str(n.units) for n in held.lines.get(code, [])}:
        return ""
    if figure.unit == "" and code not in held.lines and ("number", "unit", figure.value) in known:
        return ""
    if figure.value in held.totals["minute"] and _EARN.match(sentence.text, figure.end):
        return ""
    if figure.value in held.totals[figure.unit or "minute"] and _TOTAL.search(sentence.text):
        return ""
    published = any(
        ("number", u, figure.value) in held.disputed[code] for u in ("", "unit", "minute")
    )
    if published and OTHERS.search(sentence.text):
        return ""
    unbound = held.of_code[""]
    general = figure.unit in ("minute", "") and not any(k[1] == figure.unit for k in known)
    if code not in held.lines and general and ("number", figure.unit, figure.value) in unbound:
        return ""
    if (
        figure.unit not in ("unit", "minute", "")
        and ("number", figure.unit, figure.value) in held.pool
    ):
        return ""
    return f"«{shown}{_counted(figure)}» is not said of {code}."


def _unbound_units(sentence: Sentence, figure: Figure, held: Held, shown: str) -> str:
    """Units of no code: the visit's total, every line's own, or as our results say it."""
    told = ("number", "unit", figure.value) in held.of_code[""] | held.disputed[""]
    if not held.lines or (told and OTHERS.search(sentence.text)):
        return ""
    units = {str(line.units) for lines in held.lines.values() for line in lines}
    if _is_of_each(sentence.text, figure) and not _SUM.search(sentence.text):
        if units != {figure.value}:
            return f"«{shown} units» is not what every line has."
        return ""
    if figure.value in held.totals["unit"]:
        return ""
    return f"«{shown} units» is not the total; name its code."


def _is_of_each(text: str, figure: Figure) -> bool:
    """«Each code earns two units», «two units each»; not «2 units, so each code …»."""
    before = re.split(r"[,;:]", text[: figure.start])[-1][-30:]
    after = re.split(r"[,;:]", text[figure.end :])[0][:30]
    return bool(_EACH.search(before) or _EACH.search(after))


def _unbound_minutes(sentence: Sentence, figure: Figure, held: Held, shown: str) -> str:
    """Minutes of no code: this visit's, or a rule's, which is then cited."""
    if figure.value in held.told_minutes or any(f.kind == "citation" for f in sentence.figures):
        return ""
    return f"«{shown} minutes» is not of this visit: cite the rule that says so."
