"""Dollars told of a visit whose discipline is not: that KX may be due stands beside the lines."""

from __future__ import annotations

from assistant.claim import Discipline, Visit
from assistant.evidence import Finding, Severity
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts
from assistant.tools import BillingTools


def say(parts: Parts, facts: Facts, visit: Visit, tools: BillingTools) -> None:
    """Whose plan of care it is stays open, and the dollars told pass the amount: KX beside it."""
    used = facts.dollars.before
    if visit.discipline is not None or used is None or visit.payer not in (None, "medicare"):
        return
    progress = tools.check_kx(  # the two amounts are the same in every year held
        Discipline.PT, used, facts.dollars.visit, visit.date_of_service
    ).result
    if progress.passed:
        text = (
            f"${used:,.2f} used passes the year's amount, which PT with SLP and OT each have: the "
            "lines need KX beside GP, GO or GN if it was used of this plan of care's own amount."
        )
        told = Finding("kx-discipline-open", Severity.WARNING, text, None, "kx-from-crossing-line")
        parts.findings += parts.worksheet.warned([told])
