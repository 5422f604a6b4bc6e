"""The files of the knowledge base that are no tables: one reader for each kind."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import KnowledgeError
from assistant.evidence import Authority, Source, Statement
from assistant.knowledge.nouns import (
    ClaimStep,
    Dated,
    Dispute,
    Element,
    Guide,
    Parameter,
    Requirements,
)
from assistant.knowledge.reading import (
    Fields,
    parse_day,
    parse_yaml,
    read_yaml,
)
from assistant.patterns import regex


def sources(path: Path) -> Mapping[str, Source]:
    """`sources.yaml`: id to source."""
    found = {}
    for key, raw in (read_yaml(path) or {}).items():
        fields = Fields(raw, f"sources.yaml: {key}")
        found[key] = Source(
            id=key,
            title=fields.text("title"),
            publisher=fields.text("publisher"),
            url=fields.text("url", optional=True),
            authority=_authority(fields),
            published=fields.text("published", optional=True),
            seen_through=fields.text("seen_through", optional=True),
            weak=fields.flag("weak"),
        )
        fields.end()
    return found


def _authority(fields: Fields) -> Authority:
    value = fields.text("authority")
    try:
        return Authority(value)
    except ValueError as error:
        raise KnowledgeError(f"{fields.where}: authority is {value!r}.") from error


def statements(paths: Sequence[Path]) -> Mapping[str, Statement]:
    """`statements/*.yaml`: id to statement; an id may stand in one file only."""
    found: dict[str, Statement] = {}
    for path in paths:
        for key, raw in (read_yaml(path) or {}).items():
            fields = Fields(raw, f"statements/{path.name}: {key}")
            if key in found:
                raise KnowledgeError(f"{fields.where}: the id is taken.")
            found[key] = Statement(
                id=key,
                says=fields.text("says"),
                source=fields.text("source"),
                locator=fields.text("locator", optional=True),
                certainty=fields.certainty(),
                start=fields.day("from"),
                until=fields.day("until"),
            )
            fields.end()
    return found


def parameter(path: Path, name: str) -> Parameter:
    """`parameters/<payer>/<name>.yaml`: values dated to the day, none overlapping another."""
    fields = Fields(read_yaml(path), f"parameters/{name}.yaml")
    values = []
    for start, raw in sorted(dict(fields.any("values", {})).items(), key=lambda v: str(v[0])):
        one = Fields(raw, f"{fields.where}: {start}")
        values.append(
            Dated(
                value=one.any("value"),
                start=parse_day(start, one.where),
                until=one.day("until"),
                source=one.text("source"),
                locator=one.text("locator", optional=True),
                certainty=one.certainty(),
                note=one.text("note", optional=True),
            )
        )
        one.end()
    found = Parameter(name, fields.text("label"), fields.text("unit"), tuple(values))
    fields.end()
    _refuse_overlaps(found.values, fields.where)
    return found


def _refuse_overlaps(values: Sequence[Dated], where: str) -> None:
    if not values or any(v.value is None or v.start is None for v in values):
        raise KnowledgeError(f"{where}: a value or its date is missing.")
    for earlier, later in itertools.pairwise(values):
        if earlier.until is None or later.start is None or earlier.until >= later.start:
            raise KnowledgeError(f"{where}: values of {earlier.start} and {later.start} overlap.")


def documentation(paths: Sequence[Path]) -> Mapping[str, Requirements]:
    """`documentation/*.yaml`: code to what its note must show."""
    found = {}
    for path in paths:
        fields = Fields(read_yaml(path), f"documentation/{path.name}")
        code = fields.text("code")
        found[code] = Requirements(
            code=code,
            conditions=_elements(fields, "conditions"),
            good_practice=_elements(fields, "good_practice"),
        )
        fields.end()
    return found


def _elements(fields: Fields, key: str) -> tuple[Element, ...]:
    return tuple(_element(raw, f"{fields.where}: {key}") for raw in fields.any(key) or ())


def _element(raw: Any, where: str) -> Element:
    fields = Fields(raw, where)
    found = Element(
        id=fields.text("id"),
        text=fields.text("text"),
        statement=fields.text("statement"),
        present_when=fields.texts("present_when"),
        pattern=fields.text("pattern", optional=True),
    )
    fields.end()
    for cue in found.present_when:
        try:
            re.compile(cue)
        except re.error as error:
            raise KnowledgeError(f"{where}: {found.id}: {cue!r}: {error}.") from error
    return found


def claim_steps(path: Path) -> tuple[ClaimStep, ...]:
    """`flowcharts/claim/claim_line.yaml`: from the code to the claim line."""
    return tuple(_claim_step(raw, f"{path.name}: {n}") for n, raw in enumerate(read_yaml(path), 1))


def _claim_step(raw: Any, where: str) -> ClaimStep:
    fields = Fields(raw, where)
    answers = [Fields(one, f"{where}: answers") for one in fields.any("answers") or ()]
    found = ClaimStep(
        question=fields.text("question"),
        answers=tuple((one.text("if"), one.text("then")) for one in answers),
        statement=fields.text("statement"),
    )
    for one in (*answers, fields):
        one.end()
    if len(answers) < 2:
        raise KnowledgeError(f"{where}: a question has at least two answers.")
    return found


def disputes(path: Path) -> tuple[Dispute, ...]:
    """`disputes.yaml`: the ledger of contradicted statements."""
    return tuple(_dispute(raw, f"disputes.yaml: {n}") for n, raw in enumerate(read_yaml(path), 1))


def _dispute(raw: Any, where: str) -> Dispute:
    fields = Fields(raw, where)
    found = Dispute(
        id=fields.text("id"),
        topic=fields.text("topic"),
        source=fields.text("source"),
        also=fields.texts("also"),
        locator=fields.text("locator", optional=True),
        claims=fields.text("claims"),
        says_short=fields.text("says_short"),
        ruling=fields.text("ruling"),
        statements=fields.texts("statement"),
        certainty=fields.text("certainty"),
        check=fields.any("check") or {},
        applies=fields.any("applies") or {},
        seed=fields.text("seed", optional=True),
    )
    fields.end()
    return found


_FRONT_MATTER = regex(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


def guide(path: Path) -> Guide:
    """`guides/<id>.md`: front matter and prose."""
    match = _FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise KnowledgeError(f"guides/{path.name}: has no front matter.")
    fields = Fields(parse_yaml(match[1], path.name), f"guides/{path.name}")
    checked = fields.day("checked")
    if checked is None:
        raise KnowledgeError(f"{fields.where}: the day it was checked is missing.")
    found = Guide(
        id=path.stem,
        title=fields.text("title"),
        asked_as=fields.texts("asked_as"),
        payers=fields.texts("payers"),
        codes=fields.texts("codes"),
        topics=fields.texts("topics"),
        checked=checked,
        start=fields.day("from"),
        until=fields.day("until"),
        certainty=fields.certainty(),
        body=match[2].strip(),
    )
    fields.end()
    return found
