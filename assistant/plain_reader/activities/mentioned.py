"""What the words for an activity mention: purposes, circumstances, known activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, lru_cache
from itertools import zip_longest

from assistant.flowchart import Flowchart, Verdict
from assistant.plain_reader.activities.cue_context import (
    negated,
    purpose_after,
    purpose_before,
    purpose_since,
)
from assistant.plain_reader.activities.cues import CueIndex, Hit, Word
from assistant.privacy.spans import PLACEHOLDER


class Weight(IntEnum):
    """How much a mention says about the purpose; the heaviest decides, a tie stays open."""

    GOAL = 1  # the goal behind the treatment: settles only what is open
    FAINT = 2  # a word so general that anything else outweighs it
    SIGN = 3
    PURPOSE = 4  # a sign said as the purpose
    NAMED = 5  # a method or service that settles by itself
    LABEL = 6  # what the minutes are headed with
    REPLY = 7  # the answer to our question


OPPOSITE = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}
_WEIGHTS = {"named": Weight.NAMED, "faint": Weight.FAINT}


@dataclass(frozen=True, slots=True)
class Mention:
    """An intent or an activity in the text."""

    kind: str  # "intent" or "activity"
    id: str
    weight: Weight
    evidence: str
    negated: bool = False


@cache
def activity_cues(flowchart: Flowchart) -> CueIndex:
    """The chart's cues, made ready once."""
    cues: dict[tuple[str, str], Sequence[str]] = {("ignored", ""): flowchart.wording.ignored}
    for intent in flowchart.intents.values():
        cues["detail" if intent.kind == "qualifier" else "named", intent.id] = intent.named
        cues["sign", intent.id] = intent.signs
        cues["faint", intent.id] = intent.faint
    for activity in flowchart.activities.values():
        cues["activity", activity.id] = activity.cues
    return CueIndex(flowchart.wording, cues, apart="detail")


@lru_cache(maxsize=32)
def mentions(text: str, flowchart: Flowchart) -> tuple[Mention, ...]:
    """Everything the text mentions that bears on the code, in its order."""
    # The name of a masked kind is no word of the user's: «[name]» practices no naming.
    blanked = PLACEHOLDER.sub(lambda masked: " " * len(masked.group()), text)
    words = activity_cues(flowchart).words(blanked)
    found: list[Mention] = []
    previous: Hit | None = None  # the last one said as a purpose
    before: list[Hit] = []
    last: Hit | None = None
    hits = activity_cues(flowchart).hits(words)
    for hit, following in zip_longest(hits, hits[1:]):
        kind, name = hit.label
        if kind == "ignored":
            continue
        purpose = purpose_before(words, hit, flowchart.wording, previous)
        if purpose and last and _is_circumstance(name, flowchart):
            purpose = purpose_since(words, hit, flowchart.wording, last)
        mention = Mention(
            "activity" if kind == "activity" else "intent",
            name,
            _WEIGHTS.get(kind, Weight.SIGN),
            _quote(text, words, hit),
            negated(words, hit, before),
        )
        weighed = _weighed(mention, purpose, any(_is_whole(m, flowchart) for m in found), flowchart)
        if weighed is not None and not purpose:
            weighed = _headed(weighed, purpose_after(words, hit, following), flowchart)
        last = hit
        if weighed is not None:
            found.append(weighed)
        if purpose and not mention.negated:
            previous = hit
        before.append(hit) if mention.negated else before.clear()
    return tuple(found)


def share_of_cues(text: str, flowchart: Flowchart) -> float:
    """How much of a text's words, numbers aside, stands in cues; from 0 to 1."""
    index = activity_cues(flowchart)
    words = index.words(PLACEHOLDER.sub(lambda masked: " " * len(masked.group()), text))
    hits = (hit for hit in index.hits(words) if hit.label[0] != "ignored")
    held = {cell for hit in hits for cell in range(hit.first, hit.last + 1)}
    told = [n for n, word in enumerate(words) if not word.stem[0].isdigit()]
    return sum(n in held for n in told) / max(1, len(told))


def _is_circumstance(name: str, flowchart: Flowchart) -> bool:
    return name in flowchart.intents and flowchart.intents[name].kind == "circumstance"


def _is_whole(mention: Mention, flowchart: Flowchart) -> bool:
    """Whether it is more than a detail: «returned» in «returned for a splint check» is one."""
    return mention.kind == "activity" or flowchart.intents[mention.id].kind != "qualifier"


def _quote(text: str, words: Sequence[Word], hit: Hit) -> str:
    return text[words[hit.first].start : words[hit.last].end]


def _weighed(
    mention: Mention, purpose: str, is_later: bool, flowchart: Flowchart
) -> Mention | None:
    """The mention with its weight as purpose or goal; None where it says nothing."""
    if purpose == "cause":  # "due to weakness" is the diagnosis
        return None
    if mention.kind == "activity":
        is_goal = is_later and purpose not in ("", "guidance")
        return _activity_weighed(mention, is_goal, flowchart)
    intent = flowchart.intents[mention.id]
    if intent.kind == "circumstance":  # "to improve wheelchair propulsion" is behind the exercise
        return None if purpose and is_later else mention
    if purpose == "guidance" and is_later and mention.weight is Weight.SIGN:  # "cues for posture"
        return replace(mention, weight=Weight.FAINT)
    if intent.kind != "purpose" or purpose in ("", "guidance") or mention.weight is Weight.FAINT:
        return mention
    if purpose == "goal":
        return replace(mention, weight=Weight.GOAL)
    if intent.ultimate and purpose != "joined":
        return replace(mention, weight=Weight.GOAL if is_later else Weight.SIGN)
    return replace(mention, weight=max(mention.weight, Weight.PURPOSE))


def _headed(mention: Mention, place: str, flowchart: Flowchart) -> Mention:
    """A purpose that heads what follows, or is reached by it, weighs as one that is stated."""
    if mention.kind == "activity" or mention.id not in _stated(flowchart):
        return mention
    if mention.weight is Weight.FAINT and place != "label":  # «10 reps through D1»
        return mention
    if place == "label" and mention.weight is not Weight.SIGN:  # the name of a service
        return replace(mention, weight=Weight.LABEL)
    if place and not flowchart.intents[mention.id].ultimate:
        return replace(mention, weight=max(mention.weight, Weight.PURPOSE))
    return mention


@cache
def _stated(flowchart: Flowchart) -> frozenset[str]:
    """The purposes that lead to a code."""
    intents = (i for i in flowchart.intents.values() if i.kind == "purpose")
    return frozenset(i.id for i in intents if flowchart.outcomes[i.outcome].codes)


def _activity_weighed(mention: Mention, is_goal: bool, flowchart: Flowchart) -> Mention | None:
    """An activity that is the goal of another one is no activity of these minutes."""
    if not is_goal:
        return mention
    goal = flowchart.activities[mention.id].as_goal
    return replace(mention, kind="intent", id=goal, weight=Weight.GOAL) if goal else None
