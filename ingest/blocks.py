"""A document's own structure: headings, questions, lists, tables, paragraphs, and what is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Shape(StrEnum):
    """What a line of a document is."""

    HEADING = "heading"
    QUESTION = "question"
    ITEM = "item"
    ROW = "row"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something: its characters `start` to `end` of the text.

    Attributes:
        level: of a heading; 0 where the document shows none.
        after_gap: whether an empty line stands before it.
        after_furniture: whether something was left out before it.
    """

    text: str
    start: int
    end: int
    shape: Shape = Shape.TEXT
    level: int = 0
    after_gap: bool = False
    after_furniture: bool = False


_LONGEST_HEADING = 14  # words
_LONGEST_FURNITURE = 24
_REPEATED = 3  # times a short line stands in a document before it is furniture
_MENU = 4  # short lines in a row that are a menu
_MENU_WORDS = 4
_LIST = 3  # short lines in a row that are a list without marks
_WRAPPED = range(60, 121)  # characters of a line that may have been broken in mid-sentence

_ITEM = re.compile(r"(?:[-*•●▪◦‣·–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_ROW = re.compile(r"\|.*\||(?:[^|]+\|){2,}.*")
_RULE = re.compile(r"[\s|:+=_*-]{3,}")
_ENDS = re.compile(r"[.!?:;,]['\"”’)\]]*$")
_UNFINISHED = re.compile(r"(?i)\b(?:a|and|are|as|by|for|from|in|is|of|on|or|the|to|with)$")
_FURNITURE = re.compile(
    r"""(?ix)
    \b(?: log\s?in | log\s?on | sign\s?(?:in|up) | register\ (?:free|to|now|for) | subscribe
      | create\ (?:a\ )?(?:free\ )?account | free\ (?:trial|demo) | (?:book|request)\ a\ demo
      | newsletter | cookies? | privacy\ policy | terms\ of\ (?:use|service) | unsubscribe
      | all\ rights\ reserved | page\ views?\ remaining | no\ credit\ card | back\ to\ top
      | skip\ to\ (?:main\ )?content | leave\ a\ (?:comment|reply) | email\ address\ will\ not
      | required\ fields\ are | share\ (?:this|on) | tweet | follow\ us | table\ of\ contents
      | on\ this\ page | related\ (?:posts|articles) | read\ more | learn\ more | click\ here
      | make\ an\ app\w*ment | contact\ us | get\ started | ready\ to\ streamline
      | looking\ up\ more
      | accept\ all | advertisement | sponsored | get\ instant | print\ this\ page )\b
    | ^\W*(?: home | menu | search | blog | about(?:\ us)? | careers? | share | print | facebook
      | linkedin | twitter )\W*$
    | ^\W*\d+\ (?:min\w*\ read|(?:minute|hour|day|week|month|year)s?\ ago)\b
    | ^\W*(?:©|\(c\)|copyright\b)
    """
)


def lines_of(text: str) -> list[Line]:
    """The lines of a text that say something, each with its shape; furniture is left out."""
    return list(_shaped(list(_without_furniture(list(_raw_lines(text))))))


def _raw_lines(text: str) -> Iterator[Line]:
    gap = True
    for match in re.finditer(r"[^\n\f]+", text):
        said = match[0].strip()
        if not said or (_RULE.fullmatch(said) and "|" not in said):
            gap = True
            continue
        start = match.start() + match[0].index(said)
        before = text[max(0, match.start() - 2) : match.start()]
        gap = gap or before.endswith(("\n\n", "\f"))
        yield Line(said, start, start + len(said), after_gap=gap)
        gap = False


def _without_furniture(lines: list[Line]) -> Iterator[Line]:
    times = Counter(line.text for line in lines)
    menus = _menus(lines)
    left_out = False
    for number, line in enumerate(lines):
        repeated = times[line.text] >= _REPEATED and not _ROW.fullmatch(line.text)
        if number in menus or repeated or _is_furniture(line.text):
            left_out = True
            continue
        yield replace(line, after_furniture=left_out)
        left_out = False


def _is_furniture(text: str) -> bool:
    return len(text.split()) <= _LONGEST_FURNITURE and bool(_FURNITURE.search(text))


def _menus(lines: list[Line]) -> set[int]:
    """The numbers of lines that stand in a run of short ones, none of which ends a sentence."""
    found: set[int] = set()
    run: list[int] = []
    for number, line in enumerate([*lines, Line("The end of the text is no menu.", 0, 0)]):
        words = re.sub(r"^\W+", "", line.text).split()
        short = len(words) <= _MENU_WORDS and not _ENDS.search(line.text)
        if short and not line.text.startswith(("#", "|")) and not re.search(r"\d", line.text):
            run.append(number)
            continue
        if len(run) >= _MENU:
            found.update(run)
        run = []
    return found


def _shaped(lines: list[Line]) -> Iterator[Line]:
    """Every line with its shape; three short lines in a row are a list without marks."""
    short = [_reads_as_heading(line.text) for line in lines]
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else None
        after = lines[number + 1] if number + 1 < len(lines) else None
        shape, level = _shape(line, before, after)
        if shape is Shape.HEADING and not level and _run(lines, short, number) >= _LIST:
            shape = Shape.TEXT
        yield replace(line, shape=shape, level=level)


def _run(lines: list[Line], short: list[bool], number: int) -> int:
    """How many short lines stand together, without an empty one between them."""
    first, last = number, number
    while first > 0 and short[first - 1] and not lines[first].after_gap:
        first -= 1
    while last + 1 < len(lines) and short[last + 1] and not lines[last + 1].after_gap:
        last += 1
    return last - first + 1


def _shape(line: Line, before: Line | None, after: Line | None) -> tuple[Shape, int]:
    text = line.text
    if marks := re.match(r"(#{1,6})\s", text):
        return (Shape.QUESTION if text.endswith("?") else Shape.HEADING), len(marks[1])
    if _ROW.fullmatch(text):
        return Shape.ROW, 0
    if _ITEM.match(text):
        return Shape.ITEM, 0
    if after is None or len(text.split()) > _LONGEST_HEADING or continues(line, before):
        return Shape.TEXT, 0
    if text.endswith("?"):
        return _question(line, before, after), 0
    return (Shape.HEADING if _reads_as_heading(text) else Shape.TEXT), 0


def _question(line: Line, before: Line | None, after: Line) -> Shape:
    """A question with its answer; above a heading it is one, beside another it is plain text."""
    if not line.text[0].isupper() and not line.text[0].isdigit():
        return Shape.TEXT
    if after.text.endswith("?") or (before is not None and before.text.endswith("?")):
        return Shape.TEXT if not line.after_gap else Shape.HEADING
    return Shape.HEADING if _reads_as_heading(after.text) else Shape.QUESTION


def _reads_as_heading(text: str) -> bool:
    return (
        len(text.split()) <= _LONGEST_HEADING
        and not _ENDS.search(text)
        and not _UNFINISHED.search(text)
        and (text[0].isupper() or text[0].isdigit())
        and not any(mark in text for mark in ("|", "=", "-->", "→"))
    )


def continues(line: Line, before: Line | None) -> bool:
    """Whether a line may be the middle of a sentence that runs over line ends."""
    if before is None or line.after_gap or line.after_furniture:
        return False
    if _ITEM.match(before.text) or _ROW.fullmatch(before.text):
        return False
    return len(before.text) in _WRAPPED and not _ENDS.search(before.text)
