"""A code-selection chart: its questions, where each answer leads, and the words that answer them."""

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
