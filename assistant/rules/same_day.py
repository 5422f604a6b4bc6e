"""Two codes on one day: what makes both defensible, and what of it a note shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.claim import Block
from assistant.rules.note import Note, Quote


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a note with both codes must make plain."""

    id: str
    text: str
    statement: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two codes often billed together, and what keeps them apart."""

    codes: tuple[str, str]
    needs: tuple[Need, ...]

    @property
    def name(self) -> str:
        """Both codes, joined."""
        return "+".join(self.codes)

    def to_dict(self) -> dict[str, Any]:
        """The pair as plain JSON data."""
        return {
            "codes": list(self.codes),
            "needs": [{"id": n.id, "text": n.text, "pattern": n.pattern} for n in self.needs],
        }


@dataclass(frozen=True, slots=True)
class NeedReview:
    """A need, and the note's words for it; an empty list where the note is silent.

    Attributes:
        fault: what the note says against it ("" where nothing does).
    """

    need: Need
    quotes: tuple[Quote, ...]
    fault: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the note shows it."""
        return bool(self.quotes) and not self.fault

    def to_dict(self) -> dict[str, Any]:
        """The need as plain JSON data."""
        return {
            "id": self.need.id,
            "text": self.need.text,
            "present": self.is_met,
            "evidence": [quote.to_dict() for quote in self.quotes],
            "fault": self.fault,
            "pattern": None if self.is_met else self.need.pattern,
            "statement": self.need.statement,
        }


@dataclass(frozen=True, slots=True)
class PairReview:
    """A pair, and what of its needs the note shows."""

    pair: Pair
    needs: tuple[NeedReview, ...]

    @property
    def is_defensible(self) -> bool:
        """Whether the note shows all that keeps the two codes apart."""
        return all(need.is_met for need in self.needs)

    def to_dict(self) -> dict[str, Any]:
        """The review as plain JSON data."""
        return {
            "codes": list(self.pair.codes),
            "defensible": self.is_defensible,
            "needs": [need.to_dict() for need in self.needs],
        }


PURPOSE: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    # code: what its minutes are for; the sentence to complete; words that say so in a note
    "97110": (
        "the deficit in strength, range, endurance or flexibility that the exercise treats",
        "97110: [exercise, sets and load] for [measured deficit, such as knee extension 3+/5].",
        (
            r"\b(?:strength\w*|weak\w*|endurance|flexib\w+|stretch\w*|rom|range of motion|mmt)\b",
            r"\b[1-5][+-]?/5\b|\bdegrees?\b|°",
        ),
    ),
    "97140": (
        "the joint or tissue treated by hand and what was found there before and after",
        "97140: [technique] to [region] for [joint or tissue finding]; afterwards [finding].",
        (
            r"\b(?:mobili[sz]\w+|mobs?|manipulat\w+|soft[- ]tissue|myofascial|trigger point"
            r"|traction|lymph\w*|hypomobil\w+|adhesion\w*|restrict\w+|joint play|grade [iv1-5]+)\b",
        ),
    ),
    "97530": (
        "the functional task that was practiced and the limitation it is meant to lift",
        "97530: [task practiced, with help and cues] because the patient cannot yet [task], "
        "goal [number].",
        (
            r"\b(?:lift\w*|carr(?:y|ied|ying)\w*|reach\w*|transfers?\w*|sit[- ]to[- ]stand|push\w*"
            r"|pull(?:ed|ing)?|squat\w* to|bed mobility|box(?:es)?|shel(?:f|ves)|work simulation"
            r"|simulat\w+|toilet|laundry|grocer\w+)\b",
        ),
    ),
    "97535": (
        "the self-care or home activity taught, the method, and how the patient took it up",
        "97535: taught [activity] using [method or equipment]; the patient [response].",
        (
            r"\b(?:dress\w*|bath\w*|groom\w*|toilet\w*|feeding|self[- ]care|adls?|iadls?"
            r"|meal prep\w*|cook\w*|home management|energy conservation|adaptive|one[- ]handed"
            r"|compensat\w+|reacher|sock aid|tub)\b",
        ),
    ),
}

SAME_DAY_PAIRS = (
    ("97110", "97530"),
    ("97530", "97535"),
    ("97110", "97140"),
    ("97140", "97530"),
    ("97140", "97535"),
)
_GOAL = (
    r"\bgoals?\b[^\n]{0,120}",
    r"\b(?:so that|in order to|to be able to|needed (?:to|for)|required (?:to|for)"
    r"|limit(?:s|ed|ing)|to return to|carry[- ]?over)\b",
)


def pair(codes: tuple[str, str]) -> Pair | None:
    """What makes two codes defensible on one day, None where we hold nothing on the two."""
    if codes not in SAME_DAY_PAIRS:
        return None
    one, other = codes
    return Pair(
        codes,
        (
            Need(
                "own-minutes",
                f"{one} and {other} each have minutes of their own, none counted twice.",
                "same-day-own-minutes",
                f"{one}: [minutes] minutes; {other}: [minutes] minutes, one after the other.",
            ),
            Need(
                "own-purpose",
                f"Each has its own purpose: for {one} {PURPOSE[one][0]}; for {other} "
                f"{PURPOSE[other][0]}.",
                "same-day-own-purpose",
                f"{PURPOSE[one][1]} {PURPOSE[other][1]}",
            ),
            Need(
                "one-story",
                "One coherent story: the note says how both serve the same goal of the plan.",
                "same-day-one-story",
                f"[What {one} restored] is needed for [task or goal under {other}], goal [number].",
            ),
        ),
    )


def review(pair: Pair, note: Note) -> PairReview:
    """What of a pair's needs the note shows."""
    minutes, purpose, story = pair.needs
    goal = note.quote(note.readable, _GOAL)
    return PairReview(
        pair,
        (
            NeedReview(minutes, *_own_minutes(pair.codes, note)),
            NeedReview(purpose, *_own_purpose(pair.codes, note)),
            NeedReview(story, (goal,) if goal else ()),
        ),
    )


def _own_minutes(codes: tuple[str, str], note: Note) -> tuple[tuple[Quote, ...], str]:
    shared = shared_blocks(note, *codes)
    if shared:
        return (), f"The times {shared[0]} and {shared[1]} overlap."
    quotes = [note.minutes_quote(code) for code in codes]
    return _both(quotes, codes, "No minutes of its own in the note")


def _own_purpose(codes: tuple[str, str], note: Note) -> tuple[tuple[Quote, ...], str]:
    quotes = [note.quote(note.part(code), PURPOSE[code][2]) for code in codes]
    found, fault = _both(quotes, codes, "No purpose of its own in the note")
    same = _described_alike(note.own(codes[0]), note.own(codes[1]))
    return found, fault or ("Both codes are described in the same words." if same else "")


def _both(
    quotes: Sequence[Quote | None], codes: tuple[str, str], lack: str
) -> tuple[tuple[Quote, ...], str]:
    found = tuple(quote for quote in quotes if quote is not None)
    silent = [code for code, quote in zip(codes, quotes, strict=True) if quote is None]
    return found, f"{lack}: {', '.join(silent)}." if silent else ""


def shared_blocks(note: Note, one: str, other: str) -> tuple[Block, Block] | None:
    """Two clock blocks, one of each code, that share minutes."""
    for first in note.blocks(one):
        for second in note.blocks(other):
            if first.overlaps(second):
                return first, second
    return None


def _described_alike(one: str, other: str) -> bool:
    first, second = (set(re.findall(r"[a-z]{4,}", text.lower())) for text in (one, other))
    return len(first) > 3 and first == second
