"""Whether a number of units or minutes is its code's, every line's, or the whole visit's."""

from __future__ import annotations

import re

from assistant.llm_agent.claim_checks import OTHERS
from assistant.llm_agent.evidence_held import Held
from assistant.llm_agent.figures import Figure
from assistant.llm_agent.sentences import Bound, Sentence
from assistant.patterns import regex

_TOTAL = regex(
    r"\b(?:total|together|in all|altogether|sum|pooled|combined|overall|day's|the day|visit|"
    r"session|timed)\b",
    re.I,
)
_SUM = regex(r"\b(?:total|in all|altogether|together)\b", re.I)
_EARN = regex(
    r"\s*(?:timed )?(?:minutes?,?)? ?(?:make|earn|are|allow|come to|give|in all|in total|"
    r"together)\b",
    re.I,
)
_GOES_TO = regex(r"\s+(?:\w+\s+)?unit (?:then |still )?(?:goes|falls|is given|belongs) to\b", re.I)
_AGAINST = regex(
    r"\b(?:versus|against|vs\.?|than|over|beats?)(?: \d+(?: minutes)?,?(?: and| or|,))? \Z", re.I
)
_FOR_EACH = regex(r"\s*(?:unit )?(?:(?:for|on|of|to|per) (?:each|every)|each|apiece)\b", re.I)
_FOR_BLOCKS = regex(r"\s*(?:unit )?for (?:its|the|each|every) (?:first |full )", re.I)
_OTHER_RULE = regex(r"\b(?:alone|on its own|midpoint|AMA|other way|another payer)\b", re.I)
_LISTED = regex(r"\s*units?:", re.I)  # «3 units: 97116 × 2 and 97112 × 1» is their sum
_EACH = regex(r"\b(?:each|apiece|both|per line|every)\b", re.I)


def counted(figure: Figure) -> str:
    """What a number counts, for naming it in a fault."""
    return f" {figure.unit}s" if figure.unit in ("unit", "minute") else ""


def number(sentence: Sentence, bound: Bound, held: Held, shown: str) -> str:
    """What is wrong with a number; "" where it is its code's, or the whole visit's."""
    figure = bound.figure
    if figure.unit == "size":
        return ""
    if figure.unit == "unit" and not bound.codes:
        return _unbound_units(sentence, figure, held, shown)
    if figure.unit == "minute" and not bound.codes and held.claims:
        return _unbound_minutes(sentence, figure, held, shown)
    if figure.unit in ("", "unit") and _FOR_EACH.match(sentence.text, figure.end):
        return _of_each(sentence, figure, held, shown)
    for code in bound.codes:
        if _FOR_BLOCKS.match(sentence.text, figure.end):
            fault = _of_blocks(figure, held, code, shown)
        elif figure.unit == "unit" and code in held.treated:
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
    if (
        figure.value in held.other_totals
        and _LISTED.match(sentence.text, figure.end)
        and _OTHER_RULE.search(sentence.text)
    ):
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


def _of_each(sentence: Sentence, figure: Figure, held: Held, shown: str) -> str:
    """«One for each code»: so many on every line, or in an allocation that is allowed too."""
    units = {str(line.units) for lines in held.lines.values() for line in lines}
    if units <= {figure.value}:
        return ""
    others = OTHERS.search(sentence.text) and held.other_units
    if others and all(figure.value in held.other_units[code] for code in held.treated):
        return ""
    return f"«{shown}» is not what every line has."


def _of_blocks(figure: Figure, held: Held, code: str, shown: str) -> str:
    """«One for its full fifteen»: the units that the full blocks alone earn."""
    if code not in held.lines or ("number", "block", figure.value) in held.of_code[code]:
        return ""
    return f"«{shown}» is not the number of full blocks of {code}."


def _follows_the_sum(sentence: Sentence, figure: Figure, held: Held) -> bool:
    """«40 minutes make 3 units»: units of the total, whatever code stands before."""
    before = re.search(
        r"(\d+) (?:timed )?minutes,? (?:make|earn|are|allow|come to|give|which (?:is|makes))\s*\Z",
        sentence.text[: figure.start],
    )
    return before is not None and before[1] in held.totals["minute"]


def ordinal(sentence: Sentence, bound: Bound, held: Held, shown: str) -> str:
    """«The second unit»: there must be so many, of the code or in all."""
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
    if figure.unit in ("", "minute") and _AGAINST.search(sentence.text[: figure.start]):
        return "" if figure.value in held.told_minutes else f"«{shown}» is no minutes of any code."
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
    return f"«{shown}{counted(figure)}» is not said of {code}."


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
    if figure.value in held.other_totals and _OTHER_RULE.search(sentence.text):
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
