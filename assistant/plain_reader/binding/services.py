"""Which minutes belong to which code or activity, and who gave them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.binding import (
    all_but,
    bare_numbers,
    doubts,
    idle,
    lists,
    said_of_all,
    stated_totals,
    subsets,
    sums,
    told_apart,
    totals,
    two_ways,
    unplaced,
)
from assistant.plain_reader.binding.binder import Binder
from assistant.plain_reader.binding.items import TOTAL, Item, cut
from assistant.plain_reader.binding.ledger import borne_out, ledger
from assistant.plain_reader.mentions import minutes as minutes_reader
from assistant.plain_reader.mentions import people
from assistant.plain_reader.mentions.codes import CodeReader
from assistant.plain_reader.mentions.mention import (
    CodeMention,
    Mention,
    TimeMention,
    UnitsMention,
    beside,
    without_overlaps,
)
from assistant.plain_reader.reading import Reading, Subset
from assistant.plain_reader.rewording import evaluations, people_parts, refused, rest
from assistant.plain_reader.words.text import number, sentences

MOST_KEPT = 256  # messages; a conversation reads its earlier ones again at every turn
MOST_PLACED = 4  # parts of minutes; a message with more is no visit
_UNITS = regex(
    r"(?<![\w.$-])(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight)\s*"
    r"(?:billable\s+|timed\s+|total\s+)?(?:units?|u)\b(?!\s*(?:of time|is\b|=|limit|max))"
    r"|\bunits?\s*[:=#]?\s*(?P<after>[1-8])(?![\w.]|\s*(?:units?|min|of\b|for\b|')|-\d)",
    re.I,
)
_SAYS_WHO = regex(
    r"\ball\b|\bwhole\b|\bentire\b|\beverything\b|\bdid\b|\bdone\b|\bdoes\b|\bprovid|\bperform|\btreat|\bby\b|\bwith\b"
    r"|\bfurnish|\bdeliver|\bsaw\b|\bvisit\b|\bsession\b|\brender|\bran\b|\bled\b"
    r"|\b(?:it|that|this) was\b|^\W*(?:the |a |an )?\w+\W*$",
    re.I,
)
_ASKS = regex(  # but «what if the PTA did it?» tells who did
    r"\A\W*(?:do|does|is|are|can|should|would|will|wh\w++|how)\b(?!\s+(?:if|about)\b).*\?",
    re.I | re.S,
)
_SAYS_ALL = regex(r"\ball\b|\bwhole\b|\bentire\b|\beverything\b|\bevery minute\b", re.I)
_SAYS_IT = regex(r"\b(?:did|done|gave|provided) (?:it|that|this|them)\b|\b(?:it|that) was\b", re.I)
_WORK_FOR = regex(r"(?P<what>[A-Za-z][^,;.\n\d]{2,60}?)\s+for\s+(?:about\s+)?\Z", re.I)
_ENDS = regex(r"\s*(?:[,;.&+\n]|and\b|then\b|\Z)")
_SPENT_ON = regex(r"\s+(?:on|doing|of just|of)\s+(?P<what>[A-Za-z][^,;.\n\d]{2,60})", re.I)
_SHORT_FOR = regex(r"\s+(?P<what>[A-Z]{2,5})(?=\s*(?:[,;.&+\n]|and\b|$))")  # «15 STM»
LEAST_SPENT = 5  # minutes; a smaller number before «of …» counts sets or people
_OF_THE_LAST = regex(  # «A 20, B 15 (PTA 5)», «…, of which the PTA did 5»
    r"\s*[([-]|[^.;()]{0,50}?\b(?:last|final|(?:out )?of (?:which|those|that|them|these|it|the))\b",
    re.I,
)
_SOME = regex(r"\b(?:some|part|bit|portion|most|few|half|couple|little)\b", re.I)
_JOIN = regex(r"\s*(?:/|,|&|\+|-|and|plus)\s*", re.I)


class ServiceReader:
    """Reads who did what for how long; built once for a knowledge base.

    Args:
        known: the codes that are held; addons: the further code of a family to its first.
    """

    def __init__(
        self,
        codes: CodeReader,
        known: frozenset[str],
        addons: Mapping[str, str],
        is_activity: Callable[[str], bool],
    ) -> None:
        self._codes = codes
        self._known = known
        self._addons = addons
        self._is_activity = is_activity
        self._kept = lru_cache(maxsize=MOST_KEPT)(self._read)

    def read(self, text: str) -> Reading:
        """The services and activities of a message, the caller's own.

        Raises:
            ImpossibleFact: minutes or clock times that cannot be.
        """
        return self._kept(text).copy()

    def _read(self, text: str) -> Reading:
        """The reading with a total taken out where it fits what else is told; else with none."""
        found = Reading()
        rest = stated_totals.take(text, found)
        if rest != text:
            self._read_into(found, rest)
            if stated_totals.is_total(found):
                return found
            found = Reading()
        return self._read_into(found, text)

    def _read_into(self, found: Reading, text: str) -> Reading:
        own = said_of_all.take(all_but.take(text, found, self._named), found)
        kept = None
        if found.all_but is None:
            kept = ledger.take(own, found, self._codes.find, self._is_activity, self._known)
        said, own = own, own if kept is None else kept
        masked = totals.take_whole(subsets.take(idle.take(own, found), found), found)
        if len(found.subsets) <= MOST_PLACED:
            found.subsets = [self._placed(part, own) for part in found.subsets]
        for start, end in sentences(masked):
            self._sentence(text, masked, start, end, found)
        found.subsets = [self._of_which_code(part, own, found) for part in found.subsets]
        self._take_sum(found)
        self._drop_asked_addons(found)
        people_parts.without_whole(found)
        all_but.give(found)
        evaluations.take_grades(text, found)
        told = {s.code for s in found.services}
        found.choices = [
            c for c in found.choices if c.minutes is not None or not told.intersection(c.codes)
        ]
        rest.fill(text, found, self._is_activity)
        told_apart.fill(text, found, self._is_activity)
        said_of_all.refuse_either(text, found)
        people_parts.refuse_share(text, found)
        doubts.refuse_unplaced_person(text, found, self._is_activity)
        borne_out.refuse_label(said, found)
        if kept is None:
            borne_out.refuse(said, found, self._codes.find)
        doubts.refuse_last_of(text, found, self._named, self._is_activity)
        refused.refuse_unclear(text)
        doubts.refuse_only_one(text, found)
        doubts.refuse_group(text, found)
        doubts.refuse_days(text, found)
        two_ways.refuse(text, found)
        return found

    def _named(self, text: str, until: int | None = None) -> list[str]:
        """The codes named up to there, by names that are of one code alone."""
        told = (m for m in self._codes.find(text) if until is None or m.end <= until)
        return [c for m in told for c in m.codes if len(m.codes) == 1]

    def _drop_asked_addons(self, found: Reading) -> None:
        """«97129 22 min and 97130?»: the further code has the first one's clock, and none alone."""
        timed = {s.code for s in found.services if s.minutes is not None}
        for service in list(found.services):
            asked = service.minutes is None and service.code not in found.claimed
            if asked and self._addons.get(service.code) in timed:
                found.services.remove(service)

    def _placed(self, part: Subset, text: str) -> Subset:
        """The part as one of the code told just before it, where others are told behind it."""
        if part.code or part.at < 0:
            return part
        named = self._codes.find(text)
        before = [m.codes for m in named if m.end <= part.at]
        behind = {c for m in named if m.start >= part.at for c in m.codes}
        last = before[-1] if before else ()
        if len(last) == 1 and behind - set(last):
            return replace(part, code=last[0])
        return part

    def _of_which_code(self, part: Subset, text: str, found: Reading) -> Subset:
        """The part as one of the only code that is long enough; else it is asked."""
        if part.code or part.at < 0 or part.by is None or _OF_THE_LAST.match(text, part.at):
            return part
        before = dict.fromkeys(self._named(text, part.at))
        told = [s for s in found.services if s.code in before and s.by is not part.by]
        fit = {s.code for s in told if (s.minutes or 0) >= max(part.minutes or 0, 1)}
        if len(before) < 2 or not fit:
            return part
        if len(fit) > 1:
            raise doubts.unplaced_part(part.minutes, [code for code in before if code in fit])
        return replace(part, code=fit.pop())

    def _take_sum(self, found: Reading) -> None:
        """Minutes without a code that are just what the others add up to are the session's."""
        told = [one.minutes for one in found.services] + [one.minutes for one in found.activities]
        spent = [minutes for minutes in told if minutes is not None]
        for activity in list(found.activities):
            named = self._is_activity(activity.text) and not TOTAL.search(activity.text)
            is_sum = len(spent) > 2 and 2 * (activity.minutes or 0) == sum(spent)
            seen = len(spent) > 1 and doubts.is_visit(activity.text)
            if activity.minutes and (seen or (is_sum and not named)):
                found.activities.remove(activity)
                found.treatment_total = activity.minutes

    def _sentence(self, text: str, masked: str, start: int, end: int, found: Reading) -> None:
        part = masked[start:end]
        mentions = self._mentions(part, found)
        mentions = sums.without_sum(part, mentions, found, self._is_activity)
        mentions = lists.paired(part, mentions)
        items = cut(part, mentions)
        if not any(i.codes or i.times for i in items):
            _take_everyone(part, items, found)
            return
        totals.take(part, items, found)
        shown = text[start:end]
        Binder(part, shown, items, found, self._known, self._is_activity).bind()

    def _mentions(self, part: str, found: Reading) -> list[Mention]:
        codes = self._families(part, self._codes.find(part))
        times = minutes_reader.find(part)
        units = [
            UnitsMention(m.start(), m.end(), int(number(m["n"] or m["after"]) or 0))
            for m in _UNITS.finditer(part)
        ]
        who = people.find(part, found.writer)
        sure = [m for m in times if m.sure]
        kept = without_overlaps([*codes, *sure, *units, *who])
        bare = beside([m for m in times if not m.sure], kept)
        bare = [m for m in bare if not bare_numbers.is_a_modifier(m, sure, part)]
        run = lists.lined_up(part, codes, times)
        kept += [replace(m, sure=True) for m in run if m in bare]
        as_units = bare_numbers.are_units(part, codes)
        near: list[Mention] = [
            UnitsMention(m.start, m.end, int(m.minutes)) if run else n
            for m in beside(bare, run)
            if (n := bare_numbers.near_a_code(part, m, codes, as_units=as_units)) is not None
        ]
        near += [
            replace(b, sure=True)
            for b in beside(bare, [*run, *near])
            if bare_numbers.is_each(part, b, codes) or bare_numbers.is_more(part, b, codes)
        ]
        after = [replace(b, sure=True) for b in bare if bare_numbers.has_a_person(part, b, who)]
        of_work = [b for b in bare if self._is_of_work(part, b) or totals.is_idle(part, b)]
        near += beside([replace(b, sure=True) for b in of_work], near)
        taken = [*near, *beside(after, near)]
        found.unplaced += unplaced.numbers(
            part, beside(bare, taken), x_is_minutes=bare_numbers.counts_minutes(part)
        )
        return sorted([*kept, *taken], key=lambda m: m.start)

    def _is_of_work(self, part: str, bare: TimeMention) -> bool:
        """«then about 25 on exercises»: a number, and what it was spent on."""
        spent = _SPENT_ON.match(part, bare.end) or _SHORT_FOR.match(part, bare.end)
        whole = LEAST_SPENT <= bare.minutes <= bare_numbers.LONGEST_BARE
        if spent is None and bare.minutes > LEAST_SPENT and _ENDS.match(part, bare.end):
            spent = _WORK_FOR.search(
                part, max(0, bare.start - 80), bare.start
            )  # «transfer training for 24»
        return spent is not None and whole and self._is_activity(spent["what"])

    def _families(self, part: str, codes: list[CodeMention]) -> list[CodeMention]:
        """«97129/97130»: a family written with its further code is its first code."""
        kept: list[CodeMention] = []
        for code in codes:
            first = kept[-1] if kept else None
            joined = first and _JOIN.fullmatch(part[first.end : code.start])
            if first and joined and self._addons.get(code.codes[0]) in first.codes:
                kept[-1] = CodeMention(first.start, code.end, first.codes)
            else:
                kept.append(code)
        return kept


def _take_everyone(part: str, items: Sequence[Item], found: Reading) -> None:
    """A sentence of its own that says who gave the visit."""
    who = next((i.who for i in items if i.who), None)
    if who is None or not _SAYS_WHO.search(part) or _ASKS.search(part) or _SOME.search(part):
        return
    if who is not Clinician.THERAPIST or _SAYS_ALL.search(part) or _SAYS_IT.search(part):
        found.by_everyone = who
