"""A document's own structure: headings, questions, lists, tables, paragraphs, and what is none."""

from __future__ import annotations

import re
from bisect import bisect_right
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
_REPEATED = 3  # pages at whose edge a line stands before it is a running title
_MENU = 4  # short lines in a row that are a menu
_MENU_WORDS = 4
_LIST = 3  # short lines in a row that are a list without marks
_WRAPPED = range(60, 121)  # characters of a line that may have been broken in mid-sentence

_ITEM = re.compile(r"(?:[-*•●▪◦‣·–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_ROW = re.compile(r"\|.*\||(?:[^|]+\|){2,}.*")
_RULE = re.compile(r"[\s|:+=_*-]{3,}")
_ENDS = re.compile(r"[.!?:;,]['\"”’)\]]*$")
_UNFINISHED = re.compile(r"(?i)\b(?:a|and|are|as|by|for|from|in|is|of|on|or|the|to|with)$")
# What no rule says, in a line of up to `_LONGEST_FURNITURE` words.
_FURNITURE = re.compile(
    r"""(?ix)
    \b(?: register\ (?:free|now|to\ view) | (?:to|our|the)\ newsletter | unsubscribe
      | create\ (?:a\ )?(?:free\ )?account | free\ (?:trial|demo) | (?:book|request)\ a\ demo
      | (?:accept|all|use|uses)\ cookies | cookies\ help | all\ rights\ reserved
      | page\ views?\ remaining | no\ credit\ card | back\ to\ top
      | skip\ to\ (?:main\ )?content | leave\ a\ (?:comment|reply)
      | email\ address\ will\ not | required\ fields\ are | make\ an\ app\w*ment\ with
      | ready\ to\ streamline | looking\ up\ more | get\ instant )\b
    | ^\W*(?: home | menu | search | blog | about(?:\ us)? | careers? | share | print | facebook
      | linkedin | twitter | advertisement | sponsored )\W*$
    | ^\W*\d+\ (?:min\w*\ read|(?:minute|hour|day|week|month|year)s?\ ago)\b
    | ^\W*(?:©|\(c\)\ *\d{4}|copyright\ *(?:©|\(c\)|\d{4}|by\b))
    """
)
# What a rule may well say too ("log in and send the notes"): furniture in a line of few words.
_FEW = 4
_FURNITURE_IN_FEW = re.compile(
    r"""(?ix)
    \b(?: log\s?in | log\s?on | sign\s?(?:in|up) | subscribe | cookies? | privacy\ policy
      | terms\ of\ (?:use|service) | share\ (?:this|on) | tweet | follow\ us
      | table\ of\ contents | on\ this\ page | related\ (?:posts|articles) | read\ more
      | learn\ more | click\ here | contact\ us | get\ started | print\ this\ page )\b
    """
)
_SALUTATION = re.compile(
    r"(?i)dear\b[^.!?]{0,60}[,:]|(?:sincerely|(?:best |kind )?regards)(?: yours)?,?"
)
_PAGE_NUMBER = re.compile(r"(?i)\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*")
_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)")  # of a page or a day, not a code
_EDGE = 2  # lines at the top and at the foot of a page that may be a running title


def lines_of(text: str) -> list[Line]:
    """The lines of a text that say something, each with its shape; furniture is left out."""
    lines = list(_raw_lines(text))
    left_out = _menus(lines) | _running_titles(lines, text)
    return list(_shaped(list(_without(left_out, lines))))


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


def _without(left_out: set[int], lines: list[Line]) -> Iterator[Line]:
    after = False
    for number, line in enumerate(lines):
        if number in left_out or _is_furniture(line.text):
            after = True
            continue
        yield replace(line, after_furniture=after)
        after = False


def _is_furniture(text: str) -> bool:
    words = len(text.split())
    if _SALUTATION.fullmatch(text):
        return True
    if words <= _FEW and not re.search(r"\d", text) and _FURNITURE_IN_FEW.search(text):
        return True
    return words <= _LONGEST_FURNITURE and bool(_FURNITURE.search(text))


def _running_titles(lines: list[Line], text: str) -> set[int]:
    """The numbers of lines that stand at the edge of most pages, and of page numbers there."""
    breaks = [match.start() for match in re.finditer("\f", text)]
    pages: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        pages.setdefault(bisect_right(breaks, line.start), []).append(number)
    edges = {at for page in pages.values() for at in (*page[:_EDGE], *page[-_EDGE:])}
    said = {at: _NUMBER.sub("0", lines[at].text) for at in edges if breaks}
    times = Counter(said.values())
    enough = max(2, min(_REPEATED, len(pages)), len(pages) // 2)
    return {
        at
        for at, one in said.items()
        if _PAGE_NUMBER.fullmatch(one) or (times[one] >= enough and not _ROW.fullmatch(one))
    }


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
        if len(run) >= _MENU and _is_menu(run, lines):
            found.update(run)
        run = []
    return found


def _is_menu(run: list[int], lines: list[Line]) -> bool:
    """Whether a run of short lines leads elsewhere, rather than being a list of what is asked."""
    shown = [lines[number].text for number in run]
    if any(_is_furniture(text) for text in shown):
        return True
    before = lines[run[0] - 1].text if run[0] else ""
    announced = before.startswith("#") or before.endswith((":", "?"))
    return not announced and not any(_ITEM.match(text) for text in shown)


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
