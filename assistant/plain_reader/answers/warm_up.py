"""A warm-up told without who stood by it: counted, and asked about."""

from __future__ import annotations

import re

from assistant.conversation import Question
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts

_WARM_UP = regex(r"\b(?:warm(?:ed|ing)?[\s-]*up|cool(?:ed|ing)?[\s-]*down)s?\b", re.I)
_ATTENDED = regex(
    r"\b(?:1[:/]1|one[- ](?:on|to)[- ]one|supervis\w+|skilled|attended|cue\w*|cuing|guid\w+"
    r"|monitor\w*|instruct\w+|correct\w+|with me|hands[- ]?on|alone|unattended|own)\b",
    re.I,
)


def ask(parts: Parts, facts: Facts) -> None:
    """Ask whether a warm-up's minutes were one-to-one; on his own they would not count."""
    for done in facts.activities:
        if not done.minutes or not _WARM_UP.search(done.text) or _ATTENDED.search(done.text):
            continue
        parts.assumptions.append(
            f"The {done.minutes} minutes of «{done.text}» are counted as one-to-one; done on the "
            "patient's own they would be left out."
        )
        text = f"Were the {done.minutes} minutes of warm-up one-to-one with the clinician?"
        parts.questions.append(
            Question("warm-up", text, ["one-to-one", "on the patient's own"], "claim")
        )
