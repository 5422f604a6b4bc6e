"""A conversation on paper, with ReportLab's own fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import LETTER  # type: ignore[import-untyped]
from reportlab.lib.styles import (  # type: ignore[import-untyped]
    ParagraphStyle,
    getSampleStyleSheet,
)
from reportlab.lib.units import inch  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from assistant.conversation import Answer, Claim
from web.chat.nouns import Exchange

AUTHOR = "Therapy Coding Assistant"
MARGIN = 0.9 * inch
BOLD = re.compile(r"\*\*(.+?)\*\*")
LONGEST = 30_000  # characters of one paragraph
# What the standard fonts do not hold, in letters that they do.
ALIKE = str.maketrans({"→": "->", "≥": ">=", "≤": "<=", "−": "-", "✓": "yes", "\t": "    "})  # noqa: RUF001
HEAD = ("Code", "Modifiers", "Units", "Minutes", "Why")
WIDTHS = (0.7 * inch, 0.9 * inch, 0.55 * inch, 0.7 * inch, 3.8 * inch)


def render(title: str, exchanges: Sequence[Exchange]) -> bytes:
    """These questions and answers as the bytes of a PDF."""
    out = io.BytesIO()
    paper = SimpleDocTemplate(
        out,
        pagesize=LETTER,
        title=_known(title),
        author=AUTHOR,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=0.8 * inch,
        bottomMargin=0.8 * inch,
    )
    story = [_Paper().title(title)]
    for exchange in exchanges:
        story += _Paper().exchange(exchange)
    paper.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


def _foot(canvas: Any, paper: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(MARGIN, 0.5 * inch, f"{AUTHOR}: {str(paper.title)[:80]}")
    canvas.drawRightString(LETTER[0] - MARGIN, 0.5 * inch, f"Page {paper.page}")


def _known(text: str) -> str:
    """The text in characters that the fonts hold; another one is a question mark upside down."""
    alike = text.translate(ALIKE)
    return alike.encode("cp1252", "replace").decode("cp1252").replace("\x00", "")


class _Paper:
    """Makes the paper's parts."""

    def __init__(self) -> None:
        styles = getSampleStyleSheet()
        self._body = ParagraphStyle("body", styles["BodyText"], splitLongWords=1, leading=13)
        self._small = ParagraphStyle("small", self._body, fontSize=8, leading=10)
        self._asked = ParagraphStyle("asked", self._body, leftIndent=8, borderPadding=4)
        self._heads = (styles["Heading2"], styles["Heading3"])

    def title(self, text: str) -> Any:
        """The first line."""
        return Paragraph(escape(_known(text)), self._heads[0])

    def exchange(self, exchange: Exchange) -> list[Any]:
        """A question with its answer."""
        made = [Paragraph(f"Question {exchange.position + 1}", self._heads[1])]
        made += self._lines(exchange.text, self._asked)
        if exchange.answer is None:
            return [*made, Paragraph("No answer yet.", self._body)]
        return [*made, *self._answer(exchange.answer)]

    def _answer(self, answer: Answer) -> Iterator[Any]:
        for claim in answer.claims:
            if claim.lines:
                yield Spacer(1, 6)
                yield self._claim(claim)
                yield Spacer(1, 6)
        yield from self._lines(answer.text, self._body)
        if answer.citations:
            yield Paragraph("Sources", self._heads[1])
        for cited in answer.citations:
            place = f"[{cited.n}] {cited.title} {cited.locator}".strip()
            yield from self._lines(f"{place}: {cited.quote} {cited.url}", self._small)

    def _lines(self, text: str, style: Any) -> Iterator[Any]:
        for line in _known(text).splitlines():
            bullet = "\N{BULLET}" if line.startswith("- ") else None
            marked = BOLD.sub(r"<b>\1</b>", escape(line.removeprefix("- ")[:LONGEST]))
            if marked.strip():
                yield Paragraph(marked, style, bulletText=bullet)

    def _claim(self, claim: Claim) -> Any:
        cells: list[list[Any]] = [[*HEAD]]
        for line in claim.lines:
            why = escape(_known(" ".join(why.text for why in line.why)))
            minutes = "" if line.minutes is None else str(line.minutes)
            billed = [line.code, " ".join(line.modifiers), str(line.units), minutes]
            cells.append([*billed, Paragraph(why, self._small)])
        table = Table(cells, colWidths=WIDTHS, repeatRows=1)
        grid = [
            ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
            ("FONTSIZE", (0, 0), (-1, -1), 9),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
        table.setStyle(TableStyle(grid))
        return table
