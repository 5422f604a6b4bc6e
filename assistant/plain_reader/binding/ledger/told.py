"""What a row of tokens says when it is read in one way: lines, and whose shares of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.claim import Block, Clinician
from assistant.plain_reader.binding.ledger.token import Join, Token


@dataclass(frozen=True, slots=True)
class Share:
    """What one person gave of a line; minutes None for the rest of it.

    Attributes:
        alone: whether it can be of no other line: nothing else is told without a person.
    """

    who: Clinician
    amount: Token | None
    beside: Join
    opened: bool
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Minutes of one thing done; `who` None where nobody is named."""

    done: Token
    minutes: int
    who: Clinician | None
    shares: tuple[Share, ...] = ()
    part: bool = False  # «the first 10 by the PT, the next 15 by the PTA»
    block: Block | None = None
    plain: bool = False  # nothing between what was done and its minutes that may be a name


@dataclass(frozen=True, slots=True)
class Told:
    """What the tokens read so far say.

    Attributes:
        leader: who was named first, «PTA: A 20, B 10»; `led` whether beyond the sentence.
        assigned: who gave what is told with its minutes elsewhere.
        sums: what all of one person's minutes are together.
        rest: who gave everything that nobody else is said to have given.
        only: whether somebody gave only what is assigned.
    """

    lines: tuple[Line, ...] = ()
    leader: Clinician | None = None
    led: bool = False
    assigned: tuple[tuple[tuple[str, ...], Clinician], ...] = ()
    rest: Clinician | None = None
    only: bool = False
    sums: tuple[tuple[Clinician, int], ...] = ()
    idle: tuple[tuple[int, str], ...] = ()
    total: int = 0
    kept: tuple[Token, ...] = field(default=())

    def and_line(self, done: Token, amount: Token, who: Clinician | None) -> Told:
        """With minutes of something done."""
        line = Line(done, amount.minutes, who, part=amount.part, block=amount.block)
        return replace(self, lines=(*self.lines, line))

    def with_idle(self, amount: Token, why: Token) -> Told:
        """With minutes that are no treatment."""
        return replace(self, idle=(*self.idle, (amount.minutes, why.words)))

    def and_share(self, share: Share, at: int = -1) -> Told:
        """With a person's part of a line, the last one where no other is meant."""
        at = range(len(self.lines))[at]
        line = self.lines[at]
        shared = replace(line, shares=(*line.shares, share))
        return replace(self, lines=(*self.lines[:at], shared, *self.lines[at + 1 :]))


def other_than(who: Clinician) -> Clinician:
    """Who gave the rest beside this one where nobody is named."""
    return Clinician.ASSISTANT if who is Clinician.THERAPIST else Clinician.THERAPIST
