"""A code-selection chart: its questions, its outcomes, and the words that answer it."""

from assistant.flowchart.nouns import (
    Activity,
    ActivityOption,
    Answered,
    ChartQuestion,
    Flowchart,
    Intent,
    Outcome,
    Verdict,
    Wording,
)
from assistant.flowchart.parsing import parse_flowchart

__all__ = [
    "Activity",
    "ActivityOption",
    "Answered",
    "ChartQuestion",
    "Flowchart",
    "Intent",
    "Outcome",
    "Verdict",
    "Wording",
    "parse_flowchart",
]
