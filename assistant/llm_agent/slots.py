"""Places in a draft that the server fills from the results: lines, sums, citations, questions."""

from __future__ import annotations

import re

from assistant.conversation import Answer, Line
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.answers.claims import headline

_SLOT = regex(r"\{\{\s*(\w+)(?:[ :]+([\w-]+))?\s*\}\}")


def slots(answer: Answer, knowledge: Knowledge) -> dict[str, str]:
    """Every slot that this answer offers, with what fills it."""
    filled: dict[str, str] = {}
    if answer.claims:
        filled["bill"] = " ".join(headline(claim, knowledge) for claim in answer.claims)
    for code in dict.fromkeys(line.code for claim in answer.claims for line in claim.lines):
        mine = [n for claim in answer.claims for n in claim.lines if n.code == code]
        filled[f"line {code}"] = " and ".join(dict.fromkeys(_shown(line) for line in mine))
    if len(answer.claims) == 1 and (payment := answer.claims[0].payment):
        filled["allowed"] = f"${payment['total_allowed']}"
        filled["medicare_pays"] = f"${payment['medicare_pays']}"
        filled["patient_pays"] = f"${payment['patient_pays']}"
    for citation in answer.citations:
        filled[f"cite {citation.n}"] = f"[{citation.n}]"
    for n, question in enumerate(answer.questions, 1):
        filled[f"question {n}"] = question.text
    return filled


def _shown(line: Line) -> str:
    modifiers = f" with {', '.join(line.modifiers)}" if line.modifiers else ""
    return f"{line.code} × {line.units}{modifiers}"


def without(draft: str) -> str:
    """The draft with its slots taken out, as the firewall reads it."""
    return _SLOT.sub("….", draft)


def unknown(draft: str, filled: dict[str, str]) -> list[str]:
    """Slots that this answer does not offer, and braces that are none."""
    wrong = [
        f"there is no slot {match.group()}."
        for match in _SLOT.finditer(draft)
        if _name(match) not in filled
    ]
    if re.search(r"[{}]", _SLOT.sub("", draft)):
        wrong.append("a slot is written {{name}}.")
    return wrong


def fill(draft: str, filled: dict[str, str]) -> str:
    """The draft with every slot filled."""
    return _SLOT.sub(lambda match: filled[_name(match)], draft)


def _name(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2]}" if match[2] else match[1]
