"""An answer as its page shows it: names beside codes, pictures, links. No thinking about coding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from assistant.claim import CountingRule
from assistant.conversation import (
    Answer,
    Claim,
    CodeChoice,
    Line,
    Question,
    Step,
    Warned,
    Why,
)
from assistant.errors import KnowledgeError
from assistant.evidence import Severity
from assistant.knowledge import Knowledge
from web import markdown
from web.chat.followups import Suggestion, follow_ups
from web.chat.nouns import Exchange
from web.citing import AUTHORITIES, CERTAINTIES, SourceCard, source_cards
from web.pictures import chart, minutes, threshold, timeline
from web.prose import DISPUTE, without_repeats

__all__ = ["AUTHORITIES", "CERTAINTIES", "Presenter", "without_repeats"]

RULES = {"cms": "Medicare total time", "ama": "each code alone"}
TIE = "tie"  # id of the question which of two equal codes takes the unit
HOLDS = " We hold: "  # between what is published and what the rule gives
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
    standing: threshold.Year | None

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


@dataclass(frozen=True, slots=True)
class DisputeCard:
    """A published statement beside what the rule gives; both with their citations' numbers."""

    who: str
    says: str
    says_in: int | None
    holds: str
    holds_in: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message that has no answer yet, or none any more."""

    exchange: Exchange
    id: str
    says_masked: bool = False
    answer: None = None


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
    disputes: list[DisputeCard] = field(default_factory=list)
    follow_ups: list[Suggestion] = field(default_factory=list)
    clocks: list[timeline.Timeline] = field(default_factory=list)  # of visits not yet counted

    @property
    def copy(self) -> str:
        """The whole answer for the clipboard, as the assistant wrote it."""
        return self.answer.text

    @property
    def summary(self) -> str:
        """What a screen reader announces."""
        lines = [line.line for card in self.claims for line in card.lines]
        if lines:
            said = (f"{line.code}, {line.units} {units_word(line.units)}" for line in lines)
            return f"Answer: {'; '.join(said)}."
        first = self.text.striptags().split(". ")[0]
        return f"Answer: {first[:200]}"


def claims_before(exchanges: Sequence[Exchange], position: int) -> list[Claim]:
    """The claims of a conversation's earlier turns, in order."""
    before = (one.answer for one in exchanges if one.answer and one.position < position)
    return [claim for answer in before for claim in answer.claims]


def own_id(exchange: Exchange) -> str:
    """The id of a turn on its page."""
    return f"m{exchange.position + 1}"


def _is_dispute(found: Warned) -> bool:
    return found.id.startswith(DISPUTE)


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
        self._guides = frozenset(guide.id for guide in knowledge.guides)

    def turns(self, exchanges: Sequence[Exchange], first: int = 0) -> Iterator[Turn | Waiting]:
        """The turns from a place on; only the conversation's first with a masked text says so."""
        told = False
        for exchange in exchanges:
            says = bool(exchange.masked) and not told
            told = told or says
            if exchange.position >= first:
                earlier = claims_before(exchanges, exchange.position)
                yield self.turn_or_waiting(exchange, says_masked=says, earlier=earlier)

    def turn_or_waiting(
        self, exchange: Exchange, *, says_masked: bool = False, earlier: Sequence[Claim] = ()
    ) -> Turn | Waiting:
        """One turn, or the message alone where it has no answer."""
        if exchange.answer is None:
            return Waiting(exchange, own_id(exchange), says_masked)
        return self.turn(exchange, exchange.answer, says_masked=says_masked, earlier=earlier)

    def turn(
        self,
        exchange: Exchange,
        answer: Answer,
        *,
        says_masked: bool = False,
        earlier: Sequence[Claim] = (),
    ) -> Turn:
        """One turn with that answer; `earlier` are the claims of the turns before it."""
        own = own_id(exchange)
        questions, tie = list(answer.questions), None
        if len(answer.claims) == 1:  # the choice between equal lines stands beside the lines
            tie = next((question for question in questions if question.id == TIE), None)
            questions = [question for question in questions if question is not tie]
        text = without_repeats(answer)
        unmarked = markdown.NUMBER_BEFORE.sub("", text)
        findings = [
            found
            for found in answer.findings
            if found.text not in unmarked and not found.id.startswith(DISPUTE)
        ]
        numbers = [citation.n for citation in answer.citations]
        return Turn(
            exchange=exchange,
            answer=answer,
            id=own,
            text=markdown.to_html(text, numbers, f"{own}-source-"),
            claims=[self._claim(claim, tie, earlier) for claim in answer.claims],
            choices=[self._choice(choice) for choice in answer.code_choices],
            sources=list(source_cards(answer.citations, self._guides)),
            says_masked=says_masked,
            questions=questions,
            findings=sorted(findings, key=lambda found: WEIGHT.index(found.severity)),
            disputes=[self._dispute(f, answer) for f in answer.findings if _is_dispute(f)],
            follow_ups=follow_ups(answer),
            clocks=[] if answer.claims else list(timeline.uncounted(answer.trace)),
        )

    def _dispute(self, found: Warned, answer: Answer) -> DisputeCard:
        """The finding's two halves; the ruling's citation is that of the ledger's statement."""
        said, _, holds = found.text.partition(HOLDS)
        who, _, says = said.partition(": ")
        ledger = {held.id: held for held in self._knowledge.disputes}
        held = ledger.get(found.id.removeprefix(DISPUTE))
        grounds = {f"statement:{name}" for name in held.statements} if held else set()
        number = next((c.n for c in answer.citations if c.passage in grounds), None)
        return DisputeCard(who, says, found.citation, holds, number)

    def _claim(self, claim: Claim, tie: Question | None, earlier: Sequence[Claim]) -> ClaimCard:
        return ClaimCard(
            claim=claim,
            payer=self._payer(claim.payer),
            rule=RULES.get(claim.counting_rule, claim.counting_rule),
            lines=[CodeLine(line, self.name(line.code)) for line in claim.lines],
            tie=tie,
            bar=self._bar(claim),
            clock=timeline.timeline([b for b in claim.blocks if b.get("start") is not None]),
            standing=threshold.year(claim, earlier),
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
        )

    def chart(self, choice: CodeChoice | None = None) -> chart.ChartPicture | None:
        """The code-selection chart, with the path of a choice; None where it cannot be read."""
        try:
            held = self._knowledge.flowchart("therapy_code")
        except KnowledgeError:
            return None
        return chart.picture(held, choice.path if choice else ())


def _is_about(why: Why, step: Step) -> bool:
    return why.text.startswith(step.question)


def _citation_of(step: Step, reasons: Sequence[Why]) -> int | None:
    """The number of the citation that carries a question of the path."""
    return next((why.citation for why in reasons if _is_about(why, step)), None)
