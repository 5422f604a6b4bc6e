"""A conversation on several visits, taken apart into one conversation a visit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.conversation import Inquiry
from assistant.patterns import regex
from assistant.plain_reader.asked.intent import is_question
from assistant.plain_reader.turns.undone import starts_over
from assistant.plain_reader.visits import told_together
from assistant.plain_reader.words.letters import own_words
from assistant.plain_reader.words.text import plain

_OF_THE_CLAIM = regex(
    r"^\W*(?:and\b|but\b|what (?:if|about)\b|how about\b|why\b|are you sure|really)", re.I
)
_TOLD = regex(r"\d{5}.{0,20}\d\s*min|\d\s*min.{0,20}\d{5}", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Told:
    """One visit of several: its label, and the conversation as far as it is about that visit."""

    label: str
    inquiry: Inquiry


def apart(inquiry: Inquiry) -> list[Told]:
    """The visits that the last message speaks of, where several were told; else none."""
    texts = [own_words(plain(message)) for message in inquiry.messages]
    for at in range(len(texts) - 1, -1, -1):
        parts = told_together.split(texts[at])
        if len(parts) > 1:
            return _followed(inquiry, texts, at, parts)
        if starts_over(texts[at]) or not _goes_on(texts[at]):
            return []
    return []


def _goes_on(text: str) -> bool:
    """Whether a message may be about visits told before it, and tells or asks nothing new."""
    if is_question(text) and not _OF_THE_CLAIM.search(text):
        return False
    return bool(told_together.NAMED.search(text)) or not _TOLD.search(text)


def _followed(
    inquiry: Inquiry, texts: Sequence[str], at: int, parts: Sequence[told_together.Part]
) -> list[Told]:
    names = [_name(part, n, len(parts)) for n, part in enumerate(parts)]
    concerned = [_concerned(names, text) for text in texts[at + 1 :]]
    said = list(zip(inquiry.messages[at + 1 :], concerned, strict=True))
    found = []
    for n, part in enumerate(parts):
        if concerned and not concerned[-1][n]:
            continue
        later = tuple(_to_it(message, names[n]) for message, whom in said if whom[n])
        messages = (*inquiry.messages[:at], part.text, *later)
        found.append(Told(_label(parts, n), replace(inquiry, messages=messages)))
    return found


def _to_it(message: str, name: str) -> str:
    """The message as said to that visit alone: «patient 2 was 23 min» without its label."""
    bare = re.sub(rf"(?:\bfor\s+)?{name}['s]*\s*:?", "", message)
    return bare if bare.strip() else message


def _concerned(names: Sequence[str], text: str) -> list[bool]:
    """Which of the visits a later message speaks of: all, where it names none of them."""
    named = [bool(re.search(name, text)) for name in names]
    return named if any(named) and not all(named) else [True] * len(names)


_NTH = ("first|1st", "second|2nd", "third|3rd", "fourth|4th")
_VISIT = r"(?:one|patient|pt|client|visit|claim|person|case)"
_SAID_OF = r"(?=\s+(?:was|is|had|has|got|did|should|needs?|gets|only|actually|to)\b|\s*[:,]|\W*$)"


def _name(part: told_together.Part, n: int, several: int) -> str:
    """How a later message calls a visit: by its label, «B was 23», «the second one»."""
    words = [rf"(?i:{re.escape(part.label)})(?!\w)"]
    last = part.label.split()[-1] if part.label else ""
    if re.fullmatch(r"[A-H]|\d", last) and last != part.label:
        words.append(rf"(?i:#\s*{last}\b|{_VISIT}\s+{last}\b)|{last}{_SAID_OF}")
    if n < len(_NTH):
        nth = _NTH[n] + ("|last" if n == several - 1 else "")
        words.append(rf"(?i:(?:the\s+)?(?:{nth})\s+{_VISIT}\b)")
    return rf"(?<!\w)(?:{'|'.join(words)})"


def _label(parts: Sequence[told_together.Part], n: int) -> str:
    """The visit's label; numbered where several are the same, since their names are masked."""
    same = sum(part.label == parts[n].label for part in parts) > 1
    return f"{parts[n].label} ({n + 1})" if same else parts[n].label
