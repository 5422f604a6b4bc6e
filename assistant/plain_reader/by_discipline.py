"""«PT did 97110 20 min and OT 97535 25 min»: two disciplines' visits told in one sentence."""

from __future__ import annotations

import re

_WHO = re.compile(
    r"(?<![\w/-])(?:(?P<PT>PT|PTA|DPT)|(?P<OT>OT|C?OTA|OTR)|(?P<SLP>SLP|ST))"
    r"(?![\w/]|\s*(?:plan|poc|aide|student|assistant|/|&|and\s+(?:PT|OT|SLP|ST)\b))"
    r"|\b(?:(?P<pt>physical|phys)|(?P<ot>occupational)|(?P<slp>speech))\s+therap\w+",
)
_CLAUSE = re.compile(r"[,;\n]|\.(?=\s|$)|\s(?=(?:and|while|plus|then|but)\s)")
_TREATED = re.compile(r"\d{5}|\d\s*(?:min|m\b|')", re.I)
_JOINED = re.compile(r"^\s*(?:and|while|plus|then|but)\s+", re.I)
_TOGETHER = re.compile(r"\bco-?treat\w*|\btogether\b|\bjointly\b", re.I)


def parts(text: str) -> tuple[str, dict[str, str]]:
    """The words that hold for all, and each discipline's own; empty where only one treated."""
    shared: list[str] = []
    own: dict[str, list[str]] = {}
    named: set[str] = set()
    current = ""
    for clause in _clauses(text):
        who = {(m.lastgroup or "").upper() for m in _WHO.finditer(clause)}
        treated = bool(_TREATED.search(clause))
        if len(who) > 1 or (treated and not (who or current)):
            return "", {}
        if not treated:
            shared.append(_WHO.sub(" ", clause) if who else clause)
            continue
        current = who.pop() if who else current
        named.add(current)
        own.setdefault(current, []).append(_JOINED.sub("", clause).strip())
    if len(named) < 2 or _TOGETHER.search(text):
        return "", {}
    around = ", ".join(filter(None, (s.strip(" ,.;") for s in shared)))
    return around, {who: ", ".join(words) for who, words in own.items()}


def _clauses(text: str) -> list[str]:
    return [piece for piece in _CLAUSE.split(text) if piece.strip()]
