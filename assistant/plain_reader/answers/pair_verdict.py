"""May two codes stand on one day: the edit table's word in one sentence."""

from __future__ import annotations

from assistant.rules.edits import PairRuling, PairStatus


def told(found: PairRuling, one: str, other: str) -> str:
    """The verdict in bold, then what follows from it."""
    denied, no_modifier = found.denied, found.indicator == 0
    return {
        PairStatus.NONE: f"**Yes**: {one} and {other} may stand together without 59.",
        PairStatus.MODIFIER: (
            f"**Only with 59 on {denied}**, and only where the minutes of {one} and {other} were "
            "separate, each with a purpose of its own."
        ),
        PairStatus.BLOCKED: f"**No**: {denied} is not paid beside the other, with any modifier.",
        PairStatus.NOT_HELD: f"**Not held here**: look {one} and {other} up before billing both.",
        PairStatus.UNCONFIRMED: (
            f"**Probably not**: an edit seems to join {one} and {other}, and its indicator 0 means "
            f"that no modifier lifts it. Bill one of them unless your check finds otherwise."
            if no_modifier
            else f"**Check first**: an edit may join {one} and {other}, but it is not confirmed. "
            f"If it stands, {denied} is paid beside the other only with 59 and minutes of its own."
        ),
    }[found.status]
