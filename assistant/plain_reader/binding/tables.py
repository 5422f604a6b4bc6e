"""Tables with a heading: «code,units,minutes» rows, read by what their columns are."""

from __future__ import annotations

import re

from assistant.patterns import regex

_DELIMITERS = ("|", "\t", ";", ",")
_CODE = regex(
    r"^\W*(?:(?:cpt|hcpcs|billing|procedure|service)?\s*codes?|cpt|procedures?|services?)\b", re.I
)
_MINUTES = regex(r"\b(?:min(?:ute)?s?|time(?: spent)?|duration)\b", re.I)
_UNITS = regex(r"\bunits?\b", re.I)
_START = regex(r"^\W*(?:start|begin|time in|in)\b", re.I)
_END = regex(r"^\W*(?:end|stop|finish|time out|out)\b", re.I)
_TIME = regex(r"\d{1,2}:?\d\d(?:\s*[ap]m?)?", re.I)
_RULE = regex(r"^[\s|:+=-]+$")
_GLUED = regex(r"(?<![\w-])(TE|TA|MT|GT|NMR|NMRE|ADL|US)(\d{1,2})(?![\w/%-])")  # «TE25»
_TIME_BELOW = regex(
    r"\n\s*(?:min(?:ute)?s?|time(?: spent)?|duration)\s*[:=]\s*(\d{1,3})(?:\s*min\w*)?\s*(?=\n|\Z)",
    re.I,
)
_TIME_BEHIND = regex(  # «CPT: 97110 Min: 24»
    r"(?<=[\w)])[ ,;|-]+(?:minutes?|mins?|time|duration)\s*[:=]\s*(\d{1,3})"
    r"(?![\d:]|\s*(?:,\s*\d{1,3}(?!\d)|min|m\b))",
    re.I,
)
_CPT_LABEL = regex(r"\b(?:cpt|hcpcs)(?: codes?)?\s*[:=#]+\s*(?=\d{5}|G\d{4})", re.I)
_JSON = regex(r"[\"']\w+[\"']\s*:\s*[\"']?\w")
_UNITS_AND_TIME = regex(  # «97110 x2 = 30», «97110 - 2 (30)»
    r"(?<=\d{5})\s*(?:x\s*(?P<x>[1-6])\s*=\s*(?P<n>\d{1,3})|-\s*(?P<u>[1-6])\s*\((?P<m>\d{2,3})\))"
    r"(?!\d|\s*(?:units?|min))",
    re.I,
)
_SLASHED = regex(r"(?<![\w/])(?!PT|OT|BP|HR)([A-Z]{2,4})/(\d{1,3})(?=\s*(?:[,;\n-]|\Z))")  # «TE/15»
_STAR = regex(r"(?<=\d{5})\s*\*\s*(?P<n>\d{1,3})(?!\d)")
_QUOTED = regex(r'\s*"[^"]*"(?:[,;\t]"?[^"]*"?)+\s*')
_A_CODE = regex(r"(?:[A-Za-z][A-Za-z /-]*)?\(?(?:\d{5}|[GQ]\d{4})\)?(?: [A-Za-z /-]+)?", re.I)
_SPENT = regex(r"(\d{1,3})\s*(?:min(?:ute)?s?|m|')?|0?0:([0-5]\d)", re.I)
_CELLS = tuple(
    regex(rf"\s*{d}\s*") for d in (r"\|", r"\t", ";", ",", r"\.{3,}", r"\s{3,}", r"\s/\s")
)
MOST_UNITS = 8  # of one line; a larger number beside it is minutes
_NUMBER = regex(r"\s*(\d{1,3})\s*(?:min(?:ute)?s?|m|')?\s*", re.I)


def told(text: str) -> str:
    """The text, rows under a heading of codes and minutes written as «code: n minutes»."""
    text = re.sub(r"[\"'{}\[\]]", " ", text) if _JSON.search(text) else text
    text = _SLASHED.sub(r"\1 \2", text) if len(_SLASHED.findall(text)) > 1 else text
    text = _UNITS_AND_TIME.sub(
        lambda m: f" x{m['x'] or m['u']}, {m['n'] or m['m']} min", _STAR.sub(_times, text)
    )
    text = _CPT_LABEL.sub("", text)
    text = _TIME_BEHIND.sub(_if_alone, text)
    text = _UNITS_OPEN.sub(r": \1 min", _TIME_BELOW.sub(r": \1 min", text))
    lines = [_unquoted(line) for line in _GLUED.sub(r"\1 \2", text).split("\n")]
    for delimiter in _DELIMITERS:
        for at, line in enumerate(lines):
            columns = _columns(line.split(delimiter))
            if columns is None and delimiter in line and (clock := _clock(line.split(delimiter))):
                rows = [_clocked(line, delimiter, *clock) for line in lines[at + 1 :]]
                return "\n".join([*lines[:at], *rows])
            if columns is not None:
                rows = [_row(line, delimiter, *columns) for line in lines[at + 1 :]]
                return "\n".join([*lines[:at], *rows])
    return "\n".join(_headless(lines))


def _times(match: re.Match[str]) -> str:
    """«97110*25» are minutes, «97110*2» units."""
    minutes = int(match["n"]) > MOST_UNITS
    return f": {match['n']} min" if minutes else f" x{match['n']}"


def _if_alone(match: re.Match[str]) -> str:
    """The minutes beside the code in front of them; a total's stay as they are."""
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    own = re.search(r"\d{5}\)?[^,;|\d]{0,40}\Z", line) and not re.search(
        r"\btotal\b|\btimed\b", line, re.I
    )
    return f": {match[1]} min" if own else match.group()


def _headless(lines: list[str]) -> list[str]:
    """The lines, rows of one code and its minutes in cells of their own told as sentences."""
    for delimiter in _CELLS:
        told = [_cells_told(delimiter.split(line)) for line in lines]
        if sum(row is not None for row in told) > 1:
            return [row or line for row, line in zip(told, lines, strict=True)]
    return lines


def _cells_told(cells: list[str]) -> str | None:
    """«LN | 97110 | 2 | 25 | PT»: the larger of two numbers is minutes, the small one units."""
    bare = [cell.strip() for cell in cells if cell.strip()]
    codes = [cell for cell in bare if _A_CODE.fullmatch(cell)]
    numbers = [int(m[1] or m[2]) for cell in bare if (m := _SPENT.fullmatch(cell))]
    if len(bare) < 3 or len(codes) != 1 or not 1 <= len(numbers) <= 2:
        return None
    if len(numbers) == 2 and not min(numbers) <= MOST_UNITS < max(numbers):
        return None
    rest = [c for c in bare if c not in codes and not _SPENT.fullmatch(c)]
    told = f"{codes[0]}: {max(numbers)} minutes"
    return f"{told} ({', '.join(rest)})" if rest else told


_UNITS_OPEN = regex(  # «97110 / 24 / ?»
    r"(?<=\d{5})\s*[/|]\s*(\d{1,3})(?:\s*min\w*)?\s*[/|]\s*(?:\?+|_+|-+|tbd)(?=\s*(?:[;,.\n|]|\Z))",
    re.I,
)
_CODE_AND_TIME = regex(r"(?<=\d{5})/(?=\d{1,3}\s*m)|(?<=[ \dm]min)/(?=\d{5})", re.I)


def _unquoted(line: str) -> str:
    """A row of quoted cells, as spreadsheets export them, without the quotation marks."""
    bare = line.replace('"', "") if _QUOTED.fullmatch(line) else line
    return _CODE_AND_TIME.sub(", ", bare)


def _columns(heads: list[str]) -> tuple[int, int, int] | None:
    """Which columns are the code, the minutes and (or -1) the units."""
    code = next((n for n, head in enumerate(heads) if _CODE.search(head.strip())), -1)
    minutes = next((n for n, head in enumerate(heads) if n != code and _MINUTES.search(head)), -1)
    units = next((n for n, head in enumerate(heads) if _UNITS.search(head)), -1)
    if code < 0 or minutes < 0 or any(re.search(r"\d", head) for head in heads):
        return None
    return code, minutes, units


def _clock(heads: list[str]) -> tuple[int, int, int] | None:
    """Which columns are the code, the start and the end."""
    found = [
        next((n for n, head in enumerate(heads) if wanted.search(head)), -1)
        for wanted in (_CODE, _START, _END)
    ]
    return (found[0], found[1], found[2]) if min(found) >= 0 else None


def _clocked(line: str, delimiter: str, code: int, start: int, end: int) -> str:
    cells = [cell.strip() for cell in line.split(delimiter)]
    if _RULE.match(line):
        return ""
    if len(cells) <= max(code, start, end) or not _TIME.fullmatch(cells[start]):
        return line
    rest = " ".join(c for n, c in enumerate(cells) if n not in (code, start, end) and c)
    told = f"{cells[code]}: {cells[start]}-{cells[end]}"
    return f"{told} ({rest})" if rest else told


def _row(line: str, delimiter: str, code: int, minutes: int, units: int) -> str:
    cells = line.split(delimiter)
    if _RULE.match(line):
        return ""
    if len(cells) <= max(code, minutes) or not _NUMBER.fullmatch(cells[minutes]):
        return line
    spent = _NUMBER.fullmatch(cells[minutes])
    rest = [c for n, c in enumerate(cells) if n not in (code, minutes, units) and c.strip()]
    words = " ".join(rest).strip()
    told = f"{cells[code].strip()}: {spent[1] if spent else ''} minutes"
    return f"{told} ({words})" if words else told
