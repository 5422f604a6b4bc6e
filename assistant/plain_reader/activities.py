"""The user's words for an activity -> answers to the code-selection chart, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache

from assistant.evidence import Ruling
from assistant.flowchart import Activity, Answered, Flowchart, Intent, Verdict
from assistant.plain_reader.cue_context import negated, purpose_before
from assistant.plain_reader.cues import CueIndex, Hit, Word
from assistant.rules.code_choice import Choice, NextQuestion, walk


class Weight(IntEnum):
    """How much a mention says about the purpose; the heaviest decides, a tie stays open."""

    GOAL = 1  # the goal behind the treatment: settles only what is open
    FAINT = 2  # a word so general that anything else outweighs it
    SIGN = 3
    PURPOSE = 4  # a sign said as the purpose
    NAMED = 5  # a method or service that settles by itself
    REPLY = 6  # the answer to our question


_WEIGHTS = {"named": Weight.NAMED, "faint": Weight.FAINT}


@dataclass(frozen=True, slots=True)
class _Mention:
    """An intent or an activity in the text."""

    kind: str  # "intent" or "activity"
    id: str
    weight: Weight
    evidence: str
    negated: bool = False


def read_activity(text: str, flowchart: Flowchart) -> dict[str, Answered]:
    """Answers to the chart's questions that the words give or raise, by question id.

    A question they do not touch is missing; one that they leave between two codes is open.
    """
    return _answers(_mentions(text, flowchart), flowchart)


def known_activity(text: str, flowchart: Flowchart) -> Activity | None:
    """The first activity of the text that may earn different codes, if there is one."""
    for mention in _mentions(text, flowchart):
        if mention.kind == "activity" and not mention.negated:
            return flowchart.activities[mention.id]
    return None


def activity_known(text: str, flowchart: Flowchart) -> bool:
    """Whether the text names any activity, purpose or circumstance of treatment."""
    return any(
        mention.kind == "activity" or flowchart.intents[mention.id].kind != "qualifier"
        for mention in _mentions(text, flowchart)
    )


def choose(text: str, flowchart: Flowchart, replies: Sequence[str] = ()) -> Ruling[Choice]:
    """The code for an activity in the user's words, after any replies to our questions."""
    return walk(flowchart, settle(text, replies, flowchart), known_activity(text, flowchart))


def settle(text: str, replies: Sequence[str], flowchart: Flowchart) -> dict[str, Answered]:
    """Answers that the words give together with the replies to what we asked, in order.

    A reply that does not choose ("both", "not sure") leaves what was open open.
    """
    mentions = _mentions(text, flowchart)
    purposes = _merged(_purposes(mentions, flowchart), flowchart)
    circumstances = _circumstances(mentions, flowchart)
    activity = known_activity(text, flowchart)
    for reply in (reply.strip() for reply in replies):
        question = walk(flowchart, {**purposes, **circumstances}, activity).result.next_question
        if question is None:
            break
        if question.id in flowchart.questions:
            circumstances |= _decided(reply, question, flowchart)
        elif intent := _chosen(reply, question, activity, flowchart):
            chosen = _Mention("intent", intent.id, Weight.REPLY, reply)
            purposes = _merged([chosen], flowchart)
    return {**purposes, **circumstances}


def _decided(reply: str, question: NextQuestion, flowchart: Flowchart) -> dict[str, Answered]:
    """The reply's answer to a question of the chart, where it gives one."""
    number = _picked(reply, [option.text for option in question.options], flowchart)
    if number is not None:
        return {question.id: Answered((Verdict.YES, Verdict.NO)[number], reply)}
    said = _answers(_mentions(reply, flowchart), flowchart).get(question.id)
    return {} if said is None else {question.id: said}


def _chosen(
    reply: str, question: NextQuestion, activity: Activity | None, flowchart: Flowchart
) -> Intent | None:
    """The intent that the reply picks: an option's own text, else its cues, else shared words."""
    texts = [option.text for option in question.options]
    if activity is not None and question.id == activity.id:
        intents = {option.text: option.intent for option in activity.options}
    else:
        intents = {i.option: i.id for i in flowchart.intents.values() if i.option}
    exact = [text for text in texts if text.casefold() == reply.casefold().strip(" .!")]
    if exact:
        return flowchart.intents[intents[exact[0]]]
    meant = _meant(_mentions(reply, flowchart), flowchart)
    offered = {intents[text] for text in texts}
    if len(meant & offered) == 1:
        return flowchart.intents[(meant & offered).pop()]
    number = _picked(reply, texts, flowchart)
    if number is not None:
        return flowchart.intents[intents[texts[number]]]
    return flowchart.intents[meant.pop()] if len(meant) == 1 else None


def _meant(mentions: Iterable[_Mention], flowchart: Flowchart) -> set[str]:
    """The purposes a reply names; circumstances count where an option may lead to them."""
    intents = {
        m.id
        for m in mentions
        if m.kind == "intent" and not m.negated and flowchart.intents[m.id].outcome
    }
    return intents


_ORDINALS = (
    (r"(option |number |#)?(1|a)|(the )?(1st|first)( one| option)?", 0),
    (r"(option |number |#)?(2|b)|(the )?(2nd|second)( one| option)?", 1),
    (r"(option |number |#)?(3|c)|(the )?(3rd|third)( one| option)?", 2),
)


def _picked(reply: str, texts: Sequence[str], flowchart: Flowchart) -> int | None:
    """Index of the option that the reply picks by number or by the words they share."""
    plain = reply.lower().strip(" .!")
    for pattern, number in _ORDINALS:
        if re.fullmatch(pattern, plain) and number < len(texts):
            return number
    index = _index(flowchart)
    said = {word.stem for word in index.words(reply)}
    shares = []
    for text in texts:
        offered = {word.stem for word in index.words(text)}
        shares.append(len(said & offered) / len(said | offered) if said else 0.0)
    best = max(shares, default=0.0)
    return shares.index(best) if best > 0 and shares.count(best) == 1 else None


@cache
def _index(flowchart: Flowchart) -> CueIndex:
    cues: dict[tuple[str, str], Sequence[str]] = {("ignored", ""): flowchart.wording.ignored}
    for intent in flowchart.intents.values():
        if intent.kind != "qualifier":
            cues["named", intent.id] = intent.named
            cues["sign", intent.id] = intent.signs
            cues["faint", intent.id] = intent.faint
    for activity in flowchart.activities.values():
        cues["activity", activity.id] = activity.cues
    return CueIndex(flowchart.wording, cues)


@cache
def _qualifiers(flowchart: Flowchart) -> CueIndex:
    """Found apart, since a detail often stands inside the phrase that it qualifies."""
    intents = (i for i in flowchart.intents.values() if i.kind == "qualifier")
    return CueIndex(flowchart.wording, {("named", i.id): i.named for i in intents})


def _mentions(text: str, flowchart: Flowchart) -> list[_Mention]:
    words = _index(flowchart).words(text)
    found: list[_Mention] = []
    previous: Hit | None = None  # the last one said as a purpose
    before: list[Hit] = []
    hits = _index(flowchart).hits(words) + _qualifiers(flowchart).hits(words)
    for hit in sorted(hits, key=lambda h: h.cells):
        kind, name = hit.label
        if kind == "ignored":
            continue
        purpose = purpose_before(words, hit, flowchart.wording, previous)
        mention = _Mention(
            "activity" if kind == "activity" else "intent",
            name,
            _WEIGHTS.get(kind, Weight.SIGN),
            _quote(text, words, hit),
            negated(words, hit, before),
        )
        weighed = _weighed(mention, purpose, bool(found), flowchart)
        if weighed is not None:
            found.append(weighed)
        if purpose and not mention.negated:
            previous = hit
        before.append(hit) if mention.negated else before.clear()
    return found


def _quote(text: str, words: Sequence[Word], hit: Hit) -> str:
    return text[words[hit.first].start : words[hit.last].end]


def _weighed(
    mention: _Mention, purpose: str, is_later: bool, flowchart: Flowchart
) -> _Mention | None:
    """The mention with its weight as purpose or goal; None where it says nothing."""
    if purpose == "cause":  # "due to weakness" is the diagnosis
        return None
    if mention.kind == "activity":
        stands_for = flowchart.activities[mention.id].as_goal
        if not (purpose and is_later):
            return mention
        return (
            replace(mention, kind="intent", id=stands_for, weight=Weight.GOAL)
            if stands_for
            else None
        )
    intent = flowchart.intents[mention.id]
    if intent.kind != "purpose" or not purpose or mention.weight is Weight.FAINT:
        return mention
    if purpose == "goal" or (intent.ultimate and purpose != "joined"):
        return replace(
            mention, weight=Weight.GOAL if is_later or purpose == "goal" else Weight.SIGN
        )
    return replace(mention, weight=max(mention.weight, Weight.PURPOSE))


def _answers(mentions: Sequence[_Mention], flowchart: Flowchart) -> dict[str, Answered]:
    purposes = _merged(_purposes(mentions, flowchart), flowchart)
    return {**purposes, **_circumstances(mentions, flowchart)}


_OPPOSITE = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}


def _circumstances(mentions: Iterable[_Mention], flowchart: Flowchart) -> dict[str, Answered]:
    """What holds whatever the purpose was. A detail counts only where its question is raised."""
    answers: dict[str, Answered] = {}
    found = [(m, flowchart.intents[m.id]) for m in mentions if m.kind == "intent"]
    raised = {q for _, i in found if i.kind != "qualifier" for q in i.answers}
    for mention, intent in sorted(found, key=lambda pair: pair[1].kind != "qualifier"):
        if intent.kind == "purpose":
            continue
        for question, verdict in intent.answers.items():
            presumed = flowchart.questions[question].presumed
            if intent.kind == "qualifier" and presumed and question not in raised:
                continue
            if mention.negated:
                verdict = _OPPOSITE.get(verdict, presumed or Verdict.OPEN)
            if question not in answers or answers[question].value is Verdict.OPEN:
                answers[question] = Answered(verdict, mention.evidence)
    return answers


def _purposes(mentions: Sequence[_Mention], flowchart: Flowchart) -> list[_Mention]:
    """The mentions that decide what the minutes were for; several are a tie."""
    denied = {m.id for m in mentions if m.negated}
    said = [
        m
        for m in mentions
        if m.kind == "intent" and not m.negated and flowchart.intents[m.id].kind == "purpose"
    ]
    activities = [m for m in mentions if m.kind == "activity" and not m.negated]
    weight = max((m.weight for m in said), default=Weight.GOAL)
    heaviest = [m for m in said if m.weight is weight]
    goals = {m.id for m in said if m.weight is Weight.GOAL}
    if weight > Weight.SIGN:
        return heaviest
    if weight is Weight.SIGN:
        return _among_signs(heaviest, activities, goals, denied, flowchart)
    offered = _offered(activities, denied, flowchart)
    settled = [m for m in offered if m.id in goals]
    return settled or offered or heaviest


def _among_signs(
    signs: Sequence[_Mention],
    activities: Sequence[_Mention],
    goals: set[str],
    denied: set[str],
    flowchart: Flowchart,
) -> list[_Mention]:
    leaning = [
        replace(m, kind="intent", id=flowchart.activities[m.id].leans)
        for m in activities
        if flowchart.activities[m.id].leans
    ]
    tied = [m for m in (*signs, *leaning) if m.id not in denied]
    if len({m.id for m in tied}) < 2:
        return tied
    settled = [m for m in tied if m.id in goals]
    offered = _offered(activities, denied, flowchart)
    if not settled and {m.id for m in tied} <= {m.id for m in offered}:
        return [*tied, *(m for m in offered if m.id not in {t.id for t in tied})]
    return settled or tied


def _offered(
    activities: Sequence[_Mention], denied: set[str], flowchart: Flowchart
) -> list[_Mention]:
    """What the activities may have been for: what all allow, else what the first allows."""
    allowed = [{o.intent for o in flowchart.activities[m.id].options} - denied for m in activities]
    if not allowed:
        return []
    common = set.intersection(*allowed) or allowed[0]
    first = activities[0]
    options = (o.intent for o in flowchart.activities[first.id].options)
    return [replace(first, kind="intent", id=name) for name in options if name in common]


def _merged(mentions: Sequence[_Mention], flowchart: Flowchart) -> dict[str, Answered]:
    """The answers on which the purposes agree; where they part, the question is open."""
    routes: dict[str, tuple[Mapping[str, Verdict], str]] = {}
    for mention in mentions:
        answers = flowchart.intents[mention.id].answers
        routes.setdefault(mention.id, (flowchart.route(answers)[0], mention.evidence))
    merged: dict[str, Answered] = {}
    for question in flowchart.questions.values():
        met = [
            (route[question.id], said) for route, said in routes.values() if question.id in route
        ]
        verdicts = {verdict for verdict, _ in met}
        if verdicts - {question.presumed}:
            verdict = verdicts.pop() if len(verdicts) == 1 else Verdict.OPEN
            said = dict.fromkeys(s for v, s in met if v is not question.presumed)
            merged[question.id] = Answered(verdict, " … ".join(said))
    return merged
