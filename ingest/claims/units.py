"""Finds worked examples: minutes that are said to be so many units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.claims.nouns import Example
from ingest.claims.sentences import NUMBER, Said, number
from ingest.claims.speaking import names_medicare, wavers

_TIMES = r"(?:x|×|\*)"
_EVENT = re.compile(
    rf"""(?ix)
    (?P<code>(?<![\w$.,])\d{{4}}[\dFT](?!\w|[.,]\d))(?:\s*{_TIMES}\s*(?P<times>\d{{1,2}})\b)?
    | (?<![\w.:$-])(?P<minutes>{NUMBER})[ -]?(?:minutes?|mins?)\b
    | (?<![\w.:$-])(?P<units>{NUMBER})(?:\s*{_TIMES})?[ ]units?\b
    | \bunits?\s*(?:=|:)\s*(?P<after>\d{{1,2}})\b
    | (?<![\w.:$-])(?P<of>{NUMBER})[ ]of[ ](?=\d{{5}}\b)
    """
)
_LENGTH_OF_A_UNIT = re.compile(
    r"(?i)\A[- ]?(?:timed )?(?:billing )?"
    r"(?:units?|increments?|intervals?|codes?|blocks? of time|periods?|segments?|rule|threshold)\b"
)
_NO_EXAMPLE = re.compile(
    r"(?i)(?:\b(?:at least|at most|minimum(?: of)?|maximum(?: of)?|least|under|over|above|below"
    r"|up to|each|every|per|only|than|about|approx\w*\.?|around|between|within|first|next"
    r"|codes? of|services? of"
    rf"|{NUMBER},? (?:and|\+|plus)|the (?:full"
    r"|usual|standard)|full|another (?:full|whole)|or|to|through|from|past|after|reach(?:es)?)"
    r"|[<>≥≤=~-])\s*\Z"
)
_A_LIMIT = re.compile(r"(?i)\A (?:a|per|each|every|in a) (?:day|visit|date|patient|session)\b")
_SUM = re.compile(
    r"(?i)\b(?:total(?:s|ing|ling|led)?(?: of| is| time)?|combined|sum(?: of)?"
    r"|in all|together|adds? up to|make|=)\W*\Z"
)
_DENIED = re.compile(r"(?i)\b(?:not|never|no|rather than|instead of|than)\b[^.,;]{0,12}\Z")
# What stands between units and the minutes that they are said to be for.
_FOR = re.compile(r"(?i)\A(?: of (?:\d{5}|[a-z][a-z -]{2,30}))? (?:for|from) (?:a |just |only )?\Z")
_MOST_BETWEEN = 2  # sentences between the minutes and their units
_SHORT = 12  # words of a sentence that can only give the total
_TOPS = re.compile(r"(?i)\b(?:most|longest|longer|greatest|highest)\b")


@dataclass(frozen=True, slots=True)
class _Event:
    kind: str  # "code", "minutes", "sum" or "units"
    value: str
    start: int
    end: int


def examples(said: Sequence[Said]) -> Iterator[Example]:
    """Minutes that are said to be so many units, in one sentence or in a few."""
    held: tuple[Said, list[_Event]] | None = None
    between = 0
    for one in said:
        if one.row or wavers(one.text) or re.search(r"(?i)\bno units?\b", one.text):
            held = None
            continue
        events = _events(one)
        kinds = [event.kind for event in events]
        if "minutes" in kinds:
            held, between = None, 0
            if "units" not in kinds:
                held = (one, events)
            else:
                yield from _within(one, events)
        elif held is not None and "units" in kinds:
            found = _example(held[1], events, short=len(one.text.split()) <= _SHORT)
            if found:
                yield _placed(found, held[0], one)
            held = None
        elif "code" in kinds or between >= _MOST_BETWEEN:
            held = None
        else:
            between += 1


def _events(said: Said) -> list[_Event]:
    found = []
    for match in _EVENT.finditer(said.text):
        before, after = said.text[: match.start()], said.text[match.end() :]
        start, end = match.span()
        if match["code"]:
            found.append(_Event("code", match["code"], start, end))
            if match["times"]:
                found.append(_Event("units", match["times"], start, end))
        elif match["minutes"]:
            if _SUM.search(before):
                found.append(_Event("sum", match["minutes"], start, end))
            elif not _LENGTH_OF_A_UNIT.match(after) and not _NO_EXAMPLE.search(before):
                found.append(_Event("minutes", match["minutes"], start, end))
        elif match["of"]:
            kind = next((one.kind for one in reversed(found) if one.kind != "code"), "")
            found.append(_Event("minutes" if kind == "sum" else kind, match["of"], start, end))
        elif not (_DENIED.search(before) or _NO_EXAMPLE.search(before) or _A_LIMIT.match(after)):
            found.append(_Event("units", match["units"] or match["after"], start, end))
    return found


def _within(said: Said, events: list[_Event]) -> Iterator[Example]:
    """The examples of one sentence: minutes, their units, and perhaps more minutes."""
    groups: list[list[_Event]] = [[]]
    for event in events:
        kinds = {one.kind for one in groups[-1]}
        if event.kind == "minutes" and "units" in kinds:
            groups.append([])
        groups[-1].append(event)
    yield from _units_first(said, events)
    for group in groups:
        first = next((n for n, one in enumerate(group) if one.kind == "units"), None)
        if first is None:
            continue
        minutes, units = _parted(group, first)
        if found := _example(minutes, units, short=True):
            yield _placed(found, said, said)


def _units_first(said: Said, events: list[_Event]) -> Iterator[Example]:
    """ "Two units for 18 minutes", where nothing was said of minutes before."""
    counted = [one for one in events if one.kind in ("units", "minutes")]
    codes = {one.value for one in events if one.kind == "code"}
    if [one.kind for one in counted] != ["units", "minutes"] or len(codes) > 1:
        return
    units, minutes = counted
    if _FOR.match(said.text[units.end : minutes.start]):
        code = next(iter(codes), "")
        spent, earned = {code: number(minutes.value)}, {code: number(units.value)}
        yield _placed(Example(start=0, end=0, minutes=spent, units=earned), said, said)


def _parted(events: list[_Event], first: int) -> tuple[list[_Event], list[_Event]]:
    """The part that gives minutes and the part that gives units; a code may belong to either."""
    before = [one for one in events[:first] if one.kind in ("code", "minutes")]
    codes = sum(one.kind == "code" for one in before)
    times = len(before) - codes
    if codes == times + 1 and before[-1].kind == "code" and times:
        return before[:-1], [before[-1], *events[first:]]
    return before, events[first:]


def _example(minutes: list[_Event], units: list[_Event], *, short: bool) -> Example | None:
    spent = _bound(minutes, "minutes")
    if not spent:
        return None
    earned = _bound(units, "units")
    counts = [number(one.value) for one in units if one.kind == "units"]
    if earned is None and len(counts) > 2 and counts[0] == sum(counts[1:]):
        at = next(n for n, one in enumerate(units) if one.kind == "units")
        earned = _bound(units[:at] + units[at + 1 :], "units")  # the total, then its parts
    if earned is None or "" in earned:
        if len(counts) != 1 or not (short or earned):
            return None
        if len(spent) > 1:
            return Example(start=0, end=0, minutes=spent, total=counts[0])
        earned = dict.fromkeys(spent, counts[0])
    if not set(earned) <= set(spent):
        return None
    whole = set(earned) == set(spent)
    return (
        Example(
            start=0,
            end=0,
            minutes=spent if whole else {code: spent[code] for code in earned},
            units=earned,
        )
        if whole or len(earned) == 1
        else None
    )


def _bound(events: list[_Event], kind: str) -> dict[str, int] | None:
    """Codes with their numbers, where it is plain which goes with which."""
    chosen = [one for one in events if one.kind in ("code", kind)]
    numbers = [number(one.value) for one in chosen if one.kind == kind]
    codes = [one.value for one in chosen if one.kind == "code"]
    if len(numbers) == 1 and len(set(codes)) <= 1:
        return {codes[0] if codes else "": numbers[0]}
    in_turn = all(a.kind != b.kind for a, b in pairwise(chosen))
    if len(codes) != len(numbers) or len(set(codes)) != len(codes) or not in_turn:
        return None
    return dict(zip(codes, numbers, strict=True))


def _placed(example: Example, first: Said, last: Said) -> Example:
    return Example(
        start=first.start,
        end=last.end,
        minutes=example.minutes,
        units=example.units,
        total=example.total,
        tops=bool(_TOPS.search(last.text)),
        names_medicare=names_medicare(first.text) or names_medicare(last.text),
    )


_SUMS = re.compile(
    r"(?<![\w.$])(\d{1,2}(?: ?\+ ?\d{1,2})+)(?: ?(?:minutes?|mins?))? ?(?:->|=>|→|➔|⇒)"
    r" ?(\d(?: ?\+ ?\d)*)(?: ?units?)?(?![\w.])"
)


def sums(said: Sequence[Said]) -> Iterator[Example]:
    """Minutes and units written as sums, the codes left out: "10 + 20 → 1 + 2"."""
    for one in said:
        if wavers(one.text):
            continue
        for match in _SUMS.finditer(one.text):
            minutes, units = ([int(n) for n in re.findall(r"\d+", part)] for part in match.groups())
            names = [f"#{n}" for n in range(1, len(minutes) + 1)]
            each = dict(zip(names, units, strict=True)) if len(units) == len(minutes) else {}
            yield Example(
                start=one.start,
                end=one.end,
                minutes=dict(zip(names, minutes, strict=True)),
                units=each,
                total=None if each else sum(units),
            )
