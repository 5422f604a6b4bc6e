"""«I mean PTA», «8 sorry», «off the self care»: one word of the last message said anew.

The last message is read again with that word in its place, on what was known before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.patterns import regex
from assistant.plain_reader.asked.intent import is_question
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import people
from assistant.plain_reader.mentions.people import AIDE, ASSISTANT, STUDENT
from assistant.plain_reader.turns import fragments, minutes_alone

LONGEST = 6  # words of such a message
MOST_LETTERS = 600  # of it, and of the message before
_HELPER = regex(rf"(?<![\w/])(?:{ASSISTANT}|{STUDENT}|{AIDE})", re.I)
_OF_WHOLE = regex(
    r"\s{1,3}(?:out )?of (?:the|those|these|that|my)?\s*\d{1,3}(?:\s*min\w*)?(?![\d:/])", re.I
)
_THINKS = regex(r"\b(?:think|thought|believe|maybe|more like|actually|not|was it|should)\b", re.I)
_NUMBER = regex(r"(?<![\w$.,/:-])\d{1,3}(?:\.\d)?(?![\d%/:]|[.,]\d|\s*(?:units?|u)\b)")
_OF_THEM = regex(r"\b(?:of|for)\s+(?:it|that|those|them|these|this|the)\b|\b(?:it|that)\b", re.I)
_A_PART = regex(r"\b(?:of|off)\s+(?:it|that|which|those|them|these|this|the)\b", re.I)
_ASIDE = (
    r"(?:(?:no|nope|sorry|oops|i|mean|meant|actually|ack|ah|wait|it|was|is|that|the|an?|my|our"
    r"|should|be|say|typo|correction|w|with|by)\W+)*"
)
_ONLY_HELPER = regex(rf"^\W*{_ASIDE}(?P<who>{ASSISTANT}|{STUDENT}|{AIDE})\W*$", re.I)
_ASIDE_NUMBER = regex(r"\bmore like\b|\b(?:the )?(?:first|last|final)\b(?=\s+\d)", re.I)
_IS_PART = regex(r"\s*(?:min\w*\s+)?(?:out )?of (?:which|it|that|those|them|these)\b", re.I)
_VAGUE = regex(r"\b(?:over|under|more than|less than|at least|at most)\s+\d", re.I)
_OFF = regex(r"\b(?:off|from|out of)\b", re.I)
_PRONOUN = regex(r"\b(?:it|that|those|them|these|this)\b", re.I)


def told(
    before: Facts,
    text: str,
    codes_in: Callable[[str], Sequence[str]],
    in_full: Callable[[Facts, str], str],
) -> str:
    """The last message with the word that this one says anew; "" where it says no such.

    Args:
        codes_in: the codes told that a text names or hints at.
        in_full: a message with its codes by their numbers, after what was told before it.
    """
    last = before.said
    if not last or before.before_said is None or max(len(last), len(text)) > MOST_LETTERS:
        return ""
    if len(text.split()) > 2 * LONGEST:
        return ""
    if "?" in text:
        return _doubted(last, text)
    refused = not (before.differs_from(before.before_said) or is_question(last))
    return (
        _another_number(last, text, refused=refused)
        or _another_helper(last, text)
        or _its_code(before, last, text, codes_in)
        or _another_code(before, last, text, codes_in, in_full)
    )


def _numbers(text: str) -> list[re.Match[str]]:
    return list(_NUMBER.finditer(_OF_WHOLE.sub(lambda m: " " * len(m.group()), text)))


def _doubted(last: str, text: str) -> str:
    """«was 8 right? I think 5»: the number of the last message, and the one in its place."""
    old, new = _numbers(last), [m.group() for m in _numbers(text)]
    others = [n for n in new if len(old) == 1 and n != old[0].group()]
    if len(new) != 2 or len(others) != 1 or not _THINKS.search(text):
        return ""
    return f"{last[: old[0].start()]}{others[0]}{last[old[0].end() :]}"


def _another_number(last: str, text: str, *, refused: bool) -> str:
    """«23 I mean» after «the OT did 20 of it».

    Args:
        refused: whether the last message was not taken in.
    """
    if _VAGUE.search(last):
        return ""
    part = bool(
        people.find(last) or _I_GAVE.match(last) or _HELPER.search(last) or _A_PART.search(last)
    )
    old = _numbers(last)
    if len(old) > 1:  # «45 min, 10 of which was rest»
        old = [m for m in old if _IS_PART.match(last, m.end())]
    if not (part or refused) or len(old) != 1 or _AND.match(text) or fragments.is_wish(text):
        return ""
    new = minutes_alone.bare_minutes(_ASIDE_NUMBER.sub(" ", _OF_WHOLE.sub(" ", text)))
    was = float(old[0].group())
    if len(new) != 1 or not new[0] or float(new[0]) == was or text.lstrip()[:1] in "+-":
        return ""
    return f"{last[: old[0].start()]}{new[0]}{last[old[0].end() :]}"


def _another_helper(last: str, text: str) -> str:
    """«I meant PTA» after «the COTA was there for 10 minutes»."""
    new, old = _ONLY_HELPER.match(text), list(_HELPER.finditer(last))
    if new is None or len(old) != 1 or old[0].group().lower() == new["who"].lower():
        return ""
    return f"{last[: old[0].start()]}{new['who']}{last[old[0].end() :]}"


def _its_code(before: Facts, last: str, text: str, codes_in: Callable[[str], Sequence[str]]) -> str:
    """«off the self care», «the exercise»: of which code the last message spoke, not taken in."""
    earlier, said = before.before_said, _numbers(last)
    if earlier is None or before.differs_from(earlier) or len(said) != 1 or _numbers(text):
        return ""
    codes = codes_in(text) if len(text.split()) <= LONGEST else ()
    if len(codes) != 1 or codes_in(last):
        return ""
    if not _OF_THEM.search(last):  # «5 less», «3 more minutes»
        return f"{last.rstrip(' .!')} of the {codes[0]}"
    if _OFF.search(text):
        return f"take {said[0].group()} min off the {codes[0]}"
    return _PRONOUN.sub(f"the {codes[0]}", last, count=1)


def _another_code(
    before: Facts,
    last: str,
    text: str,
    codes_in: Callable[[str], Sequence[str]],
    in_full: Callable[[Facts, str], str],
) -> str:
    """«no, the other one» after «the PTA did 10 of the 97140»: the same of another code."""
    earlier, new = before.before_said, codes_in(text) if _NO.match(text) else ()
    if earlier is None or not new or len(text.split()) > LONGEST or _numbers(text):
        return ""
    said = in_full(earlier, last)
    told = {s.code for s in earlier.services}
    rows = list(_CODES.finditer(said))
    old = set(re.findall(r"\d{5}", rows[0].group())) if len(rows) == 1 else set()
    if not old or not old <= told or not set(new) <= told or old == set(new):
        return ""
    return f"{said[: rows[0].start()]}{' and the '.join(new)}{said[rows[0].end() :]}"


_I_GAVE = regex(
    r"\W*(?:(?:and|but|no|sorry|actually|oh|well)\W+)*I\s+(?:only |just |also )?"
    r"(?:did|came|stepped|jumped|finished|took|had|gave|covered|started)\b",
    re.I,
)
_AND = regex(r"^\W*(?:and|also|plus|n)\b", re.I)
_NO = regex(
    r"^\W*(?:no(?=,| (?:the|it|i|not|wait|sorry|actually)\b)|nope|nah|sorry|oops|wait"
    r"|wrong(?: one| code)?|not that(?: one)?|i (?:mean|meant))\b"
    r"(?!\W+\w+\W+\w+\W+\w+\W+\w)",
    re.I,
)
_CODES = regex(r"\b\d{5}(?:(?:,| and|, and)(?: the)? \d{5}){0,5}")
