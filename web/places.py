"""Where a citation leads: statements, dated values, sources, disputes, and the flowchart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.conversation import CodeChoice
from assistant.knowledge import Dated
from web import access
from web.parts import parts
from web.presenting import AUTHORITIES, CERTAINTIES
from web.rendering import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])


@router.get("/statements/{statement_id}")
def statement(request: Request, statement_id: str) -> Response:
    """What we hold a source to say at one place, and how it was read."""
    knowledge = parts(request).assistant.knowledge
    held = _found(knowledge.statements.get(statement_id))
    return _page(request, "statement.html", statement=held, source=knowledge.sources[held.source])


@router.get("/values/{cited:path}")
def value(request: Request, cited: str) -> Response:
    """A dated value among all that we hold of it."""
    knowledge = parts(request).assistant.knowledge
    name, _, first = cited.partition("@")
    if name.startswith("payer:"):
        payer_id, _, key = name.removeprefix("payer:").partition("/")
        payer = _found(knowledge.payers.get(payer_id))
        label, unit = f"{payer.name}: {key.replace('_', ' ')}", ""
        values: Sequence[Dated] = _found(payer.values.get(key))
    else:
        if name not in knowledge.parameter_names:
            raise HTTPException(404)
        parameter = knowledge.parameter(name)
        label, unit, values = parameter.label, parameter.unit, parameter.values
    shown = [(value, str(value.start or value.as_of) == first) for value in values]
    return _page(
        request, "value.html", label=label, unit=unit, values=shown, sources=knowledge.sources
    )


@router.get("/disputes/{dispute_id}")
def dispute(request: Request, dispute_id: str) -> Response:
    """A published statement that the authority contradicts, and our ruling with its grounds."""
    knowledge = parts(request).assistant.knowledge
    held = _found(next((d for d in knowledge.disputes if d.id == dispute_id), None))
    grounds = [knowledge.statements[s] for s in held.statements if s in knowledge.statements]
    return _page(
        request,
        "dispute.html",
        dispute=held,
        source=knowledge.sources[held.source],
        grounds=grounds,
        sources=knowledge.sources,
    )


@router.get("/sources/{source_id}")
def source(request: Request, source_id: str) -> Response:
    """A source with all that we hold it to say."""
    knowledge = parts(request).assistant.knowledge
    held = _found(knowledge.sources.get(source_id))
    said = [s for s in knowledge.statements.values() if s.source == source_id]
    said.sort(key=lambda statement: statement.locator)
    return _page(request, "source.html", source=held, statements=said)


@router.get("/flowchart")
def flowchart(
    request: Request, conversation: str = "", message: int = -1, choice: int = 0, plain: int = 0
) -> Response:
    """The code-selection chart, with the path of an answer's choice where one is named."""
    made = _choice(request, conversation, message, choice) if conversation else None
    picture = _found(parts(request).presenter.chart(made))
    if plain:
        reply = templates.TemplateResponse(
            request, "pictures/chart.svg", {"picture": picture, "chart_id": "chart"}
        )
        reply.headers["Content-Type"] = "image/svg+xml"
        return reply
    steps = parts(request).assistant.knowledge.claim_steps
    return _page(request, "flowchart.html", picture=picture, choice=made, claim_steps=steps)


def _choice(request: Request, conversation: str, message: int, choice: int) -> CodeChoice:
    kept = parts(request).conversations.get(conversation)
    made = [e.answer.code_choices for e in kept.exchanges if e.position == message and e.answer]
    if not made or not 0 <= choice < len(made[0]):
        raise HTTPException(404)
    return made[0][choice]


def _found(value: Any) -> Any:
    if value is None:
        raise HTTPException(404)
    return value


def _page(request: Request, template: str, **content: Any) -> Response:
    words = {"authorities": AUTHORITIES, "certainties": CERTAINTIES}
    return templates.TemplateResponse(request, template, content | words)
