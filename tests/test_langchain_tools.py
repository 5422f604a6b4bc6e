"""The tools a model is offered are the reader's own, with complete schemas."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.knowledge import load
from assistant.langchain_tools import langchain_tools, offered
from assistant.tools import BillingTools


@pytest.fixture(scope="module")
def tools():
    return BillingTools(load())


def by_name(tools):
    return {tool.name: tool for tool in langchain_tools(tools)}


def test_every_public_tool_is_offered_with_its_own_words(tools):
    bound = by_name(tools)
    assert list(bound) == [tool.__name__ for tool in offered(tools)]
    for tool in offered(tools):
        first_line = (tool.__doc__ or "").strip().splitlines()[0]
        assert bound[tool.__name__].description.startswith(first_line)


def test_every_argument_is_described(tools):
    for tool in langchain_tools(tools):
        for name, schema in tool.tool_call_schema.model_json_schema()["properties"].items():
            assert schema.get("description"), f"{tool.name}: {name}"


def test_a_call_answers_in_json(tools):
    given = {"minutes": {"97110": 10, "97530": 20}, "counting_rule": "cms"}
    answer = json.loads(by_name(tools)["count_units"].invoke(given))
    assert answer["result"]["units"] == {"97110": 1, "97530": 1}


def test_a_whole_visit_can_be_given_as_json(tools):
    visit = {
        "services": [{"code": "97110", "minutes": 30, "by": "assistant"}],
        "date_of_service": "2026-11-02",
        "payer": "medicare",
        "discipline": "PT",
    }
    answer = json.loads(by_name(tools)["review_visit"].invoke({"visit_to_review": visit}))
    (line,) = answer["lines"]
    assert (line["code"], line["units"], set(line["modifiers"])) == ("97110", 2, {"GP", "CQ"})


def test_what_cannot_be_answered_comes_back_as_an_error_to_ask_about(tools):
    given = {"minutes": {"97110": -5}, "counting_rule": "cms"}
    answer = json.loads(by_name(tools)["count_units"].invoke(given))
    assert "97110" in answer["error"]


class ScriptedModel(BaseChatModel):
    """Calls one tool, then repeats what it said; stands in for a model in the real agent."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> "ScriptedModel":
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        if isinstance(messages[-1], ToolMessage):
            reply = AIMessage(content=messages[-1].content)
        else:
            call = {
                "name": "count_units",
                "args": {"minutes": {"97530": 20}, "counting_rule": "cms"},
                "id": "1",
            }
            reply = AIMessage(content="", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def test_langchains_own_agent_calls_the_tools(tools):
    from langchain.agents import create_agent

    agent = create_agent(ScriptedModel(), langchain_tools(tools))
    state = agent.invoke(
        {"messages": [("user", "20 minutes of 97530")]}, config={"recursion_limit": 12}
    )
    answer = json.loads(state["messages"][-1].content)
    assert answer["result"]["total_units"] == 1
