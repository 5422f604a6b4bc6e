"""A code-selection chart laid out: questions run down a column, what ends it stands beside them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.conversation import Step
from assistant.flowchart import ChartQuestion, Flowchart, Verdict

QUESTION_WIDTH, OUTCOME_WIDTH = 236, 196
GAP_X, GAP_Y = 54, 26
LINE = 17
PADDING = 11
LETTERS = {QUESTION_WIDTH: 31, OUTCOME_WIDTH: 25}  # that fit on a line


@dataclass(slots=True)
class Box:
    """A question, an outcome, or a pointer to a question that stands elsewhere."""

    id: str
    kind: str  # question | outcome | pointer
    codes: str
    lines: list[str]
    column: int
    row: int
    passed: bool = False
    x: int = 0
    y: int = 0

    @property
    def width(self) -> int:
        """Its width in the picture's units."""
        return QUESTION_WIDTH if self.kind == "question" else OUTCOME_WIDTH

    @property
    def height(self) -> int:
        """Its height."""
        return 2 * PADDING + LINE * (len(self.lines) + bool(self.codes))


@dataclass(slots=True)
class Arrow:
    """An answer, from a question to what follows."""

    start: Box
    end: Box
    label: str
    taken: bool = False

    @property
    def is_down(self) -> bool:
        """Whether it leads to the next question of the same column."""
        return self.start.column == self.end.column

    @property
    def path(self) -> str:
        """The line to draw."""
        if self.is_down:
            x = self.start.x + QUESTION_WIDTH // 2
            return f"M{x} {self.start.y + self.start.height}V{self.end.y - 2}"
        x, y = self.start.x + self.start.width, self.start.y + self.start.height // 2
        if self.start.row == self.end.row:
            return f"M{x} {y}H{self.end.x - 2}"
        middle, target = self.end.x - GAP_X // 2, self.end.y + self.end.height // 2
        return f"M{x} {y}H{middle}V{target}H{self.end.x - 2}"

    @property
    def label_at(self) -> tuple[int, int]:
        """Where its answer is written."""
        if self.is_down:
            return (
                self.start.x + QUESTION_WIDTH // 2 + 8,
                self.start.y + self.start.height + GAP_Y // 2 + 4,
            )
        if self.start.row == self.end.row:
            return self.start.x + self.start.width + 5, self.start.y + self.start.height // 2 - 6
        return self.end.x - GAP_X // 2 + 4, self.end.y + self.end.height // 2 - 6


@dataclass(slots=True)
class ChartPicture:
    """The laid-out chart."""

    title: str
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    width: int = 0
    height: int = 0

    @property
    def is_marked(self) -> bool:
        """Whether a path is marked on it."""
        return any(arrow.taken for arrow in self.arrows)


def picture(chart: Flowchart, path: Sequence[Step] = ()) -> ChartPicture:
    """The chart with the path's answers marked."""
    answers = {step.question: step.answer.strip().lower() for step in path}
    return _Layout(chart, answers).drawn()


class _Layout:
    """Places boxes on a grid, then gives the grid its measures."""

    def __init__(self, chart: Flowchart, answers: dict[str, str]) -> None:
        self._chart = chart
        self._answers = answers
        self._picture = ChartPicture(chart.title)
        self._next_row: dict[int, int] = {}
        self._placed: set[str] = set()

    def drawn(self) -> ChartPicture:
        self._place(self._chart.first, 0, 0, reached=bool(self._answers))
        self._measure()
        return self._picture

    def _place(self, node: str, column: int, row: int, *, reached: bool) -> Box:
        question = self._chart.questions.get(node)
        if question is None or node in self._placed:
            return self._end(node, column, row, reached=reached)
        self._placed.add(node)
        row = max(row, self._next_row.get(column, 0))
        self._next_row[column] = row + 1
        box = self._box(node, "question", "", question.text, column, row)
        answer = self._answer(question)
        box.passed = reached
        aside, onward = self._sides(question.yes, question.no)
        for verdict, target in ((aside, question.after(aside)), (onward, question.after(onward))):
            taken = box.passed and answer == verdict.value
            is_question = target in self._chart.questions and target not in self._placed
            across = 1 if not is_question else (2 if verdict is aside else 0)
            after = row + 1 if across == 0 else row
            if verdict is onward and not is_question:  # two ends: the second below the first
                after = self._next_row[column] = row + 1
                self._next_row[column] += 1
            end = self._place(target, column + across, after, reached=taken)
            self._picture.arrows.append(Arrow(box, end, verdict.value, taken))
        return box

    def _answer(self, question: ChartQuestion) -> str:
        """The path's answer, the presumed one where the path says nothing, "" where it is open."""
        presumed = question.presumed.value if question.presumed else ""
        return self._answers.get(question.text, presumed)

    def _sides(self, yes: str, no: str) -> tuple[Verdict, Verdict]:
        """The answer whose end stands beside the question, and the one that leads on."""
        if no not in self._chart.questions and yes in self._chart.questions:
            return Verdict.NO, Verdict.YES
        return Verdict.YES, Verdict.NO

    def _end(self, node: str, column: int, row: int, *, reached: bool) -> Box:
        if node in self._chart.outcomes:
            outcome = self._chart.outcomes[node]
            codes = ", ".join(outcome.codes)
            box = self._box(node, "outcome", codes, outcome.label, column, row)
        else:
            words = f"on at: {self._chart.questions[node].text}"
            box = self._box(node, "pointer", "", words, column, row)
        box.passed = reached
        return box

    def _box(self, node: str, kind: str, codes: str, text: str, column: int, row: int) -> Box:
        width = LETTERS[QUESTION_WIDTH if kind == "question" else OUTCOME_WIDTH]
        box = Box(node, kind, codes, textwrap.wrap(text, width), column, row)
        self._picture.boxes.append(box)
        return box

    def _measure(self) -> None:
        boxes = self._picture.boxes
        heights: dict[int, int] = {}
        for box in boxes:
            heights[box.row] = max(heights.get(box.row, 0), box.height)
        tops, y = {}, 2
        for row in range(max(heights) + 1):
            tops[row] = y
            y += heights.get(row, 0) + GAP_Y
        for box in boxes:
            pairs, odd = divmod(box.column, 2)
            box.x = 2 + pairs * (QUESTION_WIDTH + OUTCOME_WIDTH + 2 * GAP_X)
            box.x += odd * (QUESTION_WIDTH + GAP_X)
            box.y = tops[box.row] + (heights[box.row] - box.height) // 2
        self._picture.width = max(box.x + box.width for box in boxes) + 2
        self._picture.height = y - GAP_Y + 4
