"""Replies to greetings and thanks where no claim stands."""

from __future__ import annotations

from assistant.conversation import AnswerKind, Question
from assistant.plain_reader.answers.declining import ASK
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.asked.intent import RULE_WORDS
from assistant.plain_reader.known import Facts
from assistant.plain_reader.turns import courtesy


def is_replied(parts: Parts, text: str, facts: Facts) -> bool:
    """Whether the message only greets, presents a patient or thanks, and is replied to."""
    presents = courtesy.presents_a_patient(text) and not RULE_WORDS.search(text)
    if courtesy.is_opening(text) or presents:
        _greet(parts)
    elif courtesy.is_courtesy(text) and not facts.tells_a_visit:
        parts.kind = AnswerKind.DECLINED
        parts.say(f"You are welcome. {ASK}")
    else:
        return False
    return True


def _greet(parts: Parts) -> None:
    parts.kind = AnswerKind.CLARIFY
    parts.say(f"Hello. {ASK}")
    parts.questions.append(Question("missing", "What was done, and for how long?", [], "claim"))
