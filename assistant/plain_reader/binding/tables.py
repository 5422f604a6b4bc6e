"""Tables with a heading: «code,units,minutes» rows, read by what their columns are."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.binding import short_forms

_DELIMITERS = ("|", "\t", ";", ",")
_CODE = regex(
    r"^\W*(?:(?:cpt|hcpcs|billing|procedure|service)?\s*codes?|cpt|procedures?|services?)\b(?!\s+dates?\b)",
    re.I,
)
_MINUTES = regex(r"\b(?:min(?:ute)?s?|time(?: spent)?|duration)\b", re.I)
_UNITS = regex(r"\b(?:units?|qty|quantity)\b", re.I)
_FILLED = regex(r"\d{3}|^\W*\d")  # a cell with figures is no heading, but «mod1» is
_FIGURES = regex(r"[\s$#%.,()\d]*\d[\s$#%.,()\d]*")  # a charge, a count; «11/10/2026» is a day
_START = regex(r"^\W*(?:start|begin|time in|in)\b", re.I)
_END = regex(r"^\W*(?:end|stop|finish|time out|out)\b", re.I)
_TIME = regex(r"\d{1,2}:?\d\d(?:\s*[ap]m?)?", re.I)
_RULE = regex(r"^[\s|:+=-]+$")
_JSON = regex(r"[\"']\w+[\"']\s*:\s*[\"']?\w")
_QUOTED = regex(r'\s*"[^"]*"(?:[,;\t]"?[^"]*"?)+\s*')
_A_CODE = regex(r"(?:[A-Za-z][A-Za-z /-]*)?\(?(?:\d{5}|[GQ]\d{4})\)?(?: [A-Za-z /-]+)?", re.I)
_SPENT = regex(r"(\d{1,3})\s*(?:min(?:ute)?s?|m|')?|0?0:([0-5]\d)", re.I)
_CELLS = tuple(
    regex(rf"\s*{d}\s*") for d in (r"\|", r"\t", ";", ",", r"\.{3,}", r"\s{3,}", r"\s/\s")
)
_NUMBER = regex(r"\s*(\d{1,3})\s*(?:min(?:ute)?s?|m|')?\s*", re.I)


_BLANK = regex(  # «97110: __20__», a form's line
    r"(?<=[\s:=])(?:_+\s*(?P<n>\d{1,3})(?!\d)\s*_*|_+)(?!\w)"
)
_UNFILLED = regex(  # «97112: ____ min», «☐ 97112», «97112 ✗»: on the form, and not done
    r"(?:[A-Za-z][A-Za-z ]{1,24})?\(?\d{5}\)?(?:\s*\([A-Za-z ]{2,20}\))?\s*[:=-]*\s*"
    r"(?:_{2,}\s*(?:min\w*)?|(?<!\d)0(?:\s*min\w*)?(?=\s|$|[,;|])|[✗✘☐❌])[ ,;]*"
)
_DOTS = regex(r"(?:[ ]\.){3,}[ ]?|\.{3,}(?=\d)")  # «97535 . . . . 30»
_BOX_OPEN = regex(r"(?:☐|\[\s?\])\s*[^☐☑☒✓✔\[\n,;]+[,;]?")
_BOX_TICKED = regex(r"[✓✔☑☒✅√]|\[[xX✓]\](?=\s)")
_LEADING_BOX = regex(r"^\s*(?:[✓✔☑☒☐✅]|\[[xX✓ ]?\])\s*\S", re.M)


def _filled_in(text: str) -> str:
    """A form's text without its marks, and without the lines that nobody filled in."""
    if _LEADING_BOX.search(text):
        text = _BOX_OPEN.sub(" ", text)
    text = _BLANK.sub(lambda m: f" {m['n']} " if m["n"] else "____", text)
    return _BOX_TICKED.sub(" ", _UNFILLED.sub(" ", text))


_HEAD_OF_BLANKS = regex(  # «CPT  Min  Units», columns parted by blanks
    r"^\s*(?:cpt|code|procedure|service)s?(?:\s+codes?)?"
    r"(?P<rest>(?:\s+(?:min(?:ute)?s?|time|units?|qty))+)\s*$",
    re.I,
)
_ROW_OF_BLANKS = regex(
    r"^(?P<what>\s*(?:[A-Za-z][A-Za-z /-]*\s)?\(?\d{5}\)?(?:\s[A-Za-z][A-Za-z /()-]*)?)"
    r"(?P<numbers>(?:\s+\d{1,3}){1,3})(?P<who>\s+[A-Za-z/]{2,5})?\s*$"
)


def _blank_columns(lines: list[str]) -> list[str]:
    """The lines, rows under such a heading told as sentences."""
    head = next((n for n, line in enumerate(lines) if _HEAD_OF_BLANKS.match(line)), -1)
    match = _HEAD_OF_BLANKS.match(lines[head]) if head >= 0 else None
    names = match["rest"].split() if match else []
    at = next((n for n, name in enumerate(names) if _MINUTES.search(name)), -1)
    if at < 0:
        return lines
    told = lines[:head]
    for line in lines[head + 1 :]:
        row = _ROW_OF_BLANKS.match(line)
        numbers = row["numbers"].split() if row else []
        if row is None or len(numbers) != len(names):
            told.append("" if re.match(r"\s*total\b", line, re.I) else line)
        else:
            who = f" ({row['who'].strip()})" if row["who"] else ""
            told.append(f"{row['what'].strip()}: {numbers[at]} minutes{who}")
    return told


_CODES_ACROSS = regex(
    r"^\W*(?:(?:cpt|codes?|procedures?|service)\W+(?:codes?\W+)?)?"
    r"(?P<codes>(?:\d{5}|[A-Z]{2,4})(?:[\s|,;]+(?:\d{5}|[A-Z]{2,4}))+)\W*$"
)
_NUMBERS_BELOW = regex(
    r"^\W*(?P<name>min(?:ute)?s?|time|duration)?[\s:|=-]*"
    r"(?P<numbers>\d{1,3}(?:\s*min)?(?:[\s|,;]+\d{1,3}(?:\s*min)?)+)\W*$",
    re.I,
)
_UNITS_BELOW = regex(r"^\W*units?\b[\s:|=-]*(?:\d[\s|,;]*)+$", re.I)


def _across(lines: list[str]) -> list[str]:
    """The lines, a line of codes with their minutes in the line below told as sentences."""
    told: list[str] = []
    at = 0
    while at < len(lines):
        codes = _CODES_ACROSS.match(lines[at])
        end = at + 1
        while codes and end < len(lines) and _UNITS_BELOW.match(lines[end]):
            end += 1
        below = _NUMBERS_BELOW.match(lines[end]) if codes and end < len(lines) else None
        named = re.findall(r"\w+", codes["codes"]) if codes else []
        spent = re.findall(r"\d+", below["numbers"]) if below else []
        if below and len(named) == len(spent) and max(map(int, spent)) > short_forms.MOST_UNITS:
            told += [f"{code}: {n} min" for code, n in zip(named, spent, strict=True)]
            at = end + 1
            while at < len(lines) and _UNITS_BELOW.match(lines[at]):
                at += 1
        else:
            told.append(lines[at])
            at += 1
    return told


def told(text: str) -> str:
    """The text, rows under a heading of codes and minutes written as «code: n minutes»."""
    text = _DOTS.sub(" ... ", _filled_in(text))
    text = re.sub(r"[\"'{}\[\]]", " ", text) if _JSON.search(text) else text
    lines = [_unquoted(line) for line in short_forms.told(text).split("\n")]
    lines = _blank_columns(_across(lines))
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
    if len(numbers) == 2 and not min(numbers) <= short_forms.MOST_UNITS < max(numbers):
        return None
    rest = [c for c in bare if c not in codes and not _SPENT.fullmatch(c)]
    told = f"{codes[0]}: {max(numbers)} minutes"
    return f"{told} ({', '.join(rest)})" if rest else told


_CODE_AND_TIME = regex(r"(?<=\d{5})/(?=\d{1,3}\s*m)|(?<=[ \dm]min)/(?=\d{5})", re.I)


def _unquoted(line: str) -> str:
    """A row of quoted cells, as spreadsheets export them, without the quotation marks."""
    bare = line.replace('"', "") if _QUOTED.fullmatch(line) else line
    return _CODE_AND_TIME.sub(", ", bare)


def _columns(heads: list[str]) -> tuple[int, int, int] | None:
    """Which columns are the code, the minutes and (or -1) the units."""
    code = next((n for n, head in enumerate(heads) if _CODE.search(head.strip())), -1)
    minutes = next((n for n, head in enumerate(heads) if n != code and _spends(head)), -1)
    units = next((n for n, head in enumerate(heads) if _UNITS.search(head)), -1)
    if code < 0 or minutes < 0 or any(map(_FILLED.search, heads)):
        return None
    return code, minutes, units


def _spends(head: str) -> bool:
    """Whether a column holds minutes, and no time of the clock."""
    return bool(_MINUTES.search(head)) and not (_START.search(head) or _END.search(head))


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
    rest = " ".join(
        c for n, c in enumerate(cells) if n not in (code, start, end) and not _FIGURES.fullmatch(c)
    ).strip()
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
    words = " ".join(c for c in rest if c.strip() == "59" or not _FIGURES.fullmatch(c)).strip()
    told = f"{cells[code].strip()}: {spent[1] if spent else ''} minutes"
    return f"{told} ({words})" if words else told
