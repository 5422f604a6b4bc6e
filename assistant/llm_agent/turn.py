"""One answer's conversation with the model: it reads, it words, it is checked."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.conversation import Answer
from assistant.llm_agent import slots
from assistant.llm_agent.bounds import Bounds
from assistant.llm_agent.evidence_held import Held, hold
from assistant.llm_agent.firewall import faults
from assistant.llm_agent.outcome import Outcome
from assistant.llm_agent.prompts import every_prompt, prompt
from assistant.llm_agent.prose import unsuitable
from assistant.llm_agent.reading import ReadService
from assistant.llm_agent.settings import ModelSettings
from assistant.llm_agent.telling import Teller
from assistant.llm_agent.trouble import Trouble, from_error
from assistant.llm_agent.use import Purse
from assistant.llm_agent.visit_reading import ReadFact
from assistant.streaming import Progress

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.tools import BaseTool

READ = "read_message"
_LOOK_UPS = frozenset(
    ("look_up_code", "look_up_value", "look_up_payer", "check_edit_pair", "find_disputes",
     "documentation_requirements")
)  # fmt: skip
_KEPT_FOR_WORDING = 2  # calls that the reading may not use up
_TRIES_AGAIN = ("rate_limit", "provider", "unreachable", "cut", "unreadable", "too_long")
_SHORT = 4_000  # characters of the conversation, where the whole is too long for the model


class Turn:
    """Asks the model about one message.

    Args:
        settings: its bounds.
        purse: what the day has left.
        model: the chat model.
        tools: what it may call besides reading.
        answer: the built-in answer.
        messages: the conversation, masked.
        filled: the slots of the answer.
        vocabulary: the words of the field.
        tell: is told what is being done, as it is done.
    """

    def __init__(
        self,
        settings: ModelSettings,
        purse: Purse,
        model: BaseChatModel,
        tools: list[BaseTool],
        answer: Answer,
        messages: tuple[str, ...],
        filled: dict[str, str],
        vocabulary: frozenset[str],
        tell: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._settings = settings
        self._purse = purse
        self._model = model
        self._answer = answer
        self._messages = messages
        self._filled = filled
        self._vocabulary = vocabulary
        self._tell = tell
        self._teller = Teller()
        self._ends = time.monotonic() + settings.answer_seconds
        self._most = 40_000
        self.outcome = Outcome()
        self._tools = [self._read_tool(), *tools]

    def _read_tool(self) -> BaseTool:
        from langchain_core.tools import StructuredTool

        def read_message(services: list[ReadService], visit: list[ReadFact] | None = None) -> str:
            """Say what the last message reports, fact by fact; returns the worksheet.

            Args:
                services: Each stretch of treatment with its minutes; empty where none is told.
                visit: Payer, day, discipline, setting and the like, as the conversation says them.
            """
            if self.outcome.services is None:
                self.outcome.services = list(services)
                self.outcome.visit = list(visit or ())
            return self._teller.worksheet(self._answer, self._filled)

        return StructuredTool.from_function(read_message, parse_docstring=True)

    async def run(self) -> Outcome:
        """Ask, check, ask once more; every ending is an outcome."""
        try:
            await self._words()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self.outcome.trouble = from_error(error)
        return self.outcome

    async def _words(self) -> None:
        draft = await self._patiently(self._draft)
        found, held = self._check(draft, None)
        if found:
            self.outcome.rejected.append(found)
            self._tell(Progress("asking_again"))
            draft = await self._patiently(lambda: self._again(draft, found))
            found, held = self._check(draft, held)
            if found:
                self.outcome.rejected.append(found)
                raise Trouble("empty" if not draft.strip() else "unsupported")
        self.outcome.prose = slots.fill(draft, self._filled)

    def _check(self, draft: str, held: Held | None) -> tuple[list[str], Held]:
        self._tell(Progress("checking"))
        if held is None:
            held = hold(self._answer, self._messages, self._looked_up())
        return check(draft, held, self._filled, self._vocabulary), held

    def _looked_up(self) -> list[str]:
        """What the model looked up, as far as it comes from the knowledge base alone."""
        texts = []
        for call in self.outcome.calls:
            if call["tool"] in _LOOK_UPS and isinstance(call["output"], dict):
                texts += [r["text"] for r in call["output"].get("because", []) if "text" in r]
        return texts

    async def _patiently(self, ask: Callable[[], Any]) -> str:
        """Ask; once more where the provider's trouble may pass within the answer's time."""
        try:
            return str(await ask())
        except Exception as error:
            trouble = from_error(error)
            wait = trouble.wait if trouble.wait is not None else 0.2
            if trouble.kind not in _TRIES_AGAIN or wait >= self._ends - time.monotonic():
                raise trouble from error
            if trouble.kind == "too_long":
                self._most = _SHORT
        await asyncio.sleep(wait)
        return str(await ask())

    async def _draft(self) -> str:
        """The first draft: read through the tools, forced where they were left out, then worded."""
        self._tell(Progress("asking_model"))
        told = self._teller.conversation(self._messages, self._most)
        last = await self._run_agent([("user", told)], None)
        if self.outcome.services is None and self._is_billing:
            last = await self._run_agent([("user", told)], READ)
        if self.outcome.services is not None and last:
            return last
        return await self._say([*self._told()])

    @property
    def _is_billing(self) -> bool:
        return bool(self._answer.claims or self._answer.code_choices)

    async def _again(self, draft: str, found: list[str]) -> str:
        from langchain_core.messages import AIMessage, HumanMessage

        named = "\n".join(f"- {fault}" for fault in found[:8])
        asked = prompt("again").replace("{faults}", named)
        earlier = [AIMessage(draft[:8000])] if draft.strip() else []
        return await self._say([*self._told(), *earlier, HumanMessage(asked)])

    def _told(self) -> list[BaseMessage]:
        from langchain_core.messages import HumanMessage

        sheet = self._teller.worksheet(self._answer, self._filled)
        told = self._teller.conversation(self._messages, self._most)
        return [HumanMessage(f"{told}\n\n{prompt('word')}\n{sheet}")]

    async def _run_agent(self, messages: list[Any], forced: str | None) -> str:
        """What the agent says at the end of its calls; "" where it ran out of them."""
        left = self._settings.calls - self.outcome.use.calls - _KEPT_FOR_WORDING
        if left <= 0:
            return ""
        try:
            return await self._invoke(messages, self._tools, left, forced)
        except Trouble as trouble:
            if trouble.kind != "loop":
                raise
            return ""

    async def _say(self, messages: list[Any]) -> str:
        return await self._invoke(messages, [], self._settings.calls - self.outcome.use.calls, None)

    async def _invoke(
        self, messages: list[Any], tools: list[BaseTool], calls: int, forced: str | None
    ) -> str:
        from langchain.agents import create_agent

        bounds = Bounds(self._settings, self.outcome.use, self._purse, calls, forced)
        bounds.meter.tell = self._tell
        agent = create_agent(
            self._model, tools, system_prompt=prompt("system"), middleware=[bounds]
        )
        state = await agent.ainvoke(
            {"messages": messages},
            {"recursion_limit": 4 * self._settings.calls + 4, "callbacks": [bounds.meter]},
        )
        self._keep_calls(state["messages"])
        return _text(state["messages"][-1])

    def _keep_calls(self, messages: list[Any]) -> None:
        asked: dict[str, Any] = {}
        for message in messages:  # in order: some providers give every reply's calls the same ids
            asked |= {call["id"]: call for call in getattr(message, "tool_calls", [])}
            call = asked.get(getattr(message, "tool_call_id", ""))
            if call is not None:
                kept = {"tool": call["name"], "input": call["args"]}
                if call["name"] != READ:
                    kept["output"] = _parsed(message.content)
                self.outcome.calls.append(kept)


def check(draft: str, held: Held, filled: dict[str, str], vocabulary: frozenset[str]) -> list[str]:
    """Everything for which a draft may not be shown; empty where it may."""
    found = slots.unknown(draft, filled)
    prose = slots.without(draft)
    found += unsuitable(prose, held, vocabulary, every_prompt())
    return [*found, *faults(prose, held)]


def _text(message: Any) -> str:
    """The words of a reply; "" where it is a call of a tool."""
    if getattr(message, "tool_calls", None) or getattr(message, "type", "") != "ai":
        return ""
    return str(message.text)


def _parsed(content: Any) -> Any:
    try:
        return json.loads(content)
    except (TypeError, ValueError):
        return str(content)[:500]
