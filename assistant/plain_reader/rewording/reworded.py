"""A message in the writer's own words, made easier to read: no fact is added or dropped."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.mentions import clock
from assistant.plain_reader.rewording import (
    caregivers,
    devices,
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
from assistant.plain_reader.words.text import NUMBER_WORD, number, plain

_DOZEN = regex(r"\b(?P<half>half\s+)?a\s+dozen(?=\s+(?:more\s+)?min)", re.I)
_CODE_TYPED = regex(r"(?<![\w$.-])9[27][\dOolI]{3}(?!\w)")  # «9711O»
_THOUSANDS = regex(
    r"(?<=\bcpt )9[27],\d{3}(?!\d)|(?<=\bcode )9[27],\d{3}(?!\d)"
    r"|(?<![\w$.,])9[27],\d{3}(?=\s+(?:x\s*)?\d{1,3}\s*(?:min|units?\b))",  # «97,110»
    re.I,
)
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_CODE_SPOKEN = regex(  # «ninety seven five thirty», «nine seven one one oh», as dictation writes it
    rf"\bninety[ -]seven[ ,-]+(?P<third>{_DIGIT})[ ,-]+(?P<rest>{NUMBER_WORD})\b"
    rf"|\b(?P<digits>nine[ -]seven(?:[ -]{_DIGIT}){{3}})\b",
    re.I,
)
_PART_HOUR = regex(r"(?<![\w.$])(?=\.\d{1,2}\s*(?:hours?|hrs?)\b)", re.I)  # «.25 hr»
_DIGITS = str.maketrans("OolI", "0011")
_MANUAL = regex(
    r"\bMan(?=\s*[:=-]?\s*\d{1,2}(?!\d))"
    r"|(?<!old )(?<!y/o )(?<!yo )(?<!a )(?<!the )\bman"
    r"(?=\s*[:=-]?\s*\d{1,2}\s*(?:min\b|'|,|;|/|$|(?:te|ta|nmr|us|gt)\s+\d))"
)


def told(message: str) -> str:
    """The message with clock times as blocks, slips corrected and shares told as minutes."""
    own = _MANUAL.sub("Manual", options.told(own_words(plain(message))))
    own = _CODE_TYPED.sub(lambda match: match.group().translate(_DIGITS), own)
    own = _PART_HOUR.sub("0", _CODE_SPOKEN.sub(_spoken, own))
    own = _THOUSANDS.sub(lambda match: match.group().replace(",", ""), own)
    own = _DOZEN.sub(lambda match: "6" if match["half"] else "12", own)
    own = summed.told(refused.told(own))
    own = rest.told(small_letters.told(several.spelled_out(own)))
    meant = several.as_group(timeline.told(clock.in_figures(own)))
    shared = people_parts.told(helpers.told(second_thoughts.told(meant)))
    whole = caregivers.told(halves.told(monitoring.told(shared)))
    return evaluations.told(devices.told(whole))


def _spoken(match: re.Match[str]) -> str:
    """The code in figures."""
    said = match["digits"]
    if said:
        return "".join(_figure(word) for word in re.split(r"[ -]", said))
    return f"97{_figure(match['third'])}{int(number(match['rest']) or 0):02d}"


def _figure(word: str) -> str:
    return str(int(number(word.lower().replace("oh", "zero")) or 0))
