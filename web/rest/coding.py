"""The rules over HTTP: the code-selection chart, and the check of a note."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.flowchart import Flowchart
from assistant.rules.code_choice import Choice
from assistant.rules.documentation import Shown
from web import access
from web.notes.pages import LONGEST_NOTE, checked
from web.parts import parts
from web.rest.nouns import Because, Day, Found, because, warned

router = APIRouter(prefix="/api", tags=["Rules"], dependencies=[Depends(access.member)])

MOST_CODES = 20


class ChartQuestion(BaseModel):
    """A question of the chart; `yes` and `no` are ids of what follows each answer."""

    id: str
    text: str
    yes: str
    no: str
    presumed: str | None = None


class ChartOutcome(BaseModel):
    """Where the chart ends; without codes these minutes earn none."""

    id: str
    label: str
    codes: list[str]
    statement: str


class Chart(BaseModel):
    """The code-selection chart."""

    first: str
    questions: list[ChartQuestion]
    outcomes: list[ChartOutcome]


class Answers(BaseModel):
    """What is known of an activity.

    Attributes:
        answers: id of a question of the chart to yes or no; leave out what is not known.
        activity: words for what was done, kept as evidence.
    """

    model_config = ConfigDict(extra="forbid")

    answers: Annotated[dict[str, Literal["yes", "no"]], Field(max_length=50)]
    activity: Annotated[str, Field(max_length=500)] = ""


class Asked(BaseModel):
    """A question of the chart with its answer."""

    question: str
    text: str
    answer: str


class ToAsk(BaseModel):
    """The question that settles most, with the ways to answer it."""

    id: str
    text: str
    options: list[str]


class Chosen(BaseModel):
    """The code for an activity, or those still open.

    Attributes:
        code: null while it is open, and where these minutes earn none.
        is_billable: null while it is open.
        candidates: the codes still open; the one code once it is decided.
    """

    code: str | None
    is_billable: bool | None
    candidates: list[str]
    path: list[Asked]
    next_question: ToAsk | None
    why: list[Because]
    findings: list[Found]


class Note(BaseModel):
    """A day's note; it is not kept, and identifiers are masked before it is read.

    Attributes:
        codes: billed for the visit; empty for those that the note names.
        date_of_service: today where left out.
    """

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]
    codes: Annotated[
        list[Annotated[str, Field(pattern="^[0-9A-Z][0-9]{4}$")]], Field(max_length=MOST_CODES)
    ] = []
    date_of_service: Day | None = None


class Element(BaseModel):
    """Something the note must (`is_condition`) or should show.

    Attributes:
        code: the code that needs it; "*" for every visit, two codes joined by "+" for a pair.
        evidence: the note's own words that show it, with their place; null where it is missing.
        pattern: a sentence to complete where it is missing and true; null where it is shown.
    """

    code: str
    id: str
    text: str
    is_condition: bool
    present: bool
    evidence: dict[str, Any] | None
    pattern: str | None
    statement: str


class NoteChecked(BaseModel):
    """A note held against what its codes need.

    Attributes:
        masked: kinds of identifiers that were taken out.
        missing: how many of Medicare's conditions are not shown.
        pairs: what makes two codes of one day defensible beside each other.
    """

    codes: list[str]
    masked: list[str]
    missing: int
    elements: list[Element]
    pairs: list[dict[str, Any]]
    findings: list[Found]


@router.get("/flowchart")
def chart(request: Request) -> Chart:
    """The code-selection chart: its questions and where it ends."""
    held: Flowchart = parts(request).assistant.knowledge.flowchart()
    return Chart(
        first=held.first,
        questions=[
            ChartQuestion(
                id=one.id,
                text=one.text,
                yes=one.yes,
                no=one.no,
                presumed=one.presumed.value if one.presumed else None,
            )
            for one in held.questions.values()
        ],
        outcomes=[
            ChartOutcome(id=one.id, label=one.label, codes=list(one.codes), statement=one.statement)
            for one in held.outcomes.values()
        ],
    )


@router.post("/flowchart")
def walk(request: Request, body: Answers) -> Chosen:
    """Walk the chart with the answers known so far: the code, or what to ask next."""
    activity = parts(request).assistant.mask(body.activity).text
    found = parts(request).assistant.tools.choose_code(dict(body.answers), activity)
    choice: Choice = found.result
    ask = choice.next_question
    return Chosen(
        code=choice.code,
        is_billable=choice.is_billable,
        candidates=list(choice.candidates),
        path=[
            Asked(question=step.question, text=step.text, answer=step.answer.value)
            for step in choice.path
        ],
        next_question=ToAsk(id=ask.id, text=ask.text, options=[one.text for one in ask.options])
        if ask
        else None,
        why=because(found.because),
        findings=warned(found.findings),
    )


@router.post("/notes/check")
def check_note(request: Request, body: Note) -> NoteChecked:
    """Hold a note against what each billed code needs; nothing of it is kept."""
    day = body.date_of_service or date.today()
    found = checked(parts(request).assistant, body.note, " ".join(body.codes), day)
    return NoteChecked(
        codes=list(found.review.codes),
        masked=list(found.masked),
        missing=len(found.review.missing),
        elements=[_element(one) for one in found.review.elements],
        pairs=found.pairs,
        findings=warned(found.findings),
    )


def _element(shown: Shown) -> Element:
    return Element(code=shown.code, is_condition=shown.is_condition, **shown.to_dict())
