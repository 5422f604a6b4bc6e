"""Numbers in words."""

from __future__ import annotations

import re

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: n for n, word in enumerate(_SMALL)} | {
    word: 10 * n for n, word in enumerate(_TENS, 2)
}
_ONES = "|".join(sorted(_SMALL[1:], key=len, reverse=True))
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_SMALL[1:10])})\b)?|{_ONES}|zero)"
WORD = (
    rf"(?:(?:{_BELOW_HUNDRED}[ -])?(?:hundred|thousand|million)"
    rf"(?:[ -](?:and[ -])?{_BELOW_HUNDRED})?|\b{_BELOW_HUNDRED}\b)"
)


def word_value(shown: str) -> str:
    """The number that English words name, in digits."""
    total, current = 0, 0
    for word in re.split(r"[\s-]+", shown.lower().strip()):
        if word in _VALUES:
            current += _VALUES[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in ("thousand", "million"):
            total += max(current, 1) * (1000 if word == "thousand" else 1_000_000)
            current = 0
    return str(total + current)
