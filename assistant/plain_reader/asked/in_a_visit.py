"""Questions asked in the middle of a visit: on the claim, on a rule, or on the codes told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.patterns import regex
from assistant.plain_reader.asked.intent import RULE_WORDS, asks_of_a_rule, is_question
from assistant.plain_reader.known import Facts

_ABOUT_UNITS = regex(  # of the claim, whatever a guide says: «does that change units?»
    r"\bunits?\b|\bminutes?\b|\bones?\b|\bif\b|\bcount|\bama\b|\bspm\b|\bsqueeze\b|\bonly\b"
    r"|\bhow (?:close|far|many more|much (?:more|longer))\b"
    r"|\b(?:that|this|it|they) (?:change|add up|make|ok)|^\W*(?:so|and|but|could i|can't)\b",
    re.I,
)
LEAST_ASKED = 6  # words; a shorter question in the middle of a visit is of the visit
_WHEN = regex(
    r"\bwhen (?:can|may|do|should|could|would|is|must) (?:i|we|you|it)\b|\bhow often\b", re.I
)
_OF_THE_PAIR = regex(
    r"\b(?:they|these|those|them|both|it|that|i|we)\b[^?]{0,40}"
    r"\b(?:together|same (?:day|claim|visit)|(?<!\d)59(?!\d)|a modifier\b(?! for))"
    r"|^\W*(?:so )?no 59\b",
    re.I,
)
_PAYER_DOES = regex(
    r"^\W*what happens (?:over|above|after|past|beyond|when|once)\b"
    r"|^\W*(?:does|do|will|would) (?:\w+ ){1,3}"
    r"(?:pay|cover|require|want|allow|follow|accept|recogni[sz]e)\b",
    re.I,
)


def asks_of_the_pair(text: str) -> bool:
    """«are they allowed together?», «no 59?»: of the codes told, whether they go together."""
    return is_question(text) and bool(_OF_THE_PAIR.search(text))


def is_about(text: str, names: Sequence[object]) -> bool:
    """Whether a question in a visit is on a service, and tells none: «when can I bill a re-eval?».

    Args:
        names: the names in it that several codes share.
    """
    return bool(_WHEN.search(text)) or (bool(names) and asks_of_a_rule(text))


def names_a_rule(text: str) -> bool:
    """Whether the message names a matter of rules: supervision, certification, a modifier."""
    return bool(RULE_WORDS.search(text))


_COUNT = regex(
    r"^\W*(?:(?:how many|what|whats|what's|which|total|the|is|are|and|so|ok)\W+){0,4}"
    r"(?:units?|min(?:ute)?s?|total|count)(?:\W+(?:total|in all|then|now))?\W*$",
    re.I,
)
_OF_KX_OR_59 = regex(r"(?<![\d.$])59(?![\d.%])|\bkx\b", re.I)
_WITH_WHAT = regex(
    r"\b(?:with|w|w/|for|on|between)\s+(?!(?:it|this|that|them|these|those)\b)\w", re.I
)


def asks_the_count(text: str) -> bool:
    """«units?», «total min?»: of the claim, whatever was asked before."""
    return bool(_COUNT.match(text))


def asks_of_a_modifier(text: str, facts: Facts) -> bool:
    """«kx?», «is 59 required w eval»: whether a modifier is needed that the claim cannot tell yet.

    KX is told by the claim where the year's amount is known, 59 where two of its codes are meant.
    """
    match = _OF_KX_OR_59.search(text)
    if match is None or not is_question(text):
        return False
    if match.group() != "59":
        return facts.dollars.before is None
    return len({s.code for s in facts.services}) < 2 or bool(_WITH_WHAT.search(text))


def may_be_of_a_rule(text: str) -> bool:
    """Whether a question in the middle of a visit may be one on a rule and not on the claim."""
    enough = len(text.split()) >= LEAST_ASKED or _PAYER_DOES.search(text)
    return bool(enough) and not _ABOUT_UNITS.search(text)


def of_the_told(text: str, facts: Facts) -> Facts:
    """The facts with the codes told as those asked about, where the question means them."""
    told = tuple(dict.fromkeys(s.code for s in facts.services))
    if facts.codes or len(told) < 2 or not asks_of_the_pair(text):
        return facts
    return replace(facts, codes=told)
