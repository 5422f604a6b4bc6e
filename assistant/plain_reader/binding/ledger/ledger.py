"""Who gave how many minutes of what, where the words can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.claim import Block, Clinician, Service
from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.binding.ledger import persons
from assistant.plain_reader.binding.ledger.columns import is_of_two
from assistant.plain_reader.binding.ledger.grammar import Readings, TooMany
from assistant.plain_reader.binding.ledger.joins import joined
from assistant.plain_reader.binding.ledger.shares import Contradicted, parts, taken_as_part
from assistant.plain_reader.binding.ledger.token import Kind, Token
from assistant.plain_reader.binding.ledger.tokens import Codes, IsActivity, tokens
from assistant.plain_reader.binding.ledger.told import Told, other_than
from assistant.plain_reader.reading import Activity, Reading, SharedName
from assistant.plain_reader.words.text import sentences

MOST_DOUBTFUL = 5  # tokens that may be none; more are not tried
LONGEST = 2000  # characters of a message that is read so
AROUND = 44  # characters on either side of a name that may say which of its codes is meant
# Words that say more than a ledger holds; whoever reads them reads the whole.
_NOBODY_ELSE = r"(?!\s+(?:by\s+)?(?:the\s+|an?\s+)?(?:PTA?|OT|C?OTA|me)\b)"  # «PTA not PT»
_MORE = regex(
    r"\b(?:together|jointly|both(?!\s+(?:(?:were|was|done|given)\s+)?(?:by|with)\b)|every"
    r"|co-?\s?t(?:reat\w*|x)|group|grp|class|same time"
    r"|simultan\w*|side by side|alongside|assist(?:ed|ing|s)?|help\w*|half|halves"
    r"|(?:a|an|one|two|three)[ -](?:thirds?|quarters?)|percent|split(?!\s*[:,-]?\s*\d)"
    r"|shared(?!\s[^.;:\d]{0,24}(?:\d{5})?\s*:)|(?:started|began)\s+the\s+\d{1,3}"
    r"|if(?!\s+(?:the\s+|my\s+)?(?:PTA?|C?OTA?|I|therapist|assistant)\s+(?:did|gave|saw))"
    rf"|whether|or|either|instead|no|nor|not{_NOBODY_ELSE}|never|without|\w+n't|unattended"
    r"|independent\w*|planned|scheduled|twice|again|last week|tomorrow|should|would|supposed"
    r"|yesterday(?=[^.;]{0,200}\btoday)|today(?=[^.;]{0,200}\byesterday)|per|limit|rule"
    r"|(?!to|yester)\w+day|am|pm|vs|versus|minus|less|wait|wrong|mostly|mainly|part(?:ly|ially)"
    r"|traded|turns|actually|correction|evaluat\w+|re-?eval|eval|telehealth"
    r"|on (?:his|her|their) own|(?:first|last|other) (?:two|three|one)(?!\s+(?:min|codes\s*\())"
    r"|(?:pt|patient|client|s?he)\s+(?:did|rode|walked)[^,.;]{1,30}alone)\b|%|\d\s*(?:units?|u)\b",
    re.I,
)
_EACH = regex(r"\beach\b", re.I)
_STRAY = regex(r"\b(?:s?he|they)\b(?=[^.;,]{0,20}?\d)", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """Minutes of one thing done by one person."""

    done: Token
    minutes: int
    who: Clinician
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read the tokens: who gave what, what is no treatment, which tokens say so."""

    entries: tuple[Entry, ...]
    idle: tuple[tuple[int, str], ...]
    spent: tuple[Token, ...]
    assumed: tuple[str, ...] = ()

    @property
    def key(self) -> frozenset[tuple[tuple[str, ...], Clinician, int]]:
        """What it says, whatever the order."""
        sums: dict[tuple[tuple[str, ...], Clinician], int] = {}
        for one in self.entries:
            sums[one.done.what, one.who] = sums.get((one.done.what, one.who), 0) + one.minutes
        return frozenset((*key, minutes) for key, minutes in sums.items())


def take(
    text: str, found: Reading, codes: Codes, is_activity: IsActivity, known: frozenset[str]
) -> str | None:
    """The text, of the same length, without what a ledger says of it; that goes to the reading.

    None where no ledger can be made of it.

    Raises:
        ImpossibleFact: the people's minutes of one code are not the whole that is told.
    """
    row = _row(text, codes, is_activity, found.writer)
    if not row:
        return None
    way = _read(text, row, found.writer)
    if way is None:
        return None
    if any(len(e.done.codes) == 1 and e.done.codes[0] not in known for e in way.entries):
        return None
    for entry in way.entries:
        _put(entry, text, found)
    found.unbilled_minutes += way.idle
    found.assumed += way.assumed
    for token in way.spent:
        text = text[: token.start] + " " * (token.end - token.start) + text[token.end :]
    return text


def _row(text: str, codes: Codes, is_activity: IsActivity, writer: Clinician) -> list[Token]:
    """The tokens of the sentences that tell who did what; none where they tell more."""
    if len(text) > LONGEST or not any(
        p.clinician is not Clinician.THERAPIST for p in persons.find(text, writer)
    ):
        return []
    try:
        every = tokens(text, codes, is_activity, writer)
    except ImpossibleFact:
        return []
    row: list[Token] = []
    for start, end in sentences(text):
        own = [t for t in every if start <= t.start < end]
        said = text[start:end]
        kinds = {t.kind for t in own}
        if "?" in said and not (kinds & {Kind.AMOUNT, Kind.REST} and kinds - {Kind.AMOUNT}):
            continue
        telling = any(not t.maybe and t.kind is not Kind.UNTREATED for t in own)
        said = _beside(text, start, end, [t for t in own if t.kind is Kind.PERSON or t.block])
        each = _EACH.search(said) and not is_of_two(own)
        if telling and (each or _MORE.search(said) or _STRAY.search(said)):
            return []
        row += own if telling else []
    return row


def _beside(text: str, start: int, end: int, taken: Sequence[Token]) -> str:
    """The stretch of text without those tokens, whose words say no more than they hold."""
    pieces = [start, *(edge for t in taken for edge in (t.start, t.end)), end]
    return " ; ".join(text[a:b] for a, b in zip(pieces[::2], pieces[1::2], strict=True))


def _read(text: str, row: Sequence[Token], writer: Clinician) -> Way | None:
    """The only way to read the row, with the fewest doubtful tokens left out.

    Commas part nothing where no way is found while they do: «A, 45 min, OT».
    """
    if sum(t.maybe for t in row) > MOST_DOUBTFUL:
        return None
    wrong: list[Contradicted] = []
    doubtful = [t for t in row if t.maybe]
    for count in range(len(doubtful) + 1):
        for commas_part in (True, False):
            ways: list[Way] = []
            for out in combinations(doubtful, count):
                kept = joined(text, [t for t in row if t not in out], commas_part=commas_part)
                found = _best(kept, text, writer, wrong)
                if found is None:
                    return None
                ways += found
            if len({way.key for way in ways}) > 1:
                return None
            if ways:
                return ways[0]
    if wrong:
        raise _asked(wrong[0])
    return None


def _best(
    row: Sequence[Token], text: str, writer: Clinician, wrong: list[Contradicted]
) -> list[Way] | None:
    """The readings in which most is given by somebody named; None where there are too many."""
    tail = text[row[-1].end :] if row else ""
    kinds = {t.who for t in row if t.kind is Kind.PERSON}
    found: list[tuple[int, Way]] = []
    try:
        for told in Readings(row, tail).all():
            try:
                entries = _entries(told, writer, kinds)
            except Contradicted as error:
                wrong.append(error)
                continue
            if entries:
                unnamed = sum(line.who is None and not line.shares for line in told.lines)
                spent = tuple(t for t in row if t not in told.kept)
                assumed = tuple(said for line in told.lines if (said := taken_as_part(line)))
                way = Way(tuple(entries), told.idle, spent, assumed)
                found.append((unnamed if len(kinds) > 1 else 0, way))
    except TooMany:
        return None
    least = min((rank for rank, _ in found), default=0)
    return [way for rank, way in found if rank == least]


def _entries(told: Told, writer: Clinician, kinds: set[Clinician]) -> list[Entry]:
    """What the reading says; none where it does not hold together."""
    found: list[Entry] = []
    givers = dict(told.assigned)
    if set(givers) - {line.done.what for line in told.lines}:
        return []
    rest = told.rest
    if rest is None and told.only and len(set(givers.values())) == 1:
        rest = other_than(told.assigned[0][1])
    for line in told.lines:
        who = line.who
        if line.done.what in givers:
            if who is not None or line.shares:
                return []
            who = givers[line.done.what]
        elif who is None and not line.shares:
            who = rest or (writer if writer is Clinician.ASSISTANT else Clinician.THERAPIST)
        given = parts(line, who, kinds, writer)
        if given is None:
            return []
        block = None if line.shares else line.block
        found += [Entry(line.done, minutes, by, block) for by, minutes in given if minutes]
    sums = [(by, sum(e.minutes for e in found if e.who is by)) for by, _ in told.sums]
    return found if _is_sound(told) and sums == list(told.sums) else []


def _is_sound(told: Told) -> bool:
    """Whether no thing done is told both with and without a person, nor twice with nobody."""
    unnamed: dict[tuple[str, ...], int] = {}
    for line in told.lines:
        if line.who is None:
            unnamed[line.done.what] = unnamed.get(line.done.what, 0) + 1
    named = {line.done.what for line in told.lines if line.who is not None}
    by_words = sum(one.minutes for one in told.lines if one.who and not one.done.codes)
    whole = {one.minutes for one in told.lines if one.who is None and one.done.codes}
    if by_words and by_words in whole:
        return False  # «gait 25 min: the PTA walked him 15, I walked him 10»: one told twice
    return not (set(unnamed) & named) and all(n == 1 for n in unnamed.values())


def _asked(error: Contradicted) -> ImpossibleFact:
    name = error.line.done.words or error.line.done.codes[0]
    return ImpossibleFact(
        "minutes",
        error.given,
        f"{error.line.minutes} minutes of {name} are told, and {error.given} by who gave them: "
        "which is right? Say how many minutes each person gave.",
    )


def _put(entry: Entry, text: str, found: Reading) -> None:
    done = entry.done
    if not done.codes and entry.who is Clinician.AIDE:
        found.unbilled_minutes.append((entry.minutes, f"{done.words} by an aide"))
    elif not done.codes:
        found.activities.append(Activity(done.words, entry.minutes, entry.who, entry.block))
    elif len(done.codes) > 1:
        around = text[max(0, done.start - AROUND) : done.end + AROUND]
        shared = SharedName(done.codes, done.words, around, entry.minutes, entry.who)
        found.choices.append(shared)
    else:
        found.services.append(Service(done.codes[0], entry.minutes, entry.who, entry.block))
