"""A message prepared for reading: plain characters."""

from __future__ import annotations

import re
import unicodedata

from assistant.patterns import regex

_PLAIN = str.maketrans(
    {
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u2018": "'", "\u2019": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u2033": '"',
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
        "\u00d7": "x", "\u2715": "x", "\u2716": "x", "\u2022": "-", "\u00b7": "-",
        "\uff0b": "+", "\u2192": ":", "\u21d2": ":",
    }
)  # fmt: skip

LONGEST_RUN = 60  # of one piece; more says nothing, and costs time
_SPACE = regex(rf"\s{{{LONGEST_RUN + 1},}}")
_RUN = regex(rf"(.|\D{{2,12}}?)\1{{{LONGEST_RUN},}}", re.S)
_WIDE = regex(r"[^\x00-\x7f]")
_TABBED = regex(r"^[^\t\n]*\t[^\n]*\t[^\n]*$", re.M)  # a row of a table, as spreadsheets copy it


def plain(text: str) -> str:
    """The text in plain characters, long runs of one piece cut short; the reader's own copy."""
    short = _SPACE.sub("\n", _RUN.sub(r"\1" * LONGEST_RUN, text))
    if short.count("\t") > 1:
        short = _TABBED.sub(lambda row: row.group().replace("\t", " | "), short)
    return _WIDE.sub(_one, short.translate(_PLAIN))


def _one(match: re.Match[str]) -> str:
    digit = unicodedata.decimal(match[0], None)
    return str(digit) if digit is not None else match[0]


def lowered(text: str) -> str:
    """Lower case without changing the length."""
    return "".join(low if len(low := ch.lower()) == 1 else ch for ch in text)


_SENTENCE_END = regex(r"(?<=[a-z0-9)\]'\"])[.!?](?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*]|\d+[.)]\s))", re.I)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences and list items of a text."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if text[max(0, match.start() - 4) : match.start()].lower().strip(" .") in _ABBREVIATED:
            continue
        if _INITIAL.search(text, max(0, match.start() - 3), match.end()):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip()]


_INITIAL = regex(r"(?<![\w'])[A-Z]\.\Z")  # «J. Smith»
_ABBREVIATED = {
    "min",
    "mins",
    "approx",
    "vs",
    "pt",
    "dr",
    "mr",
    "ms",
    "mrs",
    "e.g",
    "i.e",
    "no",
    "hr",
}


_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_NUMBER_WORDS = {word: value for value, word in enumerate(_TO_TWENTY.split())}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
         "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip

NUMBER_WORD = (
    r"(?:(?:twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ]?(?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen)"
)


def number(word: str) -> float | None:
    """A number in digits or in English words up to ninety-nine; None where it is neither."""
    word = word.strip().lower()
    if re.fullmatch(r"-?\d+(?:\.\d+)?", word):
        return float(word)
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    tens, _, ones = re.sub(r"(?<=ty)[- ]?(?=\w)", " ", word).partition(" ")
    if tens in _TENS and (not ones or ones in _NUMBER_WORDS):
        return _TENS[tens] + _NUMBER_WORDS.get(ones, 0)
    return None
