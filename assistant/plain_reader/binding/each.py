"""Words that give every code or person the same minutes, and headings over a list."""

from __future__ import annotations

import re

from assistant.patterns import regex

EACH = regex(
    r"\b(?:each|ea)\b(?!\s+(?:day|visit|session|time|date|week|patient|pt|client|morning)s?\b)"
    r"|\bequal time\b|\bapiece\b|\bper code\b|\brespectively each\b"
    r"|\bboth (?:(?:for|got|at|with|were|had|ran) |w/\s?|x ?|= ?)?(?=\d)",
    re.I,
)
EACH_OF = regex(r"\b(?:each|both|all(?: three| four)?) of\b|\bboth\b(?=.*\bgot\b)", re.I)
EVENLY = regex(
    r"\b(?:split|divided|shared)\s+(?:evenly|equally)\s+(?:between|btwn|among|across|over)\b", re.I
)
EACH_TREATED = regex(r"\beach (?:treated|did|gave|provided|spent|worked|furnished|saw)", re.I)
IN_BRACKETS = regex(r"[A-Za-z]\s*[(\[]\s*(?:x\s*)?\d{1,3}\s*(?:min\w*|m|')\s*[)\]]\W*\Z", re.I)
HEADING = regex(r"\s*(?:\([^)]*\)\s*)?:(?=\s)")
CLOCK_SAYS = regex(
    r"\b(?:clock|log|timer|timestamp|time sheet|emr|record)\w*\s+(?:says?|shows?|has|reads?)\b"
    r"|\b(?:clock|timer|timestamps?)\b",
    re.I,
)
