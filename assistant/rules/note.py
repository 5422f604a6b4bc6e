"""A therapist's note, read by code: which stretch speaks of which code, its minutes and times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from assistant.claim import Block
from assistant.errors import ImpossibleFact, MissingFact
from assistant.patterns import regex

LONGEST_NOTE = 40_000  # characters; a day's note has a few thousand
LONGEST_QUOTE = 200
NOON = 12 * 60

_CODE = regex(r"\b(?:9\d{4}|G\d{4})\b")
_CLAUSE_END = regex(r"(?<!\b[A-Z])[.!?](?=\s+[^a-z\s])|;|\n|,\s+(?:and\s+)?then\b")
_CLAUSE_REACH = 400  # characters either side in which a clause is looked for
_COMMON_HEADING = regex(
    r"^[ \t*#-]*(?:subjective|objective|assessment|plan|goals?|s|o|a|p|totals?\b[^:\n]{0,40}"
    r"|signature|signed|response|vitals|pain|education|diagnos[ei]s|precautions|charges|billing"
    r"|codes|billed|time)\s*(?:[:=]|-\s)|^[ \t*#-]*(?:total\b|e?-?signed\b)",
    re.IGNORECASE | re.MULTILINE,
)
_PLACEHOLDER = regex(r"\[[^\[\]\n]*\]")
# What stands where an identifier was masked at the door: it was written, so nothing is left open.
_MASKED = regex(
    r"\[(?:name(?!\], \[)|date of birth|date|address|e-mail|(?:telephone|record|health plan|account"
    r"|social security|fax|license|vehicle|device) number)\]"
)
_MINUTES = regex(
    r"(?<![\d.:/])(\d{1,3})\s*(?:-\s*)?(?:min(?:ute)?s?\b|['\u2032](?!\d))", re.IGNORECASE
)
_MINUTES_BESIDE = (
    rf"\bCODE\b[^\n.;\d]{{0,40}}(?:x\s*\d\s*[^\n.;\d]{{0,12}})?{_MINUTES.pattern}"
    rf"|{_MINUTES.pattern}\s*(?:of\s+|\(?\s*(?:cpt\s*)?)CODE\b"
)
_CLOCK = regex(
    r"\b(\d{1,2}):(\d{2})\s*([ap]\.?m\.?)?\s*(?:-|–|—|to|until)\s*(\d{1,2}):(\d{2})\s*([ap]\.?m\.?)?",
    re.IGNORECASE,
)
_TIMED_TOTAL = regex(
    r"total\s+(?:time[d-]\S*|direct)(?:[ \t]+[a-z]+){0,4}[ \t]*[:=-]?[ \t]*(\d{1,3})\b"
    r"|\btimed[ \t]+(?:code[ \t]+)?(?:treatment[ \t]+)?(?:minutes|time)[ \t]*[:=-]?[ \t]*(\d{1,3})"
    r"|(\d{1,3})[ \t]*(?:min(?:ute)?s?)[ \t]+(?:total[ \t]+)?timed\b",
    re.IGNORECASE,
)
_CHARGE_WORDS = regex(
    r"\b(?:units?|min(?:ute)?s?|billed|billing|codes?|cpt|charges?|total|and|[gkc]\w)\b",
    re.IGNORECASE,
)
_DENIED = regex(
    r"\b(?:not|never|wasn't|isn't|didn't)\s+(?:yet\s+)?(?:recorded|documented|assessed|measured"
    r"|performed|done|tested|given|provided|noted|available|taken|included|stated)\b"
    r"|\b(?:omitted|deferred|n/a|missing|to be (?:added|completed))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """The note's own words, and where they stand in it."""

    start: int
    end: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The quote as plain JSON data."""
        return {"start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the note that speaks of one code; "" where it speaks of the whole visit."""

    code: str
    start: int
    end: int


class Note:
    """One note and its parts. Offsets are into the text as it was given.

    Args:
        text: the note.
        names: every code, and what the codes are called (lower case), to the code meant.

    Raises:
        MissingFact: the note is empty.
        ImpossibleFact: it is longer than any day's note.
    """

    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        if not text.strip():
            raise MissingFact("Paste the note's text: there is nothing in it to review.")
        if len(text) > LONGEST_NOTE:
            raise ImpossibleFact(
                "note",
                f"{len(text):,} characters",
                f"The note has {len(text):,} characters; paste one day's note, at most "
                f"{LONGEST_NOTE:,}.",
            )
        self.text = text
        self._names = names

    @cached_property
    def readable(self) -> str:
        """The text with placeholders blanked: a bracket left open shows nothing.

        A masked identifier becomes a word of its length: somebody stood there.
        """
        named = _MASKED.sub(lambda m: "X" + "x" * (len(m[0]) - 1), self.text)
        return _PLACEHOLDER.sub(lambda m: "\n" * len(m[0]), named)

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        """Brackets with words in them that nobody filled in; a ticked box is none."""
        found = (
            bracket[0]
            for bracket in _PLACEHOLDER.finditer(self.text)
            if not _MASKED.match(self.text, bracket.start())
        )
        return tuple(words for words in found if len(re.findall(r"[a-z]", words, re.I)) > 2)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The note cut where a code, a code's name or a common heading opens a part."""
        openings = sorted(self._openings(), key=lambda opening: opening[0])
        parts = [Stretch("", 0, 0)]
        for start, code in openings:
            if code == parts[-1].code:
                continue
            parts[-1] = Stretch(parts[-1].code, parts[-1].start, start)
            parts.append(Stretch(code, start, start))
        parts[-1] = Stretch(parts[-1].code, parts[-1].start, len(self.text))
        return tuple(part for part in parts if part.end > part.start)

    def _openings(self) -> Iterator[tuple[int, str]]:
        text = self.readable
        for match in _COMMON_HEADING.finditer(text):
            yield match.start(), ""
        last = 0
        for match in _mentions(self._names).finditer(text):
            code = self._names[match[0].lower()]
            if _is_list_of_codes(text, match.start()) or not self._opens(match, code):
                continue
            yield max(_clause_start(text, match.start()), last), code
            last = match.end()

    def _opens(self, match: re.Match[str], code: str) -> bool:
        """A code opens a part anywhere; a name only at the start of a clause, as a heading."""
        if match[0] == code:
            return True
        before = self.readable[_clause_start(self.readable, match.start()) : match.start()]
        after = self.readable[match.end() : match.end() + 40]
        is_heading = re.match(r"\s*(?:[:(–—=]|-\s|x\s*\d|,?\s*\d+\s*min)", after)
        return not re.search(r"[a-z]", before, re.I) and is_heading is not None

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes the note names, in its order."""
        found = [m[0] for m in _CODE.finditer(self.readable) if m[0].lower() in self._names]
        return tuple(dict.fromkeys([*found, *(s.code for s in self.stretches if s.code)]))

    def own(self, code: str) -> str:
        """The text with all but this code's parts blanked; offsets are kept."""
        return self._only(lambda stretch: stretch.code == code)

    def about(self, code: str) -> str:
        """The text with other codes' parts blanked; for "*" all of it."""
        if code == "*":
            return self.readable
        return self._only(lambda stretch: stretch.code in (code, ""))

    def _only(self, wanted: Callable[[Stretch], bool]) -> str:
        return "".join(
            self.readable[s.start : s.end] if wanted(s) else "\n" * (s.end - s.start)
            for s in self.stretches
        )

    def quote(self, within: str, cues: Sequence[str]) -> Quote | None:
        """The first words in `within` that a cue finds and the note does not deny."""
        for cue in cues:
            for match in _compiled(cue).finditer(within):
                quote = self._clause(within, match)
                if match.end() > match.start() and not _DENIED.search(quote.text):
                    return quote
        return None

    def _clause(self, within: str, match: re.Match[str]) -> Quote:
        start, end = _clause_start(within, match.start()), _clause_end(within, match.end())
        if end - start > LONGEST_QUOTE:
            start = max(start, match.start() - LONGEST_QUOTE // 4)
            end = min(end, max(match.end(), start + LONGEST_QUOTE))
        raw = self.text[start:end]
        start += len(raw) - len(raw.lstrip(" \t\n-*•,"))
        text = self.text[start:end].rstrip()
        return Quote(start, start + len(text), text)

    def blocks(self, code: str) -> tuple[Block, ...]:
        """Clock times that stand in the code's own parts."""
        return tuple(_blocks(self.own(code)))

    def minutes(self, code: str) -> int | None:
        """The code's minutes as the note has them, None where it has none or several."""
        blocks = self.blocks(code)
        if blocks:
            return sum(block.minutes for block in blocks)
        match = self._minutes_match(code)
        return int(next(filter(None, match.groups()))) if match else None

    def minutes_quote(self, code: str) -> Quote | None:
        """Where the note says them."""
        match = _CLOCK.search(self.own(code)) if self.blocks(code) else self._minutes_match(code)
        return self._clause(self.readable, match) if match else None

    def _minutes_match(self, code: str) -> re.Match[str] | None:
        beside = _compiled(_MINUTES_BESIDE.replace("CODE", code)).search(self.readable)
        if beside:
            return beside
        found = list(_MINUTES.finditer(self.own(code)))
        return found[0] if len({m[1] for m in found}) == 1 else None

    def part(self, code: str) -> str:
        """The code's own parts, or what no other code's parts take where it has none."""
        own = self.own(code)
        return own if own.strip() else self.about(code)

    @cached_property
    def timed_total(self) -> int | None:
        """The day's timed minutes as the note states them."""
        match = _TIMED_TOTAL.search(self.readable)
        return int(next(filter(None, match.groups()))) if match else None


@lru_cache(maxsize=4)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def _mentions(names: Mapping[str, str]) -> re.Pattern[str]:
    return _pattern(tuple(names))


@lru_cache(maxsize=2048)
def _compiled(cue: str) -> re.Pattern[str]:
    return re.compile(cue, re.IGNORECASE | re.MULTILINE)


def _is_list_of_codes(text: str, at: int) -> bool:
    """Whether the clause is a mere list of charges: two codes or more and hardly another word."""
    clause = text[_clause_start(text, at) : _clause_end(text, at)]
    words = _CHARGE_WORDS.sub("", _CODE.sub("", clause))
    return len(_CODE.findall(clause)) > 1 and len(re.findall(r"[a-z]", words, re.I)) < 8


def _clause_start(text: str, at: int) -> int:
    reach = max(0, at - _CLAUSE_REACH)
    ends = [
        reach + m.end() for m in _CLAUSE_END.finditer(text[reach : at + 2]) if reach + m.end() <= at
    ]
    return ends[-1] if ends else reach


def _clause_end(text: str, at: int) -> int:
    match = _CLAUSE_END.search(text, at, at + _CLAUSE_REACH)
    return match.start() if match else min(len(text), at + _CLAUSE_REACH)


def _blocks(text: str) -> Iterator[Block]:
    for match in _CLOCK.finditer(text):
        start = _time_of_day(match[1], match[2], match[3] or match[6])
        end = _time_of_day(match[4], match[5], match[6] or match[3])
        if start is not None and end is not None and 0 < (end - start) % NOON < NOON:
            yield Block(end - (end - start) % NOON, end)


def _time_of_day(hours: str, minutes: str, half: str | None) -> int | None:
    """Minutes after midnight; without am or pm, one to six o'clock is the afternoon."""
    hour, minute = int(hours), int(minutes)
    if hour > 23 or minute > 59:
        return None
    if half is None:
        hour += 12 * (1 <= hour <= 6)
    elif hour <= 12:
        hour = hour % 12 + 12 * half.lower().startswith("p")
    return 60 * hour + minute
