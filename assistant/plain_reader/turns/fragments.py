"""Short later messages: a further line of the same visit, or a wish that tells no fact."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from assistant.patterns import regex

LONGEST = 7  # words of «18 minutes ther ex», which goes on with what was told
_SPENT = r"\d{1,3}\s*(?:min\w*|m\b|'|of\b(?! (?:it|that|those|them|the)\b))"
_FRAGMENT = regex(
    rf"^\W*(?:{_SPENT}|\d{{5}}|\d{{1,3}}\s+[a-z]|[a-z][a-z ,-]{{1,24}}\d)[^?]*$", re.I
)
_OF_A_VISIT = regex(
    r"\b(?:medicare|mcr|medicaid|PT|OT|SLP|ST|part b|patient|pt|visit|no|not|actually"
    r"|sorry|was|were|is|make|change|instead|only|just|next|now|eval\w*|what|how|if|bill|units?)\b"
)
_WISHES = regex(
    r"\b(?:can|could|may|should|shall)\s+(?:i|we)\s+(?:just\s+|maybe\s+)?(?:squeeze|round|bump|fudge"
    r"|stretch|sneak|tack|pad|find|make up|get away)\b"
    r"|\b(?:can|could|may|should)\s+(?:i|we)\s+(?:just\s+)?(?:move|shift|borrow|steal|transfer)\s+"
    r"(?:\w+\s+){0,2}min",
    re.I,
)


_OFF_BY = regex(r"\boff by\b", re.I)  # «MT off by 8»: more or less, is asked
_HOW_MANY_MORE = regex(
    r"\bhow (?:many|much|close|far)\b[^.]{0,24}\b(?:more|longer|another|next|need\w*|to)\b", re.I
)


def goes_on(text: str) -> bool:
    """Whether the message only names what was done and its minutes, as one does in a list."""
    return (
        len(text.split()) <= LONGEST
        and bool(_FRAGMENT.match(text))
        and not _OF_A_VISIT.search(text)
    )


def is_wish(text: str) -> bool:
    """«could I squeeze one more minute?», «how many more for 3»: of minutes that were not given."""
    return any(p.search(text) for p in (_WISHES, _HOW_MANY_MORE, _OFF_BY))


def joins_name(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """«and manual»: nothing but a joining word and the name of what was done too.

    Args:
        spans: where the text names codes.
    """
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    words = [w.lower() for w in re.findall(r"[A-Za-z0-9']+|\+", text)]
    return len(spans) == 1 and bool(set(words) & _JOINS) and set(words) <= _JOINS | _AROUND


_JOINS = frozenset(("and", "plus", "also", "add", "with", "then", "too", "+", "did"))
_AROUND = frozenset(("some", "a", "bit", "of", "the", "i", "we", "little", "as", "well", "oh"))
_JOINED = regex(r"\s*(?:and|plus|&|\+|with)\s", re.I)


def joins_untimed(text: str, codes: Set[str], timed: Set[str]) -> bool:
    """«and hot pack»: codes that need no minutes, joined to those told before."""
    return bool(codes) and not codes & timed and bool(_JOINED.match(text)) and "?" not in text
