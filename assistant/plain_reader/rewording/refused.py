"""Minutes that the patient refused or missed: nobody gave them."""

from __future__ import annotations

import re

from assistant.errors import ImpossibleFact
from assistant.patterns import regex

_REFUSED = regex(
    r"\b(?:(?:the\s+)?(?:pt|patient|he|she|client|resident|they|we)\s+)?(?:(?:has|had|then|also)\s+)*"
    r"(?:refus|declin|miss|cancel|skip|forfeit|lost)\w*\s+(?:out on\s+)?(?:about\s+)?"
    r"(?P<end>(?:the|his|her|their)?\s*(?:last|final|remaining|rest of the|other)\s+)?"
    r"(?:the\s+|a(?:n\s+additional|nother)\s+)?\d{1,3}\s*(?:-\s*)?(?:min(?:ute)?s?\b|m\b|')"
    r"(?!\s+of\s+(?:the\s+)?\d)[^.;,()\n\d]{0,50}?"
    r"(?=[.;,()\n]|\s(?:so|then|and|but|because|before|after)\b|$)",
    re.I,
)
_ONLY_DID = regex(  # «planned 97110 for 30 min but only did 20»
    r"\b(?:planned|planning|going|wanted|meant|supposed)\s(?P<what>[^.;\n]{0,60}?)(?<!\d)\d{1,3}"
    r"\s*(?:min(?:ute)?s?\b|m\b|')?[^.;\n\d]{0,12}?(?:\bbut|,)\s*(?:(?:i|we|s?he|pt|only|just)\s+)*"
    r"(?:did|got|gave|had|managed|made)\s+(?:only\s+|just\s+)?(?P<n>\d{1,3})"
    r"(?=\s*(?:min(?:ute)?s?\b|m\b|')?\s*(?:of (?:it|them|that))?\s*(?:[.,;\n]|$))",
    re.I,
)
_MORE = regex(r"\d\s*(?:-\s*)?(?:min|m\b|')|(?:\d{5}|\b[A-Za-z]{2,4})\W{1,3}\d{1,3}\b")


def told(text: str) -> str:
    """The text without minutes that were refused, where others are told behind them.

    «Patient refused the last 10 minutes. TE 20, NMR 15». Of what was planned and what was done in
    its place only the latter stays.
    """
    text = _ONLY_DID.sub(r"\g<what>\g<n>", text)
    return _REFUSED.sub(lambda match: _kept(match, text), text)


def _kept(match: re.Match[str], text: str) -> str:
    tells = _MORE.search(text, match.end()) or (
        not match["end"] and _MORE.search(text, 0, match.start())
    )
    return "" if tells else match.group()


def refuse_unclear(text: str) -> None:
    """Nothing, unless the end of what was told before it was refused.

    Raises:
        ImpossibleFact: «TE 30 min, pt refused the last 10»: asks whether they are among them.
    """
    match = _REFUSED.search(text)
    if match is not None and match["end"] and _MORE.search(text, 0, match.start()):
        raise ImpossibleFact(
            "minutes",
            match.group().strip(),
            f"Are those of «{match.group().strip()}» among the minutes told before? Say how many "
            "minutes of each code were really given.",
        )
