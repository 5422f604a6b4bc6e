"""The pieces of an answer, gathered before they become one text."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.conversation import Answer, AnswerKind, Claim, CodeChoice, Question, Warned
from assistant.worksheet import Worksheet


@dataclass(slots=True)
class Parts:
    """What an answer will say; `paragraphs` are Markdown, in order."""

    worksheet: Worksheet
    kind: AnswerKind = AnswerKind.GUIDANCE
    paragraphs: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    code_choices: list[CodeChoice] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    findings: list[Warned] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def say(self, *lines: str) -> None:
        """Add a paragraph or list."""
        text = "\n".join(line for line in lines if line)
        if text:
            self.paragraphs.append(text)

    def say_changed(self, changes: list[str], same: str) -> None:
        """Say, right behind the claim, what this turn changed in the one before, or `same`."""
        self.changes = changes
        self.paragraphs.insert(1, f"**Changed**: {'; '.join(changes)}." if changes else same)

    def absorb(self, other: Parts) -> None:
        """Take over what another visit's parts say; both share the worksheet."""
        self.paragraphs += other.paragraphs
        self.claims += other.claims
        self.code_choices += other.code_choices
        self.questions += [q for q in other.questions if q not in self.questions]
        self.assumptions += other.assumptions
        self.findings += other.findings

    def answer(self) -> Answer:
        """The finished answer."""
        closing = [*self.paragraphs]
        watch = [f for f in self.findings if not f.id.startswith("dispute-")]
        if watch:
            closing.append("\n".join(["**Watch**", *map(self._warned, watch)]))
        if self.questions:
            asked = [f"- {q.text}{_options(q)}" for q in self.questions]
            closing.append("\n".join(["**Still needed**", *asked]))
        if self.assumptions:
            taken = [f"- {a}" for a in dict.fromkeys(self.assumptions)]
            closing.append("\n".join(["**Taken for granted**", *taken]))
        return Answer(
            kind=self.kind,
            text="\n\n".join(closing),
            claims=self.claims,
            code_choices=self.code_choices,
            questions=self.questions,
            assumptions=list(dict.fromkeys(self.assumptions)),
            findings=self.findings,
            citations=self.worksheet.citations,
            trace=self.worksheet.trace,
            changes=self.changes,
        )

    def _warned(self, finding: Warned) -> str:
        word = {"error": "Stop", "warning": "Careful", "info": "Note"}[finding.severity]
        return f"- {word}: {finding.text}{self.worksheet.marked(finding.citation)}"


def _options(question: Question) -> str:
    return f" ({' / '.join(question.options)})" if question.options else ""
