"""Which code an activity earns, by the code-selection chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.flowchart import (
    Activity,
    Answered,
    ChartQuestion,
    Flowchart,
    Outcome,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class ChartStep:
    """A question on the way, its answer and the user's words that decide it.

    Attributes:
        question: id of the chart's question; `text` is what it asks.
    """

    question: str
    text: str
    answer: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class Option:
    """A way to answer in plain words, and the codes it leaves."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """The question that settles most. Any option's text, sent back as a message, answers it."""

    id: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the chart says of one activity.

    Attributes:
        outcome: where the chart ended; None while it is undecided.
        candidates: the codes still open, in ascending order; the one code once decided.
        path: the questions the user's words decide, up to and with the first that is open.
        next_question: what to ask; None once decided.
    """

    outcome: Outcome | None
    candidates: tuple[str, ...]
    path: tuple[ChartStep, ...]
    next_question: NextQuestion | None

    @property
    def code(self) -> str | None:
        """The code, or None while undecided or where these minutes earn none."""
        return self.outcome.codes[0] if self.outcome and self.outcome.codes else None

    @property
    def is_billable(self) -> bool | None:
        """Whether these minutes earn a code; None while undecided."""
        return bool(self.outcome.codes) if self.outcome else None


def walk(
    flowchart: Flowchart, answers: Mapping[str, Answered], activity: Activity | None = None
) -> Ruling[Choice]:
    """The code that the answers lead to, or the codes they leave and the next question.

    A question that nobody raised has the chart's presumed answer and stays out of the path.

    Args:
        flowchart: the chart.
        answers: what the user's words say, by question id; missing means not said.
        activity: the known activity, if one; its own settling question is then asked.
    """
    outcomes, open_questions = _explore(flowchart, answers)
    path = _path(flowchart, answers)
    if len(outcomes) == 1:
        outcome = outcomes[0]
        choice = Choice(outcome, outcome.codes[:1], path, None)
        return Ruling(
            choice, (*_because(flowchart, path), _conclusion(outcome)), _cautions(outcome)
        )
    candidates = sorted({code for outcome in outcomes for code in outcome.codes[:1]})
    question = _next_question(flowchart, outcomes, open_questions[0], activity)
    choice = Choice(None, tuple(candidates), path, question)
    return Ruling(choice, _because(flowchart, path))


def _explore(
    flowchart: Flowchart, answers: Mapping[str, Answered]
) -> tuple[list[Outcome], list[ChartQuestion]]:
    """Every outcome the answers allow, and the undecided questions, both in the chart's order."""
    outcomes: dict[str, Outcome] = {}
    undecided: dict[str, ChartQuestion] = {}
    waiting = [flowchart.first]
    while waiting:
        here = waiting.pop()
        if here in flowchart.outcomes:
            outcomes[here] = flowchart.outcomes[here]
            continue
        question = flowchart.questions[here]
        verdict = _verdict(question, answers)
        if verdict is Verdict.OPEN:
            undecided[here] = question
            waiting += [question.no, question.yes]
        else:
            waiting.append(question.after(verdict))
    return list(outcomes.values()), list(undecided.values())


def _verdict(question: ChartQuestion, answers: Mapping[str, Answered]) -> Verdict:
    if question.id in answers:
        return answers[question.id].value
    return question.presumed or Verdict.OPEN


def _path(flowchart: Flowchart, answers: Mapping[str, Answered]) -> tuple[ChartStep, ...]:
    steps: list[ChartStep] = []
    here = flowchart.first
    while here in flowchart.questions:
        question = flowchart.questions[here]
        verdict = _verdict(question, answers)
        evidence = answers[here].evidence if here in answers else ""
        if evidence or question.core or (verdict is Verdict.OPEN and here not in answers):
            steps.append(ChartStep(here, question.text, verdict, evidence))
        if verdict is Verdict.OPEN:
            break
        here = question.after(verdict)
    return tuple(steps)


def _next_question(
    flowchart: Flowchart,
    outcomes: Sequence[Outcome],
    first_open: ChartQuestion,
    activity: Activity | None,
) -> NextQuestion:
    """The activity's own question, or the first open one's, or an option for each outcome."""
    still_open = {outcome.id for outcome in outcomes}
    if activity is not None:
        asked = [(o.text, flowchart.intents[o.intent].outcome) for o in activity.options]
        options = _options(flowchart, asked, still_open)
        if {o.codes for o in options} >= {o.codes[:1] for o in outcomes}:
            return NextQuestion(activity.id, activity.question, options)
    if first_open.options:
        return _either_or(flowchart, outcomes, first_open)
    asked = [(i.option, i.outcome) for i in flowchart.intents.values() if i.option]
    options = _options(flowchart, asked, still_open)
    told = {o.codes for o in options}
    rest = [(o.label, o.id) for o in outcomes if o.codes and o.codes[:1] not in told]
    more = _options(flowchart, rest, still_open) if len(options) < 2 else ()
    return NextQuestion("purpose", flowchart.ask, (*options, *more))


def _options(
    flowchart: Flowchart, asked: Sequence[tuple[str, str]], still_open: set[str]
) -> tuple[Option, ...]:
    return tuple(
        Option(text, flowchart.outcomes[outcome].codes[:1])
        for text, outcome in asked
        if outcome in still_open
    )


def _either_or(
    flowchart: Flowchart, outcomes: Sequence[Outcome], question: ChartQuestion
) -> NextQuestion:
    allowed = {outcome.id for outcome in outcomes}
    options = []
    for text, target in zip(question.options, (question.yes, question.no), strict=True):
        behind = _outcomes_behind(flowchart, target) & allowed
        codes = {flowchart.outcomes[name].codes[:1] for name in behind}
        options.append(Option(text, tuple(sorted(code for some in codes for code in some))))
    return NextQuestion(question.id, question.text, tuple(options))


def _outcomes_behind(flowchart: Flowchart, here: str) -> set[str]:
    if here in flowchart.outcomes:
        return {here}
    question = flowchart.questions[here]
    return _outcomes_behind(flowchart, question.yes) | _outcomes_behind(flowchart, question.no)


def _because(flowchart: Flowchart, path: Sequence[ChartStep]) -> tuple[Reason, ...]:
    return tuple(
        Reason(_sentence(step), flowchart.questions[step.question].statement) for step in path
    )


def _sentence(step: ChartStep) -> str:
    answer = "still open" if step.answer is Verdict.OPEN else step.answer.value
    said = f" (“{step.evidence}”)" if step.evidence else ""
    return f"{step.text} {answer.capitalize()}{said}."


def _conclusion(outcome: Outcome) -> Reason:
    head = outcome.codes[0] if outcome.codes else "Not billable"
    return Reason(f"{head}: {outcome.label}.", outcome.statement)


def _cautions(outcome: Outcome) -> tuple[Finding, ...]:
    """A warning where these minutes earn no code."""
    if outcome.codes:
        return ()
    reason = _conclusion(outcome)
    slug = f"not-billable-{outcome.id.replace('_', '-')}"
    return (Finding(slug, Severity.WARNING, reason.text, None, reason.statement),)


def mermaid(flowchart: Flowchart, path: Sequence[ChartStep] = ()) -> str:
    """The chart as Mermaid text; what the path's answers pass through is marked ``taken``."""
    edges = [
        (question.id, word, target)
        for question in flowchart.questions.values()
        for word, target in (("Yes", question.yes), ("No", question.no))
    ]
    return "\n".join(
        (
            "flowchart TD",
            *(f'    {q.id}{{"{_plain(q.text)}"}}' for q in flowchart.questions.values()),
            *(f'    {o.id}["{_plain(_caption(o))}"]' for o in flowchart.outcomes.values()),
            *(f"    {start} -->|{word}| {end}" for start, word, end in edges),
            *_marks(edges, _taken(flowchart, path)),
            "",
        )
    )


def _marks(edges: Sequence[tuple[str, str, str]], taken: Sequence[str]) -> list[str]:
    if not taken:
        return []
    passed = set(pairwise(taken))
    numbers = [str(n) for n, (start, _, end) in enumerate(edges) if (start, end) in passed]
    marks = [f"    classDef taken {_TAKEN}", f"    class {','.join(taken)} taken"]
    return [*marks, *([f"    linkStyle {','.join(numbers)} {_TAKEN_LINE}"] if numbers else [])]


_TAKEN_LINE = "stroke:#0b5cad,stroke-width:3px"
_TAKEN = f"fill:#d7ecff,{_TAKEN_LINE}"


def _taken(flowchart: Flowchart, path: Sequence[ChartStep]) -> list[str]:
    """Ids of the questions passed and of the outcome, or of the question still open."""
    if not path:
        return []
    said = {step.question: step.answer for step in path}
    passed, outcome = flowchart.route(said)
    stopped = [name for name, verdict in said.items() if verdict is Verdict.OPEN]
    return [*passed, *([outcome] if outcome else stopped)]


def _caption(outcome: Outcome) -> str:
    return ": ".join(filter(None, (" + ".join(outcome.codes), outcome.label)))


def _plain(text: str) -> str:
    return text.replace('"', "'")
