"""What a later message makes of things done that no code was named for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.claim import Service
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.turns import corrections, follow_up, minutes_alone, part_again

_ACTIVITY_WAS = regex(  # «crates were 20», «and if walking was 7»
    r"^\W*(?:(?:no|ok|and|but|sorry|actually|if|what if|the|my|so|then|make)\W+)*"
    r"(?P<words>[a-z][a-z ]{2,30}?)\s+(?:(?:was|were|is|took|lasted|for|only|to|like|about|actually"
    r"|really|should be)\s+)*(?P<n>\d{1,3})\s*(?:min\w*)?\W*$",
    re.I,
)
MOST_SHARED = 5  # letters by which «walked» and «walking» are one word


def activity_told(before: Facts, facts: Facts, text: str) -> bool:
    """Whether the message gives one of the things done, by its words, other minutes."""
    match = _ACTIVITY_WAS.match(text)
    if match is None or facts.codes:
        return False
    said = _stems(match["words"])
    meant = [n for n, a in enumerate(before.activities) if said & _stems(a.text)]
    if len(meant) != 1:
        return False
    facts.activities = list(before.activities)
    facts.activities[meant[0]] = replace(facts.activities[meant[0]], minutes=int(match["n"]))
    facts.new_services = True
    return True


def _stems(words: str) -> set[str]:
    plain = (re.sub(r"(?:ing|ed|s)$", "", w) for w in re.findall(r"[a-z]{4,}", words.lower()))
    return {w[:MOST_SHARED] for w in plain}


def chosen_anew(
    before: Facts,
    facts: Facts,
    text: str,
    is_activity: Callable[[str], bool],
    code_of: Callable[[str, Sequence[str]], str | None],
) -> bool:
    """Whether the message says what the one thing done was instead: «no, it was gait»."""
    only = before.activities[0] if len(before.activities) == 1 and not before.replies else None
    if only is None or not follow_up.is_correction(text):
        return False
    told = text if is_activity(text) else f"{corrections.without_purpose(only.text)}, {text}"
    was, now = code_of(only.text, ()), code_of(told, ())
    if was is None or now in (None, was):
        return False
    facts.activities, facts.replies = [replace(only, text=told)], []
    facts.new_services = True
    return True


def settled(before: Facts, text: str, code_of: Callable[[str, Sequence[str]], str | None]) -> Facts:
    """What was done as services, where their codes are settled and the message parts them."""
    if not before.activities or not (part_again.giver(text) or minutes_alone.more_minutes(text)):
        return before
    replies = before.replies if len(before.activities) == 1 else []
    coded = [
        Service(code, a.minutes, a.by, a.block, a.text)
        for a in before.activities
        if a.minutes is not None and (code := code_of(a.text, replies))
    ]
    if len(coded) < len(before.activities):
        return before
    return replace(before, services=[*before.services, *coded], activities=[], replies=[])
