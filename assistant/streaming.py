"""What happens while an answer is made, as it happens; the form that an entrance can send on.

In order: what is being done (`Progress`), the claim as soon as it is certain (`Stated`), text as
soon as it is checked (`Words`), and at the end the answer (`Finished`). Nothing unverified is ever
among them: a model's words come only after the firewall, all at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assistant.conversation import Answer

Step = Literal["reading", "asking_model", "calling_tool", "checking", "asking_again"]


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done now; `tool` is the name of the tool that is called."""

    step: Step
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """The built-in answer, whose fields are certain before a model is asked."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the text; all pieces in order are the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer."""

    answer: Answer


Event = Progress | Stated | Words | Finished


def as_data(event: Event) -> tuple[str, dict[str, Any]]:
    """Name and JSON data of an event, for server-sent events and the like."""
    if isinstance(event, Progress):
        return "progress", {"step": event.step, "tool": event.tool}
    if isinstance(event, Words):
        return "words", {"text": event.text}
    fields = event.answer.to_dict()
    if isinstance(event, Finished):
        return "answer", fields
    kept = ("kind", "claims", "code_choices", "findings", "questions", "assumptions", "citations")
    return "claim", {name: fields[name] for name in kept}
