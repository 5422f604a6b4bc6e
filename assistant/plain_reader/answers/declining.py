"""What is said where nothing here answers, in one line."""

from __future__ import annotations

from assistant.conversation import AnswerKind
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts

FIELD = (
    "This assistant answers on coding and billing of outpatient physical, occupational and speech "
    "therapy."
)
ASK = "Name the codes, minutes, payer and date of a visit, or ask about a rule."


def decline(parts: Parts, said: str = "", ask: str = "") -> None:
    """Say why nothing is answered, what the field is, and what to ask instead."""
    parts.kind = AnswerKind.DECLINED
    parts.say(" ".join(filter(None, (said, FIELD, ask))))


def unknown_codes(parts: Parts, facts: Facts) -> None:
    """Name the codes of the message that are not held here."""
    codes = ", ".join(facts.unknown_codes)
    said = "not among the therapy codes held here, so nothing is said of it. Check the number."
    parts.say(f"{codes}: {said}")
