"""A second look at what was read: where the words do not bear it out, it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from assistant.claim import Clinician
from assistant.errors import ImpossibleFact, MissingFact
from assistant.patterns import regex
from assistant.plain_reader.binding.ledger.borne_out import GROUP_CODES
from assistant.plain_reader.mentions import people
from assistant.plain_reader.mentions.mention import Mention, TimeMention, near
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.words.text import sentences

# Between two times of one code: nothing but what adds the second to the first.
_ADDS = regex(
    r"(?:\W|\b(?:min(?:ute)?s?|m|and|plus|then|another|more|again|x|of|it|first|further|extra"
    r"|additional|later|in|the|a|am|pm|morning|afternoon|evening|before|after|lunch|noon|break"
    r"|left|right|side|each|both|also|total(?:ing)?)\b)*",
)
_JOINS = regex(r"[,+&;/]|\b(?:and|plus|then|another|more|again|later)\b")
_OF_A = regex(r"\s*(?:out )?of an?(?: total)?\s*")
_OF_ALL = regex(r"\s*of the (?:total|whole|full)\s*")  # the whole, and who gave a part of it
_BILLS_TIME = (Clinician.THERAPIST, Clinician.ASSISTANT)


def adding_up(
    part: str, times: Sequence[TimeMention], named: Sequence[Mention], code: str
) -> Sequence[TimeMention]:
    """The times of one code that add up: all of them, but the part in «5 min of a 40 min visit».

    Args:
        named: where the code's names stand: «stairs 10 min gait 13 min» are two of one code.

    Raises:
        ImpossibleFact: nothing says that they do, as in «30 min of TE including 5 min rest».
    """
    spans = sorted((t for t in times if t.block is None), key=lambda t: t.start)
    if len(spans) > 2 and 2 * spans[0].minutes == sum(t.minutes for t in spans):
        return times  # «12 minutes (5 of this, 7 of that)»
    parts, names = [], sorted(named, key=lambda m: m.start)
    for first, second in pairwise(spans):
        again = bool(near(names, first.end, second.start - 1))
        gap = part[first.end : second.start].lower()
        adds = _ADDS.fullmatch(gap) and _JOINS.search(gap)
        bare = part[first.start : first.end].strip().isdigit()
        again = again and (len(named) > 1 or not bare)  # not «12 TE 28»
        if _OF_A.fullmatch(gap):
            parts.append(first)
        elif not (again or adds or _OF_ALL.fullmatch(gap)):
            raise _doubtful(spans, code)
    return [t for t in times if t not in parts]


def _doubtful(spans: Sequence[TimeMention], code: str) -> ImpossibleFact:
    told = " and ".join(f"{t.minutes:g}" for t in spans)
    return ImpossibleFact(
        "minutes",
        told,
        f"{told} minutes stand beside {code}: are the fewer a part of the others, time without "
        f"treatment, or more of it? Say how many one-to-one minutes of {code} each person gave.",
    )


_ASSISTANT = regex(rf"\b{people.ASSISTANT}\b", re.I)
_NOT_ALONE = regex(  # two who treat together are one therapist's service; «no PTA today»
    r"\b(?:together|jointly|both|(?:two|2)[- ]person|second person|at the same time|side by side"
    r"|co-?treat\w*|second pair|supervision|supervised by|assist(?:ed|ing|s|ance)?|help\w*"
    r"|no|not|without|observ\w+|watch\w+|set[ -]?up|walked (?:behind|beside|alongside)"
    r"|popped in|on deck|no billable|(?:was|is) (?:off|out|absent|sick|gone)"
    r"|never|nor)\b",
    re.I,
)
_EITHER = regex(  # «97110 (PT/PTA) 30 min», «PT w/ PTA»: both are named, and not who gave what
    r"(?<![\w/])(?:PT|OTR?)\s+(?:w/|with)\s*(?:the\s+|a\s+)?(?:PTA|C?OTA)\b(?!\s+(?:for\s+)?\d)"
    r"|(?<![\w/])(?:(?:PT|OTR?)\s*/\s*(?:PTA|C?OTA)|(?:PTA|C?OTA)\s*/\s*(?:PT|OTR?))(?![\w/])"
)
_TREATED = regex(
    rf"(?<!if a )(?<!if the )(?<!can a )(?<!can the )(?<!could a )(?<!could the )(?<!when a )"
    rf"{people.ASSISTANT}\s+(?:also\s+)?(?:was (?:there|with|in for|on for)|did|gave|took|saw|had"
    r"|treated|worked|ran|led|started|finished|covered|stepped|joined|came|jumped|filled)\b",
    re.I,
)
_THERAPIST_AFTER = regex(
    r"(?:\b(?:then|and|while|but)|[,;.])\s+(?:the\s+)?(?:PT|OT|SLP|OTR|DPT|therapist|I)\b(?!\s*[.;,:]|\s*$)",
)
_LABEL = regex(r"\s*(?:[:.]|$)")


def refuse_unplaced_person(text: str, found: Reading, is_activity: Callable[[str], bool]) -> None:
    """Nothing, unless somebody is said to have treated and none of the minutes read are theirs.

    Raises:
        MissingFact: asks who gave which minutes.
    """
    gave = _givers(found)
    if _only_either(text, found):
        gave = set()
    done = found.services or found.choices or [a for a in found.activities if is_activity(a.text)]
    if not (done and found.is_timed) or Clinician.STUDENT in gave:
        return  # what a student's minutes need is said with the claim
    missing = _named(text, found) - gave
    for who, name in ((Clinician.ASSISTANT, "assistant"), (Clinician.THERAPIST, "therapist")):
        if who in missing:
            raise MissingFact(f"Which minutes of which code did the {name} give, and which not?")


def _named(text: str, found: Reading) -> set[Clinician]:
    """The therapist and the assistant, where the words say that they treated."""
    named = {
        mention.clinician
        for mention in people.find(text, found.writer)
        if not _LABEL.match(text, mention.end)
    }
    if _treats(text):
        named.add(Clinician.ASSISTANT)
    else:
        named.discard(Clinician.ASSISTANT)
    if _EITHER.search(text) and not _NOT_ALONE.search(text):
        named |= {Clinician.ASSISTANT, Clinician.THERAPIST}
    unbilled = {one.by for one in found.services}
    if unbilled and not unbilled.intersection(_BILLS_TIME) and _THERAPIST_AFTER.search(text):
        named.add(Clinician.THERAPIST)
    return named.intersection(_BILLS_TIME)


_ONLY_BY = regex(  # who gave the rest, then?
    r"\bonly\s+(?:the\s+)?(?P<what>\d{5}|[a-z][a-z ]{2,24}?)\s+(?:was|were)\s+(?:done\s+|given\s+)?"
    r"(?:by|with)\s+(?:the\s+|a\s+)?(?:PT|OT|SLP|therapist|me)\b",
    re.I,
)


def refuse_only_one(text: str, found: Reading) -> None:
    """Nothing, unless the therapist is said to have given only a part, and nobody the others.

    Raises:
        MissingFact: asks who gave the others.
    """
    only = _ONLY_BY.search(text)
    if only and len({one.code for one in found.services}) > 1 and len(_givers(found)) == 1:
        raise MissingFact(f"Only {only['what']} was the therapist's: who gave the others?")


def _only_either(text: str, found: Reading) -> bool:
    """«97110 23, 97140 15 - PTA/PT»: the pair is all that is said of who treated."""
    several = len({one.code for one in found.services if one.minutes}) > 1
    alone = _EITHER.search(text) and not people.find(_EITHER.sub(" ", text), found.writer)
    return several and bool(alone) and not _NOT_ALONE.search(text)


def _treats(text: str) -> bool:
    """Whether a sentence names an assistant who may have treated alone."""
    told = [text[start:end] for start, end in sentences(text)]
    named = [said for said in told if _names_one(said) and not _NOT_ALONE.search(said)]
    return any("?" not in said or _TREATED.search(said) for said in named)


_IN_CHARGE = regex(r"\s+supervis\w+\s+(?:the\s+|a\s+)?(?:group|class|97150|92508)", re.I)


def _names_one(said: str) -> bool:
    """Whether an assistant is named of whom nothing but treatment can be meant."""
    found = _ASSISTANT.finditer(said)
    return any(
        _IN_CHARGE.match(said, one.end()) or not people.NOT_TREATING.match(said, one.end())
        for one in found
    )


def unplaced_part(minutes: int | None, codes: Sequence[str]) -> ImpossibleFact:
    """That minutes are told as a part of one of several codes, and not of which."""
    told = "half" if minutes is None else f"{minutes} minutes"
    return ImpossibleFact(
        "minutes",
        minutes,
        f"Of which code were the {told} that somebody else gave: {' or '.join(codes)}? Say for "
        "each code how many minutes each person gave.",
    )


_SEVERAL = r"(?:[2-6]|two|three|four|five|six|several)"
_PATIENTS = r"(?:patients?|pts?|clients?|residents?|kids?|child(?:ren)?)\b"
_IN_A_GROUP = regex(
    r"\b(?:in|as|with)\s+an?\s+(?:small\s+)?group\b|\bsmall\s+group\b"
    r"|\bgroup\s+(?:of|with)\s+(?:\d|two|three|four|five|six)\b"
    rf"|\bwith\s+(?:another|(?:{_SEVERAL}\s+)?other)\s+{_PATIENTS}"
    rf"|\b{_SEVERAL}\s+{_PATIENTS}\s+(?:in the (?:pool|gym|water)|at (?:once|the same time))"
    rf"|\bwhile\b[^.;\n]{{0,20}}\balso\b[^.;\n]{{0,24}}\banother\s+{_PATIENTS}",
    re.I,
)


def refuse_group(text: str, found: Reading) -> None:
    """Nothing, unless the only service is of a one-to-one code and the words speak of a group.

    Raises:
        ImpossibleFact: asks which minutes were one-to-one.
    """
    told = [one for one in found.services if one.minutes]
    alone = len(told) == 1 and not (found.activities or found.choices)
    group = _IN_A_GROUP.search(text)
    if group and alone and not any(one.code in GROUP_CODES for one in found.services):
        code = told[0].code
        raise ImpossibleFact(
            "minutes",
            group.group(),
            f"«{group.group()}» beside {code}: time in a group has a code of its own (97150; in "
            f"speech therapy 92508), not {code}. How many minutes were one-to-one, and how many "
            f"in the group?",
        )


_LAST_OF = regex(  # «the PTA did the last 10 min of hip strengthening»
    rf"{people.ASSISTANT}\s+(?:\w+\s+){{1,3}}?(?:the\s+)?(?:last|first|final|other|remaining)\s+"
    r"(?P<n>\d{1,3})\s*(?:minutes?|mins?\b|m\b|')?\s*of\s+(?:the\s+|his\s+|her\s+)?+"
    r"(?P<what>(?!(?:an?|it|them|th[aeio]se?|which|this|that|session|visit|time|total|treatment|therapy|tx"
    r"|hour|minutes?)\b)[a-z][a-z /-]{1,40})",
    re.I,
)


def refuse_last_of(
    text: str,
    found: Reading,
    codes_of: Callable[[str], Collection[str]],
    is_activity: Callable[[str], bool],
) -> None:
    """Nothing, unless an assistant's last minutes are told of something among several told.

    Raises:
        ImpossibleFact: asks whether they are minutes of their own.
    """
    match = _LAST_OF.search(text)
    if match is None:
        return
    named, told = set(codes_of(match["what"])), [s for s in found.services if s.minutes]
    gave = {s.code for s in told if s.by is Clinician.ASSISTANT}
    gave |= {p.code for p in found.subsets if p.by is Clinician.ASSISTANT}
    alone = len(told) == 1 and not (found.activities or found.choices)
    plain = named == {s.code for s in told} or not (named or is_activity(match["what"]))
    if named & gave or (alone and plain):
        return
    raise ImpossibleFact(
        "minutes",
        match.group(),
        f"Are the {match['n']} minutes of «{match['what'].strip()}» that the assistant gave a part "
        "of minutes told before, or minutes of their own? Say for each code how many minutes each "
        "person gave.",
    )


_ON_A_DAY = regex(r"\b(?:on|dos)\s+(\d{1,2}/\d{1,2})(?!\d)", re.I)


def refuse_days(text: str, found: Reading) -> None:
    """Nothing, unless minutes are told of two days in one breath: units are counted by the day.

    Raises:
        ImpossibleFact: «20 min on 11/3, 25 min on 11/5»; asks for a line a day.
    """
    days = list(dict.fromkeys(_ON_A_DAY.findall(text)))
    if len(days) > 1 and sum(bool(one.minutes) for one in found.services) > 1:
        told = " and ".join(days)
        raise ImpossibleFact(
            "date of service",
            told,
            f"{told}: units are counted by the day. Say which minutes belong to which day, each "
            "day in a line of its own that begins with its date.",
        )


_VISIT = regex(
    r"^\W*(?:i |we |just |was |the )*(?:saw|seen|had|treated|worked with)\s+"
    r"(?:(?:the|my|our|an?|this)\s+)?"
    r"(?:(?:mr|mrs|ms|miss|dr)s?\b\.?\s*\w*|him|her|them|pt|patient|client|resident|\[name\])"
    r"(?:\s+(?:for|today|total|about|this|morning|afternoon|in|the|clinic|again))*\W*$"
    r"|^\W*(?:the\s+)?(?:pt|patient|client|resident|s?he)\s+(?:was\s+)?(?:seen|here|treated)"
    r"(?:\s+(?:for|today|total|about|this|morning|afternoon|in|the|clinic|again))*\W*$",
    re.I,
)


def is_visit(text: str) -> bool:
    """«saw Mrs K for … today»: words that tell of the whole visit and of nothing done."""
    return bool(_VISIT.search(text))


def _givers(found: Reading) -> set[Clinician]:
    """Who gave anything, as it was read."""
    gave = {one.by for one in found.services}
    gave |= {one.by for one in found.activities} | {one.by for one in found.choices}
    gave |= {part.by for part in found.subsets if part.by is not None}
    gave |= set(found.givers.values())
    if found.by_everyone is not None:
        gave.add(found.by_everyone)
    if found.all_but is not None:
        gave |= set(found.all_but[:2])
    return gave
