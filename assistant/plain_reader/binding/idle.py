"""«6 of those were rest»: minutes within others in which nobody treated."""

from __future__ import annotations

import re

from assistant.patterns import regex
from assistant.plain_reader.binding.subsets import ANYONE, DID, MINUTES, OF_THEM, N, blanked
from assistant.plain_reader.reading import Reading, Subset
from assistant.plain_reader.words.text import number

_NO_TREATMENT = (
    r"(?:(?:on|in|at)\s+(?:the\s+|a\s+)?[a-z][a-z -]{2,40}?\s+"
    r"(?=unattended|unsupervised|alone|on (?:his|her|their)))?"
    r"(?:(?:just|only|all|a|for|on|was|were|spent|done|writing|doing|s?he|they|I|we|him|her|them|us|me|it"
    r"|(?:the |her |his |my )?(?:pt|patient))\s+)*(?:rest\w*|breaks?|set[- ]?up|waiting|bathroom"
    r"|documentation|(?:her |his |my |the )?notes?|charting|talking|on (?:his|her|their) own"
    r"|independent(?:ly)?|alone|unattended|unsupervised|unskilled|non-?billable|unbillable|(?:on\s+)?(?:the\s+|his\s+|her\s+|a\s+)?phone"
    r"|in\s+the\s+(?:bath|rest)room|on\s+the\s+toilet|toilet\w*|(?:a\s+)?water)\b(?:\s+(?:breaks?|calls?))?"
)
_IDLE = regex(
    rf"(?:[,;(]\s*)?(?:but\s+|and\s+)?(?<![\d.]){N}{MINUTES}\s+of\s+{OF_THEM}\s+(?:(?:was|were|is)\s+)?"
    rf"{_NO_TREATMENT}",
    re.I,
)
_IDLE_WHICH = regex(
    rf"(?:[,;(]\s*)?\bof\s+{OF_THEM}\s+(?:only\s+|about\s+)?{N}{MINUTES}\s+(?:(?:was|were|is)\s+)?"
    rf"{_NO_TREATMENT}",
    re.I,
)
_IDLE_BEFORE = regex(  # «took a phone call for 6 of them»
    r"[,;(]?\s*\b(?:but|and|while|although)?\s*(?:(?:the\s+)?(?:patient|pt|client|s?he|they)\s+)?(?:took|had|was|were|needed|spent|in|on)"
    r"\s+(?:a\s+|an\s+|the\s+|on\s+|in\s+)*(?:bathroom|restroom|toilet\w*|rest(?:ed|ing)?|breaks?|phone"
    r"|waiting|sick|nause\w+|talking|water)\b[^.;\d]{0,20}?"
    rf"{N}{MINUTES}\s+of\s+{OF_THEM}(?=\s*(?:[.,;)]|$))",
    re.I,
)
_IDLE_CODE = regex(  # «in the bathroom for 4 of the TE minutes»
    r"\b(?:bathroom|restroom|toilet\w*|rest(?:ed|ing)?|breaks?|phone|waiting|sick|nause\w+|talking"
    r"|water)\b[^.;\d]{0,30}?"
    rf"{N}{MINUTES}\s+of\s+(?:the|that|his|her|those)\s+"
    r"(?P<code>\d{5}|[A-Za-z][A-Za-z ]{1,18}?)"
    r"(?:\s+(?:minutes?|mins?|time|session|block))?(?=\s*(?:[.,;]|$))",
    re.I,
)
_IDLE_WITHIN = regex(  # «30 min of TE including 5 min rest», «45 min minus a 5 minute break»
    rf"(?:[,;(]\s*)?\b(?:incl(?:\.|ud\w+)?|minus|less|with)\s+(?:an?\s+|about\s+)?{N}[\s-]*{MINUTES}\s+"
    rf"(?:of\s+|for\s+|as\s+)?{_NO_TREATMENT}",
    re.I,
)
_IDLE_BESIDE = regex(  # «30 min after a 10 minute rest break»: no part of the 30
    r"(?:[,;(]\s*)?\b(?:after|before|excluding|excl\.?|besides|not (?:counting|including)|without)"
    rf"\s+(?:an?\s+|the\s+|about\s+)?{N}[\s-]*{MINUTES}\s+(?:of\s+|for\s+)?{_NO_TREATMENT}",
    re.I,
)
_IDLES = (_IDLE, _IDLE_WHICH, _IDLE_BEFORE, _IDLE_WITHIN)
_GIVEN_ALONE = regex(rf"\b{ANYONE}\s+{DID}\s[^.;]{{0,30}}?\balone\s*$", re.I)
_OF_VISIT = regex(  # «the session lasted 48 minutes, 8 of which …»
    r"\b(?:session|visit|appointment|treatment|total)\b[^.;\n\d]{0,20}\d{1,3}[\s-]*(?:minutes?|mins?|m)?"
    r"[^.;\n\d]{0,20}\Z",
    re.I,
)


def take(text: str, found: Reading) -> str:
    """The text, of the same length, without such minutes; they go to the reading."""
    for match in _IDLE_CODE.finditer(text):  # whose minutes they are, the code's name still says
        found.subsets.append(Subset(None, int(number(match["n"]) or 0)))
        text = blanked(text, match.start(), match.start("code"))
        text = blanked(text, match.end("code"), match.end())
    for match in (m for pattern in _IDLES for m in pattern.finditer(text)):
        if _GIVEN_ALONE.search(text, 0, match.end()):
            continue  # «the OTA was with him for 8 of it alone»: who gave them
        if not _OF_VISIT.search(text[: match.start()]):
            found.subsets.append(Subset(None, int(number(match["n"]) or 0), at=match.start()))
        text = blanked(text, match.start(), match.end())
    for match in _IDLE_BESIDE.finditer(text):
        text = blanked(text, match.start(), match.end())
    return text
