"""What one message says of all that was done: who gave it, who writes, what is doubted."""

from __future__ import annotations

import re

from assistant.claim import Clinician
from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.reading import Reading

_EITHER = regex(r"\b(\d{1,3}) or (\d{1,3})(?:\s*min\w*)?\s*\?")


def refuse_either(text: str, found: Reading) -> None:
    """Nothing, unless «…, so 20 or 10?» doubts which of two times of one code is right.

    Raises:
        ImpossibleFact: it does.
    """
    asked = _EITHER.search(text)
    for code in {s.code for s in found.services} if asked else ():
        told = [s.minutes for s in found.services if s.code == code]
        if asked and len(told) > 1 and {int(asked[1]), int(asked[2])} <= set(told):
            raise ImpossibleFact(
                "minutes", told, f"{asked[1]} and {asked[2]} minutes of {code}: which is right?"
            )


_WISH = regex(
    r"\b(?:i'?d|i would|i|we'?d|we|they"
    r"|(?:the|my|our) (?:boss|manager|director|owner|biller|clinic))\s+"
    r"(?:really\s+)?(?:rather|prefer|want|like|wish)s?\b[^,.;]{0,40}?"
    r"\b(?:pays?|paid|reimburs\w+|money|worth)\b[^,.;]{0,20}(?:[,.;]|\bbut\b)",
    re.I,
)


_NO_ASSISTANT = regex(
    r"^\W*(?:there was |actually )?no (?:pta|c?ota|assistant)s?\b"
    r"(?: (?:at all|involved|today))*\W*$",
    re.I,
)


def take(text: str, found: Reading) -> str:
    """The text without who gave everything, or who writes where nobody else is named to treat.

    A wish to bill what pays more is taken out too.
    """
    text = _WISH.sub(lambda m: " " * len(m.group()), text)
    if _NO_ASSISTANT.search(text):
        found.by_everyone = Clinician.THERAPIST
    everything = people.of_everything(text)
    me = None if everything else people.writer(text)
    if me is not None:
        others = people.find(text[me[2] :])
        named = [m for m in others if text[me[2] :][m.start : m.end] != "I"]
        if named:
            found.writer, start, end = me
        else:
            everything = me
    if everything is not None:
        found.by_everyone, start, end = everything
    elif found.writer is Clinician.THERAPIST:
        return text
    return text[:start] + " " * (end - start) + text[end:]
