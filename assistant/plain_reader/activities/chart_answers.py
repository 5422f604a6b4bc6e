"""The user's words for an activity, and replies to our questions -> answers to the chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.evidence import Ruling
from assistant.flowchart import Activity, Answered, Flowchart, Intent, Verdict
from assistant.plain_reader.activities.mentioned import OPPOSITE, Mention, Weight, mentions
from assistant.plain_reader.activities.replies import chosen_intent, decided
from assistant.rules.code_choice import Choice, walk


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


def stands_alone(text: str, flowchart: Flowchart) -> bool:
    """Whether the text tells of something done of its own, by more than a word as «3 reps»."""
    for mention in mentions(text, flowchart):
        if mention.kind == "activity":
            return True
        if flowchart.intents[mention.id].kind != "qualifier" and mention.weight > Weight.FAINT:
            return True
    return False


def names_a_method(text: str, flowchart: Flowchart) -> bool:
    """Whether the text names a service or a method, and not only what is a sign of one."""
    return any(mention.weight >= Weight.NAMED for mention in mentions(text, flowchart))


def is_unheard_of(text: str, flowchart: Flowchart) -> bool:
    """Whether no list of the chart holds any of the words."""
    return not mentions(text, flowchart)


def choose(
    text: str, flowchart: Flowchart, replies: Sequence[str] = (), liked: str = ""
) -> Ruling[Choice]:
    """The code for an activity in the user's words, after any replies to our questions."""
    answers = settle(text, replies, flowchart, liked)
    return walk(flowchart, answers, known_activity(text, flowchart))


def settle(
    text: str, replies: Sequence[str], flowchart: Flowchart, liked: str = ""
) -> dict[str, Answered]:
    """Answers that the words give together with the replies to what we asked, in order.

    A reply that does not choose ("both", "not sure") leaves what was open open.

    Args:
        liked: id of the intent that the words are like, where no list holds any of them.
    """
    found: Sequence[Mention] = mentions(text, flowchart)
    if liked and not found:
        found = [Mention("intent", liked, Weight.SIGN, text)]
    purposes = _merged(_purposes(found, flowchart), flowchart)
    circumstances = _circumstances(found, flowchart)
    activity = known_activity(text, flowchart)
    for reply in (reply.strip() for reply in replies):
        question = walk(flowchart, {**purposes, **circumstances}, activity).result.next_question
        if question is None:
            break
        if question.id in flowchart.questions:
            circumstances |= decided(reply, question, flowchart)
        elif intent := chosen_intent(reply, question, activity, flowchart):
            said = Mention("intent", intent.id, Weight.REPLY, reply)
            purposes = _merged([said], flowchart)
    return {**purposes, **circumstances}


def _answers(said: Sequence[Mention], flowchart: Flowchart) -> dict[str, Answered]:
    purposes = _merged(_purposes(said, flowchart), flowchart)
    return {**purposes, **_circumstances(said, flowchart)}


def _circumstances(said: Sequence[Mention], flowchart: Flowchart) -> dict[str, Answered]:
    """What holds whatever the purpose was. A detail counts only where its question is raised."""
    answers: dict[str, Answered] = {}
    said = _without_parts(said, flowchart)
    found = [(m, flowchart.intents[m.id]) for m in said if m.kind == "intent"]
    raised = {q for _, i in found if i.kind != "qualifier" for q in i.answers}
    treated = any(_is_treatment(m, flowchart) for m in said)
    for mention, intent in sorted(found, key=lambda pair: pair[1].kind != "qualifier"):
        if intent.kind == "purpose":
            continue
        unsure = intent.beside == "around" and treated
        for question, verdict in intent.answers.items():
            presumed = flowchart.questions[question].presumed
            if intent.kind == "qualifier" and presumed and question not in raised:
                continue
            if mention.negated:
                verdict = OPPOSITE.get(verdict, presumed or Verdict.OPEN)
            elif unsure:
                verdict = Verdict.OPEN
            if question not in answers or answers[question].value is Verdict.OPEN:
                answers[question] = Answered(verdict, mention.evidence)
    return answers


def _without_parts(said: Sequence[Mention], flowchart: Flowchart) -> list[Mention]:
    """The mentions without those that are a part of a treatment named beside them.

    Exercise "with rest breaks" is exercise, and tape put on before it does not unmake it.
    """
    treated = any(_is_treatment(m, flowchart) for m in said)
    kept: list[Mention] = []
    for mention in said:
        place = flowchart.intents[mention.id].beside if mention.kind == "intent" else ""
        before = place and any(_is_treatment(m, flowchart, Weight.PURPOSE) for m in kept)
        if not (treated if place == "anywhere" else before):
            kept.append(mention)
    return kept


def _is_treatment(mention: Mention, flowchart: Flowchart, also: Weight = Weight.SIGN) -> bool:
    """Whether it says what was done, and not only what for (unless that weight counts also)."""
    if mention.negated or mention.weight not in (Weight.SIGN, Weight.NAMED, Weight.LABEL, also):
        return False
    if mention.kind == "activity":
        return True
    intent = flowchart.intents[mention.id]
    earns = intent.outcome and flowchart.outcomes[intent.outcome].codes
    return bool(earns) and not intent.beside and intent.kind != "qualifier"


def _purposes(said: Sequence[Mention], flowchart: Flowchart) -> list[Mention]:
    """The mentions that decide what the minutes were for; several are a tie.

    Words that say nothing leave every purpose open.
    """
    if not said:
        return [Mention("intent", i.id, Weight.GOAL, "") for i in _asked_for(flowchart)]
    held = [m for m in said if not m.negated]
    if any(_is_treatment(m, flowchart) for m in held):
        held = [m for m in held if not _is_idle(m, flowchart)]
    activities = [m for m in held if m.kind == "activity"]
    purposes = [m for m in held if m.kind == "intent" and flowchart.intents[m.id].kind == "purpose"]
    denied = {m.id for m in said if m.negated} - {m.id for m in held}
    weight = max((m.weight for m in purposes), default=Weight.GOAL)
    heaviest = [m for m in purposes if m.weight is weight]
    goals = {m.id for m in purposes if m.weight is Weight.GOAL}
    if weight > Weight.SIGN:
        return _stated_first(heaviest, purposes, flowchart)
    if weight is Weight.FAINT and _has_circumstance(_without_parts(held, flowchart), flowchart):
        return []
    if weight is Weight.SIGN:
        return _among_signs(heaviest, activities, goals, denied, flowchart)
    offered = _offered(activities, denied, flowchart)
    settled = [m for m in offered if m.id in goals]
    return settled or offered or heaviest


def _stated_first(
    named: list[Mention], purposes: Sequence[Mention], flowchart: Flowchart
) -> list[Mention]:
    """Of several methods the one whose purpose is stated: quad sets, biofeedback «for strength».

    A method with another purpose behind it leaves both: «single leg hops for power».
    """
    stated = {m.id for m in purposes if m.weight is Weight.PURPOSE}
    told = [m for m in named if m.id in stated]
    if len({m.id for m in told}) == 1:
        return told
    last = next(n for n in range(len(purposes) - 1, -1, -1) if purposes[n] in named)
    if named[0].weight is Weight.NAMED and not flowchart.intents[named[0].id].ultimate:
        return [*named, *(m for m in purposes[last:] if m.weight is Weight.PURPOSE)]
    return named


def _is_idle(mention: Mention, flowchart: Flowchart) -> bool:
    """Whether it is a purpose that earns nothing, such as explaining the diagnosis."""
    if mention.kind == "activity" or flowchart.intents[mention.id].kind != "purpose":
        return False
    return not flowchart.outcomes[flowchart.intents[mention.id].outcome].codes


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
    if len(signs) > 1 and len({m.id for m in signs}) == 1:  # two signs outweigh a mere leaning
        leaning = []
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
