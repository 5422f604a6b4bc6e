"""Fuzzed conversations: mutated scenarios, random Unicode, huge and nested texts; by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from assistant.answering import LONGEST
from benchmarks.therapybillbench import items

SEED = 20261121
HUGE = 100_000  # characters
_JUNK = (
    "97110", "min", "PTA", "-5", "9999", "10:05-", "(", ")", "'", "\n", "|", ",,", "\u2264",
    "\u0663\u0660", "minutes each", "of which", "2/30/2026", "$2,400", "1e9", "\0", "\u202e",
    "half an hour", "97110-59", "25:99", "a" * 50, "\u00bd hour", "remove", "add", "no,",
    "Margaret", "[name]", "DOB 3/4/1950", "MRN 123456", "\U0001f9d1\u200d\u2695\ufe0f",
)  # fmt: skip
_PLANES = ((32, 0x3000), (0x3000, 0xA000), (0xA000, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x1FFFF))
_PAIRS = (
    ("(", ")"),
    ("[", "]"),
    ('{"a":', "}"),
    ("<b>", "</b>"),
    ("> ", ""),
    ("«", "»"),
    ("- ", ""),
)
KINDS = (
    "mutated",
    "mutated",
    "mutated",
    "mutated",
    "mutated",
    "unicode",
    "huge",
    "nested",
    "blocks",
)


_STREAMS = (
    "- . , ; ? : -- ... ! ( ) / & + = | \" '",
    "so if is that it or and a of the I to can do not with for per in on as be was",
    "15 min minutes x total of 10:05-10:23 each then another half hour 8 units",
    "PT PTA OT COTA aide student by the did gave with and I patient helped treated",
    "97110 97530 TE TA manual gait or vs is it be under considered code bill",
)


def _stream(words: str) -> str:
    """The words in ever another order: no run of one piece that could be cut short."""
    draw = random.Random(words)
    return " ".join(draw.choices(words.split(), k=LONGEST))[:LONGEST]


# Each as long as a message may be: what a pattern that looks back and forth would choke on.
HOSTILE = (
    *(
        (part * (LONGEST // len(part) + 1))[:LONGEST]
        for part in (
            "(", "97110 ", "15 min ", "1,2,3,4,", "10:00-10:15 ", "PT and PTA ", "a", "1", " ", "-",
            "of which the PTA did 10 ", "Patient A: 97110 15 min. Patient B: 97110 15 min. ", "> ",
            "Aa ", "AB ", "A. ", "margaret ", "MRN: ", "1/1/", "[name] ", "no, make it 20 ", "\n\n",
            "- ", ". ", "so ", "is that ", "\n- ",
        )
    ),
    *map(_stream, _STREAMS),
)  # fmt: skip


def conversations(how_many: int, seed: int = SEED) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Kind and turns of each, always the same for a seed."""
    draw = random.Random(seed)
    turns = [t for item in items.load() for t in item.turns if len(t) < LONGEST]
    make = {"unicode": _unicode, "huge": _huge, "nested": _nested, "blocks": _blocks}
    for n in range(how_many):
        kind = KINDS[n % len(KINDS)]
        if kind == "mutated":
            many = draw.choice((1, 1, 2, 3))
            yield kind, tuple(mutated(draw, draw.choice(turns)) for _ in range(many))
        else:
            yield kind, (make[kind](draw, turns),)


def mutated(draw: random.Random, text: str) -> str:
    """The text with one to six slips, cuts, repeats and strange signs."""
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(text) + 1)
        span = text[at : at + draw.randint(1, 20)]
        text = draw.choice(
            [
                text[:at] + text[at + draw.randint(1, 6) :],
                text[:at] + draw.choice(_JUNK) + text[at:],
                text[:at] + span + text[at:],
                text[:at] + chr(draw.randrange(32, 0x3000)) + text[at:],
                text.upper(),
                text.replace(" ", draw.choice(["", "  ", "\t", "\n"])),
            ]
        )
    return text


def _unicode(draw: random.Random, _: list[str]) -> str:
    signs = (
        chr(draw.randrange(*draw.choice(_PLANES))) for _ in range(draw.choice((20, 300, 3_000)))
    )
    return "".join(signs)


def _huge(draw: random.Random, turns: list[str]) -> str:
    """Up to the longest message that is read, and beyond it."""
    piece = mutated(draw, draw.choice(turns)) + draw.choice(["", " ", "\n", ", "])
    length = draw.choice((2_000, LONGEST, LONGEST, HUGE))
    return (piece * (length // max(1, len(piece)) + 1))[:length]


def _nested(draw: random.Random, turns: list[str]) -> str:
    depth = draw.choice((5, 50, 1_000))
    before, after = draw.choice(_PAIRS)
    return (before * depth + draw.choice(turns)[:500] + after * depth)[:LONGEST]


def _blocks(draw: random.Random, turns: list[str]) -> str:
    """Many short stretches of different messages: tables, lists and quotes run together."""
    parts = []
    for _ in range(draw.choice((10, 60, 300))):
        said = draw.choice(turns)
        at = draw.randrange(len(said) + 1)
        parts.append(said[at : at + draw.randint(3, 60)])
    return draw.choice(("\n", " | ", "; ", "\n> ", " ")).join(parts)[:LONGEST]
