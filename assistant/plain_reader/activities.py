"""The user's words for an activity, and replies to our questions -> answers to the chart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.evidence import Ruling
from assistant.flowchart import Activity, Answered, Flowchart, Intent, Verdict
from assistant.plain_reader.activity_mentions import Mention, Weight, activity_cues, mentions
from assistant.rules.code_choice import Choice, NextQuestion, walk


def read_activity(text: str, flowchart: Flowchart) -> dict[str, Answered]:
    """Answers to the chart's questions that the words give or raise, by question id.

    A question they do not touch is missing; one that they leave between two codes is open.
    """
    return _answers(mentions(text, flowchart), flowchart)


def known_activity(text: str, flowchart: Flowchart) -> Activity | None:
    """The first activity of the text that may earn different codes, if there is one."""
    for mention in mentions(text, flowchart):
        if mention.kind == "activity" and not mention.negated:
            return flowchart.activities[mention.id]
    return None


def activity_known(text: str, flowchart: Flowchart) -> bool:
    """Whether the text names any activity, purpose or circumstance of treatment."""
    return any(
        mention.kind == "activity" or flowchart.intents[mention.id].kind != "qualifier"
        for mention in mentions(text, flowchart)
    )


def choose(text: str, flowchart: Flowchart, replies: Sequence[str] = ()) -> Ruling[Choice]:
    """The code for an activity in the user's words, after any replies to our questions."""
    return walk(flowchart, settle(text, replies, flowchart), known_activity(text, flowchart))


def settle(text: str, replies: Sequence[str], flowchart: Flowchart) -> dict[str, Answered]:
    """Answers that the words give together with the replies to what we asked, in order.

    A reply that does not choose ("both", "not sure") leaves what was open open.
    """
    found = mentions(text, flowchart)
    purposes = _merged(_purposes(found, flowchart), flowchart)
    circumstances = _circumstances(found, flowchart)
    activity = known_activity(text, flowchart)
    for reply in (reply.strip() for reply in replies):
        question = walk(flowchart, {**purposes, **circumstances}, activity).result.next_question
        if question is None:
            break
        if question.id in flowchart.questions:
            circumstances |= _decided(reply, question, flowchart)
        elif intent := _chosen(reply, question, activity, flowchart):
            chosen = Mention("intent", intent.id, Weight.REPLY, reply)
            purposes = _merged([chosen], flowchart)
    return {**purposes, **circumstances}


def _decided(reply: str, question: NextQuestion, flowchart: Flowchart) -> dict[str, Answered]:
    """The reply's answer to a question of the chart, where it gives one."""
    number = _picked(reply, [option.text for option in question.options], flowchart)
    if number is not None:
        return {question.id: Answered((Verdict.YES, Verdict.NO)[number], reply)}
    said = _answers(mentions(reply, flowchart), flowchart).get(question.id)
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
    meant = _meant(mentions(reply, flowchart), flowchart)
    offered = {intents[text] for text in texts}
    if len(meant & offered) == 1:
        return flowchart.intents[(meant & offered).pop()]
    number = _picked(reply, texts, flowchart)
    if number is not None:
        return flowchart.intents[intents[texts[number]]]
    return flowchart.intents[meant.pop()] if len(meant) == 1 else None


def _meant(reply: Iterable[Mention], flowchart: Flowchart) -> set[str]:
    """The intents a reply names that lead to an outcome."""
    named = {m.id for m in reply if m.kind == "intent" and not m.negated}
    return {name for name in named if flowchart.intents[name].outcome}


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
    said = _content(reply, flowchart)
    offered = [_content(text, flowchart) for text in texts]
    shares = [len(said & words) / len(said | words or "-") for words in offered]
    best = max(shares, default=0.0)
    return shares.index(best) if best > 0 and shares.count(best) == 1 else None


_FUNCTION_WORDS = frozenset(
    ("how", "to", "or", "and", "in", "for", "with", "do", "as", "it", "she")
)


def _content(text: str, flowchart: Flowchart) -> frozenset[str]:
    stems = (word.stem for word in activity_cues(flowchart).words(text))
    return frozenset(stems) - _FUNCTION_WORDS


def _answers(said: Sequence[Mention], flowchart: Flowchart) -> dict[str, Answered]:
    purposes = _merged(_purposes(said, flowchart), flowchart)
    return {**purposes, **_circumstances(said, flowchart)}


_OPPOSITE = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}


def _circumstances(said: Iterable[Mention], flowchart: Flowchart) -> dict[str, Answered]:
    """What holds whatever the purpose was. A detail counts only where its question is raised."""
    answers: dict[str, Answered] = {}
    found = [(m, flowchart.intents[m.id]) for m in said if m.kind == "intent"]
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


def _purposes(said: Sequence[Mention], flowchart: Flowchart) -> list[Mention]:
    """The mentions that decide what the minutes were for; several are a tie.

    Words that say nothing leave every purpose open.
    """
    if not said:
        return [Mention("intent", i.id, Weight.GOAL, "") for i in _asked_for(flowchart)]
    held = [m for m in said if not m.negated]
    activities = [m for m in held if m.kind == "activity"]
    purposes = [m for m in held if m.kind == "intent" and flowchart.intents[m.id].kind == "purpose"]
    denied = {m.id for m in said if m.negated} - {m.id for m in held}
    weight = max((m.weight for m in purposes), default=Weight.GOAL)
    heaviest = [m for m in purposes if m.weight is weight]
    goals = {m.id for m in purposes if m.weight is Weight.GOAL}
    if weight > Weight.SIGN:
        return heaviest
    if weight is Weight.FAINT and _has_circumstance(held, flowchart):
        return []
    if weight is Weight.SIGN:
        return _among_signs(heaviest, activities, goals, denied, flowchart)
    offered = _offered(activities, denied, flowchart)
    settled = [m for m in offered if m.id in goals]
    return settled or offered or heaviest


def _asked_for(flowchart: Flowchart) -> list[Intent]:
    intents = flowchart.intents.values()
    return [intent for intent in intents if intent.kind == "purpose" and intent.option]


def _has_circumstance(said: Iterable[Mention], flowchart: Flowchart) -> bool:
    intents = (flowchart.intents[m.id] for m in said if m.kind == "intent")
    return any(intent.kind == "circumstance" for intent in intents)


def _among_signs(
    signs: Sequence[Mention],
    activities: Sequence[Mention],
    goals: set[str],
    denied: set[str],
    flowchart: Flowchart,
) -> list[Mention]:
    """The signs, and what the activities stand for beside them; a goal breaks a tie."""
    leans = ((m, flowchart.activities[m.id].leans) for m in activities)
    leaning = [replace(m, kind="intent", id=lean) for m, lean in leans if lean]
    tied = [m for m in (*signs, *leaning) if m.id not in denied]
    names = {m.id for m in tied}
    if len(names) < 2:
        return tied
    if settled := [m for m in tied if m.id in goals]:
        return settled
    offered = _offered(activities, denied, flowchart)
    if names <= {m.id for m in offered}:
        return [*tied, *(m for m in offered if m.id not in names)]
    return tied


def _offered(
    activities: Sequence[Mention], denied: set[str], flowchart: Flowchart
) -> list[Mention]:
    """What the activities may have been for: what all allow, else what the first allows."""
    allowed = [{o.intent for o in flowchart.activities[m.id].options} - denied for m in activities]
    if not allowed:
        return []
    common = set.intersection(*allowed) or allowed[0]
    first = activities[0]
    options = (o.intent for o in flowchart.activities[first.id].options)
    return [replace(first, kind="intent", id=name) for name in options if name in common]


def _merged(purposes: Sequence[Mention], flowchart: Flowchart) -> dict[str, Answered]:
    """The answers on which the purposes agree; where they part, the question is open."""
    routes: dict[str, tuple[Mapping[str, Verdict], str]] = {}
    for mention in purposes:
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
            merged[question.id] = Answered(verdict, " … ".join(filter(None, said)))
    return merged
