"""One piece of what a message tells, and how it stands beside the one before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.claim import Block, Clinician
from assistant.patterns import regex

_ARTICLE = regex(r"\A(?:the|that|this|my|our|a|an|his|her)\s+", re.I)


class Kind(StrEnum):
    """What a token is; a message is a row of these letters."""

    CODE = "C"  # a code, a name of one or several, or words for something done
    AMOUNT = "N"
    PERSON = "P"
    REST = "R"
    UNTREATED = "U"


class Join(StrEnum):
    """What stands between a token and the one before it."""

    TIGHT = "tight"  # nothing that parts the two
    LISTED = "listed"  # a comma, «and»
    ENDED = "ended"  # a sentence, a line


@dataclass(frozen=True, slots=True)
class Token:
    """One of them.

    Attributes:
        part: «10 of it», «the last 10»: may be within minutes told before.
        other: «the other 10», «another 10»: what is no part of what is told before.
        whole: «10 of the 25»: the 25.
        but: «all but 10», «took over after 10 min»: the person gave what is left.
        opened: whether a bracket opens between it and the token before.
        before: the text between it and the token before.
        maybe: whether it may be no token at all: «PT» as a label, words that describe.
        block: the clock times that tell the minutes, where they do.
    """

    kind: Kind
    start: int
    end: int
    codes: tuple[str, ...] = ()
    words: str = ""
    minutes: int = 0
    who: Clinician = Clinician.THERAPIST
    part: bool = False
    other: bool = False
    whole: int = 0
    but: bool = False
    join: Join = Join.ENDED
    opened: bool = False
    before: str = ""
    maybe: bool = False
    block: Block | None = None

    @property
    def what(self) -> tuple[str, ...]:
        """What was done, to compare: its code, or the words for it."""
        return self.codes or (_ARTICLE.sub("", self.words).lower(),)
