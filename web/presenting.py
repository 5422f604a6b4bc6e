"""An answer as its page shows it: names beside codes, pictures, links. No thinking about coding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from markupsafe import Markup

from assistant.claim import CountingRule
from assistant.conversation import (
    Answer,
    Citation,
    Claim,
    CodeChoice,
    Line,
    Question,
    Step,
    Warned,
    Why,
)
from assistant.errors import KnowledgeError
from assistant.evidence import Certainty, Severity
from assistant.knowledge import Knowledge
from web import markdown
from web.chat.conversations import Exchange
from web.pictures import chart, minutes, threshold, timeline

RULES = {"cms": "Medicare total time", "ama": "each code alone"}
AUTHORITIES = {
    "law": "Law",
    "cms-manual": "CMS manual",
    "cms-page": "CMS page",
    "contractor": "Medicare contractor",
    "payer": "Payer",
    "society": "Professional society",
    "industry": "Industry article",
    "local": "Local",
}
CERTAINTIES = {
    "verified": "Seen in the source.",
    "computed": "Computed here from values seen in the source.",
    "inferred": "Inferred: it follows from the source, which does not say it in so many words.",
    "memory": "From memory of the field: nobody here has seen it written.",
}
TIE = "tie"  # id of the question which of two equal codes takes the unit
WEIGHT = [severity.value for severity in Severity]


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A claim line with the code's plain name and its text for the clipboard."""

    line: Line
    name: str

    @property
    def copy(self) -> str:
        """Code, modifiers and units with tabs between, as a spreadsheet takes them."""
        return f"{self.line.code}\t{' '.join(self.line.modifiers)}\t{self.line.units}"


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim as the page shows it."""

    claim: Claim
    payer: str
    rule: str
    lines: list[CodeLine]
    tie: Question | None
    bar: minutes.MinutesPicture | None
    clock: timeline.Timeline | None
    standing: threshold.Standing | None

    @property
    def copy(self) -> str:
        """All lines for the clipboard."""
        return "\n".join(line.copy for line in self.lines)


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen or open code with its picture."""

    choice: CodeChoice
    path: list[tuple[Step, int | None]]
    why: list[Why]
    names: dict[str, str]
    picture: chart.ChartPicture | None


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A citation with where it opens; `same_as` is the first citation with the same quote."""

    citation: Citation
    authority: str
    opens: str
    same_as: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it may be taken as read in the source."""
        return Certainty(self.citation.certainty).is_settled


@dataclass(frozen=True, slots=True)
class Turn:
    """One message and its answer, ready to be shown."""

    exchange: Exchange
    answer: Answer
    id: str
    text: Markup
    claims: list[ClaimCard]
    choices: list[Choice]
    sources: list[SourceCard]
    says_masked: bool = False
    questions: list[Question] = field(default_factory=list)
    findings: list[Warned] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """What a screen reader announces."""
        lines = [line.line for card in self.claims for line in card.lines]
        if lines:
            said = (f"{line.code}, {line.units} {units_word(line.units)}" for line in lines)
            return f"Answer: {'; '.join(said)}."
        first = self.text.striptags().split(". ")[0]
        return f"Answer: {first[:200]}"


def units_word(units: int) -> str:
    """Singular or plural."""
    return "unit" if units == 1 else "units"


class Presenter:
    """Makes turns for the page.

    Args:
        knowledge: for names of codes and payers and for the flowchart.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def turns(self, exchanges: Sequence[Exchange]) -> Iterator[Turn]:
        """The conversation's turns; only the first that had identifiers masked says so."""
        told = False
        for exchange in exchanges:
            says = bool(exchange.masked) and not told
            told = told or says
            yield self.turn(exchange, says_masked=says)

    def turn(self, exchange: Exchange, *, says_masked: bool = False) -> Turn:
        """One turn."""
        answer, own = exchange.answer, f"m{exchange.position + 1}"
        questions, tie = list(answer.questions), None
        if len(answer.claims) == 1:  # the choice between equal lines stands beside the lines
            tie = next((question for question in questions if question.id == TIE), None)
            questions = [question for question in questions if question is not tie]
        text = without_repeats(answer)
        unmarked = markdown.NUMBER_BEFORE.sub("", text)
        findings = [found for found in answer.findings if found.text not in unmarked]
        numbers = [citation.n for citation in answer.citations]
        return Turn(
            exchange=exchange,
            answer=answer,
            id=own,
            text=markdown.to_html(text, numbers, f"{own}-source-"),
            claims=[self._claim(claim, tie) for claim in answer.claims],
            choices=[self._choice(choice) for choice in answer.code_choices],
            sources=list(_sources(answer.citations)),
            says_masked=says_masked,
            questions=questions,
            findings=sorted(findings, key=lambda found: WEIGHT.index(found.severity)),
        )

    def _claim(self, claim: Claim, tie: Question | None) -> ClaimCard:
        return ClaimCard(
            claim=claim,
            payer=self._payer(claim.payer),
            rule=RULES.get(claim.counting_rule, claim.counting_rule),
            lines=[CodeLine(line, self.name(line.code)) for line in claim.lines],
            tie=tie,
            bar=self._bar(claim),
            clock=timeline.timeline([b for b in claim.blocks if b.get("start") is not None]),
            standing=threshold.standing(claim.threshold),
        )

    def name(self, code: str) -> str:
        """The code's plain name, "" where we do not hold it."""
        held = self._knowledge.codes.get(code)
        return held.label if held else ""

    def _payer(self, payer: str | None) -> str:
        if payer is None:
            return "not named"
        held = self._knowledge.payers.get(payer)
        return held.name if held else payer

    def _bar(self, claim: Claim) -> minutes.MinutesPicture | None:
        parts = [
            minutes.Part(line.code, line.minutes or 0)
            for line in claim.lines
            if self._pooled(line.code)
        ]
        billed = {part.code for part in parts}
        parts += [
            minutes.Part(left.code, left.minutes)
            for left in claim.unbilled
            if left.code not in billed and self._pooled(left.code)
        ]
        rule = CountingRule(claim.counting_rule)
        if not parts and rule is CountingRule.CMS:  # asked about minutes without naming codes
            parts = [minutes.Part("minutes", claim.total_timed_minutes)]
        return minutes.picture(parts, rule)

    def _pooled(self, code: str) -> bool:
        held = self._knowledge.codes.get(code)
        return held is not None and held.is_pooled

    def _choice(self, choice: CodeChoice) -> Choice:
        codes = [code for code in (choice.code, *choice.candidates) if code]
        path = [(step, _citation_of(step, choice.why)) for step in choice.path]
        return Choice(
            choice=choice,
            path=path,
            why=[why for why in choice.why if not any(_is_about(why, step) for step, _ in path)],
            names={code: self.name(code) for code in codes},
            picture=self.chart(choice),
        )

    def chart(self, choice: CodeChoice | None = None) -> chart.ChartPicture | None:
        """The code-selection chart, with the path of a choice; None where it cannot be read."""
        try:
            held = self._knowledge.flowchart("therapy_code")
        except KnowledgeError:
            return None
        return chart.picture(held, choice.path if choice else ())


def _sources(citations: Sequence[Citation]) -> Iterator[SourceCard]:
    quoted: dict[str, int] = {}
    for citation in citations:
        first = quoted.setdefault(citation.quote, citation.n)
        yield SourceCard(
            citation,
            AUTHORITIES.get(citation.authority, citation.authority),
            _opens(citation),
            first if first != citation.n and citation.quote else None,
        )


def _opens(citation: Citation) -> str:
    """Where the citation is shown: `passage` says what kind of place it is."""
    kind, _, name = citation.passage.partition(":")
    match kind:
        case "":
            return f"/sources/{quote(citation.source)}"
        case "statement":
            return f"/statements/{quote(name)}"
        case "value":
            return f"/values/{quote(name)}"
        case "dispute":
            return f"/disputes/{quote(name)}"
    return f"/passages/{quote(citation.passage)}"


def _is_about(why: Why, step: Step) -> bool:
    return why.text.startswith(step.question)


def _citation_of(step: Step, reasons: Sequence[Why]) -> int | None:
    """The number of the citation that carries a question of the path."""
    return next((why.citation for why in reasons if _is_about(why, step)), None)


def without_repeats(answer: Answer) -> str:
    """The text without the list items that the page shows as parts of their own."""
    shown = {
        *(finding.text for finding in answer.findings),
        *(question.text for question in answer.questions),
        *(why.text for choice in answer.code_choices for why in choice.why),
        *answer.assumptions,
    }

    def repeats(line: str) -> bool:
        return line.startswith("- ") and any(said in line for said in shown)

    blocks = []
    for block in answer.text.split("\n\n"):
        kept = [line for line in block.split("\n") if not repeats(line)]
        heading_alone = len(kept) == 1 and kept[0].startswith("**") and kept[0].endswith("**")
        if not heading_alone or "\n" not in block:
            blocks.append("\n".join(kept))
    return "\n\n".join(blocks)
