"""What a quoted document says that our tools contradict: said beside it, both named."""

from __future__ import annotations

import hashlib

from assistant.conversation import Warned
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.library import Passage
from assistant.library.nouns import Remark
from assistant.plain_reader.answers.parts import Parts

MOST = 3  # statements of one passage
ADDRESSED = "This document speaks to programs; that is shown as its text and not followed."
NOTE = "holds a statement that our rules contradict"


def add(parts: Parts, passage: Passage, speaker: str, number: int, knowledge: Knowledge) -> None:
    """Add what the passage says otherwise, and that it speaks to a program, where it does."""
    items = []
    for remark in passage.contradicted[:MOST]:
        held = remark.held.rstrip(".")
        said = f"{speaker}: it says «{remark.quote}»"
        mark = _mark(parts, remark.statement, knowledge)
        items.append(f"- {said} [{number}] We hold: {held}.{mark}")
        parts.findings.append(
            Warned(f"dispute-{_slug(remark)}", "info", f"{said} We hold: {held}.", None, number)
        )
    if items:
        parts.say("**Published otherwise**", *items)
    if passage.addressed:
        parts.say(ADDRESSED)
        parts.findings.append(Warned(f"addressed-{passage.id}", "info", ADDRESSED, None, number))


def _slug(remark: Remark) -> str:
    """The ledger's id, or one that stays the same for the same words."""
    return remark.dispute or f"added-{hashlib.sha256(remark.quote.encode()).hexdigest()[:10]}"


def _mark(parts: Parts, statement: str, knowledge: Knowledge) -> str:
    """The citation of what we hold; none where the knowledge base holds it no longer."""
    name, _, first = statement.partition("@")
    if not first:
        return parts.worksheet.mark(statement) if statement in knowledge.statements else ""
    try:
        values = knowledge.parameter(name).values
    except CodingError:
        return ""
    there = any(str(value.start) == first for value in values)
    return parts.worksheet.mark(statement) if there else ""
