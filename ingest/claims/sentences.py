"""A document's sentences with their places, the codes they name, and their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.library.words import codes_in
from ingest.blocks import Line, Shape, continues, lines_of

_END = re.compile(r"(?<=[.!?])['\"”’)\]]*\s+(?=[A-Z0-9$“\"'(])")
_SHORT_FORM = re.compile(r"(?i)\b(?:approx|e\.g|i\.e|vs|no|nos|st|ch|sec|fig|dr|mr|ms|u\.s|min)\.$")
_NUMBERS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
NUMBER = (
    r"(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty)(?:[- ](?:one|two|three|four|five|six|seven"
    rf"|eight|nine))?|{'|'.join(_NUMBERS[1:20])})"
)
# Dashes and spaces that look alike are one to a reader; each is one character, so places hold.
_ALIKE = (
    dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
    | dict.fromkeys((0x0A, 0x0C, 0x09, 0xA0, 0x202F), " ")
    | {0x2019: "'"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence.

    Attributes:
        text: its words, dashes and spaces made plain; as long as what stands in the document.
        start: its first character in the document.
        line: number of the paragraph, item or row that it stands in.
        codes: the procedure codes that it names, in order.
        row: whether it is a row of a table.
    """

    text: str
    start: int
    line: int
    codes: tuple[str, ...]
    row: bool = False

    @property
    def end(self) -> int:
        """The character after its last."""
        return self.start + len(self.text)


def sentences(text: str) -> list[Said]:
    """The sentences of a document, in order; furniture is left out."""
    return list(_sentences(text))


def _sentences(text: str) -> Iterator[Said]:
    for number, (start, end, shape) in enumerate(_joined(lines_of(text))):
        plain = text[start:end].translate(_ALIKE)
        if shape is Shape.ROW:
            yield Said(plain, start, number, codes_in(plain), row=True)
            continue
        for first, last in _spans(plain):
            said = plain[first:last]
            yield Said(said, start + first, number, codes_in(said))


def _joined(lines: list[Line]) -> Iterator[tuple[int, int, Shape]]:
    """Paragraphs: lines that were broken in mid-sentence put together again."""
    held: Line | None = None
    start = 0
    for line in lines:
        if held is not None and line.shape is Shape.TEXT and continues(line, held):
            held = line
            continue
        if held is not None:
            yield start, held.end, held.shape
        held, start = line, line.start
    if held is not None:
        yield start, held.end, held.shape


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if _SHORT_FORM.search(text[start : match.start()]):
            continue
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def number(word: str) -> int:
    """The value of a `NUMBER`, in digits or in words."""
    word = word.lower()
    if word.isdigit():
        return int(word)
    if word in _NUMBERS:
        return _NUMBERS.index(word)
    tens, _, ones = word.replace(" ", "-").partition("-")
    return _TENS[tens] + (_NUMBERS.index(ones) if ones else 0)


_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?![-\d])")


def years_in(text: str) -> tuple[int, ...]:
    """The years a sentence names."""
    return tuple(dict.fromkeys(int(match[0]) for match in _YEAR.finditer(text)))
