"""The OpenAI chat protocol: programs that speak it can ask the assistant as if it were a model.

The whole answer rides along as `therapy_answer`, in the reply and in a stream's last chunk.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.errors import CodingError
from web import access
from web.chat.conversations import checked
from web.parts import parts
from web.problems import FAILED, log_failure

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])

MODEL = "therapy-coding-assistant"
MOST_MESSAGES = 200


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """A message of the conversation; those of the user are read, the others are not needed."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream holds besides words."""

    include_usage: bool = False


class Completion(BaseModel):
    """A request; settings of sampling, tools and the like have no effect here."""

    model: str = MODEL
    messages: Annotated[list[Message], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Annotated[int | None, Field(ge=1, le=1)] = None


def protocol_error(
    status: int, message: str, param: str | None = None, code: str | None = None
) -> JSONResponse:
    """An error in the protocol's form."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status)


@router.get("/v1/models")
def models() -> dict[str, Any]:
    """The one model there is: the assistant."""
    return {"object": "list", "data": [_model()]}


@router.get("/v1/models/{name}")
def model(name: str) -> Response:
    """The assistant as a model."""
    return JSONResponse(_model()) if name == MODEL else _no_model(name)


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}


def _no_model(name: str) -> JSONResponse:
    told = f"There is no model {name[:80]} here; ask for {MODEL}."
    return protocol_error(404, told, "model", "model_not_found")


@router.post("/v1/chat/completions")
async def complete(request: Request) -> Response:
    """Answer the last message of the user. Nothing is kept."""
    try:
        asked = Completion.model_validate(await request.json())
        if asked.model != MODEL:
            return _no_model(asked.model)
        inquiry = _inquiry(asked)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return protocol_error(400, f"{where or 'body'}: {first['msg']}.", where or None)
    except CodingError as error:
        return protocol_error(400, str(error), "messages")
    except (ValueError, RecursionError):
        return protocol_error(400, "The body is not JSON.")
    assistant = parts(request).assistant
    if asked.stream:
        usage = asked.stream_options is not None and asked.stream_options.include_usage
        events = _events(assistant, inquiry, usage)
        return StreamingResponse(events, media_type="text/event-stream")
    return await run_in_threadpool(_whole, assistant, inquiry)


def _inquiry(asked: Completion) -> Inquiry:
    said = [m.text for m in asked.messages if m.role == "user"]
    if asked.messages[-1].role != "user":
        raise CodingError("The last message must be the user's.")
    return Inquiry(
        tuple(checked(text) for text in said if text.strip()) or (checked(""),), date.today()
    )


def _whole(assistant: Assistant, inquiry: Inquiry) -> Response:
    try:
        answer = assistant.answer(inquiry)
    except Exception as error:
        log_failure(error)
        return protocol_error(500, FAILED)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": answer.text, "refusal": None},
        "finish_reason": "stop",
        "logprobs": None,
    }
    return JSONResponse(
        {
            **_head("chat.completion"),
            "choices": [choice],
            "usage": _usage(inquiry, answer),
            "therapy_answer": answer.to_dict(),
        }
    )


def _events(assistant: Assistant, inquiry: Inquiry, usage: bool) -> Iterator[str]:
    """Server-sent events: what is certain at once, then the rest as it is checked."""
    head = _head("chat.completion.chunk")
    yield _event(head, {"role": "assistant", "content": ""})
    try:
        answer: Answer | None = None
        for piece in assistant.stream(inquiry):
            if isinstance(piece, Answer):
                answer = piece
            else:
                yield _event(head, {"content": piece})
    except Exception as error:
        log_failure(error)
        yield f"data: {json.dumps({'error': {'message': FAILED, 'type': 'server_error'}})}\n\n"
        return
    told = {"therapy_answer": answer.to_dict()} if answer else {}
    yield _event({**head, **told}, {}, "stop")
    if usage and answer:
        last = {**head, "choices": [], "usage": _usage(inquiry, answer)}
        yield f"data: {json.dumps(last, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


def _event(head: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return f"data: {json.dumps({**head, 'choices': [choice]}, ensure_ascii=False)}\n\n"


def _head(kind: str) -> dict[str, Any]:
    made = f"chatcmpl-{uuid.uuid4().hex}"
    return {"id": made, "object": kind, "created": int(time.time()), "model": MODEL}


def _usage(inquiry: Inquiry, answer: Answer) -> dict[str, int]:
    """Tokens of the language model, where one took part; none are used without it."""
    use = (answer.model or {}).get("use", {})
    read, written = use.get("tokens_read", 0), use.get("tokens_written", 0)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
