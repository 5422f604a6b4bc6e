"""«taught the wife transfers without the patient, 45 min»: training of caregivers alone."""

from __future__ import annotations

import re

from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions import minutes

ALONE = "97550"  # of one patient's caregivers, the patient absent
_CAREGIVER = (
    r"(?:care\s?givers?|care-givers?|family|wife|husband|spouse|daughter|son|mother|mom|father|dad"
    r"|parents?|sister|brother|partner|aunt|uncle|niece|nephew|grand\w+)(?:'s)?"
)
_TEACH = r"(?:train\w*|teach\w*|taught|educat\w+|instruct\w*|coach\w*|show\w*)"
_TAUGHT = regex(
    rf"\b{_CAREGIVER}\b[^.;\n]{{0,30}}?\b{_TEACH}\b|\b{_TEACH}\b[^.;,\n]{{0,40}}?\b{_CAREGIVER}\b",
    re.I,
)
_ABSENT = regex(
    r"\b(?:w/o|without|w/out)\s+(?:the\s+|her\s+|his\s+)?(?:patient|pt|client)\b"
    r"|\b(?:patient|pt|client)\s+(?:is\s+|was\s+|being\s+)?(?:absent|away|elsewhere"
    r"|at (?:home|work|school|dialysis|daycare|(?:the|an?) (?:doctor|hospital|appointment))"
    r"|not\s+(?:there|present|in the room|with)|wasn'?t\s+(?:there|present|in the room))"
    r"|\b(?:patient|pt|client)\s+(?:was\s+)?not\s+(?:there|present|in attendance)",
    re.I,
)
_CODE = regex(r"(?<!\d)\d{5}(?!\d)")
_GROUP = regex(
    r"\bgroups?\b|\bclass\b|\bcaregivers of\b|\b(?:sets|families|couples) of\b"
    r"|\b(?:different|several|multiple) (?:patients|clients|families)\b",
    re.I,
)


def told(text: str) -> str:
    """The text, such training told by its code: what was taught decides nothing then.

    It stays as it is where the patient is not said to be absent, a code is named, or the minutes
    are not told once.
    """
    taught = _TAUGHT.search(text)
    if not taught or not _ABSENT.search(text) or _CODE.search(text) or _GROUP.search(text):
        return text
    try:
        spent = [m for m in minutes.find(text) if m.sure]
    except ImpossibleFact:
        return text
    if len(spent) != 1 or spent[0].block is not None:
        return text
    taught = _last_before(text, spent[0].end) or taught
    start = min(taught.start(), spent[0].start)
    end = max(taught.end(), spent[0].end)
    clause = re.compile(r"[^,.;?\n]*").match(text, end)
    end = clause.end() if clause and taught.start() > spent[0].start else end
    return f"{text[:start]} {ALONE} {int(spent[0].minutes)} min {text[end:]}"


def _last_before(text: str, end: int) -> re.Match[str] | None:
    """The teaching told next before the minutes, of several that are told."""
    before = [m for m in _TAUGHT.finditer(text) if m.end() <= end]
    return before[-1] if before else None
