"""An HTTP server that speaks the OpenAI chat protocol from a script; streaming and not.

A test gives it replies; the real client library asks it over real HTTP.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.language_model.other_protocols import (
    anthropic_stream,
    anthropic_whole,
    ollama_stream,
)


@dataclass
class Reply:
    """One reply of the model.

    Attributes:
        text: what it says.
        calls: tool calls, (name, arguments as an object or as raw text).
        finish: the finish reason; left out where "".
        status: HTTP status; above 299 the body is `error`.
        cut_after: break the connection after so many chunks of a stream.
        pause: seconds before the reply, `drip` between its chunks.
        raw: send these bytes instead of a well-formed body.
    """

    text: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    finish: str | None = None
    status: int = 200
    error: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    pause: float = 0.0
    drip: float = 0.0
    raw: bytes | None = None
    usage: bool = True

    @property
    def ending(self) -> str:
        if self.finish is not None:
            return self.finish
        return "tool_calls" if self.calls else "stop"

    def tool_calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_{n}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": given if isinstance(given, str) else json.dumps(given),
                },
            }
            for n, (name, given) in enumerate(self.calls)
        ]


Script = Callable[[dict[str, Any]], Reply]
USAGE = {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960}


class Server(ThreadingHTTPServer):
    """The server; `asked` holds every request's body in order."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: Script = lambda body: Reply("Nothing is scripted.")
        self.asked: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def replies(self, *replies: Reply) -> None:
        """Give these in order, the last one again and again."""
        left = list(replies)
        lock = threading.Lock()

        def next_reply(body: dict[str, Any]) -> Reply:
            with lock:
                return left.pop(0) if len(left) > 1 else left[0]

        self.asked.clear()
        self.script = next_reply

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the script."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        reply = self.server.script(body)
        time.sleep(reply.pause)
        if reply.raw is not None:
            self._send(reply.status, reply.raw, reply.headers)
        elif reply.status > 299:
            error = reply.error or {"message": "scripted", "type": "scripted", "code": None}
            self._send(reply.status, json.dumps({"error": error}).encode(), reply.headers)
        elif self.path.endswith("/messages"):
            if body.get("stream"):
                self._pieces("text/event-stream", anthropic_stream(reply), reply.cut_after)
            else:
                self._send(200, anthropic_whole(reply), reply.headers)
        elif self.path.endswith("/api/chat"):
            self._pieces("application/x-ndjson", ollama_stream(reply), reply.cut_after)
        elif body.get("stream"):
            self._stream(reply)
        else:
            self._send(200, json.dumps(_whole(reply)).encode(), reply.headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _pieces(self, kind: str, pieces: Iterator[bytes], cut_after: int | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for n, piece in enumerate(pieces):
            if cut_after is not None and n >= cut_after:
                self.close_connection = True
                self.connection.close()
                return
            self._chunk(piece)
        self.wfile.write(b"0\r\n\r\n")

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for n, chunk in enumerate(_chunks(reply)):
            if reply.cut_after is not None and n >= reply.cut_after:
                self.close_connection = True
                self.connection.close()
                return
            self._chunk(f"data: {json.dumps(chunk)}\n\n".encode())
            if reply.drip:
                time.sleep(reply.drip)
        if reply.ending:
            self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


def _whole(reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.calls:
        message["tool_calls"] = reply.tool_calls()
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": reply.ending or None}],
        **({"usage": USAGE} if reply.usage else {}),
    }


def _chunks(reply: Reply) -> Iterator[dict[str, Any]]:
    yield _delta({"role": "assistant", "content": ""})
    for start in range(0, len(reply.text), 40):
        yield _delta({"content": reply.text[start : start + 40]})
    for n, call in enumerate(reply.tool_calls()):
        written = call["function"]["arguments"]
        call["function"]["arguments"] = ""
        yield _delta({"tool_calls": [{"index": n, **call}]})
        for start in range(0, len(written), 30):
            part = {"index": n, "function": {"arguments": written[start : start + 30]}}
            yield _delta({"tool_calls": [part]})
    if reply.ending:
        yield _delta({}, reply.ending)
        if reply.usage:
            yield {**_delta({}), "choices": [], "usage": USAGE}


def _delta(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


@contextmanager
def scripted_model() -> Iterator[Server]:
    """The server while it runs."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reads(*services: dict[str, Any], visit: list[dict[str, Any]] | None = None) -> Reply:
    """A reply that calls `read_message`."""
    told = {"visit": visit} if visit is not None else {}
    return Reply(calls=[("read_message", {"services": list(services), **told})])
