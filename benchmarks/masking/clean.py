"""Scenarios without any identifier: nothing of them may be masked."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from benchmarks.language_model.drafts import RULES, messages
from benchmarks.masking.notes import SEED
from benchmarks.masking.templates import CLEAN
from benchmarks.therapybillbench import items

# Items that do hold an identifier: a name, where somebody lives, the day of an operation.
_NOT_CLEAN = ("Kim, PTA", "ZIP 97110", "Pat Lee", "TKA 10/2/2026", "Dana wrote", "Ann wrote")
_SLOT = re.compile(r"<(\w+)>")
_CODES = [
    "97110",
    "97112",
    "97113",
    "97116",
    "97124",
    "97140",
    "97150",
    "97530",
    "97535",
    "97542",
    "97129",
    "92507",
    "92526",
    "97161",
    "97164",
    "97165",
    "97168",
    "97032",
    "97035",
    "97750",
    "97760",
    "G0283",
    "G0515",
    "20560",
]
_NAMES = [
    "TE",
    "therex",
    "Therapeutic Exercise",
    "TA",
    "ther act",
    "NMR",
    "neuro re-ed",
    "MT",
    "Manual Therapy",
    "gait training",
    "self care",
    "US",
    "estim",
    "PT eval",
    "group",
]
_PAYERS = [
    "Medicare",
    "Medicare Part B",
    "Aetna",
    "Cigna",
    "BCBS",
    "UHC",
    "Humana",
    "Anthem",
    "Tricare",
    "Medicaid",
    "Kaiser",
    "Blue Cross",
    "Medicare Advantage",
    "workers comp",
    "Premera",
    "Regence",
]
_MODIFIERS = ["GP", "GO", "KX", "CQ", "59", "XU"]


def scenarios(how_many: int, seed: int = SEED) -> Iterator[str]:
    """The benchmark's own messages that hold no identifier, then made ones."""
    own = [
        turn
        for item in items.load()
        if "masked" not in item.expect
        for turn in item.turns
        if len(turn) < 5_000 and not any(words in turn for words in _NOT_CLEAN)
    ]
    draw = random.Random(seed)
    made = 0
    for text in own[:how_many]:
        made += 1
        yield text
    for text in messages(draw, (how_many - made) // 3):
        made += 1
        yield text
    while made < how_many:
        made += 1
        yield _filled(CLEAN[made % len(CLEAN)], draw)


def _day(draw: random.Random) -> str:
    month, day = draw.randint(1, 12), draw.randint(1, 28)
    return draw.choice(
        (f"{month}/{day}/2026", f"2026-{month:02}-{day:02}", f"March {day}, 2026", f"{month}/{day}")
    )


def _filled(template: str, draw: random.Random) -> str:
    hour, minute = draw.randint(7, 11), draw.randint(0, 30)
    make: dict[str, Callable[[], str]] = {
        "code": lambda: draw.choice(_CODES),
        "name": lambda: draw.choice(_NAMES),
        "min": lambda: str(draw.randint(4, 60)),
        "payer": lambda: draw.choice(_PAYERS),
        "day": lambda: _day(draw),
        "used": lambda: f"${draw.randint(500, 4000):,}",
        "clock": lambda: f"{hour}:{minute:02}-{hour}:{minute + 25:02}",
        "tight": lambda: f"{hour:02}{minute:02}-{hour:02}{minute + 25:02}",
        "disc": lambda: draw.choice(("PT", "OT", "SLP")),
        "rule": lambda: draw.choice(RULES),
        "mod": lambda: draw.choice(_MODIFIERS),
    }
    return _SLOT.sub(lambda slot: make[slot[1]](), template)
