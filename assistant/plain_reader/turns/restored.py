"""«put the gait back in»: what an earlier message told, brought back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.claim import Service
from assistant.patterns import regex
from assistant.plain_reader.known import Facts

_BACK = regex(
    r"\b(?:back|keep|kept|restore|after all|re-?add|again|leave .{0,20}\bin|did happen|stays?)\b",
    re.I,
)


def brings_back(text: str) -> bool:
    """Whether the message may put in again what was taken out: «keep the eval»."""
    return bool(_BACK.search(text))


def ever_told(facts: Facts) -> list[Service]:
    """The services that stand, and those that earlier messages told."""
    found, codes = list(facts.services), {s.code for s in facts.services}
    earlier = facts.previous
    while earlier is not None:
        found += [s for s in earlier.services if s.code not in codes]
        codes |= {s.code for s in earlier.services}
        earlier = earlier.previous
    return found


def restored(before: Facts, codes: Sequence[str], text: str) -> Sequence[Service]:
    """«put the gait back in»: with the services of that code as they last were; else none."""
    told = {s.code for s in before.services}
    if not codes or told & set(codes) or not brings_back(text) or re.search(r"\d\s*min", text):
        return ()
    earlier = before.previous
    while earlier is not None:
        again = [s for s in earlier.services if s.code in codes]
        if {s.code for s in again} == set(codes):
            replaced = len(earlier.services) == len(before.services)
            return earlier.services if replaced else [*before.services, *again]
        earlier = earlier.previous
    return ()
