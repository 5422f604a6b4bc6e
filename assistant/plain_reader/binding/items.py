"""A sentence cut at its separators, every piece with what it mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.claim import Block, Clinician
from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions.dated import DATE
from assistant.plain_reader.mentions.mention import (
    CodeMention,
    Mention,
    TimeMention,
    UnitsMention,
    WhoMention,
)

_SEPARATOR = regex(
    r"[,;+&|\n]|:(?=\s)|(?<!\b[A-Z])\.\s(?!\s*(?:of|for|on)\b)|\band\b|\bn\b(?=\s+\d)|\bthen\b|\bplus\b"
    r"|\bfollowed by\b|\b(?:consisting|comprised|composed|made up) of\b"
    r"|\balong with\b|\bwith\b(?=[^,;.]{1,40}\d\s*(?:m\b|min|'))"
    r"|(?<=x\d)\s+for\b(?=\s+\d{1,3}\s*min\w*\s+(?:of\s+)?[A-Za-z]{2})"
    r"|(?<=min)\s+after\b(?=\s+\d{1,3}\s*(?:min\w*\s+)?(?:of|on)\s)"
    r"|(?<=\d)\s+after\b(?=\s+\d{1,3}\s*(?:min\w*\s+)?(?:of|on)\s)"
    r"|\bas well as\b|\balso\b|\bbut\b(?=[^,;.]*\d)"
    r"|\bwhile\b(?=[^,;]{0,40}(?:\d{5}|\d\s*min))|(?<!\bw)/(?=\s*\d)|\s/\s|(?<=\d)/(?=[A-Za-z])"
    r"|\s(?=\d{1,2}[.)]\s+[A-Za-z])|(?<=\w)\s+-\s+(?=\d{1,3}\s*min\w*\s+[A-Za-z])"
    r"|(?<=\w)\s+-\s+(?=\d{1,3}\s*(?:min\w*\s+)?(?:of\s+)?(?-i:(?!MINS?\b)[A-Z]{2,4}\b))"
    r"|(?<=min)\s+-\s+(?=\d{1,3}\s+of\b)|(?<=utes)\s+-\s+(?=\d{1,3}\s+of\b)"
    r"|(?:(?<=\d{5})|(?<=min)|(?<=utes))\s+-\s+(?=(?-i:PTA?|C?OTA?|SLP)\b[^-;,.\n]{0,30}\d)"
    r"|(?P<dash>(?<=[A-Za-z])\s+-\s+(?=\d{1,3}\s))",
    re.I,
)
_ONE_PIECE = regex(  # a day or a rating, whose «/» parts nothing
    rf"{DATE}|(?:\b(?:on|dos|date|seen|visit|dated)\W{{1,3}}|^\W*)\d{{1,2}}/\d{{1,2}}"
    r"(?=\s*[:,;.-]|\s+(?:\d{5}|[A-Za-z]{3,}(?!\s*/))|\s*$)"
    r"|(?<![\w/])[0-5][+-]?/5(?![\w/])"
    r"|\b(?:pain|strength|mmt|rpe|vas|n?prs|grade|rated|level|c/o|borg|scale)\b[^\d\n]{0,25}"
    r"\d{1,2}[+-]?/\d{1,2}|(?<![\w/])\d{1,2}/10(?=\s+(?:pain|at|with|on|in)\b)",
    re.I,
)
TOTAL = regex(
    r"\bsaw (?:him|her|them|(?:the |my |an? |this |one |our )?(?:\w+ ){0,2}(?:patient|pt|client))\b"
    r"(?=\s+(?:for\s+|about\s+|today\s+)*\d+\s*(?:min|hour|hr))"
    r"|\A\W*\d{1,3}\s*min\w*\s+(?:of\s+)?(?:one[- ]on[- ]one|1:1|direct|face[- ]to[- ]face)"
    r"(?: contact| time| care| treatment| tx)?\W*\Z"
    r"|\b(?:start(?:ed)?|time in|in at|arrived|in:?)\b(?=.*\b(?:end|out|left|stop|finish))"
    r"|\btotal\b|\boverall\b|\baltogether\b|\bin all\b|\bsession\b|\bappointment\b"
    r"|\b(?:treatment|clinic|visit) time\b|\btime in (?:the )?clinic\b"
    r"|\b(?:seen|treated|here|in clinic) for\b"
    r"|\b(?:here|present|in (?:the )?clinic)(?=\s+(?:about\s+)?\d+\s*min)|"
    r"\bspent\b(?![^,;]*\bmin\w*\s+(?:on|doing|of|working|practic\w+)\b)"
    r"(?![^,;]*\bmin\w*\s+with\b[^,;.]{0,60}\b(?:practic|work|train|teach|do)ing\b)"
    r"(?=[^,;]*\b(?:with|together)\b)"
    r"|\btx time\b|\bco-?(?:treat\w*|tx)\b|\btimed\b(?=[^,;]*\d)|\bwere together\b"
    r"|\bvisit (?:was|lasted|of|time)\b|\bmin(?:ute)?s? (?:(?:medicare|mcr|part|b|pt|ot|slp|st"
    r"|physical|occupational|speech|therapy|outpatient|op|follow-?up|daily|routine|individual"
    r"|one-on-one|tx|long|total|commercial) ){0,5}"
    r"(?:visit|session|treatment|appointment|appt|encounter|slot)\b"
    r"|\b(?:of|out of) the(?= \d+ min)",
    re.I,
)

_CLOCKED = regex(  # «tx 0800-0853:» in front of parts that have minutes of their own
    r"\b(?:tx|treatment|treated|seen|saw|visit|time|therapy)\b[^\d\n]{0,12}"
    r"\d{1,2}:?\d\d\s*(?:[ap]m?)?\s*(?:-|to\b)",
    re.I,
)
LONGEST_HEAD = 200  # characters of «38 minutes total:», a session's length in front of its parts


@dataclass(slots=True)
class Item:
    """A stretch between two separators, with its mentions."""

    start: int
    end: int
    codes: list[CodeMention] = field(default_factory=list)
    times: list[TimeMention] = field(default_factory=list)
    units: list[UnitsMention] = field(default_factory=list)
    people: list[WhoMention] = field(default_factory=list)
    who: Clinician | None = None
    done: bool = False

    @property
    def is_open_code(self) -> bool:
        """Codes that still want minutes."""
        return bool(self.codes) and not self.times and not self.done

    @property
    def is_open_time(self) -> bool:
        """Minutes that still want a code."""
        return bool(self.times) and not self.codes and not self.done

    def take(self, mention: Mention) -> None:
        """Put a mention where it belongs."""
        if isinstance(mention, CodeMention):
            self.codes.append(mention)
        elif isinstance(mention, TimeMention):
            self.times.append(mention)
        elif isinstance(mention, UnitsMention):
            self.units.append(mention)
        elif isinstance(mention, WhoMention):
            self.who = self.who or mention.clinician
            self.people.append(mention)


def cut(part: str, mentions: Sequence[Mention]) -> list[Item]:
    """The pieces of a sentence; brackets hold together what is within them."""
    starts = [0]
    depth_at = _depths(part)
    inside = _inside_mentions(part, mentions)
    for match in _SEPARATOR.finditer(part):
        bracketed = depth_at[match.start()] > 0 and match.group() not in ("\n", ";")
        within = any(inside[match.start() : match.end()])
        if match.group() == ":" and not _ends_a_total(part, starts[-1], match.start(), mentions):
            continue
        if match.group().lower() == "with" and not _parts_two(starts[-1], match, mentions):
            continue
        if match["dash"] and not _dash_parts(starts[-1], match, mentions):
            continue
        if not bracketed and not within and match.start() >= starts[-1]:
            starts += [match.start(), match.end()]
    bounds = [*starts, len(part)]
    items = [Item(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    at = 0
    for mention in mentions:
        while mention.start >= items[at].end and at < len(items) - 1:
            at += 1
        items[at].take(mention)
    for item in items:
        _nearest_leader(part, item)
    _trailing_who(part, items)
    _spread_who(items)
    return items


def _nearest_leader(part: str, item: Item) -> None:
    """«split w/ PTA: therapist TE 10»: who stands behind the colon gave what follows it."""
    first = min((m.start for m in [*item.codes, *item.times]), default=item.start)
    leading = [p for p in item.people if p.end <= first]
    if len(leading) > 1 and ":" in part[leading[-2].end : leading[-1].start]:
        item.who = leading[-1].clinician


def _parts_two(start: int, match: re.Match[str], mentions: Sequence[Mention]) -> bool:
    """«taping 10 min with 97110 15 min»: minutes before it, and behind it a code with its own."""
    timed = any(isinstance(m, TimeMention) and start <= m.start < match.start() for m in mentions)
    after = [m for m in mentions if m.start >= match.end() and not isinstance(m, WhoMention)][:2]
    kinds = [type(m) for m in after]
    return timed and kinds == [CodeMention, TimeMention] and after[0].start <= match.end() + 2


def _dash_parts(start: int, match: re.Match[str], mentions: Sequence[Mention]) -> bool:
    """«10 min warm up - 28 ther ex»: minutes before it, and behind it some with their own code."""
    timed = any(isinstance(m, TimeMention) and start <= m.start < match.start() for m in mentions)
    after = [m for m in mentions if m.start >= match.end()][:2]
    kinds = [type(m) for m in after]
    return timed and kinds == [TimeMention, CodeMention] and after[1].start - after[0].end < 9


def _inside_mentions(part: str, mentions: Sequence[Mention]) -> bytearray:
    inside = bytearray(len(part) + 1)
    for mention in mentions:
        for place in range(mention.start, mention.end):
            inside[place] = 1
    for piece in _ONE_PIECE.finditer(part):
        for place in range(piece.start(), piece.end()):
            inside[place] = 1
    return inside


def _ends_a_total(part: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """«38 minutes total: …» ends at its colon; the total belongs to no code behind it."""
    if end - start > LONGEST_HEAD:
        return False
    clocked = _CLOCKED.search(part, start, end)
    if not (clocked or TOTAL.search(part[start:end])):
        return False
    behind = sum(isinstance(m, TimeMention) and m.start >= end for m in mentions)
    if behind < 2 and not TOTAL.search(part[start:end]):
        return False
    head = [
        m for m in mentions if start <= m.start and m.end <= end and not isinstance(m, WhoMention)
    ]
    told = bool(head) or bool(re.search(r"\d", part[start:end]))
    return told and all(isinstance(m, TimeMention) for m in head)


def _depths(part: str) -> list[int]:
    depth, found = 0, []
    for ch in part:
        depth += (ch in "([") - (ch in ")]" and depth > 0)
        found.append(depth)
    return found if depth == 0 else [0] * len(part)  # a bracket that never closes holds nothing


_GIVEN_BY = regex(
    r"\b(?:by|with|w/|seen|treat\w*|provid\w+|render\w*|deliver\w*|perform\w*|furnish\w*|clinician"
    r"|therapist)\b\s*:?",
    re.I,
)

_CREDENTIAL = regex(
    r"\W*(?:(?:a|the|our|my)\s+)?(?:[cl]?pta|c?ota(?:/l)?)"
    r"(?:\s+(?:led|ran|treated|did|provided|performed|gave|instructed|directed))?(?:\s+(?:it|this|them))?"
    r"\W*",
    re.I,
)


def _trailing_who(part: str, items: Sequence[Item]) -> None:
    """«97110 x 23 min, treatment given by J. Smith PTA»: the only person named gave all before."""
    for last, item in pairwise(items):
        relative = re.match(r"\s*(?:which|that)\b", part[item.start : item.end], re.I)
        if relative and item.who and last.codes and not (item.codes or item.times):
            last.who, item.who = item.who, None
    named = [item for item in items if item.people]
    if len(named) != 1 or named[0].codes or named[0].times:
        return
    only = named[0]
    before = [i for i in items if i.end <= only.start and (i.codes or i.times)]
    alone = _CREDENTIAL.fullmatch(part, only.start, only.end)
    if before and (alone or _GIVEN_BY.search(part, only.start, only.end)):
        for item in before:
            item.who = only.who


def _spread_who(items: Sequence[Item]) -> None:
    """«PTA did 10 min of A and 20 of B»: a person named first goes on until another is named."""
    current: Clinician | None = None
    for item in items:
        if item.who is not None:
            first = min((m.start for m in [*item.codes, *item.times]), default=item.end)
            leads = any(m.start <= first for m in item.people)
            current = item.people[-1].clinician if leads else None
        elif current is not None and (item.codes or item.times):
            item.who = current


def distinct(codes: Sequence[CodeMention]) -> list[CodeMention]:
    """The item's codes, a name and its number beside it taken as one."""
    kept: list[CodeMention] = []
    for code in codes:
        twin = next((k for k in kept if set(code.codes) & set(k.codes)), None)
        if twin is None:
            kept.append(code)
        elif len(code.codes) < len(twin.codes):
            kept[kept.index(twin)] = code
    return kept


def total_of(times: Sequence[TimeMention]) -> int | None:
    """The whole minutes of the times; None where there are none."""
    told = [m for m, _ in stretches(times) if m is not None]
    return sum(told) if told else None


def stretches(times: Sequence[TimeMention]) -> list[tuple[int | None, Block | None]]:
    """Minutes and blocks of one code; a block with its length beside it is one stretch."""
    spans = [_whole(t.minutes) for t in times if t.block is None]
    if len(spans) > 2 and 2 * spans[0] == sum(spans):
        spans = spans[:1]  # «12 minutes (5 of this, 7 of that)»
    blocks = [t.block for t in times if t.block is not None]
    if not blocks:
        return [(sum(spans), None)] if spans else [(None, None)]
    length = sum(b.minutes for b in blocks)
    if spans and sum(spans) != length:
        written = ", ".join(map(str, blocks))
        raise ImpossibleFact(
            "minutes",
            sum(spans),
            f"{written} is {length} minutes, but {sum(spans)} are written beside it. "
            "Which is right?",
        )
    return [(b.minutes, b) for b in blocks]


def _whole(minutes: float) -> int:
    if minutes != int(minutes):
        raise ImpossibleFact(
            "minutes",
            minutes,
            f"{minutes:g} minutes: Medicare counts whole minutes; round it as noted.",
        )
    return int(minutes)
