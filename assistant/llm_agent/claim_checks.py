"""What the claim itself decides: whose amount it is, and which modifiers stand on which line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.llm_agent.evidence_held import Held
from assistant.llm_agent.figures import Figure
from assistant.llm_agent.sentences import Bound, Sentence
from assistant.patterns import regex

OTHERS = regex(
    r"\b(?:alternative\w*|equally|instead|either|or|other(?:wise)?|would|could|might|if|unless|"
    r"you (?:\w+ )?(?:named?|said|wrote|billed|asked|claimed)|your (?:message|note|question)|"
    r"named|not|\w+n't|neither|nor|never|without|no|midpoint|alone|AMA|published|example|article|payers?|says?|"
    r"rather than|only where)\b",
    re.I,
)
_SIGN = r"(?:modifiers?\b(?! (?:59|[A-Z][A-Z\d])\b)|[A-Z][A-Z0-9]\b|59\b)"
_NO_MODIFIER = regex(
    r"\b(?i:no|without(?: any| a)?|drop(?: the| any)?|omit|skip|remove|leave (?:off|out)|strip)\s+"
    rf"(?:\w+\s+){{0,2}}?(?P<what>{_SIGN})|(?P<late>[A-Z][A-Z0-9]|59) "
    r"(?:is|are|does) (?:not|never|n't)\b|(?:not|n't|never) (?:need|require|use|add|append|take|"
    rf"carry) (?:\w+\s+){{0,2}}?(?P<need>{_SIGN})|"
    r"(?i:neither|nor|none)\b[^,;:]{0,24}?\b(?:needs?|carr(?:y|ies)|takes?|gets?|has|have) "
    rf"(?P<none>{_SIGN})"
)
_ALL_LINES = regex(
    r"\b(?:both|all|each|every)(?: (?:two|three|four|of (?:the|these|your)))?(?: claim)? "
    r"(?:lines?|codes?|services?|of them)\b",
    re.I,
)
_CLAUSE = regex(r"[,;:()—–]|\bbut\b|\bbecause\b|\bsince\b", re.I)
_PAYS = (
    ("patient", regex(r"\b(?:patient|coinsurance|copay\w*|owes?)\b", re.I)),
    (
        "pays",
        regex(
            r"\bmedicare(?:'s)? (?:\w+ )?(?:pays?|share|part|paid)\b|(?<!patient )\bpays?\b", re.I
        ),
    ),
    ("allowed", regex(r"\b(?:allow\w*|fee schedule)\b", re.I)),
)  # fmt: skip
_FROM = regex(r"\s*(?:from|by) (?:the )?(medicare|patient)\b", re.I)


def money(sentence: Sentence, bound: Bound, held: Held, shown: str) -> str:
    """What is wrong with an amount; "" where it is its year's, its line's and its payer's."""
    value = bound.figure.value
    if bound.years:
        dated = {y for y, amounts in held.of_year.items() if y and value in amounts}
        if dated and not dated & set(bound.years):
            return f"{shown} is not the amount of {bound.years[0]}."
        if not dated and value not in held.of_year[""]:
            return f"{shown} is not the amount of {bound.years[0]}."
    roles = held.amounts.get(value, set())
    if not roles or (value in held.of_year.get("", set()) and not held.amounts.get(value)):
        return ""
    role = _role(sentence, bound.figure)
    if role and not any(r.endswith(f":{role}") for r in roles):
        return f"{shown} is not what the sentence calls it."
    codes = {r.split(":")[0] for r in roles}
    if bound.codes and "" not in codes and not codes & set(bound.codes):
        return f"{shown} is not the amount of {bound.codes[0]}."
    return ""


def _role(sentence: Sentence, figure: Figure) -> str:
    """What the words nearest before an amount call it, else those right after it."""
    before = sentence.text[: figure.start]
    if whose := _FROM.match(sentence.text, figure.end):
        return "pays" if whose[1].lower() == "medicare" else "patient"
    last = max(
        (f.end for f in sentence.figures if f.kind == "money" and f.end <= figure.start), default=0
    )
    nearest = [
        (match.end(), name) for name, words in _PAYS for match in words.finditer(before, last)
    ]
    if nearest:
        return max(nearest)[1]
    after = sentence.text[figure.end : figure.end + 30]
    following = [(match.start(), name) for name, words in _PAYS if (match := words.search(after))]
    return min(following)[1] if following else ""


def modifier(sentence: Sentence, bound: Bound, held: Held, shown: str) -> str:
    """What is wrong with a modifier; "" where it stands on the line that it is said of."""
    value = bound.figure.value
    on_lines = {m for lines in held.lines.values() for line in lines for m in line.modifiers}
    if not held.lines or OTHERS.search(_clause(sentence.text, bound.figure)):
        return ""
    if value not in on_lines:
        return f"{shown} stands on no line of this claim."
    codes = bound.codes
    if _ALL_LINES.search(_clause(sentence.text, bound.figure)):
        codes = tuple(held.lines)
    for code in codes:
        mine = {m for line in held.lines.get(code, []) for m in line.modifiers}
        if code in held.lines and value not in mine:
            return f"{shown} does not stand on the line of {code}."
    return ""


def _clause(text: str, figure: Figure) -> str:
    """The part of a sentence, between its commas and the like, in which a figure stands."""
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, figure.start)), default=0)
    after = _CLAUSE.search(text, figure.end)
    return text[start : after.start() if after else len(text)]


def is_rightly_denied(sentence: Sentence, sign: str, held: Held) -> bool:
    """Whether a sentence says that a modifier is not needed, and no line has it."""
    on_lines = {m for lines in held.lines.values() for line in lines for m in line.modifiers}
    if not held.lines or sign in on_lines or ("modifier", "", sign) in held.pool:
        return False
    denied = {_denied(m) for m in _NO_MODIFIER.finditer(sentence.text)}
    return sign in denied


def _denied(match: re.Match[str]) -> str:
    return str(match["what"] or match["late"] or match["need"] or match["none"])


def denied_modifiers(sentence: Sentence, held: Held) -> Iterator[str]:
    """Modifiers of the claim that a sentence says are not needed."""
    on_lines = {m for lines in held.lines.values() for line in lines for m in line.modifiers}
    for match in _NO_MODIFIER.finditer(sentence.text):
        what = _denied(match)
        if what in on_lines or (on_lines and what.lower().startswith("modifier")):
            yield f"«{match.group()}» contradicts the claim's lines."


def incomplete_lines(sentence: Sentence, held: Held) -> Iterator[str]:
    """A line in a claim's notation («97530 × 2 with GP, CQ») must be the line, whole."""
    figures = sentence.figures
    for n, figure in enumerate(figures):
        if figure.kind != "code" or figure.value not in held.treated:
            continue
        until = next((f.start for f in figures[n + 1 :] if f.kind == "code"), len(sentence.text))
        own = [f for f in figures[n + 1 :] if f.end <= until]
        units = [f for f in own if f.unit == "unit"]
        given = [f for f in own if f.kind == "modifier"]
        noted = bool(re.match(r"\s*(?:x|×)\s*\d", sentence.text[figure.end : figure.end + 6]))
        listed = bool(re.search(r"\b(?:with|plus|modifiers?)\b", sentence.text[figure.end : until]))
        hyphened = sentence.text[figure.end : figure.end + 1] == "-"
        if not (noted or (hyphened and given) or (units and given and listed)):
            continue
        if OTHERS.search(sentence.text) and not noted:
            continue
        wanted = {f.value for f in given}
        fits = any(
            set(line.modifiers) == wanted and (not units or units[0].value == str(line.units))
            for line in held.lines.get(figure.value, ())
        )
        other = noted and OTHERS.search(sentence.text)
        if not fits and not other:
            slot = f"{{{{line {figure.value}}}}}"
            yield f"the line of {figure.value} is not whole or not right: use {slot}."
