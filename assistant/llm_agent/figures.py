"""The figures of a text: what they are, what they count, and which code or year they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.llm_agent.number_words import WORD, word_value
from assistant.patterns import regex

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = rf"(?:{'|'.join(m[:3] + f'(?:{m[3:]})?' for m in MONTHS)})\.?"
_NUMBER = r"\d+(?:,\d{3}(?!\d))*(?:\.\d+)?"

_MASTER = regex(
    rf"""
    (?P<citation>\[\^?\s*\d+(?:\s*[,;-]\s*\d+)*\s*\])
  | (?P<section>(?:§+\s*|\bsections?\s+|\bchapters?\s+|\bcolumns?\s+)\d[\d.]*)
  | (?P<iso>\b\d{{4}}-\d\d-\d\d\b)
  | (?P<slashed>\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b)
  | (?P<named>\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?
      |\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?![a-z])(?:,?\s+\d{{4}}\b)?
      |\b{_MONTH}\s+\d{{4}}\b)
  | (?P<money>[$€£]\s*{_NUMBER}(?:\s?[kKmM]\b)?
      |(?:{_NUMBER}|{WORD})\s*(?:dollars?|usd|bucks|cents?)\b|\busd\s*{_NUMBER})
  | (?P<percent>(?:{_NUMBER}|{WORD})\s*(?:%|per\s?cent\b))
  | (?P<clock>\b\d{{1,2}}:\d\d\b)
  | (?P<code>(?<![\w.])(?:\d{{5}}|[A-Za-z]\d{{4}}|\d{{4}}[A-Z])(?![\d.]*\d)(?![A-Za-z]))
  | (?P<year>(?<![\w.,$])(?:19|20)\d\d(?![\w]|[.,]\d|\s*(?:units?|min)))
  | (?P<modifier>\bmodifiers?\s+(?:[A-Za-z]{{2}}|\d\d|[A-Za-z]\d|\d[A-Za-z])\b
      |(?<=\d{{5}}-)(?:[A-Z]{{2}}|\d\d)\b
      |\b[A-Z]{{2}}\b|\b[A-Z]\d\b)
  | (?P<ordinal>\b(?:second|third|fourth|fifth|sixth|seventh|eighth|\d+(?:st|nd|rd|th))\b)
  | (?P<number>(?<![A-Za-z]){_NUMBER})
  | (?P<word>\b{WORD}\b)
    """,
    re.X | re.I,
)
# Case decides what is a modifier: «go», «at» and «co» are words; so are PT, OT and US.
_CASED = regex(
    r"(?:modifiers?\s+(?!is|it|on|of|to|in|or|by|as|so|we|if|no)\w\w|\d\d|[A-Z]\d"
    r"|(?!PT|OT|US|AM|PM|OK|ID|OR|IF|IT|IS|NO|AS|BY|TO|ON|IN|OF|AN|SO|WE|DO|BE|HE|ME|MY|UP|PE|MP|"
    r"MD|PA|NP)"
    r"[A-Z]{2}|gp|gn|kx|cq|xe|xp|xs|xu|Gp|Gn|Kx|Cq|Go(?=,|\.|$))\Z",
)
_BARE_MODIFIER = regex(r"(?<![\w.$/§-])(?:59|25|52|76)(?![\w%.]*\d)(?!\s*(?:min|unit|%|\w*-))")
_PRONOUN_ONE = regex(
    r"(?:\b(?:no|the|this|that|each|which|any|every|another|either|wrong|right|same|first|last|"
    r"only)\s+)"
    r"\Z",
    re.I,
)
_ADJECTIVES = (
    r"(?:(?:more|further|full|extra|additional|timed|untimed|billable|billed|whole|treatment|total|"
    r"separate|single|claim|calendar|one-on-one|one-to-one|direct|remaining|left-?over|other|new|"
    r"15-minute)\s+)*"
)
_NOUNS = {
    "unit": "unit", "units": "unit", "minute": "minute", "minutes": "minute", "min": "minute",
    "mins": "minute", "m": "minute", "line": "line", "lines": "line", "code": "code",
    "codes": "code", "hour": "hour", "hours": "hour", "day": "day", "days": "day",
    "times": "unit", "visit": "visit", "visits": "visit", "modifier": "modifier",
    "modifiers": "modifier",
    "month": "month", "months": "month", "week": "week", "weeks": "week", "year": "span",
    "years": "span", "patients": "patient", "block": "block", "blocks": "block",
}  # fmt: skip
_NOUN = regex(rf"[\s-]*{_ADJECTIVES}(?P<noun>{'|'.join(_NOUNS)})\b(?!')", re.I)
_TIMES = regex(
    r"(?:\bx|×|\btimes|\bearn(?:s|ed)?|\bgets?|\bbill(?:s|ed)?|\breceives?|\byields?|\bcomes? to|"
    r"\bunits?(?:\s+(?:is|are|of|=))?\s*[:=]?|\bqty:?)\s*\Z",
    re.I,
)
_SIZED = regex(r"\b(?:full|blocks? of) \Z")
_JOINED = regex(r"\s*(?:(?:to|and|or|through)\s+|[-–—/+,]\s*)(?:(?:and|or|to)\s+)?\Z", re.I)
_RANGE = regex(r"\s*(?:to|through|[-–—])\s*\Z", re.I)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a sentence.

    Attributes:
        kind: citation, section, date, money, percent, clock, code, year, modifier, ordinal, number.
        value: its canonical form, so that «two» and «2», «$2,480» and «$2480.00» are the same.
        unit: what a number counts ("unit", "minute"), or "".
    """

    kind: str
    value: str
    unit: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of one sentence, in order."""
    found = sorted(_raw(text), key=lambda f: f.start)
    for n in range(len(found) - 2, -1, -1):  # «10 and 20 minutes»: both are minutes
        one, following = found[n], found[n + 1]
        between = text[one.end : following.start]
        if one.kind == following.kind == "number" and not one.unit and _JOINED.match(between):
            found[n] = Figure("number", one.value, following.unit, one.start, one.end)
    return tuple(found)


def _raw(text: str) -> Iterator[Figure]:
    taken: list[tuple[int, int]] = []
    for match in _MASTER.finditer(text):
        kind, shown = str(match.lastgroup), match.group()
        if kind == "modifier" and not _CASED.match(shown):
            continue
        found = _figure(text, kind, shown, match.start(), match.end())
        if found is not None:
            taken.append((found.start, found.end))
            yield found


def _figure(text: str, kind: str, shown: str, start: int, end: int) -> Figure | None:
    if kind in ("number", "word"):
        return _number(text, kind, shown, start, end)
    if kind in ("iso", "slashed", "named"):
        return Figure("date", _date(kind, shown), "", start, end)
    if kind in ("money", "percent"):
        return Figure(kind, _amount(shown), "", start, end)
    if kind == "modifier":
        return Figure(kind, shown[-2:].upper(), "", start, end)
    if kind == "code":
        return Figure(kind, shown.upper(), "", start, end)
    if kind == "ordinal":
        counts_units = re.match(r"\s*(?:\w+\s+)?unit", text[end : end + 24])
        return Figure(kind, _ordinal(shown), "", start, end) if counts_units else None
    value = re.sub(r"[^\d.,:\w]|sections?|chapters?|columns?", "", shown.lower()).strip(".")
    return Figure(kind, value, "", start, end)


def _ordinal(shown: str) -> str:
    words = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
    lowered = shown.lower()
    return str(words.index(lowered) + 2) if lowered in words else re.sub(r"\D", "", shown)


def _number(text: str, kind: str, shown: str, start: int, end: int) -> Figure | None:
    noun = _NOUN.match(text, end)
    if kind == "word" and shown.lower() == "one" and not noun and _is_pronoun(text, start, end):
        return None
    value = _plain(shown) if kind == "number" else word_value(shown)
    if _BARE_MODIFIER.match(text, start) and not noun and not _TIMES.search(text[:start]):
        return Figure("modifier", value, "", start, end)
    unit = _NOUNS[noun["noun"].lower()] if noun else ""
    if unit == "minute" and (text[end : end + 1] == "-" or _SIZED.search(text[:start])):
        unit = "size"  # «a 15-minute code»: the size of a unit, nobody's minutes
    if not unit and _TIMES.search(text[max(0, start - 12) : start]):
        unit = "unit"
    return Figure("number", value, unit, start, end)


def _is_pronoun(text: str, start: int, end: int) -> bool:
    after = text[end : end + 12].lower()
    before = text[max(0, start - 12) : start]
    return (
        bool(_PRONOUN_ONE.search(before))
        or before.endswith(("-to-", "-on-", "-by-"))
        or after.startswith(
            ("-to-", "-on-", "-by-", " to one", " on one", " of ", " another", " by ")
        )
        or bool(re.match(r" (?:that|who|which|is|was|has|may|can|should|must)\b", after))
    )


def _plain(shown: str) -> str:
    digits = shown.replace(",", "").rstrip(".")
    whole, _, rest = digits.partition(".")
    rest = rest.rstrip("0")
    return f"{int(whole or 0)}.{rest}" if rest else str(int(whole or 0))


def _amount(shown: str) -> str:
    match = re.search(_NUMBER, shown)
    if match is None:
        return word_value(re.sub(r"(?i)\s*(?:dollars?|usd|bucks|cents?|%|per\s?cent)\Z", "", shown))
    scale = "000" if re.search(r"\d\s?[kK]\b", shown) else ""
    return _plain(match.group()) + scale + ("c" if re.search(r"(?i)\bcents?\b", shown) else "")


def _date(kind: str, shown: str) -> str:
    """The date as «2026-11-21», «-11-21» without a year, «2026-11» without a day."""
    if kind == "iso":
        return shown
    parts = re.findall(r"\d+", shown)
    if kind == "slashed":
        year = parts[2] if len(parts) > 2 else ""
        year = f"20{year}" if len(year) == 2 else year
        return f"{year}-{int(parts[0]):02d}-{int(parts[1]):02d}"
    month = next(n for n, m in enumerate(MONTHS, 1) if m[:3] in shown.lower())
    years = [p for p in parts if len(p) == 4]
    days = [p for p in parts if len(p) < 3]
    day = f"-{int(days[0]):02d}" if days else ""
    return f"{years[0] if years else ''}-{month:02d}{day}"


def ranges(text: str, found: tuple[Figure, ...]) -> Iterator[str]:
    """The ranges of a sentence: «23 to 37» as «23-37»."""
    for one, other in pairwise(found):
        if one.kind == other.kind == "number" and _RANGE.match(text[one.end : other.start]):
            yield f"{one.value}-{other.value}"
