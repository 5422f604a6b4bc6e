"""What the words around a cue do to it: deny it, or make it the purpose or the goal behind it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.flowchart import Wording
from assistant.plain_reader.activities.cues import Hit, Word, stem


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_REACH = 6  # words between a marker of purpose and its object
_REACH_OF_CAUSE = 3
_REACH_OF_GUIDANCE = 5
_BREAKS = _set("while then but during after before until")
_JOINS = _set("and plus also or")
_DENIES_NEXT = _set("no non without zero never nor avoid")
_BETWEEN_NO = _set("real specific actual formal particular pure direct isolated true")
_BETWEEN_NOT = _set(
    "for to about really improve increase build gain working work on done meant trying so much as "
    "in aimed at because doing purely necessarily focused focusing target targeting any it"
)
_NOT_DENYING = frozenset(("can't", "couldn't", "cannot", "won't"))
_AIM_WORDS = _set("goal aim purpose focus point intent reason priority target")
_GUIDES = _set("cu cue prompt")
_MEANS = _set("with using utiliz via through by in perform")
_TOOLS = _set("with using via through")
_FOLLOWED = _set("up step steps direction command instruction recipe list")  # a follow-up
_IS_NOT = _set("isn't wasn't aren't weren't")


@lru_cache(maxsize=256)
def _stems(words: frozenset[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for word in words)


def negated(words: Sequence[Word], hit: Hit, denied_before: Sequence[Hit]) -> bool:
    """Whether the text says that the cue does not hold ("not for strength", "no ADL").

    Args:
        denied_before: the cues right before this one that are denied; "nor", "or" and a comma
            carry the denial on.
    """
    return (
        _denied_by_no(words, hit.first)
        or _denied_by_not(words, hit.first)
        or _denied_after(words, hit.last)
        or _denied_along(words, hit.first, denied_before)
    )


def _denied_by_no(words: Sequence[Word], first: int) -> bool:
    for at in range(first - 1, max(first - 3, -1), -1):
        if words[at + 1].stop or words[at + 1].comma:
            return False
        if words[at].stem in _DENIES_NEXT:
            return True
        if words[at].stem not in _stems(_BETWEEN_NO):
            return False
    return False


def _denied_by_not(words: Sequence[Word], first: int) -> bool:
    """By "not", "isn't" and the like with nothing but filler between, or "rather than"."""
    for at in range(first - 1, max(first - 6, -1), -1):
        if words[at + 1].stop or words[at + 1].comma:
            return False
        said = words[at].stem
        if said == "not" or (said.endswith("n't") and said not in _NOT_DENYING):
            return at + 1 >= len(words) or words[at + 1].stem not in ("only", "just")
        if said in ("than", "instead", "opposed") and _is_instead(words, at):
            return True
        if said not in _stems(_BETWEEN_NOT):
            return False
    return False


def _is_instead(words: Sequence[Word], at: int) -> bool:
    if words[at].stem == "instead":
        return True
    return at > 0 and words[at - 1].stem in (stem("rather"), "as")


def _denied_after(words: Sequence[Word], last: int) -> bool:
    """Strength "is not the goal"."""
    after = words[last + 1 : last + 6]
    said = [word.stem for word in after]
    if not said or after[0].stop:
        return False
    denies = said[0] in _IS_NOT or (
        said[:1] and said[0] in ("is", "was", "are", "were") and said[1:2] == ["not"]
    )
    return bool(denies) and bool(set(said) & _stems(_AIM_WORDS))


def _denied_along(words: Sequence[Word], first: int, denied_before: Sequence[Hit]) -> bool:
    if not denied_before:
        return False
    between = words[denied_before[-1].last + 1 : first]
    return all(word.stem in ("or", "nor", "and") for word in between) and not words[first].stop


def purpose_after(words: Sequence[Word], hit: Hit, following: Hit | None) -> str:
    """What words after the cue make of it: "label", "purpose" or "".

    "Balance: ball toss" is labelled balance; in "balance with a ball toss" the toss is a means.

    Args:
        following: the next cue, of which it may be the label or to which it may be the purpose.
    """
    if following is None or following.first <= hit.last:
        return ""
    if words[hit.last + 1].colon:
        return "label"
    between = words[hit.last + 1 : following.first]
    if any(word.comma or word.stop for word in (*between, words[following.first])):
        return ""
    return "purpose" if any(word.stem in _stems(_TOOLS) for word in between) else ""


def purpose_before(words: Sequence[Word], hit: Hit, wording: Wording, previous: Hit | None) -> str:
    """What words before the cue make of it: "purpose", "joined", "goal", "cause" or "guidance".

    Otherwise "".

    Args:
        previous: the last cue said as a purpose. A second one is a goal behind it ("for strength
            to climb stairs") unless the two are joined ("for strength and for climbing stairs").
    """
    if words[hit.first].stem in _stems(_BREAKS):  # «for warm-up while I charted»
        return ""
    marker = _marker(words, hit.first, wording)
    if not marker and _goes_on(words, previous, hit):
        return "joined"
    if marker in ("goal", "cause", "guidance", ""):
        return marker
    if words[hit.first - 1].stem in _MEANS:
        return ""
    if previous is None or previous.last >= hit.first:
        return "purpose"
    between = words[previous.last + 1 : hit.first]
    if any(word.stem in _stems(_TOOLS) for word in between):
        return ""
    if any(word.stem in _JOINS for word in between):
        return "joined"
    chained = any(word.stem in ("for", "to") for word in between)
    return "goal" if chained and not any(w.comma or w.stop for w in between) else "purpose"


def purpose_since(words: Sequence[Word], hit: Hit, wording: Wording, last: Hit) -> str:
    """The same, by a word between the cue before and this: not «for exercise in the pool»."""
    found = _marker(words[last.last + 1 :], hit.first - last.last - 1, wording)
    return found if hit.first > last.last else ""


def _goes_on(words: Sequence[Word], previous: Hit | None, hit: Hit) -> bool:
    """Whether it is one more in a list of purposes: «to build strength, endurance and balance»."""
    if previous is None or not 0 < hit.first - previous.last <= 2:
        return False
    between = words[previous.last + 1 : hit.first + 1]
    joined = all(word.stem in ("and", "plus") for word in between[:-1])
    listed = between[-1].comma or len(between) > 1
    return joined and listed and not any(word.stop or word.colon for word in between)


def _marker(words: Sequence[Word], first: int, wording: Wording) -> str:
    """The strongest sign of purpose among the few words before."""
    found = ""
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        said = words[at].stem
        if words[at + 1].stop or said in _stems(_BREAKS):
            break
        is_cause = said in _stems(wording.cause) and words[at + 1].stem not in _stems(_FOLLOWED)
        headed = any(word.colon for word in words[at + 1 : first + 1])  # «post-op: crutches»
        if is_cause and not headed and first - at <= _REACH_OF_CAUSE:
            return "cause"
        if said in _GUIDES and first - at <= _REACH_OF_GUIDANCE:
            return "guidance"
        if said in _stems(wording.goal) and not (_is_todays(words, at) or _is_visit(words, at)):
            return "goal"
        is_purpose = said in _stems(wording.purpose) or said == "goal"
        if is_purpose and not words[at + 1].stem.isdigit() and not _is_how_to(words, at):
            found = "purpose"
        if words[at].colon:  # «for edema: elevation» is no elevation for edema
            break
    return found


def _is_how_to(words: Sequence[Word], at: int) -> bool:
    return at > 0 and words[at].stem == "to" and words[at - 1].stem == "how"


def _is_todays(words: Sequence[Word], at: int) -> bool:
    """ "The goal was strength" tells what these minutes were for, not the goal behind them."""
    return words[at].stem == "goal" and words[at + 1].stem in ("was", "here", "today")


def _is_visit(words: Sequence[Word], at: int) -> bool:
    """ "Returned for a splint check" tells of this visit, unlike "to return to work"."""
    return words[at].stem == "return" and words[at + 1].stem == "for"
