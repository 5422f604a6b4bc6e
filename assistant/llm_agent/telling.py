"""What a model is told: the conversation and the worksheet, marked as data."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any

from assistant.conversation import Answer
from assistant.llm_agent.prompts import prompt

MOST_CONVERSATION = 40_000  # characters of it that a model is sent, the newest
MOST_WORKSHEET = 24_000


class Teller:
    """Marks texts as data with a mark that no text can hold, since it is new for each answer."""

    def __init__(self) -> None:
        self._mark = f"data-{secrets.token_hex(6)}"

    def data(self, text: str) -> str:
        """The text between its marks."""
        return f"<{self._mark}>\n{text.replace(self._mark, '')}\n</{self._mark}>"

    def conversation(self, messages: Sequence[str], most: int = MOST_CONVERSATION) -> str:
        """The conversation, the oldest left out where it is too long."""
        kept: list[str] = []
        left = most
        for message in reversed(messages):
            if kept and len(message) > left:
                break
            kept.insert(0, message[:most])
            left -= len(message)
        return "\n".join([prompt("read"), *map(self.data, kept)])

    def worksheet(self, answer: Answer, filled: dict[str, str]) -> str:
        """The results behind the answer, as JSON between marks."""
        held = _results(answer)
        held["slots"] = filled
        text = json.dumps(held, ensure_ascii=False)
        if len(text) > MOST_WORKSHEET:
            held["citations"] = [{"n": c.n, "title": c.title} for c in answer.citations]
            text = json.dumps(held, ensure_ascii=False)[:MOST_WORKSHEET]
        return self.data(text)


def _results(answer: Answer) -> dict[str, Any]:
    return {
        "kind": answer.kind.value,
        "built_in_wording": answer.text,
        "claims": [
            {
                "date_of_service": c.date_of_service,
                "counting_rule": c.counting_rule,
                "lines": [[n.code, n.units, n.modifiers, n.minutes] for n in c.lines],
                "total_timed_minutes": c.total_timed_minutes,
                "timed_units": c.timed_units,
            }
            for c in answer.claims
        ],
        "questions": [q.text for q in answer.questions],
        "citations": [{"n": c.n, "title": c.title, "says": c.quote} for c in answer.citations],
    }
