"""Cuts a document along its own structure into passages that are exact stretches of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.blocks import Line, Shape, lines_of

WORDS = 130  # of a passage, where a section is longer than one
LONGEST = 170  # a section up to this length stays whole
OVERLAP = 25  # words that the next passage of a section repeats
SHORTEST = 6  # words, the heading counted in
SEPARATOR = " > "  # between a heading and the one under it
_LONGEST_TABLE = 400  # words
_SENTENCE_END = re.compile(r"(?<=[.!?])['\"”’)\]]*\s+(?=[A-Z0-9$“\"'(])")


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage to be: characters `start` to `end`, and the headings above it."""

    heading: str
    start: int
    end: int


@dataclass(slots=True)
class _Section:
    heading: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never cut through: a sentence, a list item, a table."""

    start: int
    end: int
    words: int
    header: Line | None = None  # of the long table that it is a row of


def cut(text: str) -> list[Cut]:
    """The passages of a text, in order."""
    found: list[Cut] = []
    for section in _sections(lines_of(text)):
        if section.lines:
            found += _passages(section, text)
    return [one for one in found if _says_something(one, text)]


def _says_something(one: Cut, text: str) -> bool:
    """Whether a passage with its heading is more than a scrap: "Not covered." under a heading."""
    said = text[one.start : one.end]
    words = sum(any(map(str.isalnum, word)) for word in said.split())
    whole = words + len(one.heading.split()) >= SHORTEST and not said.endswith(":")
    return words >= SHORTEST or (words > 1 and whole)


def _sections(lines: list[Line]) -> Iterator[_Section]:
    """Stretches under one heading; a question opens its own section and stands in it."""
    path: list[tuple[int, str]] = []
    section = _Section("")
    for line in lines:
        if line.after_furniture and section.lines:  # a passage covers nothing that was left out
            yield section
            path = [one for one in path if one[0]]
            section = _Section(SEPARATOR.join(title for _, title in path))
        if line.shape not in (Shape.HEADING, Shape.QUESTION):
            section.lines.append(line)
            continue
        yield section
        path = _path(path, line, follows_heading=not section.lines)
        section = _Section(SEPARATOR.join(title for _, title in path))
        if line.shape is Shape.QUESTION:
            section.lines.append(line)
    yield section


def _path(
    path: list[tuple[int, str]], line: Line, *, follows_heading: bool
) -> list[tuple[int, str]]:
    """The headings above what follows, outermost first."""
    title = line.text.lstrip("#").strip()
    if line.level:
        return [(level, above) for level, above in path if 0 < level < line.level] + [
            (line.level, title)
        ]
    shown = [one for one in path if one[0]]
    unshown = [one for one in path if not one[0]] if follows_heading else []
    return [*shown, *unshown[-1:], (0, title)]


def _passages(section: _Section, text: str) -> list[Cut]:
    pieces = list(_pieces(section.lines))
    if sum(piece.words for piece in pieces) <= LONGEST:
        return [Cut(section.heading, pieces[0].start, pieces[-1].end)]
    return [
        Cut(_under(section.heading, group[0], text), group[0].start, group[-1].end)
        for group in _windows(pieces)
    ]


def _under(heading: str, first: _Piece, text: str) -> str:
    """The headings above a passage; of the rest of a long table, its header too."""
    if first.header is None or first.header.start == first.start:
        return heading
    header = text[first.header.start : first.header.end].strip("| ")
    return SEPARATOR.join(filter(None, (heading, header)))


def _pieces(lines: list[Line]) -> Iterator[_Piece]:
    table: list[Line] = []
    for line in [*lines, None]:
        if line is not None and line.shape is Shape.ROW:
            table.append(line)
            continue
        yield from _table(table)
        table = []
        if line is not None:
            yield from _sentences(line)


def _table(rows: list[Line]) -> Iterator[_Piece]:
    """A table whole, or row by row where it is very long."""
    words = sum(len(row.text.split()) for row in rows)
    if rows and words <= _LONGEST_TABLE:
        yield _Piece(rows[0].start, rows[-1].end, words)
    else:
        for row in rows:
            yield _Piece(row.start, row.end, len(row.text.split()), rows[0])


def _sentences(line: Line) -> Iterator[_Piece]:
    if line.shape is not Shape.TEXT and len(line.text.split()) <= WORDS:
        yield _Piece(line.start, line.end, len(line.text.split()))
        return
    start = 0
    ends = [(m.start(), m.end()) for m in _SENTENCE_END.finditer(line.text)]
    for end, following in [*ends, (len(line.text), len(line.text))]:
        yield from _at_most(line.text[start:end], line.start + start)
        start = following


def _at_most(sentence: str, offset: int) -> Iterator[_Piece]:
    """A sentence, in stretches of at most `WORDS` words."""
    words = list(re.finditer(r"\S+", sentence))
    for first in range(0, len(words), WORDS):
        part = words[first : first + WORDS]
        yield _Piece(offset + part[0].start(), offset + part[-1].end(), len(part))


def _windows(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Runs of about `WORDS` words, each beginning with the last few of the one before."""
    group: list[_Piece] = []
    words = 0
    for piece in pieces:
        if group and words + piece.words > WORDS:
            yield group
            group = _tail(group) if piece.words <= WORDS - OVERLAP and not piece.header else []
            words = sum(one.words for one in group)
        group.append(piece)
        words += piece.words
    if group:
        yield group


def _tail(group: list[_Piece]) -> list[_Piece]:
    tail: list[_Piece] = []
    for piece in reversed(group[1:]):
        if sum(one.words for one in tail) + piece.words > OVERLAP:
            break
        tail.insert(0, piece)
    return tail
