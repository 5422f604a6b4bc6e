"""Follows every reference of the knowledge base and names what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from assistant.errors import KnowledgeError
from assistant.evidence import Certainty
from assistant.knowledge.base import Knowledge


def faults(knowledge: Knowledge) -> list[str]:
    """Every fault found, one sentence each; none where the knowledge base is sound."""
    found: list[str] = []
    for topic in (
        _statements,
        _codes,
        _modifiers,
        _parameters,
        _tables,
        _payers,
        _documentation,
        _disputes,
        _guides,
        _flowcharts,
    ):
        found += _collected(topic, knowledge)
    return found


def _collected(topic: Callable[[Knowledge], Iterable[str]], knowledge: Knowledge) -> list[str]:
    found: list[str] = []
    try:
        found += topic(knowledge)
    except KnowledgeError as error:
        found.append(str(error))
    return found


def _unknown_source(knowledge: Knowledge, source: str, where: str) -> Iterator[str]:
    if source not in knowledge.sources:
        yield f"{where}: no source is called {source!r}."


def _unknown_statement(knowledge: Knowledge, statement: str, where: str) -> Iterator[str]:
    if statement not in knowledge.statements:
        yield f"{where}: no statement is called {statement!r}."


def _statements(knowledge: Knowledge) -> Iterator[str]:
    for statement in knowledge.statements.values():
        where = f"statements: {statement.id}"
        yield from _unknown_source(knowledge, statement.source, where)
        if statement.start and statement.until and statement.until < statement.start:
            yield f"{where}: ends before it begins."
        source = knowledge.sources.get(statement.source)
        if source and source.weak and statement.certainty is Certainty.VERIFIED:
            yield f"{where}: is called verified, but {source.id} is only a pointer."


def _codes(knowledge: Knowledge) -> Iterator[str]:
    for code in knowledge.codes.values():
        where = f"codes.csv: {code.code}"
        yield from _unknown_source(knowledge, code.source, where)
        if code.first_code and code.first_code not in knowledge.codes:
            yield f"{where}: its first code {code.first_code} is not held."
        if code.clock == "own" and not code.first_code and not code.first_minutes:
            yield f"{where}: has its own clock but no first minutes."
        if code.clock == "own" and code.earned_by not in ("midpoint", "full"):
            yield f"{where}: when a unit is earned is not said."
    if not knowledge.code_names:
        yield "names.csv: is empty."
    for (code_id, year), (_, _, source) in knowledge.statuses.items():
        yield from _unknown_source(knowledge, source, f"status.csv: {code_id} {year}")


def _modifiers(knowledge: Knowledge) -> Iterator[str]:
    for modifier in knowledge.modifiers.values():
        where = f"modifiers.csv: {modifier.modifier}"
        yield from _unknown_statement(knowledge, modifier.statement, where)


def _parameters(knowledge: Knowledge) -> Iterator[str]:
    for name in knowledge.parameter_names:
        for value in knowledge.parameter(name).values:
            yield from _unknown_source(knowledge, value.source, f"parameters/{name}")


def _tables(knowledge: Knowledge) -> Iterator[str]:
    for row in knowledge.all_edits():
        where = f"ncci.csv: {row.column1}/{row.column2}"
        yield from _unknown_source(knowledge, row.source, where)
        if row.indicator not in (0, 1, 9):
            yield f"{where}: indicator {row.indicator} does not exist."
        if row.start and row.end and row.end < row.start:
            yield f"{where}: ends before it begins."
    for limit in knowledge.all_unit_limits():
        yield from _unknown_source(knowledge, limit.source, f"mue.csv: {limit.code}")
    for rvu in knowledge.all_rvus():
        yield from _unknown_source(knowledge, rvu.source, f"rvu: {rvu.code}")
        if rvu.code not in knowledge.codes:
            yield f"rvu: {rvu.code} is not in codes.csv."


def _payers(knowledge: Knowledge) -> Iterator[str]:
    aliases: dict[str, str] = {}
    for payer in knowledge.payers.values():
        for alias in payer.aliases:
            if aliases.setdefault(alias, payer.id) != payer.id:
                yield f"payers: {alias!r} names both {aliases[alias]} and {payer.id}."
        for key, values in payer.values.items():
            for value in values:
                yield from _unknown_source(
                    knowledge, value.source, f"payers/{payer.id}.yaml: {key}"
                )


def _documentation(knowledge: Knowledge) -> Iterator[str]:
    for code in ("*", *knowledge.documented_codes):
        held = knowledge.documentation(code)
        for element in (*held.conditions, *held.good_practice) if held else ():
            where = f"documentation of {code}: {element.id}"
            yield from _unknown_statement(knowledge, element.statement, where)


def _disputes(knowledge: Knowledge) -> Iterator[str]:
    seen: set[str] = set()
    guides = {guide.id for guide in knowledge.guides}
    for dispute in knowledge.disputes:
        where = f"disputes.yaml: {dispute.id}"
        if dispute.id in seen:
            yield f"{where}: the id is taken."
        seen.add(dispute.id)
        for source in (dispute.source, *dispute.also):
            yield from _unknown_source(knowledge, source, where)
        for guide in dispute.applies.get("guides", ()):
            if guide not in guides:
                yield f"{where}: there is no guide {guide}."
        for statement in dispute.statements:
            yield from _unknown_statement(knowledge, statement, where)


def _guides(knowledge: Knowledge) -> Iterator[str]:
    titles: set[str] = set()
    for guide in knowledge.guides:
        where = f"guides/{guide.id}.md"
        if guide.title in titles:
            yield f"{where}: the title is taken."
        titles.add(guide.title)
        for code in guide.codes:
            if code not in knowledge.codes:
                yield f"{where}: {code} is not in codes.csv."
        for payer in guide.payers:
            if payer not in knowledge.payers:
                yield f"{where}: no payer is called {payer!r}."


def _flowcharts(knowledge: Knowledge) -> Iterator[str]:
    chart = knowledge.flowchart()
    for statement in chart.statements:
        yield from _unknown_statement(knowledge, statement, "flowcharts")
    for step in knowledge.claim_steps:
        yield from _unknown_statement(knowledge, step.statement, "flowcharts/claim")
    for outcome in chart.outcomes.values():
        for code in outcome.codes:
            if code not in knowledge.codes:
                yield f"flowcharts: {outcome.id} leads to {code}, which is not in codes.csv."
