"""The day's timed minutes against the minutes at which each unit is earned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claim import CountingRule
from assistant.rules.units import MIDPOINT, UNIT_MINUTES

PATTERNS = 6  # how many the style sheet tells apart
NARROWEST_LABEL = 14.0  # percent of the width into which a code's number fits


@dataclass(frozen=True, slots=True)
class Part:
    """Minutes of one code."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Minutes at which a unit is earned; `x` in percent of the width."""

    minutes: int
    units: int
    x: float
    reached: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A full 15 minutes, or what is left of a code's minutes; lengths in percent."""

    minutes: int
    is_full: bool
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """One code's blocks."""

    code: str
    minutes: int
    pattern: int
    blocks: tuple[Block, ...]

    @property
    def x(self) -> float:
        """Where it starts."""
        return self.blocks[0].x

    @property
    def width(self) -> float:
        """How long it is."""
        return round(sum(block.width for block in self.blocks), 3)

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 3)

    @property
    def has_room(self) -> bool:
        """Whether its code fits into it."""
        return self.width >= NARROWEST_LABEL

    @property
    def in_words(self) -> str:
        """Its blocks as a sum."""
        full = sum(block.is_full for block in self.blocks)
        left = self.minutes - full * UNIT_MINUTES
        pieces = [f"{full} × {UNIT_MINUTES}"] if full else []
        return " + ".join([*pieces, str(left)] if left or not full else pieces)


@dataclass(frozen=True, slots=True)
class Bar:
    """Minutes that are counted together."""

    label: str
    minutes: int
    units: int
    to_next: int
    end: float
    marks: tuple[Mark, ...]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class MinutesPicture:
    """One bar for the pooled total, or one a code where each counts alone."""

    rule: CountingRule
    bars: tuple[Bar, ...]

    @property
    def in_words(self) -> str:
        """The picture's content as a sentence."""
        return " ".join(
            f"{bar.label}: {bar.minutes} minutes, {bar.units} "
            f"unit{'' if bar.units == 1 else 's'}; {bar.to_next} more for the next."
            for bar in self.bars
        )


def units_of(minutes: int) -> int:
    """Units that so many minutes earn when counted together."""
    return (minutes - MIDPOINT) // UNIT_MINUTES + 1 if minutes >= MIDPOINT else 0


def threshold(units: int) -> int:
    """Minutes at which so many units are earned."""
    return MIDPOINT + (units - 1) * UNIT_MINUTES


def picture(parts: Sequence[Part], rule: CountingRule) -> MinutesPicture | None:
    """The picture of a day's timed codes, or None where there are no minutes."""
    parts = [part for part in parts if part.minutes > 0]
    if not parts:
        return None
    pattern = {part.code: n % PATTERNS for n, part in enumerate(_distinct(parts))}
    if rule is CountingRule.CMS:
        groups = [("All timed codes", parts)]
    else:
        groups = [(part.code, [part]) for part in _distinct(parts)]
    totals = [sum(part.minutes for part in group) for _, group in groups]
    scale = max(threshold(units_of(total) + 1) for total in totals) + 2
    bars = (_bar(label, group, scale, pattern) for label, group in groups)
    return MinutesPicture(rule, tuple(bars))


def _distinct(parts: Sequence[Part]) -> list[Part]:
    minutes: dict[str, int] = {}
    for part in parts:
        minutes[part.code] = minutes.get(part.code, 0) + part.minutes
    return [Part(code, total) for code, total in minutes.items()]


def _bar(label: str, parts: Sequence[Part], scale: int, pattern: dict[str, int]) -> Bar:
    total = sum(part.minutes for part in parts)
    earned = units_of(total)
    last = (scale - MIDPOINT) // UNIT_MINUTES + 1
    marks = (
        Mark(threshold(n), n, _percent(threshold(n), scale), n <= earned)
        for n in range(1, last + 1)
    )
    stretches, at = [], 0
    for part in _distinct(parts):
        stretches.append(_stretch(part, at, scale, pattern[part.code]))
        at += part.minutes
    return Bar(
        label=label,
        minutes=total,
        units=earned,
        to_next=threshold(earned + 1) - total,
        end=_percent(total, scale),
        marks=tuple(marks),
        stretches=tuple(stretches),
    )


def _stretch(part: Part, at: int, scale: int, pattern: int) -> Stretch:
    full, left = divmod(part.minutes, UNIT_MINUTES)
    blocks = []
    for minutes in [UNIT_MINUTES] * full + [left] * bool(left):
        is_full = minutes == UNIT_MINUTES
        blocks.append(Block(minutes, is_full, _percent(at, scale), _percent(minutes, scale)))
        at += minutes
    return Stretch(part.code, part.minutes, pattern, tuple(blocks))


def _percent(minutes: int, scale: int) -> float:
    return round(100 * minutes / scale, 3)
