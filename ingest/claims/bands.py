"""Finds what is said of how minutes become units: tables, least minutes, rules of thumb."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.claims.nouns import Band, Claim, RuleOfThumb
from ingest.claims.sentences import NUMBER, Said, number
from ingest.claims.speaking import wavers

_BANDS = (
    re.compile(
        r"(?i)(?<![\w.:$])(?P<first>\d{1,3}) ?(?:-|to|through) ?(?P<last>\d{1,3})"
        r"(?: ?(?:minutes?|mins?))? ?(?:=|:|->|→|is|are|equals?|earns?|bills?|for|makes?|gives?)?"
        r" ?(?P<units>\d{1,2}) units?\b"
    ),
    re.compile(
        r"(?i)(?<![\w.:$])(?P<units>\d{1,2}) units? ?(?:=|:|->|→|is|for|from)? ?(?P<first>\d{1,3})"
        r"(?: ?(?:minutes?|mins?))? ?(?:-|to|through) ?(?P<last>\d{1,3}) ?(?:minutes?|mins?)"
    ),
)
_LEAST = (
    re.compile(
        rf"(?i)\b(?P<units>{NUMBER}) units?\b[^.;,\d]{{0,30}}?\b(?:at least|a minimum of|starts? at"
        r"|begins? at|start with) (?P<first>\d{1,3}) ?(?:minutes?|mins?)"
    ),
    re.compile(
        r"(?i)\bat least (?P<first>\d{1,3}) ?(?:minutes?|mins?)[^.;,\d]{0,30}?"
        rf"\b(?:for|earns?|bills?|to bill|gives?|is|are) (?P<units>{NUMBER}) units?\b"
    ),
    re.compile(
        r"(?i)\b(?:needs?|takes?|requires?) (?:at least )?(?P<first>\d{1,3}) ?(?:minutes?|mins?)"
        rf"[^.;,\d]{{0,30}}?\bto (?:bill|charge|report|claim|earn) (?P<units>{NUMBER}) units?\b"
    ),
)


def bands(said: Sequence[Said]) -> Iterator[Band]:
    """Minutes from and to that are said to be so many units, and least minutes."""
    header: list[str] = []
    for number_of, one in enumerate(said):
        if one.row:
            cells = [cell.strip() for cell in one.text.strip("| ").split("|")]
            if number_of == 0 or not said[number_of - 1].row:
                header = [cell.lower() for cell in cells]
            else:
                yield from _row(one, header, cells)
            continue
        if wavers(one.text):
            continue
        for pattern in (*_BANDS, *_LEAST):
            for match in pattern.finditer(one.text):
                yield _band(one, match.groupdict())


def _band(said: Said, held: dict[str, str]) -> Band:
    return Band(
        start=said.start,
        end=said.end,
        first=int(held["first"]),
        last=int(held["last"]) if held.get("last") else None,
        units=number(held["units"]),
    )


_FROM_TO = re.compile(r"\A(\d{1,3}) ?(?:-|to|through) ?(\d{1,3})(?: ?min\w*\.?)?\Z")
_COUNT = re.compile(rf"(?i)\A({NUMBER})(?: units?)?\Z")


def _row(said: Said, header: list[str], cells: list[str]) -> Iterator[Band]:
    """A row under columns of minutes and of units."""
    if len(header) != len(cells):
        return
    minutes = [c for h, c in zip(header, cells, strict=True) if "min" in h]
    units = [c for h, c in zip(header, cells, strict=True) if "unit" in h and "min" not in h]
    if len(minutes) != 1 or len(units) != 1:
        return
    span, count = _FROM_TO.match(minutes[0].lower()), _COUNT.match(units[0])
    if span and count:
        yield Band(
            start=said.start,
            end=said.end,
            first=int(span[1]),
            last=int(span[2]),
            units=number(count[1]),
        )


_RULES = (
    (
        "under-8-never-billed",
        r"\b(?:can(?:not|'t)|never|may not|must not|not allowed to)\b[^.]{0,30}\bbill"
        r"[^.]{0,50}\b(?:less|fewer|shorter) than (?:8|eight) min",
        r"\b(?:alone|single|by itself|on its own|only|total|combined|pooled)\b",
    ),
    (
        "each-code-from-its-own-block",
        r"\bcombined (?:total|time)[^.]{0,20}\bneither"
        r"|\btotal (?:combined )?time[^.]{0,20}\bneither"
        r"|\bunits for each code\b[^.]{0,30}\b(?:own|independently|separately)\b"
        r"|\bcalculate units for \d{5} from its own",
        r"\b(?:AMA|SPM|midpoint|substantial portion|payers? that|rule of eights)\b",
    ),
    (
        "leftover-to-more-time",
        r"\b(?:extra|leftover|left-over|remaining|additional|last)\"? unit[^.]{0,40}"
        r"\b(?:service|code|procedure)[^.]{0,20}\b(?:more|most|longer|longest|greater)\b[^.]{0,12}"
        r"\b(?:time|minutes|total)",
        r"\b(?:left over|remainder|leftover minutes|remaining minutes|after)\b",
    ),
)


def rules_of_thumb(said: Sequence[Said]) -> Iterator[Claim]:
    """Rules said in words, each of which the ledger refutes by an example."""
    for one in said:
        if wavers(one.text):
            continue
        for dispute, pattern, unless in _RULES:
            if re.search(f"(?i){pattern}", one.text) and not re.search(f"(?i){unless}", one.text):
                yield RuleOfThumb(start=one.start, end=one.end, dispute=dispute)
