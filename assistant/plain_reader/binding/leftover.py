"""What words are left of a stretch once its minutes and units are taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.patterns import regex
from assistant.plain_reader.mentions.dated import DATE
from assistant.plain_reader.mentions.mention import Mention

_BILLING_TALK = regex(
    r"\b(?:bill\w*|units?|rules?|ignore|claims?|charg\w+|codes?|pay\w*|medicare|how many|count\w*|"
    r"what|is|are|can|should|would|make|per|no|yes|actually|instead|if|rounds?|earns?|long)\b",
    re.I,
)
_NOISE = regex(
    r"\b(?:min(?:ute)?s?|of|for|x|then|the|a|an|did|done|spent|performed|provided|completed|with|"
    r"furnish(?:es|ed)|provides|performs|gives|gave|"
    r"worked on|working on|from|to|at|we|i|patient|today|on|in|were|was|about|around|approx\w*|"
    r"treatments?|therapy|sessions?|visits?|time|timed|meant|mean|add|more|extra|just|only|each|apiece|both|that|this|"
    r"clock|timer|stopwatch|hypothetically|it|my|she|he|they|had|got|and|medicare|PT|OT"
    r"|legit\w*|right|correct|fine|good|valid|okay|sounds?|looks?|please|thanks"
    r"|one[- ]on[- ]one|1[:/]1|separate(?:ly)?|individual(?:ly)?|our|therapists?)\b",
    re.I,
)
_LEADING = regex(r"^(?:of|for|x|min(?:ute)?s?|spent|on|doing)\s+", re.I)
_LABEL = regex(r"^(?:PT|OT|SLP|ST|pt|patient|tx|treatment)\s*:\s*")
_DAY = regex(rf"(?:\b(?:on|dos|date of service|seen|treated|visit)\W{{1,3}})?(?:{DATE})", re.I)
_PAYER_LAST = regex(
    r"[\s,]+(?:medicare|mcr)(?:\s+(?:part\s+)?b)?(?:[\s,/]+(?:PT|OT|SLP))?$"
    r"|[\s,]+(?:PT|OT|SLP)(?:[\s,/]+(?:medicare|mcr))$",
    re.I,
)
_TRAILING = regex(r"\s+(?:for|x|of|was|were|at|from|took)$", re.I)


_CLAIMED = regex(r"\b(?:right|correct|true|says?|claims?|states?) that\b", re.I)


def is_billing_talk(words: str) -> bool:
    """Whether the words speak of billing, and so name nothing done."""
    return bool(_BILLING_TALK.search(words))


def is_claim(words: str) -> bool:
    """«is it right that …»: a statement to be judged, nothing done."""
    return bool(_CLAIMED.search(words))


_HOW_LONG = regex(r"\s(?:for|x)\s*$", re.I)  # «squats for 15 min to …», without the minutes


def words(shown: str, start: int, end: int, mentions: Sequence[Mention]) -> str:
    """The words of a stretch without the mentions; "" where only filler is left."""
    pieces, at = [], start
    for mention in sorted(mentions, key=lambda m: m.start):
        pieces.append(_HOW_LONG.sub("", shown[at : mention.start]))
        at = max(at, mention.end)
    text = " ".join([*pieces, shown[at:end]])
    text = re.sub(r"\s+", " ", _DAY.sub(" ", text)).strip(" .,:;()-+*\n")
    text = _PAYER_LAST.sub("", text)
    text = _TRAILING.sub("", _LEADING.sub("", _LABEL.sub("", text)))
    return text if re.search(r"[a-z]{3,}", _NOISE.sub(" ", text), re.I) else ""
