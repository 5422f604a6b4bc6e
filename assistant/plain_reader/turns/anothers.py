"""What another discipline gave: «the OT did the TA», «OT saw her too, 97535 30»."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import disciplines
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.turns.follow_up import is_correction


def is_anothers(before: Facts, codes: Sequence[str], text: str) -> bool:
    """«the OT did the TA»: some of the codes told are another discipline's visit."""
    told = {s.code for s in before.services}
    some = bool(codes) and (set(codes) < told or not set(codes) & told)
    return some and disciplines.anothers(text, before.discipline)


def tells_anothers(before: Facts, facts: Facts, reading: Reading, text: str) -> bool:
    """Whether the message tells another discipline's own visit: «OT saw her too, 97535 30»."""
    codes = tuple(dict.fromkeys(s.code for s in reading.services))
    told = {s.code for s in before.services}
    if not (before.has_minutes and codes) or set(codes) & told:
        return False
    if not disciplines.anothers(text, before.discipline) or is_correction(text):
        return False
    facts.anothers = codes
    return True
