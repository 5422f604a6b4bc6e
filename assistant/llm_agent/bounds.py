"""Keeps a model within its bounds: calls, tokens, whole replies, tool calls that are whole."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from langchain.agents.middleware.types import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage

from assistant.llm_agent.settings import ModelSettings
from assistant.llm_agent.trouble import Trouble
from assistant.llm_agent.use import Use
from assistant.streaming import Progress

MOST_CHARACTERS = 40_000  # of one reply, words and arguments together
MOST_TOOL_CALLS = 8  # of one reply
_ENDINGS = ("finish_reason", "stop_reason", "done_reason")
_WHOLE = {"stop", "tool_calls", "function_call", "end_turn", "tool_use", "stop_sequence"}


class Meter(AsyncCallbackHandler):
    """Watches replies arrive: stops a flood, and keeps the arguments of tool calls as written."""

    raise_error = True
    run_inline = True

    def __init__(self) -> None:
        self.arguments: dict[int, str] = {}
        self.tell: Callable[[Progress], None] = lambda _: None
        self._characters = 0

    async def on_tool_start(
        self, serialized: dict[str, Any] | None, input_str: str, **more: Any
    ) -> None:
        """Tell which tool is called; its arguments are nobody's business."""
        self.tell(Progress("calling_tool", str((serialized or {}).get("name", ""))))

    def begin(self) -> None:
        """A new reply."""
        self.arguments, self._characters = {}, 0

    async def on_llm_new_token(
        self,
        token: str | list[str | dict[str, Any]],
        *,
        chunk: Any = None,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        **more: Any,
    ) -> None:
        """Count what arrives.

        Raises:
            Trouble: it is far more than was asked.
        """
        self._characters += len(token if isinstance(token, str) else str(token))
        for call in getattr(getattr(chunk, "message", None), "tool_call_chunks", []):
            written = call.get("args") or ""
            self._characters += len(written)
            at = int(call.get("index") or 0)
            self.arguments[at] = self.arguments.get(at, "") + written
        if self._characters > MOST_CHARACTERS:
            raise Trouble("too_much")


class Bounds(AgentMiddleware[Any, Any, Any]):
    """Counts every call of the model, and lets only whole replies through.

    Args:
        settings: the bounds.
        use: what this answer used so far.
        most_calls: calls this run may make.
        forced: the tool that the next reply must call, or None.
    """

    def __init__(
        self, settings: ModelSettings, use: Use, most_calls: int, forced: str | None = None
    ) -> None:
        super().__init__()
        self.meter = Meter()
        self._settings = settings
        self._use = use
        self._left = most_calls
        self._forced = forced

    async def awrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Ask the model.

        Raises:
            Trouble: a bound is reached, or the reply is not whole.
        """
        if self._left <= 0:
            raise Trouble("loop")
        if self._use.tokens + estimated(request.messages) >= self._settings.answer_tokens:
            raise Trouble("budget")
        self._left -= 1
        if self._forced:
            request = request.override(tool_choice=self._forced)
            self._forced = None
        self._use.calls += 1
        self.meter.begin()
        response = await handler(request)
        for message in response.result:
            if isinstance(message, AIMessage):
                count(self._use, message, request.messages)
                self._check(message)
        return response

    def _check(self, message: AIMessage) -> None:
        """Drop tool calls that are not whole; refuse a flood, and a reply that broke off."""
        if len(str(message.content)) > MOST_CHARACTERS:
            raise Trouble("too_much")
        ended = ending(message)
        if message.tool_calls and (ended not in _WHOLE or not self._are_whole(message)):
            message.tool_calls = []
            message.invalid_tool_calls = []
            message.additional_kwargs.pop("tool_calls", None)
            return
        message.tool_calls = message.tool_calls[:MOST_TOOL_CALLS]
        if not message.tool_calls:
            refuse_broken(message)

    def _are_whole(self, message: AIMessage) -> bool:
        if message.invalid_tool_calls:
            return False
        written = self.meter.arguments
        return all(_is_object(text) for text in written.values())


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text or "{}"), dict)
    except ValueError:
        return False


def ending(message: BaseMessage) -> str:
    """Why the reply ended, as its provider says it; "" where it does not say."""
    said = (message.response_metadata.get(name) for name in _ENDINGS)
    return next((str(one).lower() for one in said if one), "")


def refuse_broken(message: AIMessage) -> None:
    """Refuse words that broke off.

    Raises:
        Trouble: they did, or the provider kept them back.
    """
    ended = ending(message)
    if ended == "content_filter" or ended == "refusal":
        raise Trouble("refused")
    if ended not in _WHOLE:
        raise Trouble("cut")


def estimated(messages: list[Any]) -> int:
    """About how many tokens messages are, at four characters each."""
    return sum(len(str(message.content)) for message in messages) // 4


def count(use: Use, message: AIMessage, read: list[Any]) -> None:
    """Add a reply's tokens to what was used."""
    told = message.usage_metadata
    use.tokens_read += int(told["input_tokens"]) if told else estimated(read)
    use.tokens_written += int(told["output_tokens"]) if told else len(str(message.content)) // 4
