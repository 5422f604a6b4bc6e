"""Words that give every code or person the same minutes, and headings over a list."""

from __future__ import annotations

import re

EACH = re.compile(
    r"\beach\b|\bapiece\b|\bper code\b|\brespectively each\b"
    r"|\bboth (?:(?:for|got|at|with|were|had|ran) |w/\s?|x ?|= ?)?(?=\d)",
    re.I,
)
EACH_OF = re.compile(r"\b(?:each|both|all(?: three| four)?) of\b|\bboth\b(?=.*\bgot\b)", re.I)
EVENLY = re.compile(
    r"\b(?:split|divided|shared)\s+(?:evenly|equally)\s+(?:between|btwn|among|across|over)\b", re.I
)
EACH_TREATED = re.compile(r"\beach (?:treated|did|gave|provided|spent|worked|furnished|saw)", re.I)
HEADING = re.compile(r"\s*(?:\([^)]*\)\s*)?:(?=\s)")
CLOCK_SAYS = re.compile(
    r"\b(?:clock|log|timer|timestamp|time sheet|emr|record)\w*\s+(?:says?|shows?|has|reads?)\b"
    r"|\b(?:clock|timer|timestamps?)\b",
    re.I,
)
