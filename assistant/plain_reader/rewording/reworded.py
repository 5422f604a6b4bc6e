"""A message in the writer's own words, made easier to read: no fact is added or dropped."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.mentions import clock
from assistant.plain_reader.rewording import (
    caregivers,
    evaluations,
    halves,
    helpers,
    people_parts,
    rest,
    second_thoughts,
    several,
    small_letters,
    timeline,
)
from assistant.plain_reader.words.letters import own_words
from assistant.plain_reader.words.text import plain

_DOZEN = regex(r"\b(?P<half>half\s+)?a\s+dozen(?=\s+(?:more\s+)?min)", re.I)
_MANUAL = regex(r"\bMan(?=\s*[:=-]?\s*\d{1,2}\b)")


def told(message: str) -> str:
    """The message with clock times as blocks, slips corrected and shares told as minutes."""
    own = _MANUAL.sub("Manual", own_words(plain(message)))
    own = _DOZEN.sub(lambda match: "6" if match["half"] else "12", own)
    own = rest.told(small_letters.told(own))
    meant = several.as_group(timeline.told(clock.in_figures(own)))
    shared = people_parts.told(helpers.told(second_thoughts.told(meant)))
    return evaluations.told(caregivers.told(halves.told(shared)))
