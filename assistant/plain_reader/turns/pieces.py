"""A visit told bit by bit: «squats», «for leg strength», «20 min», «Medicare PT»."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.patterns import regex
from assistant.plain_reader.asked.intent import asks_for_a_code, is_question
from assistant.plain_reader.known import Facts
from assistant.plain_reader.turns import minutes_alone
from assistant.plain_reader.turns.courtesy import is_courtesy

LONGEST = 14  # words of a bit more
MOST_JOINED = 60  # words of all bits
MOST_LETTERS = 2000
_ANEW = regex(r"^\W*(?:(?:what|how) about|now |next|another|ok(?:ay)? (?:and|what|how|now))", re.I)
_DOUBTS = regex(r"^\W*(?:are you sure|you sure|really|why|how come|sure)\W*$", re.I)
_ADDS = regex(r"^\s*(?:\+|(?:and|also|plus|then)\b)", re.I)
_LINE = regex(  # «and transfers 15», «97535 too, 10»
    r"^(?P<said>\W*(?:(?:and|also|plus|then|add|with|oh|forgot)\W+)*"
    r"(?P<what>[a-z0-9][\w/ -]{1,30}?)"
    r"(?:\s+(?:too|also|as well))?\s*[,:-]*\s+)(?P<n>\d{1,3})\W*$",
    re.I,
)
FEWEST = 5  # minutes that stand behind a name without «min»


def joined(
    before: Facts,
    text: str,
    is_activity: Callable[[str], bool],
    code_of: Callable[[str, Sequence[str]], str | None],
) -> str:
    """What was told so far and this bit of it, as one message; "" where it is none.

    Args:
        code_of: the code that words of something done settle, if they do.
    """
    said = before.said
    untold = not (before.tells_a_visit or before.choices or before.rule_question)
    asked = not is_question(said) or asks_for_a_code(said)
    if said and untold and is_activity(said) and _DOUBTS.match(text):
        return said
    if len(said) + len(text) > MOST_LETTERS:
        return ""
    if not said or not untold or not asked or not is_activity(said) or is_courtesy(text):
        return ""
    if is_question(text) or _ANEW.match(text) or len(text.split()) > LONGEST:
        return ""
    another = is_activity(text) and code_of(said, ()) is not None and not _ADDS.match(text)
    if len(said.split()) > MOST_JOINED or another:
        return ""
    minutes = minutes_alone.bare_minutes(text)
    bit = f"{minutes[0]} min" if len(minutes) == 1 and minutes[0] >= FEWEST else text.strip()
    return f"{said.rstrip(' .!;,')}, {bit}"


def line(text: str, is_named: Callable[[str], bool]) -> str:
    """A further line of a visit, its number told as minutes.

    Args:
        is_named: whether words name a code or something done.
    """
    match = _LINE.match(text)
    if match is None or int(match["n"]) < FEWEST or match["n"] == "59":
        return text
    if re.search(r"\d", re.sub(r"\b\d{5}\b", "", match["what"])) or not is_named(match["what"]):
        return text
    return f"{match['said']}{match['n']} min"
