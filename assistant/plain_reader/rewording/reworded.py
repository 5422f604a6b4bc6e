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
    monitoring,
    options,
    people_parts,
    refused,
    rest,
    second_thoughts,
    several,
    small_letters,
    summed,
    timeline,
)
from assistant.plain_reader.words.letters import own_words
from assistant.plain_reader.words.text import plain

_DOZEN = regex(r"\b(?P<half>half\s+)?a\s+dozen(?=\s+(?:more\s+)?min)", re.I)
_CODE_TYPED = regex(r"(?<![\w$.-])9[27][\dOolI]{3}(?!\w)")  # «9711O»
_THOUSANDS = regex(
    r"(?<=\bcpt )9[27],\d{3}(?!\d)|(?<=\bcode )9[27],\d{3}(?!\d)"
    r"|(?<![\w$.,])9[27],\d{3}(?=\s+(?:x\s*)?\d{1,3}\s*(?:min|units?\b))",  # «97,110»
    re.I,
)
_DIGITS = str.maketrans("OolI", "0011")
_MANUAL = regex(r"\bMan(?=\s*[:=-]?\s*\d{1,2}(?!\d))")


def told(message: str) -> str:
    """The message with clock times as blocks, slips corrected and shares told as minutes."""
    own = _MANUAL.sub("Manual", options.told(own_words(plain(message))))
    own = _CODE_TYPED.sub(lambda match: match.group().translate(_DIGITS), own)
    own = _THOUSANDS.sub(lambda match: match.group().replace(",", ""), own)
    own = _DOZEN.sub(lambda match: "6" if match["half"] else "12", own)
    own = summed.told(refused.told(own))
    own = rest.told(small_letters.told(several.spelled_out(own)))
    meant = several.as_group(timeline.told(clock.in_figures(own)))
    shared = people_parts.told(helpers.told(second_thoughts.told(meant)))
    return evaluations.told(caregivers.told(halves.told(monitoring.told(shared))))
