"""A message in the writer's own words, made easier to read: no fact is added or dropped."""

from __future__ import annotations

from assistant.plain_reader import caregivers, clock, halves, helpers, second_thoughts, timeline
from assistant.plain_reader.letters import own_words
from assistant.plain_reader.text import plain


def told(message: str) -> str:
    """The message with clock times as blocks, slips corrected and shares told as minutes."""
    meant = timeline.told(clock.in_figures(own_words(plain(message))))
    return caregivers.told(halves.told(helpers.told(second_thoughts.told(meant))))
