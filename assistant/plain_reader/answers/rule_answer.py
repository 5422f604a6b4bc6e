"""A question on a rule: the figures it asks for, what modifiers mean, then the guide."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from assistant.patterns import regex
from assistant.plain_reader.answers import declining
from assistant.plain_reader.answers.guidance import Guidance
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.asked.intent import asks_the_threshold
from assistant.plain_reader.known import Facts

SHORT = 4  # words of a question that may hang on the one before: «until when then?»
_OF_IT = regex(r"\b(?:it|that|this|they|those|these|them|there|one)\b", re.I)


def tell(
    parts: Parts,
    text: str,
    facts: Facts,
    today: date,
    guidance: Guidance,
    names_payer: Callable[[str], bool],
) -> None:
    """Add what is held on the question, or say in one line that nothing is.

    Args:
        names_payer: whether a text names a payer.
    """
    if asks_the_threshold(text) and not guidance.amounts(parts, text, facts, today):
        return  # a guide on another year answers nothing
    if names_payer(text):
        guidance.payer(parts, text, facts, today)
    wanted = guidance.meaning(parts, text, facts)
    found = guidance.passages(parts, wanted, facts, today)
    hangs_on = _OF_IT.search(text) or len(text.split()) <= SHORT
    if not found and not parts.paragraphs and facts.question_before and hangs_on:
        text = f"{facts.question_before} {text}"  # «does it reset in January?»
        found = guidance.passages(parts, text, facts, today)
    if not found and not parts.paragraphs:
        declining.decline(parts, "Nothing held here answers that.", declining.ASK)
