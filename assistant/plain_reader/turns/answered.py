"""Bare answers to what was asked: «yes» to separate minutes, «manual» to whose minutes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.claim import Clinician
from assistant.conversation import Question
from assistant.patterns import regex
from assistant.plain_reader.asked.intent import is_question
from assistant.plain_reader.mentions import people
from assistant.plain_reader.turns import undone

LONGEST = 5  # words of such an answer
_LEAD = r"^\W*(?:(?:i think|pretty sure|oh|well|ok|um|uh|hm+)\W+)?"
_OF_THEM = r"(?: of (?:them|it|those|the two))?"
_TAIL = r"(?:\W+(?:they|it|these|those|the (?:minutes|codes)) (?:were|was|are|did)(?:n'?t| not)?)?"
_YES = regex(rf"{_LEAD}(?:y|yes|yep|yeah|yup|ya|sure|correct|right){_TAIL}\W*$", re.I)
_NO = regex(rf"{_LEAD}(?:n|no|nope|nah){_TAIL}\W*$", re.I)
_NONE = regex(rf"^\W*(?:neither|none|no|nope|nothing|zero){_OF_THEM}\W*$", re.I)
_BOTH = regex(rf"^\W*(?:both|all|everything){_OF_THEM}\W*$", re.I)
_CLAUSE = regex(r"[^,.;\n]+")
_ONE_OF = regex(
    r"\b(?:one|either|part|some|a (?:bit|little|part)|half)?\s?of (?:them|those|these|it|that"
    r"|the (?:two|codes|visit|session))\b|\b(?:one|some)\b",
    re.I,
)
_SLASHED = regex(r"^\W*\d{1,3}(?:\s?[/+-]\s?\d{1,3}){1,5}\s*(?:min\w*)?\W*$", re.I)
_ONE_CODE = regex(r"\b(?:one|either) of (?:them|those|these|the)\b|\bone code\b", re.I)
_GRADE = regex(
    r"^\W*(?:(?:it|that|the|an?|eval(?:uation)?|was|is|sorry|actually|no|i'?d|say|think|i)\W+)*"
    r"(?P<grade>low|moderate|mod|med(?:ium)?|high)"
    r"(?:\W+(?:complexity|one|sorry|please|actually|eval\w*|grade|level))*\W*$",
    re.I,
)
_CODE = regex(r"\b\d{5}\b")
_SOME_OF = regex(r"\bsome of(?= the \d{5})", re.I)
_BARE = regex(r"^\W*\d{1,3}\s*(?:min\w*|m)?\W*$", re.I)
_NUMBER = regex(r"(?<![\w.])\d{1,3}(?!\d)")


def in_full(text: str, questions: Sequence[Question]) -> str:
    """«yes» as the ready answer that it picks; the text itself where none is open.

    Args:
        questions: those that are open, each with its ready answers.
    """
    start = "yes" if _YES.match(text) else "no" if _NO.match(text) else ""
    ready = [o for q in questions for o in q.options if start and o.lower().startswith(start)]
    return ready[0] if ready else text


def is_yes_or_no(text: str) -> bool:
    """Whether the message says no more than yes or no."""
    return bool(_YES.match(text) or _NO.match(text))


def listed(text: str, open_codes: Sequence[str]) -> str:
    """«20/10» as «20, 10», where just so many codes have no minutes yet."""
    found = re.findall(r"\d{1,3}", text) if _SLASHED.match(text) else []
    return ", ".join(found) if len(found) == len(open_codes) > 1 else text


def tells_no_figure(text: str) -> bool:
    """Whether the message is a short reply without a number, and no question or fresh start."""
    short = len(text.split()) <= LONGEST and not re.search(r"\d", _BARE.sub("", text))
    return short and not (is_question(text) or undone.starts_over(text))


def told_whose(last: str, text: str, code: str) -> tuple[str, str] | None:
    """A message that left open whose minutes were whose: the rest of it, and that in full.

    Args:
        last: the message; text: what answers it, None where it does not.
        code: the one code that the answer names; "" for none.
    """
    if len(text.split()) > LONGEST:
        return None
    open_clauses = [m for m in _CLAUSE.finditer(last) if _names_helper(m.group())]
    if len(open_clauses) != 1:
        return None
    clause = open_clauses[0]
    if _CODE.search(clause.group()) and not (_SOME_OF.search(clause.group()) and _BARE.match(text)):
        return None
    closed = _closed(clause.group().strip(), text, code)
    if closed is None:
        return None
    return f"{last[: clause.start()]}{last[clause.end() :]}".strip(" ,;"), closed


def graded(text: str) -> str:
    """«mod» as the grade of an evaluation in full; the text itself where it is none."""
    match = _GRADE.match(text)
    if match is None:
        return text
    grade = match["grade"].lower()
    return f"{'moderate' if grade.startswith('m') else grade} complexity"


def _closed(clause: str, text: str, code: str) -> str | None:
    """The clause with the answer in it; None where it answers nothing."""
    counted = _NUMBER.search(_CODE.sub("", clause))
    said = _NUMBER.findall(text.replace(code, "") if code else text)
    if _NONE.match(text):
        return ""
    if _BOTH.match(text) and not counted:
        return _ONE_OF.sub("all of it", clause, count=1)
    if len(said) == 1 and _SOME_OF.search(clause):
        return _SOME_OF.sub(f"{said[0]} min of", clause, count=1)
    if not code or (counted and said) or len(said) > 1:
        return None
    if counted:
        return f"{clause} of the {code}"
    meant = f"{said[0]} min of the {code}" if said else f"the {code}"
    if not said and not _ONE_CODE.search(clause):
        meant = f"some of the {code}"  # how many minutes, is asked again
    return _ONE_OF.sub(meant, clause, count=1)


def _names_helper(clause: str) -> bool:
    return any(p.clinician is not Clinician.THERAPIST for p in people.find(clause))
