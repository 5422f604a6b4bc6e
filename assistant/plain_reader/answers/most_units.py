"""«What is the MUE of 97530?»: the most units of a code a day, from the tables."""

from __future__ import annotations

import re
from datetime import date

from assistant.claim import Setting
from assistant.conversation import Citation
from assistant.evidence import Reason
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts
from assistant.rules import edits
from assistant.worksheet import Worksheet

_ASKED = regex(
    r"\bmues?\b|medically unlikely|\bmax(?:imum)?\b|\bmost units\b|\blimits?\b"
    r"|\bhow many (?:units|times)\b|units? (?:a|per|each) (?:day|visit|dos)",
    re.I,
)


def tell(parts: Parts, text: str, facts: Facts, today: date, knowledge: Knowledge) -> None:
    """Say the ceiling of each code named, in the table of the setting or in both."""
    if not _ASKED.search(text):
        return
    day = facts.day.day if facts.day else today
    items = []
    for code in facts.codes:
        for table in (facts.setting,) if facts.setting else tuple(Setting):
            held = edits.most_units(code, on=day, table=table, knowledge=knowledge)
            if held is not None:
                parts.worksheet.record("most_units", {"code": code, "table": table}, held.text)
                items.append(f"- {held.text} [{_cite(held, parts.worksheet, knowledge)}]")
    if items:
        parts.say("**Most units a day (Medicare's MUE)**", *items)


def _cite(held: Reason, worksheet: Worksheet, knowledge: Knowledge) -> int:
    source = knowledge.sources[held.statement or ""]
    return worksheet.cite_place(
        f"limits:{source.id}",
        lambda n: Citation(
            n=n,
            source=source.id,
            title=source.title,
            locator="unit limits",
            url=source.url,
            quote=held.text,
            authority=source.authority.value,
            effective=None,
            certainty="verified",
        ),
    )
