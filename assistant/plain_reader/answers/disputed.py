"""Where a published source says otherwise: shown beside the ruling, both named."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.conversation import Citation, Warned
from assistant.knowledge import Dispute, Knowledge
from assistant.plain_reader.answers.parts import Parts
from assistant.rules import disputes
from assistant.rules.edits import PairStatus
from assistant.rules.visit import VisitReview
from assistant.worksheet import Worksheet

MOST = 3  # disputes in one answer


def show(parts: Parts, review: VisitReview, knowledge: Knowledge, *, asked_of_59: bool) -> None:
    """Add the published statements that this very visit contradicts.

    What is published on an edit is shown where the edit once lived, or where 59 was named.
    """
    pooled = {
        code: share.therapist + share.assistant
        for code, share in review.counted.shares.items()
        if knowledge.code(code).is_pooled
    }
    found = list(disputes.on_minutes(knowledge.disputes, pooled))
    for pair in review.pairs:
        if pair.result.status is PairStatus.NONE and (pair.result.has_lived or asked_of_59):
            found += disputes.on_pair(knowledge.disputes, *pair.result.codes)
    add(parts, found, knowledge)


def add(parts: Parts, found: Iterable[Dispute], knowledge: Knowledge) -> None:
    """Add these disputes, unless they stand there, as findings and as a paragraph."""
    items = []
    shown = {finding.id for finding in parts.findings}
    new = dict.fromkeys(d.id for d in found if f"dispute-{d.id}" not in shown)
    for dispute in list(new)[:MOST]:
        held = next(d for d in knowledge.disputes if d.id == dispute)
        number = _cite(held, parts.worksheet, knowledge)
        ruled = next((parts.worksheet.mark(s) for s in held.statements), "")
        publisher = knowledge.sources[held.source].publisher
        text = f"{publisher}: {_said(held)} {_ruling(held)}"
        parts.findings.append(Warned(f"dispute-{held.id}", "info", text, None, number))
        items.append(f"- {publisher}: {_said(held)} [{number}] {_ruling(held)}{ruled}")
    if items:
        parts.say("**Published otherwise**", *items)


def _said(dispute: Dispute) -> str:
    text = dispute.says_short.strip().rstrip(".")
    return f"{text}."


def _ruling(dispute: Dispute) -> str:
    text = dispute.ruling.strip().rstrip(".")
    return f"We hold: {text}."


def _cite(dispute: Dispute, worksheet: Worksheet, knowledge: Knowledge) -> int:
    source = knowledge.sources[dispute.source]
    return worksheet.cite_place(
        f"dispute:{dispute.id}",
        lambda n: Citation(
            n=n,
            source=source.id,
            title=source.title,
            locator=dispute.locator,
            url=source.url,
            quote=dispute.claims,
            authority=source.authority.value,
            effective=None,
            certainty="verified",
            note="a published statement that the authority contradicts, in our words",
            passage=f"dispute:{dispute.id}",
        ),
    )
