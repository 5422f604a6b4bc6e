"""A text as the firewall reads it: plain, sentence by sentence, every figure bound to its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.llm_agent.figures import Figure, figures
from assistant.patterns import regex
from assistant.plain_reader.words.text import plain

_EMPHASIS = regex(r"[*_`~#]+")
_LIST_MARK = regex(r"^\s*(?:[-+•>]|\d{1,2}[.)](?=\s+[A-Za-z]))\s*")
_END = regex(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9$])|(?<=\])\s+(?=[A-Z0-9«“\"])|\n+|;\s+")
_ABBREVIATED = regex(r"\b(?:ch|no|e\.g|i\.e|vs|approx|min|Pub|St|Dr|art|sec)\.\s+\Z")
_GAP_BEFORE_CODE = regex(
    r"\s*[-+]?\s*(?:\(|(?:(?!against|versus|vs|than)\w[\w-]*\s+){0,4}?"
    r"(?:of|for|to|on|in|at|from|under|as|is|are|were)\s+(?:code\s+|"
    r"CPT\s+|the\s+)?\(?"
    r"|(?:units?|minutes?|min|mins)\s+\(?|\s)\Z",
    re.I,
)
_GAP_BEFORE_YEAR = regex(
    r"[^;]{0,40}?(?:\bin\s|\bfor\s|\bof\s|\bduring\s|\bfrom\s|\()(?:\w+\s){0,3}\Z", re.I
)
_COMPARED = regex(
    r"\b(?:than|against|versus|vs\.?|compared (?:with|to)|over) (?:the |its )?\Z", re.I
)
_SUMMED = regex(
    r"(?:=|\bwhich (?:is|are|makes?|allows?)|\btotal (?:of|is)|\bsum (?:of|is)) \Z", re.I
)
_ADDED_UP = regex(r"\b(?:makes?|(?:adds? up|comes?) to|equals?) \Z", re.I)
_DATES = ("year", "date")


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure with the codes and the years of its sentence that it is said of."""

    figure: Figure
    codes: tuple[str, ...]
    years: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One sentence, without its Markdown; the same one for the same text."""

    text: str
    figures: tuple[Figure, ...]
    bound: tuple[Bound, ...]

    @property
    def key(self) -> str:
        """The sentence for comparing: lower case, single spaces, no citation."""
        return key_of(self.text)


@lru_cache(maxsize=8192)
def key_of(text: str) -> str:
    """A text reduced to what must be the same in a sentence taken over word for word."""
    text = re.sub(r"\[\d+\]|\((?:inferred|from memory, not seen written)\)", "", text)
    return re.sub(r"[\s.:;!?]+", " ", text).strip().lower()


@lru_cache(maxsize=2048)
def split(text: str) -> tuple[str, ...]:
    """The sentences and list items of a Markdown text, without their marks."""
    return tuple(_split(text))


def _split(text: str) -> Iterator[str]:
    text = _EMPHASIS.sub("", plain(text))
    for line in text.split("\n"):
        line = _LIST_MARK.sub("", line).strip(" |")
        start = 0
        for match in _END.finditer(line):
            if _ABBREVIATED.search(line[: match.end()]):
                continue
            yield line[start : match.start()].strip()
            start = match.end()
        if line[start:].strip():
            yield line[start:].strip()


@lru_cache(maxsize=8192)
def read(text: str) -> Sentence:
    """A sentence with its figures bound."""
    found = figures(text)
    return Sentence(text, found, tuple(_bind(text, found)))


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Every sentence of a text, read. The same quotations come again and again."""
    return tuple(read(one) for one in split(text) if one)


def _bind(text: str, found: tuple[Figure, ...]) -> Iterator[Bound]:
    codes = [f for f in found if f.kind == "code"]
    years = [f for f in found if f.kind in _DATES and year_of(f)]
    every = re.search(r"\b(?:each|both|apiece|every|all)\b(?! of (?:the )?\d)", text, re.I)
    for figure in found:
        if figure.kind == "code":
            yield Bound(figure, (), _years(text, figure, years))
            continue
        summed = _ADDED_UP.search(text[: figure.start]) and figure.unit == "minute"
        if every and not summed and len(codes) > 1 and _next_to(every, figure):
            mine = tuple(dict.fromkeys(c.value for c in codes))
        else:
            mine = () if _stands_apart(text, figure, found) else _nearest(text, figure, codes)
        yield Bound(figure, mine, _years(text, figure, years))


def _stands_apart(text: str, figure: Figure, found: tuple[Figure, ...]) -> bool:
    """«from 33 and 7 minutes», «more than 5»: such minutes belong to no single code."""
    ahead = text[max(0, figure.start - 20) : figure.start]
    if figure.kind == "number" and figure.unit != "unit" and _COMPARED.search(ahead):
        return True
    if figure.kind == "number" and _SUMMED.search(ahead):
        return True
    if figure.unit != "minute":
        return False
    if _ADDED_UP.search(ahead):
        return True
    return any(
        other.unit == "minute"
        and other is not figure
        and re.match(r"\s*(?:,|and|or|to|through|[-+–])\s*\Z", text[min(a, b) : max(a, b)])
        for other in found
        for a, b in [
            (figure.end, other.start) if figure.start < other.start else (other.end, figure.start)
        ]
    )


def _next_to(every: re.Match[str], figure: Figure) -> bool:
    return abs(every.start() - figure.end) < 30 or abs(figure.start - every.end()) < 30


def _nearest(text: str, figure: Figure, anchors: list[Figure]) -> tuple[str, ...]:
    """The code that a figure is said of: «10 (97110)», «two units of 97110», else the one "
    "before."""
    after = next((a for a in anchors if a.start >= figure.end), None)
    if after and _GAP_BEFORE_CODE.match(text[figure.end : after.start]):
        return _listed(text, after, anchors)
    before = [a for a in anchors if a.end <= figure.start]
    return (before[-1].value,) if before else ()


def _listed(text: str, first: Figure, anchors: list[Figure]) -> tuple[str, ...]:
    """«of 97110 and 97140» names both."""
    named = [first]
    for anchor in anchors[anchors.index(first) + 1 :]:
        if not re.match(r"\)?\s*(?:,|and|or|,\s*and)\s*\(?\Z", text[named[-1].end : anchor.start]):
            break
        named.append(anchor)
    return tuple(a.value for a in named)


def _years(text: str, figure: Figure, years: list[Figure]) -> tuple[str, ...]:
    if figure.kind in _DATES or not years:
        return ()
    after = next((y for y in years if y.start >= figure.end), None)
    before = [y for y in years if y.end <= figure.start]
    if after is not None:
        gap = text[figure.end : after.start]
        if _GAP_BEFORE_YEAR.match(gap) and not re.search(r"[$,]|\d", gap):
            return (year_of(after),)
    if before:
        return (year_of(before[-1]),)
    return (year_of(after),) if after else ()


def year_of(figure: Figure) -> str:
    """The year that a date or a year names, or ""."""
    head = figure.value[:4]
    return head if head.isdecimal() and len(head) == 4 else ""
