"""What came of asking the model about one message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.llm_agent.reading import ReadService
from assistant.llm_agent.trouble import Trouble
from assistant.llm_agent.use import Use
from assistant.llm_agent.visit_reading import ReadFact


@dataclass(slots=True)
class Outcome:
    """What came of asking the model.

    Attributes:
        prose: checked words with their slots filled; None where the built-in wording stands.
        trouble: why it stands.
        services: what the model read; None where it never said.
        visit: what it read of the visit as a whole.
        rejected: the faults of each draft that was not shown.
        day_used: tokens of the day, this answer's among them; None where they cannot be counted.
    """

    prose: str | None = None
    trouble: Trouble | None = None
    services: list[ReadService] | None = None
    visit: list[ReadFact] = field(default_factory=list)
    rejected: list[list[str]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    use: Use = field(default_factory=Use)
    day_used: int | None = None
