"""Which published statements a case touches that the authority contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.knowledge import Dispute


def on_minutes(disputes: Iterable[Dispute], minutes: Mapping[str, int]) -> tuple[Dispute, ...]:
    """Worked examples published for exactly these codes and minutes, with other units."""
    return tuple(
        d
        for d in disputes
        if d.check.get("kind") == "units"
        and not d.check.get("derived")
        and {str(c): m for c, m in d.check["given"].items()} == dict(minutes)
    )


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
