"""What a reply to one of our questions about an activity chooses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.flowchart import Activity, Answered, Flowchart, Intent, Verdict
from assistant.patterns import regex
from assistant.plain_reader.activities.mentioned import (
    OPPOSITE,
    Mention,
    Weight,
    activity_cues,
    mentions,
)
from assistant.rules.code_choice import NextQuestion

_BOTH = regex(  # chooses nothing: «both strength and lifting»
    r"\W*(?:(?:it was|kind of|a (?:bit|little|mix) of|honestly|really)\W+)*"
    r"(?:both\b(?!\s+(?:legs?|arms?|sides?|hands?|feet|knees?|shoulders?|hips?|ues?|les?)\b)"
    r"|half and half|50/50)",
    re.I,
)


def decided(reply: str, question: NextQuestion, flowchart: Flowchart) -> dict[str, Answered]:
    """The reply's answer to a question of the chart, where it gives one."""
    number = _picked(reply, [option.text for option in question.options], flowchart)
    if number is not None:
        return {question.id: Answered((Verdict.YES, Verdict.NO)[number], reply)}
    for mention in mentions(reply, flowchart):
        verdict = _answer_of(mention, question.id, flowchart)
        if verdict in OPPOSITE:
            value = OPPOSITE[verdict] if mention.negated else verdict
            return {question.id: Answered(value, mention.evidence)}
    return {}


def _answer_of(mention: Mention, question: str, flowchart: Flowchart) -> Verdict | None:
    if mention.kind == "activity":
        return None
    return flowchart.intents[mention.id].answers.get(question)


def chosen_intent(
    reply: str, question: NextQuestion, activity: Activity | None, flowchart: Flowchart
) -> Intent | None:
    """The intent that the reply picks: an option's own text, else its cues, else shared words."""
    texts = [option.text for option in question.options]
    if _BOTH.match(reply):
        return None
    if activity is not None and question.id == activity.id:
        intents = {option.text: option.intent for option in activity.options}
    else:
        ends = {o.label: o.id for o in flowchart.outcomes.values()}
        named = {i.outcome: i.id for i in flowchart.intents.values() if i.kind == "purpose"}
        intents = {label: named[end] for label, end in ends.items() if end in named}
        intents |= {i.option: i.id for i in flowchart.intents.values() if i.option}
    exact = [text for text in texts if text.casefold() == reply.casefold().strip(" .!")]
    if exact:
        return flowchart.intents[intents[exact[0]]]
    said = mentions(reply, flowchart)
    meant = _meant(said, flowchart)
    offered = {intents[text] for text in texts}
    for names in (meant, _heaviest(said, flowchart), meant | _goals(said, flowchart)):
        if len(names & offered) == 1:
            return flowchart.intents[(names & offered).pop()]
    number = _picked(reply, texts, flowchart)
    if number is not None:
        return flowchart.intents[intents[texts[number]]]
    return flowchart.intents[meant.pop()] if len(meant) == 1 else None


def _meant(reply: Iterable[Mention], flowchart: Flowchart) -> set[str]:
    """The intents a reply names that lead to an outcome."""
    named = {m.id for m in reply if m.kind == "intent" and not m.negated}
    return {name for name in named if flowchart.intents[name].outcome}


def _heaviest(reply: Sequence[Mention], flowchart: Flowchart) -> set[str]:
    """Those of them that the reply says most about."""
    named = [m for m in reply if m.id in _meant([m], flowchart)]
    top = max((m.weight for m in named), default=Weight.GOAL)
    return {m.id for m in named if m.weight is top}


def _goals(reply: Iterable[Mention], flowchart: Flowchart) -> set[str]:
    """What the activities that a reply names stand for as the purpose of others."""
    named = {m.id for m in reply if m.kind == "activity" and not m.negated}
    return {flowchart.activities[name].as_goal for name in named} - {""}


_ORDINALS = (
    (r"(option |number |answer |#)?(1|a)|(the )?(1st|first|former)( one| option| answer)?", 0),
    (r"(option |number |answer |#)?(2|b)|(the )?(2nd|second)( one| option| answer)?", 1),
    (r"(option |number |answer |#)?(3|c)|(the )?(3rd|third)( one| option| answer)?", 2),
    (r"(the )?(last|latter)( one| option| answer)?", -1),
)
_ASIDE = regex(r"\b(please|thanks|mostly|mainly|probably|just|i think|yes|yeah|it was)\b|[,.!]")
_NUMBERS = {"one": "1", "two": "2", "three": "3", "singl": "1"}


def _picked(reply: str, texts: Sequence[str], flowchart: Flowchart) -> int | None:
    """Index of the option that the reply picks by number or by the words they share."""
    said = _content(reply, flowchart)
    offered = [_content(text, flowchart) for text in texts]
    within = [at for at, words in enumerate(offered) if said and said <= words]
    if len(within) == 1:
        return within[0]
    plain = " ".join(_ASIDE.sub(" ", reply.lower()).split())
    for pattern, number in _ORDINALS:
        if re.fullmatch(pattern, plain) and number < len(texts):
            return number % len(texts)
    shares = [len(said & words) / len(said | words or "-") for words in offered]
    best = max(shares, default=0.0)
    return shares.index(best) if best > 0 and shares.count(best) == 1 else None


_FUNCTION_WORDS = frozenset(
    ("how", "to", "or", "and", "in", "for", "with", "do", "as", "it", "she", "he", "just", "was")
)


def _content(text: str, flowchart: Flowchart) -> frozenset[str]:
    stems = (word.stem for word in activity_cues(flowchart).words(text))
    return frozenset(_NUMBERS.get(word, word) for word in stems) - _FUNCTION_WORDS
