"""Keeps a model within its bounds: calls, tokens, whole replies, tool calls that are whole."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from langchain.agents.middleware.types import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant.llm_agent.models import MOST_WRITTEN
from assistant.llm_agent.settings import ModelSettings
from assistant.llm_agent.trouble import Trouble, from_error
from assistant.llm_agent.use import Purse, Use
from assistant.streaming import Progress

MOST_CHARACTERS = 40_000  # of one reply, words and arguments together
MOST_TOOL_CALLS = 8  # of one reply
_CHARACTERS = 3  # a token: rather too many tokens than too few, since JSON takes more than prose
_UNPAID = ("key", "not_found", "rate_limit", "too_long", "refused", "provider", "unreachable")
_SCHEMA_LENGTHS: dict[str, int] = {}  # of each tool by its name
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
        purse: what the day has left.
        most_calls: calls this run may make.
        forced: the tool that the next reply must call, or None.
    """

    def __init__(
        self,
        settings: ModelSettings,
        use: Use,
        purse: Purse,
        most_calls: int,
        forced: str | None = None,
    ) -> None:
        super().__init__()
        self.meter = Meter()
        self._settings = settings
        self._use = use
        self._purse = purse
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
        read = estimated(request)
        if self._use.tokens + read + MOST_WRITTEN > self._settings.answer_tokens:
            raise Trouble("budget")
        held = self._purse.take(read + MOST_WRITTEN)
        self._left -= 1
        if self._forced:
            request = request.override(tool_choice=self._forced)
            self._forced = None
        self.meter.begin()
        used = Use(1, read)  # unless it is told: a call that breaks off was paid for as well
        try:
            response = await handler(request)
            used = counted(response.result, read)
        except Exception as error:
            used = Use(1) if from_error(error).kind in _UNPAID else used
            raise
        finally:
            self._use.add(used)
            self._purse.settle(held, used)
        for message in response.result:
            if isinstance(message, AIMessage):
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


def estimated(request: ModelRequest[Any]) -> int:
    """About how many tokens a request is: its words, and what it says of the tools."""
    told = [request.system_message, *request.messages]
    length = sum(len(str(message.content)) for message in told if message is not None)
    return (length + sum(map(_schema_length, request.tools))) // _CHARACTERS


def _schema_length(tool: Any) -> int:
    name = str(getattr(tool, "name", tool))
    if name not in _SCHEMA_LENGTHS:
        _SCHEMA_LENGTHS[name] = len(json.dumps(convert_to_openai_tool(tool)))
    return _SCHEMA_LENGTHS[name]


def counted(reply: list[BaseMessage], read: int) -> Use:
    """What a call used, as its provider tells it, else about.

    Args:
        read: about how many tokens were sent.
    """
    used = Use(1)
    for message in reply:
        if isinstance(message, AIMessage):
            told = message.usage_metadata
            used.tokens_read += int(told["input_tokens"]) if told else read
            written = len(str(message.content)) // _CHARACTERS
            used.tokens_written += int(told["output_tokens"]) if told else written
    return used
