"""A visit that did not take place: no claim, and what may be charged for it."""

from __future__ import annotations

import re

from assistant.conversation import AnswerKind, Question
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.asked.intent import is_question
from assistant.plain_reader.known import Facts
from assistant.plain_reader.rewording import planned

_VISIT = r"(?:visits?|appointments?|appts?|sessions?)"
_MISSED = regex(
    r"\bno[- ]?show(?:s|ed|ing)?\b|\bcxl?(?:'?e?d|led)?\b"
    r"|\b(?:did(?:n'?t| not)|never) (?:show(?:ed)?|c[ao]me|arrived?|attend(?:ed)?)\b"
    r"|(?<!letter )(?<!star )(?<!symbol )(?<!number )(?<!VOR )\bcancel(?:s|l?ed|l?ing|l?ations?)?\b"
    r"(?! (?:task|test|sheet|worksheet|exercise))"
    rf"|\bmissed (?:\w+ ){{0,2}}{_VISIT}\b"
    r"|\btoo (?:sick|ill|tired|weak) (?:to|for) (?:be )?(?:treat\w*|therapy|tx)\b|\bsent home\b"
    r"|\b(?:unable to|could not|couldn't) treat\b"
    r"|\btreatment (?:was )?(?:held|withheld)\b"
    r"|\b(?:refused|declined) (?:all|everything|(?:the )?(?:treatment|therapy)|to participate)\b",
    re.I,
)
_OF_OTHER = regex(  # «claim cancelled», «the check never came»
    r"\b(?:claims?|auth\w*|orders?|polic(?:y|ies)|insurance|coverage|plan|referral|contract|payments?"
    r"|checks?|remit\w*|money|note|report)\b[^.;?!\n]{0,20}(?:\bcancel|\bcome\b|\bcame\b|\barrive)"
    r"|\bcancel\w* (?:\w+ )?(?:claims?|auth\w*|orders?|polic\w+|plan|referral|contract)\b",
    re.I,
)
_ABSENT = regex(r"\bno[- ]?show|\b(?:did(?:n'?t| not)|never) (?:show|come|came)|\bcancel", re.I)
_OTHER_DAY = regex(r"\b(?:but|then|later|instead|today|\w+days?|seen|did)\b", re.I)
_OF_MONEY = regex(
    r"\b(?:bill\w*|charg\w+|fees?|claim|collect\w*|cod(?:e|ed|ing)|paid|pays?|reimburs\w+|units?)\b",
    re.I,
)


def tell(parts: Parts, text: str, facts: Facts, codes_of: planned.Names) -> bool:
    """Whether nothing was done: then what may be charged is said, or what was done is asked.

    Args:
        codes_of: the codes that a stretch of text names without doubt.
    """
    if _is_told(text, facts):
        _say(parts)
    elif not (facts.services or facts.activities) and planned.is_alone(text, codes_of):
        parts.kind = AnswerKind.CLARIFY
        parts.say("Only what was planned is told, and only what was done can be billed.")
        question = "How many minutes of which code were given?"
        parts.questions.append(Question("minutes", question, [], "claim"))
    else:
        return False
    return True


def _is_told(text: str, facts: Facts) -> bool:
    """Whether the message is on a visit that did not take place, and tells of nothing done."""
    told = facts.has_minutes or facts.activities or not _says_so(text)
    if told or ((facts.services or facts.choices) and not _asks_of_it(text)):
        return False
    return bool(_OF_MONEY.search(text)) or not is_question(text)


def _asks_of_it(text: str) -> bool:
    """«no show for the eval, can I bill 97161?»: the code is asked of, and no other day is told."""
    return is_question(text) and not _OTHER_DAY.search(text) and bool(_ABSENT.search(text))


def _says_so(text: str) -> bool:
    return bool(_MISSED.search(text)) and not _OF_OTHER.search(text)


def _say(parts: Parts) -> None:
    """That nothing is billed, and what Medicare says of a fee."""
    mark = parts.worksheet.mark
    parts.kind = AnswerKind.GUIDANCE
    parts.say(
        "**No claim**: no code is billed where nothing was treated.",
        f"- A charge for a missed visit is for no service.{mark('missed-visit-no-service')}",
        "- Medicare pays nothing for a missed appointment, and it is not billed to Medicare."
        f"{mark('missed-visit-not-billed')}",
        "- The patient may be charged a fee where patients with other insurance are charged too, "
        f"and the same amount.{mark('missed-visit-patient-charge')}",
        "- What other payers, Medicaid, workers' compensation and state law allow is not held "
        "here: see the contract before charging.",
        "- Minutes that were given before the patient left are billed as treatment: name them.",
    )
