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
from web.mcp_schemas import undescribed
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
        assert list(undescribed(tool.input_schema)) == [], tool.name
        assert "Attributes:" not in json.dumps(tool.input_schema)
    by_name = {tool.name: tool.input_schema for tool in tools}
    service = by_name["review_visit"]["$defs"]["Service"]["properties"]
    assert service["minutes"]["description"].startswith("Whole one-to-one minutes")
    assert by_name["ask"]["$defs"]["Discipline"]["enum"] == ["PT", "OT", "SLP"]
    answers = by_name["choose_code"]["properties"]["answers"]
    assert answers["additionalProperties"]["enum"] == ["yes", "no"]


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
            await client.call_tool("no_such_tool", {}),
            await client.call_tool(
                "count_units", {"minutes": {"97110": -5}, "counting_rule": "cms"}
            ),
            await client.call_tool("look_up_code", {"code": "12345"}),
            await client.call_tool("ask", {"messages": ["hello"], "discipline": "king"}),
            await client.call_tool("ask", {}),
            await client.call_tool("ask", {"messages": []}),
            await client.call_tool(
                "check_edit_pair",
                {"code_one": "97530", "code_two": "97140", "date_of_service": "soon"},
            ),
        ]

    assert all(result.is_error for result in run(assistant, work))


ONE_OF_EACH = {
    "therapy://codes/97530": "97530",
    "therapy://statements/units-total-sets-count": "units-total-sets-count",
    "therapy://guides/who-may-certify": "Who may certify a therapy plan of care?",
    "therapy://rules/medicare/kx_threshold_ot": "2480",
    "therapy://payers/medicare": "Medicare",
}


def test_knowledge_is_offered_to_read(assistant):
    async def work(client):
        listed = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        whole = [await client.read_resource(str(one.uri)) for one in listed]
        single = {uri: await client.read_resource(uri) for uri in ONE_OF_EACH}
        return listed, templates, whole, single

    listed, templates, whole, single = run(assistant, work)
    assert {str(one.uri).removeprefix("therapy://") for one in listed} == {
        "sources", "codes", "modifiers", "flowchart", "rules", "payers", "guides", "disputes",
    }  # fmt: skip
    assert len(templates) == len(ONE_OF_EACH)
    assert all(one.description for one in [*listed, *templates])
    assert all(json.loads(one.contents[0].text) for one in whole)
    for uri, held in ONE_OF_EACH.items():
        assert held in single[uri].contents[0].text


@pytest.mark.parametrize("uri", ["codes/00000", "guides/nothing", "rules/medicare/nothing"])
def test_what_is_not_held_cannot_be_read(assistant, uri):
    async def work(client):
        with pytest.raises(mcp.MCPError, match="There is no"):
            await client.read_resource(f"therapy://{uri}")

    run(assistant, work)


def test_prompts_carry_their_material(assistant):
    async def work(client):
        prompts = (await client.list_prompts()).prompts
        given = {p.name: {a.name: VISIT for a in p.arguments} for p in prompts}
        return {name: await client.get_prompt(name, told) for name, told in given.items()}

    told = run(assistant, work)
    assert told.keys() == {"bill_a_visit", "check_a_note", "choose_a_code", "bill_together"}
    assert all(VISIT in one.messages[0].content.text for one in told.values())


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
