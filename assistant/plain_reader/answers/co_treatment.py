"""Two disciplines with one patient at once: their minutes are split before anything is counted."""

from __future__ import annotations

import re

from assistant.conversation import AnswerKind, Question
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import disciplines

_CO_TREATS = regex(
    r"\bco-?\s?(?:treat|tx)\w*"
    r"|\b(?:treat|see|saw)\w*\s+(?:(?:the|a|one|this|our)\s+){0,2}(?:same\s+)?(?:patient|pt|child|client)\s+"
    r"(?:together|jointly|simultaneously|at (?:the same time|once))",
    re.I,
)


def is_unsplit(text: str, facts: Facts) -> bool:
    """Whether two disciplines treated together and no more than their time together is told."""
    minutes = [one.minutes for one in facts.services]
    minutes += [one.minutes for one in facts.activities]
    minutes += [one.minutes for one in facts.choices]
    stretches = sum(told is not None for told in minutes) + len(facts.loose_minutes)
    together = _CO_TREATS.search(text) and len(disciplines.find(text)) > 1
    return bool(together) and stretches <= 1


def say(parts: Parts, text: str) -> None:
    """That a minute is billed once, and which minutes were whose: nothing is counted before."""
    both = [one.value for one in disciplines.find(text)]
    names = f"{', '.join(both[:-1])} and {both[-1]}"
    parts.kind = AnswerKind.GUIDANCE
    parts.say(
        f"**{names} together: the patient's minutes are billed once.** The disciplines divide "
        f"them, or one takes all{parts.worksheet.mark('co-treatment-once')}."
    )
    asked = f"Which minutes were whose ({names}), and what was done in them?"
    parts.questions.append(Question("co-treatment-split", asked, [], "claim"))
