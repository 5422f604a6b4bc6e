"""A receipt on paper: ReportLab's own fonts, and a word for what they cannot show."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import LETTER  # type: ignore[import-untyped]
from reportlab.lib.styles import getSampleStyleSheet  # type: ignore[import-untyped]
from reportlab.lib.units import inch  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)

MISSING = "\N{INVERTED QUESTION MARK}"  # in the standard fonts, and seldom meant
_LONGEST = 60_000  # characters of one part
_ALIKE = str.maketrans(
    {"\N{MINUS SIGN}": "-", "→": "->", "≥": ">=", "≤": "<=", "✓": "yes", "\t": "    "}
)


_CLAIM = (
    *("payer", "counting_rule", "date_of_service", "discipline"),
    *("total_timed_minutes", "total_treatment_minutes", "timed_units"),
)
_PAYMENT = ("total_allowed", "medicare_pays", "patient_pays", "locality")


def _cited(why: dict[str, Any]) -> str:
    return f" [{why['citation']}]" if why.get("citation") else ""


def render(data: dict[str, Any]) -> bytes:
    """The receipt's JSON data as PDF bytes."""
    out = io.BytesIO()
    title = f"Receipt of consult {data['consult']}"
    paper = SimpleDocTemplate(
        out,
        pagesize=LETTER,
        title=title,
        author="Coding desk",
        leftMargin=0.9 * inch,
        rightMargin=0.9 * inch,
        topMargin=0.8 * inch,
        bottomMargin=0.8 * inch,
        invariant=1,
    )
    writer = _Writer()
    story = [writer.heading(title, 1), *writer.all_of(data)]
    if writer.lost:
        note = (
            f"{writer.lost} characters that the fonts of this page do not hold are shown as "
            f"{MISSING}; the JSON receipt has them."
        )
        story.insert(1, writer.line(note))
    paper.build(story, onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _number(canvas: Any, paper: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(0.9 * inch, 0.5 * inch, str(paper.title))
    canvas.drawRightString(LETTER[0] - 0.9 * inch, 0.5 * inch, f"Page {paper.page}")


class _Writer:
    """Makes paragraphs, and counts the characters that could not be shown."""

    def __init__(self) -> None:
        self.lost = 0
        self._styles = getSampleStyleSheet()
        for name in ("BodyText", "Code"):  # a long word or address must not run off the page
            self._styles[name].splitLongWords = 1
            self._styles[name].wordWrap = "CJK" if name == "Code" else None
        self._styles["Code"].leftIndent = 0
        self._styles["Code"].fontSize = 7.5

    def shown(self, value: object) -> str:
        """The text in characters of the standard fonts."""
        text = str(value)[:_LONGEST].replace("\r\n", "\n").translate(_ALIKE)
        return "".join(map(self._character, text))

    def _character(self, character: str) -> str:
        for form in (character, unicodedata.normalize("NFKD", character)[:1]):
            try:
                form.encode("cp1252")
            except UnicodeEncodeError:
                continue
            if form == "\n" or form.isprintable():
                return form
        self.lost += 1
        return MISSING

    def heading(self, text: str, level: int = 2) -> Paragraph:
        return Paragraph(escape(self.shown(text)), self._styles[f"Heading{level}"])

    def line(self, text: object) -> Paragraph:
        said = escape(self.shown(text)).replace("\n", "<br/>")
        return Paragraph(said, self._styles["BodyText"])

    def literally(self, text: object) -> Iterator[Any]:
        """Text as it stands, a paragraph a line, so that it may break across pages."""
        for line in self.shown(text).split("\n"):
            indent = len(line) - len(line.lstrip(" "))
            spaced = "\N{NO-BREAK SPACE}" * indent + escape(line.strip())
            yield Paragraph(spaced or "\N{NO-BREAK SPACE}", self._styles["Code"])

    def pairs(self, data: dict[str, Any]) -> Iterator[Any]:
        for name, value in data.items():
            if value not in (None, "", [], {}):
                said = value if isinstance(value, str | int) else json.dumps(value, default=str)
                label = escape(self.shown(name.replace("_", " ")))
                told = escape(self.shown(said)).replace("\n", "<br/>")
                yield Paragraph(f"<b>{label}:</b> {told}", self._styles["BodyText"])

    def all_of(self, data: dict[str, Any]) -> Iterator[Any]:
        """Every part of the receipt under its heading."""
        yield from self.pairs({"state": data["state"], **data["received"]})
        yield self.heading("Asked (identifiers masked)")
        for asked in data["asked"]:
            yield self.line(asked)
        yield self.heading("Rules and data")
        yield from self.pairs(data["versions"])
        for claim in data["claims"]:
            yield from self._claim(claim)
        for choice in data["code_choices"]:
            yield from self._choice(choice)
        yield from self._listed("Findings", data["findings"])
        yield self.heading("Taken for granted")
        for sentence in data["assumptions"] or ["Nothing."]:
            yield self.line(sentence)
        yield from self._listed("Still asked", data["questions"])
        yield self.heading("Sources")
        for citation in data["citations"]:
            yield from self._source(citation)
        yield from self._calls(data["tool_calls"])
        yield from self._listed("Decisions", data["decisions"])
        yield from self._drafts(data["drafts"])
        yield from self._sent(data["sent"])

    def _listed(self, title: str, rows: list[dict[str, Any]]) -> Iterator[Any]:
        yield self.heading(title)
        for row in rows:
            yield from self.pairs(row)
            yield Spacer(1, 6)
        if not rows:
            yield self.line("None.")

    def _claim(self, claim: dict[str, Any]) -> Iterator[Any]:
        yield self.heading("Claim")
        yield from self.pairs({key: claim.get(key) for key in _CLAIM})
        for line in claim["lines"]:
            carried = f" with {', '.join(line['modifiers'])}" if line["modifiers"] else ""
            minutes = "" if line["minutes"] is None else f", {line['minutes']} minutes"
            yield self.line(f"{line['code']} × {line['units']}{carried}{minutes}")
        for left in claim["unbilled"]:
            yield self.line(
                f"Not billed: {left['code']}, {left['minutes']} minutes: {left['reason']}"
            )
        why = [*claim["steps"], *(why for line in claim["lines"] for why in line["why"])]
        for said in dict.fromkeys(f"{w['text']}{_cited(w)}" for w in why):
            yield self.line(f"- {said}")
        totals = {key: (claim.get("payment") or {}).get(key) for key in _PAYMENT}
        yield from self.pairs(totals)

    def _choice(self, choice: dict[str, Any]) -> Iterator[Any]:
        yield self.heading("Code choice")
        open_codes = ", ".join(choice["candidates"])
        yield from self.pairs(
            {"activity": choice["activity"], "code": choice["code"], "open": open_codes}
        )
        for step in choice["path"]:
            yield self.line(f"- {step['question']} {step['answer']} («{step['evidence']}»)")

    def _source(self, citation: dict[str, Any]) -> Iterator[Any]:
        place = ", ".join(filter(None, (citation["title"], citation["locator"])))
        known = f"{citation['authority']}, {citation['certainty']}"
        yield self.line(f"[{citation['n']}] {place} ({known}) {citation['url']}")
        if citation["quote"]:
            yield self.line(citation["quote"])
        yield Spacer(1, 4)

    def _calls(self, calls: list[dict[str, Any]]) -> Iterator[Any]:
        yield self.heading("Facts read and tools called")
        for call in calls:
            yield self.heading(str(call.get("tool", "")), 4)
            for name in ("input", "output"):
                yield self.line(name)
                yield from self.literally(json.dumps(call.get(name), indent=1, ensure_ascii=False))
        if not calls:
            yield self.line("None.")

    def _drafts(self, drafts: list[dict[str, Any]]) -> Iterator[Any]:
        for draft in drafts:
            yield self.heading(f"Draft {draft['number']}")
            yield from self.pairs({k: v for k, v in draft.items() if k not in ("number", "body")})
            yield from self.literally(draft["body"])

    def _sent(self, sent: list[dict[str, Any]]) -> Iterator[Any]:
        yield self.heading("Sent")
        for one in sent:
            yield from self.pairs({k: v for k, v in one.items() if k != "raw"})
            yield self.line("The bytes as text")
            yield from self.literally(one["raw"])
        if not sent:
            yield self.line("Nothing was sent.")
