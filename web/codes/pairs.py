"""What the edit tables say of several codes billed on one day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from assistant.answering import Assistant
from assistant.claim import Setting
from assistant.errors import ImpossibleFact
from assistant.evidence import Reason
from assistant.knowledge import Dated, Payer
from assistant.rules.edits import PairRuling, PairStatus
from web.pictures.edit_history import History, history

MOST_CODES = 8
PAYER_KEYS = ("edits", "still_edits", "modifier_59")
TONES = {
    PairStatus.NONE: "info",
    PairStatus.MODIFIER: "warning",
    PairStatus.BLOCKED: "error",
    PairStatus.UNCONFIRMED: "warning",
    PairStatus.NOT_HELD: "warning",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two codes, what joins them on the day, why, and how that changed over the years."""

    ruling: PairRuling
    why: tuple[Reason, ...]
    picture: History | None

    @property
    def tone(self) -> str:
        """How grave it is, as the page colours it."""
        return TONES[self.ruling.status]

    @property
    def on_line(self) -> str:
        """Which line carries a modifier, where one may lift the edit."""
        return self.ruling.denied if self.ruling.status is PairStatus.MODIFIER else ""


def numbers(written: str) -> list[str]:
    """The codes in a line that somebody wrote, each once.

    Raises:
        ImpossibleFact: fewer than two, or more than a visit has.
    """
    found = found_in(written)
    if not 2 <= len(found) <= MOST_CODES:
        raise ImpossibleFact(
            "codes",
            written,
            f"Give two to {MOST_CODES} codes, such as 97530 97140; {len(found)} were read.",
        )
    return found


def found_in(written: str) -> list[str]:
    """The codes in a line that somebody wrote, each once."""
    return list(dict.fromkeys(re.findall(r"\b[0-9A-Z]\d{4}\b", written.upper())))


def pairs(assistant: Assistant, codes: Sequence[str], *, on: date, setting: Setting) -> list[Pair]:
    """Every pair of the codes; those joined by an edit come first.

    Raises:
        UnknownCode: a code is not among those held.
    """
    found = []
    for one, other in combinations(codes, 2):
        said = assistant.tools.check_edit_pair(one, other, on, setting)
        rows = assistant.knowledge.edits(one, other, setting)
        found.append(Pair(said.result, said.because, history(rows, on)))
    return sorted(found, key=lambda pair: pair.ruling.status is PairStatus.NONE)


def payer_says(payer: Payer, on: date) -> list[tuple[str, Dated]]:
    """What a payer's profile says of edits and of modifiers that lift them."""
    return [
        (key.replace("_", " "), value)
        for key in PAYER_KEYS
        if (value := payer.on(key, on)) is not None
    ]
