"""«Pt reports 30 min of pain», «HEP: walk 20 min»: minutes told beside the treatment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.patterns import regex

_CLAUSE = regex(r"[^.;\n]+(?:\.(?=\d)[^.;\n]+)*")
_SPENT = regex(r"\b(?:\d{1,3}\s*-?\s*(?:min|hours?\b|hrs?\b)|(?:an?|half an) hour)", re.I)
_CODE = regex(r"\b\d{5}\b")
_REPORTS = regex(  # what the patient says or could do before
    r"^\W*(?:s(?:ubj(?:ective)?)?\s*:|c/o\b|(?:s\s*:\s*)?(?:the\s+)?(?:pt|patient|client|s?he|daughter|wife"
    r"|husband|caregiver|mother|father)\s+(?:also\s+|now\s+|still\s+)?(?:reports?|reported|states?|stated"
    r"|says?|said|c/o|complain\w*|denies|denied|rates?|rated|feels?|felt|mentions?|mentioned)\b)",
    re.I,
)
_ABLE = regex(
    r"\b(?:can(?:not)?|able to|unable to|could(?: not)?|tolerates?)\s+(?:only\s+|now\s+)?"
    r"(?:sit|stand|walk|ambulat|driv|lie|lying|sleep|work|cook|tolerat)\w*",
    re.I,
)
_TIRED = regex(
    r"\b(?:fatigu\w+|tire[ds]|dizzy|sore|nause\w+|winded|sob)\s+(?:after|within|for)\b", re.I
)
_TRAVEL = regex(r"\b(?:drove|drives?|driving|commut\w+|travel(?:s|ed|ing)?)\b[^,]{0,30}\b", re.I)
_AT_HOME = regex(
    r"\b(?:at home|hep\s*:|home program\s*:|daily|every day|each day|per day"
    r"|on (?:his|her|their) own time|\d\s*x\s*(?:/|a|per)\s*(?:day|d\b|wk|week))",
    re.I,
)
_TO_DO = regex(
    r"\bhep\s*:|\bhome program\s*:"
    r"|\b(?:to|should|will|instructed|advised|told|encouraged|continues?)\b",
    re.I,
)
_ASKS = regex(r"\?")

Names = Callable[[str], Sequence[str]]


def told(text: str, codes_of: Names) -> str:
    """The text without such clauses; as it is where they alone tell minutes.

    Args:
        codes_of: the codes that a stretch of text names without doubt.
    """
    spans = [m.span() for m in _CLAUSE.finditer(text) if _is_beside(m.group(), codes_of)]
    if not spans:
        return text
    kept = text
    for start, end in reversed(spans):
        kept = kept[:start] + " " + kept[end:]
    return kept if _SPENT.search(kept) or codes_of(kept) else text


def _is_beside(clause: str, codes_of: Names) -> bool:
    """Whether a clause tells minutes that are none of the visit's treatment."""
    if not _SPENT.search(clause) or _CODE.search(clause) or _ASKS.search(clause):
        return False
    if _AT_HOME.search(clause) and _TO_DO.search(clause):
        return True
    tells = any(p.search(clause) for p in (_REPORTS, _ABLE, _TIRED, _TRAVEL))
    return bool(tells) and not codes_of(clause)
