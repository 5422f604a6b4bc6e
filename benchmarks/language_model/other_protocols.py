"""The scripted replies as Anthropic's messages protocol and Ollama's chat protocol write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Protocol


class Said(Protocol):
    """What is said, whatever the protocol."""

    text: str
    calls: list[tuple[str, Any]]


USAGE = {"input_tokens": 900, "output_tokens": 60}


def _blocks(reply: Said) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [{"type": "text", "text": reply.text}] if reply.text else []
    return blocks + [
        {"type": "tool_use", "id": f"toolu_{n}", "name": name, "input": given}
        for n, (name, given) in enumerate(reply.calls)
    ]


def _message(reply: Said, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "scripted",
        "content": content,
        "stop_reason": "tool_use" if reply.calls else "end_turn",
        "stop_sequence": None,
        "usage": USAGE,
    }


def anthropic_whole(reply: Said) -> bytes:
    return json.dumps(_message(reply, _blocks(reply))).encode()


def anthropic_stream(reply: Said) -> Iterator[bytes]:
    start = {**_message(reply, []), "stop_reason": None}
    yield _event("message_start", message=start)
    for n, block in enumerate(_blocks(reply)):
        if block["type"] == "text":
            yield _event("content_block_start", index=n, content_block={**block, "text": ""})
            delta = {"type": "text_delta", "text": block["text"]}
        else:
            yield _event("content_block_start", index=n, content_block={**block, "input": {}})
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield _event("content_block_delta", index=n, delta=delta)
        yield _event("content_block_stop", index=n)
    ended = {"stop_reason": "tool_use" if reply.calls else "end_turn", "stop_sequence": None}
    yield _event("message_delta", delta=ended, usage=USAGE)
    yield _event("message_stop")


def _event(kind: str, **told: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **told})}\n\n".encode()


def ollama_stream(reply: Said) -> Iterator[bytes]:
    calls = [{"function": {"name": name, "arguments": given}} for name, given in reply.calls]
    message = {"role": "assistant", "content": reply.text, "tool_calls": calls}
    head = {"model": "scripted", "created_at": "2026-11-21T00:00:00Z"}
    yield json.dumps({**head, "message": message, "done": False}).encode() + b"\n"
    last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
    counts = {"prompt_eval_count": 900, "eval_count": 60}
    yield json.dumps({**head, **last, **counts}).encode() + b"\n"
