"""Minutes told in two ways, of which a claim has one: «20-25 min», «A 23 B 15 vs A 22 B 16»."""

from __future__ import annotations

import re

from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.words.text import NUMBER_WORD, number

_RANGE = regex(
    r"(?<![\w.:/$-])(?P<a>\d{1,3})\s?(?:-|to|or)\s?(?P<b>\d{1,3})[\s-]*(?:min\w*|m\b|')"
    rf"|\b(?P<c>{NUMBER_WORD}) (?:to|or) (?P<d>{NUMBER_WORD})[\s-]*min\w*",
    re.I,
)
_HALF_OF_IT = regex(
    r"(?<!other )(?<!second )(?<!first )(?<!last )\bhalf (?:of )?(?:the|our|his|her|my) "
    r"(?:visit|session|appointment|time slot)\b",
    re.I,
)
_OR_MORE = regex(r"(?<![\w.:/$-])(?P<n>\d{1,3})\s?\+\s?(?:min\w*|m\b|')", re.I)
_VERSUS = regex(r"\b(?:vs\.?|versus|compared (?:to|with)|as opposed to)(?!\w)", re.I)
_TIMED = regex(r"\d{5}\W{1,3}\d{1,2}\b|\d\s*min", re.I)
LEAST_OF_RANGE = 5  # minutes


def refuse(text: str, found: Reading) -> None:
    """Nothing, unless minutes are told in two ways: «20-25 min», «A 23 B 15 vs A 22 B 16».

    Raises:
        ImpossibleFact: asks for one number of each, or for one visit at a time.
    """
    told = {one.minutes for one in found.services if one.minutes}
    for match in _RANGE.finditer(text):
        low = int(number(match["a"] or match["c"]) or 0)
        high = int(number(match["b"] or match["d"]) or 0)
        if LEAST_OF_RANGE <= low < high and told & {low, high} and not {low, high} <= told:
            raise ImpossibleFact(
                "minutes",
                match.group(),
                f"«{match.group()}»: units are counted from whole minutes as spent. How many "
                "were they?",
            )
    more = _OR_MORE.search(text)
    if more and int(more["n"]) in told:
        raise ImpossibleFact(
            "minutes", more.group(), f"«{more.group()}»: how many whole minutes were they?"
        )
    half = _HALF_OF_IT.search(text)
    if half and len(told) == 1 and len(found.services) == 1 and not found.subsets:
        raise ImpossibleFact(
            "minutes",
            half.group(),
            f"«{half.group()}»: how many minutes of {found.services[0].code} were that?",
        )
    versus = _VERSUS.search(text)
    sides = (text[: versus.start()], text[versus.end() :]) if versus else ()
    if versus and len(told) > 1 and all(map(_TIMED.search, sides)):
        raise ImpossibleFact(
            "minutes",
            versus.group(),
            f"Minutes stand on both sides of «{versus.group()}», and a claim has one set of them. "
            "Send the two one after the other: each is counted on its own.",
        )
