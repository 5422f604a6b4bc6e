"""«undo that», «start over»: what a later message takes back of what was told."""

from __future__ import annotations

import re

from assistant.patterns import regex

_AGAIN = (
    r"(?:(?:ok(?:ay)?|no|nope|actually|wait|sorry|please|hmm|oh|well|so|and|now|then|just)\W+)*"
)
_UNDO = regex(
    rf"^\W*{_AGAIN}(?:undo(?: (?:that|it|this|the last(?: \w+)?))?"
    r"|(?:i )?take (?:it|that|this) back|put (?:it|that|them|this) back(?: in| on)?"
    r"|never ?mind(?: (?:that|then))?|nvm"
    r"|go back(?: (?:one|a step|to (?:what|how|where|the way|the) [\w ]{2,24}))?"
    r"|(?:(?:please )?(?:change|switch|swap|flip|turn|set) (?:it|that|them) back|back|revert"
    r"(?: (?:it|that|this|back))?|as you were|restore(?: it| that)?)"
    r"|(?:scratch|cancel|forget|ignore|disregard|scrap|strike|reverse|drop) "
    r"(?:that|it|this|(?:my|the) last(?: \w+)?)"
    r"|(?:back to )?(?:the way|how|as|what) (?:it|we|that) (?:was|were|had)(?: it| before)?"
    r"|back to (?:the )?(?:original|before|previous|first)(?: (?:one|version|claim|answer))?"
    r"|(?:but )?(?:i|we|s?he|they) (?:did ?n[o']?t|didnt)(?: though| do that)?"
    r"|(?:i|it|that|the (?:first|original|old)(?: one| version| way)?) was "
    r"(?:right|correct|fine|ok)"
    r"(?: (?:the first time|before|originally|at first|as it was|the way it was))?"
    r"|(?:bring|get|take) (?:it|that|them) back|(?:like|as) before)(?: please)?\W*$",
    re.I,
)


def undoes(text: str) -> bool:
    """Whether the message only takes back the last change: «undo that», «put it back»."""
    return bool(_UNDO.match(text))


_LETS_GO = regex(
    rf"^\W*{_AGAIN}(?:never ?mind|nvm|(?:scratch|cancel|forget|ignore|disregard|scrap|drop) "
    r"(?:that|it|this))\b",
    re.I,
)


def lets_go(text: str) -> bool:
    """Whether the message only drops what was just said: «never mind» after a question."""
    return bool(_LETS_GO.match(text))


_RESET = regex(
    r"^\W*(?:please\s+)?reset\b|\b(?:start over|forget (?:that|it|all)"
    r"|new (?:patient|visit|question|case|scenario)"
    r"|different patient|next (?:patient|pt)"
    r"|^\W*(?:(?:ok|okay|and|now|so|for)\W+)*another patient\b(?!s)"
    r"|(?:patient|pt|one|person) (?:right )?after (?:her|him|that|them))\b",
    re.I,
)


def starts_over(text: str) -> bool:
    """Whether a message leaves behind all that was said before it."""
    return bool(_RESET.search(text)) and not undoes(text)
