"""The MCP server, with the official client as its peer."""

import asyncio
import json
import os
import socket
import sys
import threading

import httpx
import mcp
import pytest
import uvicorn
from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

from assistant.answering import Assistant
from assistant.langchain_tools import offered
from web.access import OWNER
from web.accounts.audit import Audit
from web.accounts.keys import Keys
from web.database.engine import open_database
from web.mcp_server import build, guarded

VISIT = "10 min 97110 and 20 min 97530, Medicare, PT"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    return Assistant.open(tmp_path_factory.mktemp("data"))


def run(assistant, work):
    async def within():
        async with mcp.Client(build(assistant)) as client:
            return await work(client)

    return asyncio.run(within())


def test_every_tool_has_a_complete_schema(assistant):
    tools = run(assistant, lambda client: client.list_tools()).tools
    assert {t.name for t in tools} == {
        "ask",
        "search_guides",
        *(tool.__name__ for tool in offered(assistant.tools)),
    }
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        for name, schema in tool.input_schema["properties"].items():
            assert schema.get("description"), f"{tool.name}: {name}"


def test_the_whole_answer_and_a_rule_come_as_data(assistant):
    async def work(client):
        return (
            await client.call_tool("ask", {"messages": [VISIT]}),
            await client.call_tool(
                "count_units", {"minutes": {"97110": 10, "97530": 20}, "counting_rule": "cms"}
            ),
            await client.call_tool("search_guides", {"query": "how does the 8-minute rule work?"}),
        )

    answer, count, found = run(assistant, work)
    assert [n["units"] for n in answer.structured_content["claims"][0]["lines"]] == [1, 1]
    assert count.structured_content["result"]["units"] == {"97110": 1, "97530": 1}
    assert found.structured_content["result"][0]["text"]


def test_what_cannot_be_answered_is_a_tools_error(assistant):
    async def work(client):
        return [
            await client.call_tool(
                "count_units", {"minutes": {"97110": -5}, "counting_rule": "cms"}
            ),
            await client.call_tool("look_up_code", {"code": "12345"}),
            await client.call_tool("ask", {"messages": ["hello"], "discipline": "king"}),
            await client.call_tool("ask", {}),
        ]

    assert all(result.is_error for result in run(assistant, work))


def test_knowledge_is_offered_as_resources_and_prompts(assistant):
    async def work(client):
        resources = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        prompts = (await client.list_prompts()).prompts
        code = await client.read_resource("therapy://codes/97530")
        told = await client.get_prompt("bill_a_visit", {"visit": VISIT})
        return resources, templates, prompts, code, told

    resources, templates, prompts, code, told = run(assistant, work)
    assert {str(r.uri) for r in resources} >= {"therapy://sources", "therapy://disputes"}
    assert len(templates) == 2
    assert {p.name for p in prompts} == {"bill_a_visit", "check_a_note"}
    assert json.loads(code.contents[0].text)["code"] == "97530"
    assert VISIT in told.messages[0].content.text


def test_it_speaks_over_stdio(tmp_path):
    environment = {**os.environ, "ASSISTANT_DATA": str(tmp_path), "ASSISTANT_MODEL": ""}
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "web.mcp_server"], env=environment
    )

    async def work():
        async with mcp.Client(stdio_client(server)) as client:
            return await client.call_tool("ask", {"messages": [VISIT]})

    answer = asyncio.run(work())
    assert answer.structured_content["kind"] == "claim"


def test_it_speaks_streamable_http_to_who_has_a_key(assistant, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    keys = Keys(engine, Audit(engine))
    bearer = {"Authorization": f"Bearer {keys.make(OWNER, 'a test')}"}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        app = guarded(build(assistant), keys)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()

        async def work():
            while not server.started:
                await asyncio.sleep(0.01)
            address = f"http://127.0.0.1:{port}/mcp"
            for wrong in ({}, {"Authorization": "Bearer tca_x"}):
                assert httpx.post(address, json={}, headers=wrong).status_code == 401
            async with (
                create_mcp_http_client(headers=bearer) as http,
                mcp.Client(streamable_http_client(address, http_client=http)) as client,
            ):
                return await client.call_tool("ask", {"messages": [VISIT]})

        answer = asyncio.run(asyncio.wait_for(work(), 30))
        server.should_exit = True
        thread.join(10)
    assert answer.structured_content["kind"] == "claim"
