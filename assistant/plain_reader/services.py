"""Which minutes belong to which code or activity, and who gave them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.claim import Clinician
from assistant.plain_reader import minutes as minutes_reader
from assistant.plain_reader import people
from assistant.plain_reader.binding import Binder, Item, Reading
from assistant.plain_reader.codes import CodeReader
from assistant.plain_reader.mentions import Kind, Mention, without_overlaps
from assistant.plain_reader.text import number, sentences

_SEPARATOR = re.compile(
    r"[,;+&|\n]|\.\s|\band\b|\bthen\b|\bplus\b|\bfollowed by\b|\balong with\b|\bas well as\b|\balso\b"
    r"|\bwhile\b(?=[^,;]{0,40}\d{5})|/(?=\s*\d)",
    re.I,
)
_UNITS = re.compile(
    r"(?<![\w.$-])(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight)\s*(?:billable\s+|timed\s+|total\s+)?(?:units?|u)\b"
    r"(?!\s*(?:of time|is\b|=|limit|max))",
    re.I,
)
_TOTAL = re.compile(
    r"\btotal\b|\boverall\b|\baltogether\b|\bin all\b|\bsession\b|\bappointment\b|\btreatment time\b"
    r"|\b(?:seen|treated|here) for\b|\bspent\b(?=[^,;]*\b(?:with|together)\b)|\bvisit (?:was|lasted|of|time)\b|\bmin(?:ute)?s? (?:visit|session|treatment|appointment)\b|\bminute (?:visit|session|treatment)\b",
    re.I,
)
_TIMED = re.compile(r"\btimed\b|\bone[- ]on[- ]one\b|\b1:1\b", re.I)
_NO_WORK = re.compile(
    r"\brest(?:ed|ing)?\b(?!\s*(?:of|position))|\bbreaks?\b|\bset[- ]?up\b|\bdocument(?:ation|ing|ed)\b|\bchart(?:ing|ed)\b"
    r"|\bwait(?:ing|ed)\b|\bunattended\b|\bno[- ]show\b|\blate\b|\bbathroom\b|\bpaperwork\b|\bscheduling\b",
    re.I,
)
_BESIDE = re.compile(r"^\s*[:=(\[|\-]*\s*(?:x|for|of|at|-)?\s*$", re.I)
_BESIDE_COMMA = re.compile(r"^,\s?$")


class ServiceReader:
    """Reads who did what for how long; built once for a knowledge base."""

    def __init__(
        self, codes: CodeReader, known: frozenset[str], is_activity: Callable[[str], bool]
    ) -> None:
        self._codes = codes
        self._known = known
        self._is_activity = is_activity

    def read(self, text: str) -> Reading:
        """The services and activities of a message.

        Raises:
            ImpossibleFact: minutes or clock times that cannot be.
        """
        found = Reading()
        masked = self._take_subsets(text, found)
        for start, end in sentences(masked):
            self._sentence(text, masked, start, end, found)
        self._take_sum(found)
        return found

    def _take_sum(self, found: Reading) -> None:
        """Minutes without a code that are just what the others add up to are the session's."""
        spent = [s.minutes for s in found.services if s.minutes is not None]
        for activity in list(found.activities):
            named = self._is_activity(activity.text) and not _TOTAL.search(activity.text)
            if len(spent) > 1 and activity.minutes == sum(spent) and not named:
                found.activities.remove(activity)
                found.treatment_total = activity.minutes

    def _take_subsets(self, text: str, found: Reading) -> str:
        """Take out «of which the PTA did 10», so that its minutes are not counted twice."""
        masked = text
        for pattern in (people.SUBSET_AFTER, people.SUBSET):
            for match in pattern.finditer(masked):
                n = number(match["n"])
                marked = pattern is people.SUBSET_AFTER or _is_part(match, masked)
                if n is None or not marked:
                    continue
                found.subsets.append((people.clinician(match["who"]), int(n)))
                masked = masked[: match.start()] + " " * len(match.group()) + masked[match.end() :]
        return masked

    def _sentence(self, text: str, masked: str, start: int, end: int, found: Reading) -> None:
        part = masked[start:end]
        mentions = self._mentions(part)
        mentions = _paired_lists(part, mentions)
        items = _items(part, mentions)
        if not any(i.codes or i.times for i in items):
            who = next((i.who for i in items if i.who), None)
            if who not in (None, Clinician.THERAPIST) and _SAYS_WHO.search(part):
                found.by_everyone = who
            return
        _spread_who(part, items)
        _take_totals(part, items, found)
        shown = text[start:end]
        Binder(part, shown, items, found, self._known, self._is_activity).bind()

    def _mentions(self, part: str) -> list[Mention]:
        codes = self._codes.find(part)
        times = minutes_reader.find(part)
        units = [
            Mention(Kind.UNITS, m.start(), m.end(), int(number(m["n"]) or 0))
            for m in _UNITS.finditer(part)
        ]
        sure = [m for m in times if m.sure]
        who = people.find(part)
        kept = without_overlaps([*codes, *sure, *units, *who])
        bare = [m for m in times if not m.sure and not any(m.overlaps(k) for k in kept)]
        near = [b for b in (_near_a_code(part, m, codes) for m in bare) if b]
        taken = {n.start for n in near}
        near += [
            replace(b, sure=True)
            for b in bare
            if b.start not in taken and _follows_a_person(part, b, who)
        ]
        return sorted([*kept, *near], key=lambda m: m.start)


_SAYS_WHO = re.compile(
    r"\ball\b|\bwhole\b|\bentire\b|\beverything\b|\bdid\b|\bprovid|\bperform|\btreat|\bby\b|\bwith\b"
    r"|\bfurnish|\bdeliver|\bsaw\b|\bvisit\b|\bsession\b|\brender|\bran\b|\bled\b",
    re.I,
)


def _follows_a_person(part: str, bare: Mention, who: list[Mention]) -> bool:
    """«PT 20 / PTA 10»."""
    return any(
        w.end <= bare.start and re.fullmatch(r"\s*[:=-]?\s*", part[w.end : bare.start]) for w in who
    )


def _is_part(match: re.Match[str], text: str) -> bool:
    """Whether «the PTA did 10» is a part of minutes named before, and not minutes of its own."""
    if match["which"] or re.search(
        r"\bof (?:which|those|that|them|these)|out of", match.group(), re.I
    ):
        return True
    after = text[match.end() : match.end() + 30]
    return (
        not re.match(r"\s*(?:minutes?|mins?)?\s*(?:of|on|\d{5}|[a-z]{2,}\s+ex)", after, re.I)
        and bool(re.search(r"\d{5}|min", text[: match.start()], re.I))
        and not re.search(
            r"(?:PTA|OTA|PT|OT|therapist|assistant)\s+(?:did|provided|gave)[^.;]{0,60}$",
            text[: match.start()],
            re.I,
        )
    )


def _near_a_code(part: str, bare: Mention, codes: list[Mention]) -> Mention | None:
    """A bare number as minutes or units where it stands beside a code, else nothing."""
    value = float(bare.value)  # type: ignore[arg-type]
    for code in codes:
        after = part[code.end : bare.start]
        before = part[bare.end : code.start] if bare.end <= code.start else None
        x = part[bare.start : bare.end].lower().startswith("x")
        if code.end <= bare.start and (_BESIDE.match(after) or _BESIDE_COMMA.match(after)):
            if value <= 6 and (x or after.strip() == "x"):
                return replace(bare, kind=Kind.UNITS, value=int(value), sure=True)
            return replace(bare, sure=True)
        if before is not None and re.fullmatch(r"\s+(?:of\s+)?", before) and value >= 1:
            return replace(bare, sure=True)
    return None


_LIST_GAP = re.compile(r"^\s*(?:,|/|&|\+|and|,\s*and)\s*$", re.I)
_LIST_LINK = re.compile(
    r"^\s*(?:respectively\s*)?(?::|=|-|for|x|were|was|at|lasted|took|,|\()\s*(?:for\s*)?$", re.I
)


def _paired_lists(part: str, mentions: list[Mention]) -> list[Mention]:
    """«A, B and C: 10, 12 and 8 min»: each time is moved to stand beside its code."""
    codes = _run_of(part, [m for m in mentions if m.kind is Kind.CODE])
    if len(codes) < 2:
        return mentions
    later = [m for m in mentions if m.kind is Kind.MINUTES and m.start >= codes[-1].end]
    times = _run_of(part, later)
    between = part[codes[-1].end : times[0].start] if times else ""
    if len(times) != len(codes) or not _LIST_LINK.match(between):
        return mentions
    moved = [replace(t, start=c.end - 1, end=c.end - 1) for c, t in zip(codes, times, strict=True)]
    return sorted([*(m for m in mentions if m not in times), *moved], key=lambda m: m.start)


def _run_of(part: str, mentions: list[Mention]) -> list[Mention]:
    """The first mentions with nothing but list separators between them."""
    run = mentions[:1]
    for mention in mentions[1:]:
        if not _LIST_GAP.match(part[run[-1].end : mention.start]):
            break
        run.append(mention)
    return run


def _items(part: str, mentions: list[Mention]) -> list[Item]:
    cuts = [0]
    depth_at = _depths(part)
    for match in _SEPARATOR.finditer(part):
        inside = depth_at[match.start()] > 0 and match.group() not in ("\n", ";")
        if inside or any(m.start < match.end() and match.start() < m.end for m in mentions):
            continue
        cuts += [match.start(), match.end()]
    cuts[1:1] = _cuts_after_a_total(part, mentions)
    cuts.append(len(part))
    spans = list(zip(cuts[::2], cuts[1::2], strict=True))
    items = [Item(a, b) for a, b in spans]
    for mention in mentions:
        item = next(i for i in items if mention.start < i.end)
        if mention.kind is Kind.CODE:
            item.codes.append(mention)
        elif mention.kind is Kind.WHO:
            item.who = item.who or mention.value  # type: ignore[assignment]
            item.people.append(mention)
        elif mention.kind is Kind.UNITS:
            item.units.append(mention)
        else:
            item.times.append(mention)
    return items


def _cuts_after_a_total(part: str, mentions: list[Mention]) -> list[int]:
    """«38 minutes total: …» ends at its colon; the total belongs to no code behind it."""
    colon = part.find(":")
    head = part[:colon]
    if colon < 0 or not _TOTAL.search(head) or any(c in head for c in ",;\n"):
        return []
    before = [m for m in mentions if m.end <= colon]
    if [m.kind for m in before] != [Kind.MINUTES]:
        return []
    return [colon, colon + 1]


def _depths(part: str) -> list[int]:
    depth, found = 0, []
    for ch in part:
        depth += (ch in "([") - (ch in ")]" and depth > 0)
        found.append(depth)
    return found


def _spread_who(part: str, items: list[Item]) -> None:
    """«PTA did 10 min of A and 20 of B»: a person named first goes on until another is named."""
    current: Clinician | None = None
    for item in items:
        if item.who is not None:
            first = min((m.start for m in [*item.codes, *item.times]), default=item.end)
            leads = any(
                m.start <= first for m in people.find(part[: item.end]) if m.start >= item.start
            )
            current = item.who if leads else None
        elif current is not None and (item.codes or item.times):
            item.who = current


def _take_totals(part: str, items: list[Item], found: Reading) -> None:
    for item in items:
        words = part[item.start : item.end]
        spent = [m for m in item.times if m.kind is Kind.MINUTES]
        if item.codes or len(spent) != 1:
            continue
        value = int(float(spent[0].value))  # type: ignore[arg-type]
        if _NO_WORK.search(words):
            found.unbilled_minutes.append((value, words.strip()))
        elif _TOTAL.search(words):
            if _TIMED.search(words):
                found.stated_total = value
            else:
                found.treatment_total = value
        else:
            continue
        item.times.remove(spent[0])
        item.done = True
