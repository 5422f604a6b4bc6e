"""What a later message changed in a claim that stood before, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.claim import Clinician, CountingRule, Service, Setting
from assistant.conversation import Claim, Inquiry, Line, Question
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.asked.intent import is_question
from assistant.plain_reader.facts import FactReader
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import people
from assistant.plain_reader.turns.courtesy import is_courtesy
from assistant.plain_reader.turns.undone import starts_over, undoes
from assistant.plain_reader.words.letters import own_words
from assistant.plain_reader.words.text import plain

_RULES = {CountingRule.CMS: "total time", CountingRule.AMA: "each code alone"}
_SETTINGS = {Setting.PRACTITIONER: "practice", Setting.OUTPATIENT_HOSPITAL: "outpatient hospital"}


_PEOPLE = rf"{people.ASSISTANT}|{people.AIDE}|{people.STUDENT}"
_MAY_CHANGE = regex(rf"\b(?:{_PEOPLE}|rest(?:ed|ing)?|breaks?|min(?:ute)?s?)\b", re.I)
_ASKS = regex(r"\?|\bunits?\b", re.I)
_PRESSES = regex(  # of units and of what others say: the claim itself is the reply
    r"\bunits?\b|\b(?:bill|code|charge|round|pays?|paid|money)\b|\b(?:says?|said|thinks?|gives?|told"
    r"|claims?|wants?|insists?|shows?|got|gets?|taught|always|usually|normally|everyone|disagree"
    r"|wrong|incorrect|sure|boss|manager|supervisor|colleague|coworker|biller|emr|webpt|system"
    r"|software|why|how|explain|math|average|rule|policy|audit)\b",
    re.I,
)
_OF_THE_COUNT = regex(  # a question that the claim and its reasons answer
    r"\bunits?\b|\bmin(?:ute)?s?\b|\b(?:why|how|sure|really|correct|right|wrong|sense|count|math"
    r"|total|add(?:s|ed)? up|bill|get|claim|more|only|both|all|still|one|two|three|four|cq|co|kx|59"
    r"|modifiers?|lines?|same|ok(?:ay)?|enough|change[sd]?|that)\b|(?<!\d)\d(?!\d)",
    re.I,
)
SAME = "Nothing changed: no fact is new, so the claim stands."
NOTHING_TO_UNDO = "Nothing changed: the message before changed nothing that could be taken back."
NOT_PLACED = (
    "Nothing changed: I could not place what this message says. If it is to change who gave what, "
    "or for how long, say the minutes with their code: «the PTA gave 10 minutes of 97530», "
    "«97110 was 20»."
)
WHAT_CHANGES = "What is to change in the claim: which code, whose minutes, to how many?"
NOT_THE_CLAIM = (
    "Nothing changed, and I could not tell what this asks: the claim stands as it was. If it asks "
    "about a rule, ask it in full: «may a PTA write the progress report?»."
)


_ASKS_SOURCE = regex(
    r"^\W*(?:(?:what|what's|whats|your|the|any|is|ok|and|a|got|show|cite|give|me|for|that|this|its?)\W+)*"
    r"(?:sources?|citations?|references?|proof|links?|says who|according to (?:who|whom|what))"
    r"(?:\W+(?:for|of|on) (?:that|this|it))?\W*$",
    re.I,
)
MOST_SOURCES = 6  # named in one line; the reasons above carry the numbers of all


def _sources(parts: Parts) -> str:
    """Where the claim's reasons come from, by their numbers."""
    cited = [f"[{c.n}] {c.title}, {c.locator}" for c in parts.worksheet.citations[:MOST_SOURCES]]
    return f"Nothing changed. The reasons cite: {'; '.join(cited)}."


def is_news(text: str, before: Facts) -> bool:
    """Whether the message tells a number that may be minutes and that nothing told before is."""
    held = {s.minutes for s in before.services} | {before.treatment_total, before.stated_total}
    held.add(sum(s.minutes or 0 for s in before.services))
    said = {int(n) for n in _MINUTES_SAID.findall(text)} - {59}
    return bool(said) and not (is_question(text) or said & held)


_MINUTES_SAID = regex(
    r"(?<![\d$.,/:-])(?:\d{2,3}(?![\d%/:]|[.,]\d|\s*units?\b)|\d(?=\s*(?:min|from|off|of)\b))", re.I
)


def nothing(text: str) -> str:
    """What to say of a message that changed nothing: it may have meant to."""
    if undoes(text):
        return NOTHING_TO_UNDO
    if is_courtesy(text):
        return SAME
    if is_question(text):
        return SAME if _OF_THE_COUNT.search(text) else NOT_THE_CLAIM
    if _MAY_CHANGE.search(text) and not _ASKS.search(text):
        return NOT_PLACED
    return SAME if _PRESSES.search(text) else NOT_PLACED


def tell(
    parts: Parts,
    inquiry: Inquiry,
    facts: FactReader,
    claims_of: Callable[[Inquiry], Sequence[Claim]],
    knowledge: Knowledge,
) -> None:
    """Right behind the claim: what this turn changed in the one that stood before."""
    earlier = replace(inquiry, messages=inquiry.messages[:-1])
    if not parts.claims or not earlier.messages:
        return
    try:
        before, after = facts.known(earlier), facts.read(inquiry)
    except CodingError:
        return
    said = own_words(plain(inquiry.messages[-1]))
    if before.services or before.activities or starts_over(said):
        stood = _standing(earlier, before, facts, claims_of)
        say(parts, said, before, after, stood, knowledge)


def _standing(
    earlier: Inquiry,
    before: Facts,
    facts: FactReader,
    claims_of: Callable[[Inquiry], Sequence[Claim]],
) -> Sequence[Claim]:
    """The claims after these messages; one refused or on a rule makes none and leaves them."""
    stood = claims_of(earlier)
    while not stood and (before.rule_question or before.refused) and len(earlier.messages) > 1:
        earlier = replace(earlier, messages=earlier.messages[:-1])
        before, later = facts.known(earlier), before
        if later.differs_from(before):
            break
        stood = claims_of(earlier)
    return stood


def say(
    parts: Parts,
    said: str,
    before: Facts,
    after: Facts,
    stood: Sequence[Claim],
    knowledge: Knowledge,
) -> None:
    """Put right behind the claim what this message changed in the one that stood before.

    Args:
        said: the message; stood: the claims of the answer before.
    """
    if starts_over(said):
        return parts.say_changed(["started over: nothing said before counts"], SAME)
    told = between(before, after, (stood, parts.claims), knowledge)
    same = _sources(parts) if _ASKS_SOURCE.match(said) else nothing(said)
    same = NOT_PLACED if is_news(said, before) else same
    parts.say_changed(told, same)
    if not told and same is NOT_PLACED:
        parts.questions.append(Question("not-placed", WHAT_CHANGES, [], "claim"))
    return None


def between(
    before: Facts,
    after: Facts,
    claims: tuple[Sequence[Claim], Sequence[Claim]],
    knowledge: Knowledge,
) -> list[str]:
    """The changes of facts, then those of the claim's lines: "payer Medicare → Aetna".

    Args:
        claims: those of the answer before and of the answer now; compared where each has one.
    """
    old, new = (some[0] if len(some) == 1 else None for some in claims)
    told = [*_around(before, after, knowledge), *_counting(old, new), *_treated(before, after)]
    return [*told, *_lines(old, new)]


def _around(before: Facts, after: Facts, knowledge: Knowledge) -> Iterator[str]:
    yield from _told("payer", _payer(before, knowledge), _payer(after, knowledge))
    days = [f.day.day.isoformat() if f.day else "" for f in (before, after)]
    yield from _told("date of service", *days)
    yield from _told("discipline", *(f.discipline or "" for f in (before, after)))
    settings = [_SETTINGS[f.setting] if f.setting else "" for f in (before, after)]
    yield from _told("setting", *settings)
    used = [f"${f.dollars.before:,.2f}" if f.dollars.before else "" for f in (before, after)]
    yield from _told("used this year", *used)
    kinds = {None: "", True: "separate minutes", False: "shared minutes"}
    yield from _told("the codes' time", kinds[before.separate], kinds[after.separate])
    for tied in (after.tie_choice,) if after.tie_choice not in ((), before.tie_choice) else ():
        yield f"the tied unit goes to {' and '.join(tied)}"
    if after.tie_option and after.tie_option != before.tie_option:
        yield "one of the ways offered is chosen"


def _counting(before: Claim | None, after: Claim | None) -> Iterator[str]:
    if before is not None and after is not None:
        rules = (_RULES[CountingRule(claim.counting_rule)] for claim in (before, after))
        yield from _told("counting", *rules)


def _told(name: str, old: str, new: str) -> Iterator[str]:
    if new and new != old:
        yield f"{name} {old} → {new}" if old else f"{name} {new}"


def _payer(facts: Facts, knowledge: Knowledge) -> str:
    if facts.payer is None:
        return ""
    held = facts.payer.id in knowledge.payers
    return knowledge.payer(facts.payer.id).name if held else facts.payer.words


def _treated(before: Facts, after: Facts) -> Iterator[str]:
    """Minutes of each code that came, went or are others now, and who gave them."""
    old, new = _minutes(before.services), _minutes(after.services)
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code), new.get(code)
        if was == now:
            continue
        if was is None:
            yield f"{code} added" + (f" ({_spent(now)})" if now else "")
        elif now is None:
            yield f"{code} taken out"
        elif sum(was.values()) == sum(now.values()) and was:
            yield f"{code} given by {_given(was)} → {_given(now)}"
        else:
            yield f"{code} {_spent(was) or 'no minutes'} → {_spent(now) or 'no minutes'}"


def _minutes(services: Sequence[Service]) -> dict[str, Counter[Clinician]]:
    found: dict[str, Counter[Clinician]] = {}
    for service in services:
        spent = found.setdefault(service.code, Counter())
        if service.minutes:
            spent[service.by] += service.minutes
    return found


def _spent(minutes: Counter[Clinician] | None) -> str:
    return f"{sum(minutes.values())} minutes" if minutes else ""


def _given(minutes: Counter[Clinician]) -> str:
    if len(minutes) == 1:
        return next(iter(minutes)).value
    return " and ".join(f"{who.value} {n}" for who, n in minutes.items())


def _lines(before: Claim | None, after: Claim | None) -> Iterator[str]:
    """Units and modifiers of each code that are others now; a code that is new says so itself."""
    if after is None:
        return
    if before is None:
        yield from (f"{line.code} × {line.units} can be billed now" for line in after.lines)
        return
    codes = dict.fromkeys(line.code for claim in (before, after) for line in claim.lines)
    for code in codes:
        was = [line for line in before.lines if line.code == code]
        now = [line for line in after.lines if line.code == code]
        units = sum(line.units for line in was), sum(line.units for line in now)
        if units[0] != units[1]:
            yield f"{code} {units[0]} → {units[1]} units"
        elif _marks(was) != _marks(now):
            yield f"{code} {_marks(was)} → {_marks(now)}"


def _marks(lines: Sequence[Line]) -> str:
    """The modifiers of a code's lines; its units too where several lines divide them."""
    several = len(lines) > 1
    shown = [
        f"{line.units} with {' '.join(line.modifiers)}" if several else " ".join(line.modifiers)
        for line in lines
    ]
    return " and ".join(filter(None, shown)) or "no modifier"
