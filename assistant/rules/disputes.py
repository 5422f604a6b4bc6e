"""Which published statements a case touches that the authority contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.knowledge import Dispute
from assistant.rules.units import units_of


def on_minutes(disputes: Iterable[Dispute], minutes: Mapping[str, int]) -> tuple[Dispute, ...]:
    """Worked examples published for exactly these codes and minutes, with other units.

    Where there is none, for one code alone: those that give that code, among others, the same
    minutes and units that it does not earn.
    """
    examples = [
        d for d in disputes if d.check.get("kind") == "units" and not d.check.get("derived")
    ]
    exact = tuple(d for d in examples if _by_code(d.check["given"]) == dict(minutes))
    if exact or len(minutes) != 1:
        return exact
    [(code, spent)] = minutes.items()
    return tuple(d for d in examples if _gives_too_much(d, code, spent))


def _by_code(numbers: Mapping[object, int]) -> dict[str, int]:
    return {str(code): number for code, number in numbers.items()}


def _gives_too_much(dispute: Dispute, code: str, minutes: int) -> bool:
    published = _by_code(dispute.check["published"])
    same = _by_code(dispute.check["given"]).get(code) == minutes
    return same and published.get(code, 0) > units_of(minutes)


def on_pair(disputes: Iterable[Dispute], one: str, other: str) -> tuple[Dispute, ...]:
    """Published statements on the edit between two codes."""
    pair = {one, other}
    return tuple(
        d
        for d in disputes
        if d.check.get("kind") == "edit" and set(map(str, d.check["pair"])) == pair
    )


def on_topic(disputes: Iterable[Dispute], codes: Sequence[str], topic: str) -> tuple[Dispute, ...]:
    """Published statements on a topic, for any of the codes or for none in particular."""
    found = []
    for dispute in disputes:
        named = {str(c) for c in dispute.applies.get("codes", ())}
        topics = {dispute.topic, *dispute.applies.get("topics", ())}
        if topic in topics and (not named or named & set(codes)):
            found.append(dispute)
    return tuple(found)


def on_guide(disputes: Iterable[Dispute], guide: str) -> tuple[Dispute, ...]:
    """Published statements on what a guide of ours answers."""
    return tuple(d for d in disputes if guide in d.applies.get("guides", ()))
