"""Whether a message tells of treatment, names a service, or is of neither: what it may be given."""

from __future__ import annotations

import re

from assistant.flowchart import Flowchart
from assistant.patterns import regex
from assistant.plain_reader.activities import chart_answers
from assistant.plain_reader.activities.likeness import Likeness
from assistant.plain_reader.activities.told import Told
from assistant.plain_reader.asked.intent import asks_for_a_code, is_question, tells_of_a_patient
from assistant.plain_reader.asked.to_bill import asks_to_bill
from assistant.plain_reader.known import Facts

OF_A_NAME = 5  # words of a message that only names a service
SURE = (
    1.0  # that a message tells of treatment which no list holds; the reverse where a code is asked
)


_PRACTISED = regex(
    r"\b(?:practi[cs](?:ed?|es|ing)|trained|taught|rehears\w+|worked on|cue(?:d|s|ing)"
    r"|return demo\w*)\b",
    re.I,
)

_PATIENT = regex(r"\b(?:patient|pt|client|resident)\b", re.I)


class OfTherapy:
    """Judges messages before a code is chosen for what they say."""

    def __init__(self, told: Told, likeness: Likeness, chart: Flowchart) -> None:
        self._told = told
        self._likeness = likeness
        self._chart = chart

    def was_done(self, text: str) -> bool:
        """Whether the text tells of something done, by the lists or by its likeness."""
        is_known = self._is_known(text)
        if not (tells_of_a_patient(text) or self._told.tells(text, self._least(text, is_known))):
            return False
        return is_known or self._likeness.find(text) is not None

    def _least(self, text: str, is_known: bool) -> float:
        """How sure it must be that the text tells of treatment: less where it says so itself."""
        least = 0 if is_known or asks_for_a_code(text) else SURE
        least -= SURE * asks_for_a_code(text)
        least -= SURE * bool(is_known and _PRACTISED.search(text) and not is_question(text))
        return least - SURE * chart_answers.names_a_method(text, self._chart)

    def is_told(self, text: str) -> bool:
        """Whether a part of a message tells of something done."""
        return self._told.tells(text)

    def is_a_name(self, text: str) -> bool:
        """«Heat and ice only», and not «a list of everything that conflicts with theract»."""
        is_short = len(text.split()) <= OF_A_NAME
        return is_short or asks_for_a_code(text) or self._told.tells(text, -SURE)

    def is_of_others(self, text: str, facts: Facts, turns: int) -> bool:
        """«chronic care management, 20 minutes of nurse time»: minutes, and no therapy.

        Args:
            turns: messages of the conversation; what was said before may tell what this is of.
        """
        told_before = turns > 1 or facts.services or facts.choices
        is_visit = tells_of_a_patient(text) or asks_to_bill(text)
        of_somebody = facts.payer or facts.discipline or _PATIENT.search(text)
        is_visit |= bool(of_somebody) and self._is_known(text)
        least = -3 * SURE if chart_answers.names_a_method(text, self._chart) else -SURE
        return not (told_before or is_visit or self._told.tells(text, least))

    def _is_known(self, text: str) -> bool:
        return chart_answers.activity_known(text, self._chart)
