"""Several answers to one letter as one Answer, its citations numbered through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from assistant.conversation import Answer, AnswerKind

EMBEDDED = "embedded"
answers = TypeAdapter(Answer)

_WEIGHT = (
    AnswerKind.CLAIM,
    AnswerKind.CODE_CHOICE,
    AnswerKind.GUIDANCE,
    AnswerKind.CLARIFY,
    AnswerKind.DECLINED,
)
_CITED = re.compile(r"\[(\d{1,3})\]")


def merged(made: Sequence[Answer]) -> Answer:
    """One answer that holds them all, its kind that of the one that says most."""
    first, *others = made
    for nth, other in enumerate(others, 1):
        first = _joined(first, _renumbered(other, len(first.citations)), nth if others[1:] else 0)
    return first


def _joined(one: Answer, other: Answer, nth: int) -> Answer:
    title = f"### Your other question{f' ({nth})' if nth else ''}"
    return replace(
        one,
        kind=min(one.kind, other.kind, key=_WEIGHT.index),
        text=f"{one.text}\n\n{title}\n\n{other.text}",
        claims=[*one.claims, *other.claims],
        code_choices=[*one.code_choices, *other.code_choices],
        questions=[*one.questions, *(q for q in other.questions if q not in one.questions)],
        assumptions=list(dict.fromkeys([*one.assumptions, *other.assumptions])),
        findings=[*one.findings, *(f for f in other.findings if f not in one.findings)],
        citations=[*one.citations, *other.citations],
        trace=[*one.trace, *other.trace],
        engine=other.engine if one.engine == EMBEDDED else one.engine,
        model=other.model if one.model is None else one.model,
    )


def _renumbered(answer: Answer, by: int) -> Answer:
    data = answer.to_dict()
    trace = data.pop("trace")
    moved = _moved(data, by)
    moved["text"] = _CITED.sub(lambda m: f"[{int(m[1]) + by}]", data["text"])
    for citation in moved["citations"]:
        citation["n"] += by
    return answers.validate_python(moved | {"trace": trace})


def _moved(value: Any, by: int) -> Any:
    """The data with every citation's number moved on."""
    if isinstance(value, dict):
        return {
            key: item + by if key == "citation" and isinstance(item, int) else _moved(item, by)
            for key, item in value.items()
        }
    return [_moved(item, by) for item in value] if isinstance(value, list) else value
