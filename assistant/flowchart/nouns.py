"""The nouns of a code-selection chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What is known about one of the chart's questions."""

    YES = "yes"
    NO = "no"
    OPEN = "open"  # it was raised, and the words allow both


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a question of the chart, with the user's own words that give it."""

    value: Verdict
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the chart ends. No codes: these minutes earn none; add-on codes follow the first."""

    id: str
    codes: tuple[str, ...]
    label: str
    statement: str


@dataclass(frozen=True, slots=True)
class ChartQuestion:
    """A question with two answers.

    Attributes:
        yes, no: id of the question or outcome that follows.
        presumed: the answer that holds where the words say nothing; None where there is none.
        core: whether it is one of the two questions the chart is about.
        options: the two answers (yes, no) in plain words; empty where an intent's words serve.
    """

    id: str
    text: str
    counts_as_yes: str
    counts_as_no: str
    statement: str
    yes: str
    no: str
    presumed: Verdict | None = None
    core: bool = False
    options: tuple[str, ...] = ()

    def after(self, verdict: Verdict) -> str:
        """Id of what follows an answer."""
        return self.yes if verdict is Verdict.YES else self.no


@dataclass(frozen=True, slots=True)
class Intent:
    """What minutes were for, or how they were given: answers to the chart, and the words for it.

    Attributes:
        kind: ``purpose`` competes with other purposes; a ``circumstance`` (hands on, in water,
            given by an aide) holds whatever the purpose was; a ``qualifier`` only adds a detail.
        option: it in plain words, as an option to choose; "" where nobody is asked.
        ultimate: named as a purpose it may be just the goal that every note names, so it only
            settles what is still open.
        named: cues that settle it by themselves.
        signs: cues that a stated purpose outweighs.
        faint: words so general that they count only where nothing else is said.
        outcome: id of the outcome that its answers lead to, "" where they do not reach one.
        beside: where a treatment named makes it a mere part of that: "before" it, "anywhere",
            "around" (before it; after it, the question is open), or "".
    """

    id: str
    kind: str
    option: str
    answers: Mapping[str, Verdict]
    ultimate: bool
    named: tuple[str, ...]
    signs: tuple[str, ...]
    faint: tuple[str, ...]
    outcome: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class ActivityOption:
    """One answer to an activity's settling question."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Something done that may earn different codes, and the question that settles which.

    Attributes:
        leans: the intent it stands for beside the sign of another ("" where none).
        as_goal: the intent it stands for where it is named as a purpose.
    """

    id: str
    cues: tuple[str, ...]
    question: str
    options: tuple[ActivityOption, ...]
    leans: str = ""
    as_goal: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """How cues are written and what the words around them do; see ``cues.yaml``."""

    spellings: Mapping[str, str]
    classes: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    purpose: tuple[str, ...]
    goal: tuple[str, ...]
    cause: tuple[str, ...]
    capitals: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Flowchart:
    """A chart with everything that reads for it. Two charts are the same only if they are one."""

    title: str
    first: str
    ask: str
    questions: Mapping[str, ChartQuestion]
    outcomes: Mapping[str, Outcome]
    intents: Mapping[str, Intent]
    activities: Mapping[str, Activity]
    wording: Wording

    def route(self, answers: Mapping[str, Verdict]) -> tuple[Mapping[str, Verdict], str]:
        """The questions passed with their answers, and the outcome reached ("" where stuck)."""
        return route(self.questions, self.first, answers)

    @property
    def phrases(self) -> Iterator[str]:
        """How the chart's purposes and activities are named, as its cues are written."""
        for intent in self.intents.values():
            yield from (*intent.named, *intent.signs, *intent.faint)
        for activity in self.activities.values():
            yield from activity.cues

    @property
    def statements(self) -> Iterator[str]:
        """Ids of all statements the chart leans on."""
        yield from (q.statement for q in self.questions.values())
        yield from (o.statement for o in self.outcomes.values())


def route(
    questions: Mapping[str, ChartQuestion], first: str, answers: Mapping[str, Verdict]
) -> tuple[Mapping[str, Verdict], str]:
    """The questions passed from the first on with their answers, and the outcome reached.

    An answer that is missing is the one presumed; where none is, the outcome is "".
    """
    passed: dict[str, Verdict] = {}
    here = first
    while here in questions:
        verdict = answers.get(here) or questions[here].presumed
        if verdict is None or verdict is Verdict.OPEN:
            return passed, ""
        passed[here] = verdict
        here = questions[here].after(verdict)
    return passed, here
