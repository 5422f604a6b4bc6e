"""Codes for what was done where no code was named: the flowchart, in fields and in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.claim import Service
from assistant.conversation import AnswerKind, CodeChoice, Question, Step
from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.flowchart import Flowchart
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.activities import chart_answers
from assistant.plain_reader.activities.likeness import Like, Likeness
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.asked.activity_asked import is_yes_or_no
from assistant.plain_reader.reading import Activity, SharedName
from assistant.plain_reader.words.clauses import GOES_WITH
from assistant.rules.code_choice import Choice
from assistant.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Chosen:
    """One activity with what the flowchart says of it."""

    activity: Activity
    ruling: Ruling[Choice]

    @property
    def service(self) -> Service | None:
        """The service it makes on a claim, once its code and minutes are known."""
        code = self.ruling.result.code
        if code is None or self.activity.minutes is None:
            return None
        a = self.activity
        return Service(code, a.minutes, a.by, a.block, a.text)

    @property
    def is_settled(self) -> bool:
        """Whether the chart reached an end, a code or «not billable»."""
        return self.ruling.result.outcome is not None

    @property
    def is_by_circumstance(self) -> bool:
        """Whether who gave it, to whom or in what settles it, whatever it is called: an aide."""
        outcome = self.ruling.result.outcome
        return outcome is not None and outcome.id in _BY_CIRCUMSTANCE


_OF_A_DEVICE = {"orthosis_first", "prosthesis_first", "device_later"}
_BY_CIRCUMSTANCE = (
    "aide_gave_it", "unattended", "group_therapy", "caregiver_one", "caregiver_group",
    "orthosis_first", "prosthesis_first", "device_later",
)  # fmt: skip


def choose_all(
    found: Sequence[Activity],
    replies: Sequence[str],
    chart: Flowchart,
    worksheet: Worksheet,
    likeness: Likeness | None = None,
) -> list[Chosen]:
    """Walk the chart for every activity; a reply goes to the first that is still open.

    Args:
        likeness: judges an activity that no list of the chart knows.
    """
    chosen: list[Chosen] = []
    left = list(replies)
    for activity in found:
        unheard = likeness and chart_answers.is_unheard_of(activity.text, chart)
        like = likeness.find(activity.text) if likeness and unheard else None
        ruling = chart_answers.choose(activity.text, chart, (), like.intent if like else "")
        used: list[str] = []
        while ruling.result.outcome is None and left:
            used.append(left.pop(0))
            like = None
            ruling = chart_answers.choose(activity.text, chart, used)
        said = chart_answers.settle(activity.text, used, chart, like.intent if like else "")
        worksheet.record(
            "choose_code",
            {"activity": activity.text, "answers": {q: a.value for q, a in said.items()}},
            ruling,
        )
        chosen.append(
            Chosen(activity, _said_by_likeness(ruling, like) if like and like.intent else ruling)
        )
    return chosen


def _said_by_likeness(ruling: Ruling[Choice], like: Like) -> Ruling[Choice]:
    """The ruling with how it was reached, and a warning that it is inferred."""
    how = (
        f"No list here holds these words: judged by likeness to «{like.example}», an example of "
        "ours. That is inferred; check that the minutes were for that."
    )
    caution = Finding("judged-by-likeness", Severity.WARNING, how)
    return replace(
        ruling, because=(Reason(how), *ruling.because), findings=(*ruling.findings, caution)
    )


def explain(parts: Parts, chosen: Sequence[Chosen], knowledge: Knowledge) -> None:
    """Add each choice to the answer: fields, a paragraph, and what is still to be asked."""
    for one in chosen:
        choice = one.ruling.result
        parts.code_choices.append(_field(one, parts.worksheet))
        parts.findings += parts.worksheet.warned(one.ruling.findings)
        parts.say(_headline(one, knowledge), *_path(one, parts.worksheet))
        asked = choice.next_question
        if asked is not None:
            options = [o.text for o in asked.options]
            parts.questions.append(
                Question(f"choice-{asked.id}", asked.text, options, one.activity.text)
            )
    if any(not c.is_settled for c in chosen) and not parts.claims:
        parts.kind = AnswerKind.CODE_CHOICE


def say_yes_or_no(parts: Parts, text: str, asked: Sequence[str]) -> None:
    """Put «yes» or «not this code» in front, where the message asks of one and one is chosen."""
    codes = {choice.code for choice in parts.code_choices}
    if asked and is_yes_or_no(text) and len(codes) == 1 and None not in codes:
        yes = asked[0] in codes
        parts.paragraphs.insert(0, f"**Yes, {asked[0]}.**" if yes else f"**Not {asked[0]}.**")


def say_against(parts: Parts, weighed: Sequence[str]) -> None:
    """Put in front which of the codes that a message weighs against each other it is."""
    chosen = {choice.code for choice in parts.code_choices}
    if len(chosen) != 1 or None in chosen:
        return
    (code,) = chosen
    if list(weighed) == [code]:
        return
    if code in weighed or len(weighed) == 1:
        others = " and not ".join(other for other in weighed if other != code)
        parts.paragraphs.insert(0, f"**{code}, not {others}.**")
    else:
        parts.paragraphs.insert(0, f"**{code}: neither {' nor '.join(weighed)}.**")


def ask_which(parts: Parts, names: Sequence[SharedName], knowledge: Knowledge) -> None:
    """Ask which code each name means that several share."""
    codes = knowledge.codes
    for name in names:
        labels = [f"{c} ({codes[c].label})" for c in name.codes if c in codes]
        text = f"Which is meant by «{name.words}»: {' or '.join(labels)}?"
        parts.say(f"**«{name.words}»: one question decides the code** ({' or '.join(name.codes)}).")
        parts.code_choices.append(CodeChoice(name.words, None, [], list(name.codes)))
        parts.questions.append(Question("which-code", text, list(name.codes), name.words))


def are_untold(services: Sequence[Service], knowledge: Knowledge) -> bool:
    """Whether timed services are told and nobody gave any minutes."""
    timed = any(knowledge.code(s.code).is_timed for s in services)
    return timed and not any(s.minutes is not None or s.block for s in services)


def name_untold(parts: Parts, services: Sequence[Service], knowledge: Knowledge) -> None:
    """Name the code of each timed service whose minutes are asked for next."""
    for code in dict.fromkeys(s.code for s in services if knowledge.code(s.code).is_timed):
        label = knowledge.code(code).label
        parts.code_choices.append(CodeChoice(label, code, [], []))
        parts.say(f"**{code}**, {label}.")


def is_one(whole: Chosen, pieces: Sequence[Chosen]) -> bool:
    """Whether pieces of a message tell of one activity.

    They do where none has another code, or where what decides the code stands across them:
    «sensory diet, swing».
    """
    code = whole.ruling.result.code
    if code is None:
        return False
    settled = {p.ruling.result.code for p in pieces if p.is_settled}
    said = [e for step in whole.ruling.result.path for e in step.evidence.split(" … ")]
    ends = {p.ruling.result.outcome.id for p in pieces if p.ruling.result.outcome is not None}
    if ends and ends <= _OF_A_DEVICE:  # «fabricated and fitted, wearing schedule taught»
        return True
    across = [e for e in said if not any(e in p.activity.text for p in pieces)]
    return settled <= {code} or (bool(across) and code in settled)


def ask_minutes(parts: Parts, untold: Sequence[Chosen]) -> None:
    """Ask how long that was done whose code is settled."""
    for one in untold:
        code = one.ruling.result.code
        text = f"How many one-to-one minutes of {code} («{one.activity.text}»)?"
        parts.questions.append(Question(f"minutes-{code}", text, [], one.activity.text))


def _field(one: Chosen, worksheet: Worksheet) -> CodeChoice:
    choice = one.ruling.result
    return CodeChoice(
        activity=one.activity.text,
        code=choice.code,
        path=[Step(s.text, s.answer.value, s.evidence) for s in choice.path],
        candidates=[] if one.is_settled else list(choice.candidates),
        why=worksheet.why(one.ruling.because),
    )


def _headline(one: Chosen, knowledge: Knowledge) -> str:
    choice = one.ruling.result
    words = one.activity.text
    if choice.code is not None:
        return f"**«{words}»: {choice.code}**, {knowledge.code(choice.code).label}."
    if choice.outcome is not None:
        return f"**«{words}»: not billable**: {choice.outcome.label}."
    options = " or ".join(choice.candidates[:4])
    open_codes = f" ({options})" if 1 < len(choice.candidates) <= 4 else ""
    return f"**«{words}»: one question decides the code**{open_codes}."


def _path(one: Chosen, worksheet: Worksheet) -> list[str]:
    return [f"- {r.text}{worksheet.mark(r.statement)}" for r in one.ruling.because]


_BETWEEN = regex(rf"(?:[;\n,]|\.\s|\bthen\b)(?!\W*{GOES_WITH})", re.I)


_IN_TURN = regex(r"[;\n+]|\.\s|\b(?:and then|then|followed by)\b", re.I)


def told_in_turn(text: str) -> list[str]:
    """What is told one after the other: «paraffin then AROM»; nothing where it is one thing."""
    pieces = [p.strip(" .,:;()-?!\n") for p in _IN_TURN.split(text)]
    return [p for p in pieces if p] if len(pieces) > 1 else []


_AIM = regex(
    r"(?:[a-z-]+ ){1,2}(?:strength|power|endurance|coordination|control|balance|tolerance|stability"
    r"|rom|flexibility|attention|memory|sequencing|awareness|function(?:ing)?)",
    re.I,
)
LEAST_TOLD = 3  # words; «squats, standing balance» may be a list of two


def _is_aim(done: str, behind: str) -> bool:
    """«sit to stand from a low mat, quad strength»: what it was for, and no second activity."""
    return len(done.split()) >= LEAST_TOLD and bool(_AIM.fullmatch(behind))


def bare_activities(text: str, chart: Flowchart) -> list[Activity]:
    """The activities of a message that gives neither codes nor minutes."""
    pieces = [p.strip(" .,:;()-?!\n") for p in _BETWEEN.split(text)]
    found = [p for p in pieces if p and chart_answers.stands_alone(p, chart)]
    whole = re.sub(r"\s+", " ", text).strip()
    if len(found) <= 1 or (len(found) == 2 and _is_aim(*found)):
        return [Activity(whole)]
    return [Activity(p) for p in found]
