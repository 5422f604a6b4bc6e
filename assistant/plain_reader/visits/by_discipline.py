"""«PT did 97110 20 min and OT 97535 25 min»: two disciplines' visits told in one sentence."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.mentions.dated import TREATED

_WHO = regex(
    r"(?<!\bsame )(?<!\bSAME )(?<![\w/-])"
    r"(?:(?P<PT>PT|PTA|DPT)|(?P<OT>OT|C?OTA|OTR)|(?P<SLP>SLP|ST))"
    r"(?![\w/]|\s*(?:plan|poc|aide|student|assistant|/|&|and\s+(?:PT|OT|SLP|ST)\b))"
    r"|(?<![\w/-])(?:(?P<a>pt)|(?P<b>ot)|(?P<c>slp|st))(?=\s+(?:\d{5}|\d{1,2}:\d\d))"
    r"|\b(?:(?P<pt>physical|phys)|(?P<ot>occupational)|(?P<slp>speech))\s+therap\w+"
    r"|\b(?P<d>[Ss]peech)(?=\s*(?:at\s|from\s|did\b|[:(]|\d))",
)
_WRITTEN = regex(  # «92507 GN 30 min and 97530 GO 30 min»
    r"(?<=\d{5}[ -])(?:(?P<gp>GP)|(?P<go>GO)|(?P<gn>GN))(?![A-Za-z])"
)
_LETTERS = {"PT": "PT", "pt": "PT", "a": "PT", "gp": "PT", "OT": "OT", "ot": "OT", "b": "OT",
            "go": "OT", "SLP": "SLP", "slp": "SLP", "c": "SLP", "d": "SLP",
            "gn": "SLP"}  # fmt: skip
_CLAUSE = regex(r"[,;\n]|\.(?=\s|$)|\s(?=(?:and|while|plus|then|but)\s)")
_CODE = regex(r"\d{5}")
_SPENT = regex(
    r"(?<!\d)\d{1,3}(?:\s*(?:minutes?|mins?\b|m\b|')|\s+(?:for|of|on)\s+\d{5}|\s*$)", re.I
)
_JOINTLY = regex(
    r"\b(?:PT|OT|SLP|ST)\s*(?:and|&|/|\+)\s*(?:PT|OT|SLP|ST)\b(?:(?!\d{5})[^.;,\n]){0,60}"
    r"(?:co-?treat\w*|co-?tx\w*|together|jointly)(?:(?!\d{5})[^.;,\n]){0,40}|\bco-?(?:treat|tx)\w*[^.;,\n\d]{0,30}"
    r"(?:PT|OT|SLP|ST)\s*(?:and|&|/|\+)\s*(?:PT|OT|SLP|ST)\b(?:(?!\d{5})[^.;,\n]){0,30}",
)
_MAY_STAND = regex(r"\b(?:allowed|permitted|ok(?:ay)?|same (?:day|date|claim)|together)\b", re.I)
_TIMED = regex(r"\d\s*-?(?:min|m\b|'|units?\b)|\b(?:what|how)\b[^?]*\bbill", re.I)
_JOINED = regex(r"^\s*(?:and|while|plus|then|but)\s+", re.I)
_TOGETHER = regex(r"\bco-?(?:treat|tx)\w*|\btogether\b|\bjointly\b", re.I)


def parts(text: str) -> tuple[str, dict[str, str]]:
    """The words that hold for all, and each discipline's own; empty where only one treated."""
    shared: list[str] = []
    own: dict[str, list[str]] = {}
    named: set[str] = set()
    current = ""
    if "?" in text and _MAY_STAND.search(text) and not _TIMED.search(text):
        return "", {}  # «PT eval and OT eval on the same day?» asks of the pair
    text, together = _JOINTLY.subn(" co-treatment ", text)
    names = _WHO if _WHO.search(text) else _WRITTEN
    for clause in _clauses(text):
        who = {_LETTERS.get(m.lastgroup or "", "") for m in names.finditer(clause)}
        treated = bool(TREATED.search(clause))
        if len(who) > 1 or (treated and not (who or current)):
            return "", {}
        if not treated:
            shared.append(_WHO.sub(" ", clause) if who else clause)
            continue
        current = who.pop() if who else current
        named.add(current)
        own.setdefault(current, []).append(_JOINED.sub("", clause).strip())
    if len(named) < 2 or ((together or _TOGETHER.search(text)) and not _each_its_own(own)):
        return "", {}
    around = ", ".join(filter(None, (s.strip(" ,.;") for s in shared)))
    return around, {who: ", ".join(words) for who, words in own.items()}


def _each_its_own(own: dict[str, list[str]]) -> bool:
    """Whether each of them tells codes and minutes, so that a shared visit stands divided."""
    told = (" ".join(words) for words in own.values())
    return all(_CODE.search(words) and _SPENT.search(words) for words in told)


def _clauses(text: str) -> list[str]:
    return [piece for piece in _CLAUSE.split(text) if piece.strip()]
