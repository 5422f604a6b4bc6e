"""The scripted replies as Anthropic's messages protocol and Ollama's chat protocol write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Protocol


class Said(Protocol):
    """What is said, whatever the protocol."""

    text: str
    calls: list[tuple[str, Any]]
    finish: str | None


_PIECE = 40  # characters that a stream sends at a time
USAGE = {"input_tokens": 900, "output_tokens": 60}


def _blocks(reply: Said) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [{"type": "text", "text": reply.text}] if reply.text else []
    return blocks + [
        {"type": "tool_use", "id": f"toolu_{n}", "name": name, "input": given}
        for n, (name, given) in enumerate(reply.calls)
    ]


def _stop(reply: Said) -> str:
    return "max_tokens" if reply.finish == "length" else "tool_use" if reply.calls else "end_turn"


def _message(reply: Said, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "scripted",
        "content": content,
        "stop_reason": _stop(reply),
        "stop_sequence": None,
        "usage": USAGE,
    }


def anthropic_whole(reply: Said) -> bytes:
    return json.dumps(_message(reply, _blocks(reply))).encode()


def anthropic_stream(reply: Said) -> Iterator[bytes]:
    start = {**_message(reply, []), "stop_reason": None}
    yield _event("message_start", message=start)
    yield _event("ping")
    for n, block in enumerate(_blocks(reply)):
        kind, key, empty = "text_delta", "text", {"text": ""}
        written = str(block.get("text", ""))
        if block["type"] == "tool_use":
            kind, key, empty = "input_json_delta", "partial_json", {"input": {}}
            given = block["input"]
            written = given if isinstance(given, str) else json.dumps(given)
        yield _event("content_block_start", index=n, content_block={**block, **empty})
        for part in _parts(written):
            yield _event("content_block_delta", index=n, delta={"type": kind, key: part})
        yield _event("content_block_stop", index=n)
    ended = {"stop_reason": _stop(reply), "stop_sequence": None}
    yield _event("message_delta", delta=ended, usage=USAGE)
    yield _event("message_stop")


def _parts(text: str) -> Iterator[str]:
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE]


def _event(kind: str, **told: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **told})}\n\n".encode()


def ollama_stream(reply: Said) -> Iterator[bytes]:
    head = {"model": "scripted", "created_at": "2026-11-21T00:00:00Z"}

    def line(message: dict[str, Any], **more: Any) -> bytes:
        told = {**head, "message": {"role": "assistant", "content": "", **message}, **more}
        return json.dumps(told).encode() + b"\n"

    for part in _parts(reply.text):
        yield line({"content": part}, done=False)
    calls = [{"function": {"name": name, "arguments": given}} for name, given in reply.calls]
    if calls:
        yield line({"tool_calls": calls}, done=False)
    reason = "length" if reply.finish == "length" else "stop"
    yield line({}, done=True, done_reason=reason, prompt_eval_count=900, eval_count=60)
