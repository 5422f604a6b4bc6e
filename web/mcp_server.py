"""The Model Context Protocol: the tools, the knowledge and the whole answer for other programs.

python -m web.mcp_server                      # stdio
python -m web.mcp_server --http [--port N]    # streamable HTTP on loopback, /mcp, with an API key
"""

from __future__ import annotations

import argparse
import functools
import inspect
import os
import re
import sys
import typing
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from assistant import __version__
from assistant.answering import Assistant
from assistant.claim import Discipline
from assistant.conversation import Inquiry
from assistant.errors import AssistantError, CodingError
from assistant.langchain_tools import offered
from assistant.llm_agent import model_settings
from assistant.plain_data import to_data
from web.accounts.audit import Audit
from web.accounts.key_gate import KeyGate
from web.accounts.keys import Keys
from web.chat.conversations import checked
from web.database.engine import open_database
from web.mcp_resources import add_prompts, add_resources
from web.mcp_schemas import complete
from web.settings import from_environment

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.tools.base import Tool
    from starlette.types import ASGIApp

PORT = 8090
INSTRUCTIONS = (
    "Coding and billing of outpatient therapy in the United States. `ask` gives a whole answer; "
    "the other tools are single rules. Figures come from the tools: repeat them, compute none."
)
_ARGUMENT = re.compile(r"^ {4}(\w+): (.+(?:\n {8,}.+)*)", re.M)


class Answers:
    """The tools that are not rules: the whole answer, and the passages that carry one."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def ask(
        self,
        messages: Annotated[list[str], Field(min_length=1)],
        discipline: Discipline | None = None,
        payer: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question or a billing scenario: claim lines, reasons, warnings, citations.

        Args:
            messages: The user's messages so far, oldest first; the last one is answered.
            discipline: The asker's own, where it is known.
            payer: Payer id taken where the conversation names none, such as medicare.
        """
        said = tuple(checked(message) for message in messages)
        return self._assistant.answer(Inquiry(said, date.today(), discipline, payer)).to_dict()

    def search_guides(self, query: str, codes: list[str] | None = None) -> list[dict[str, Any]]:
        """Find the passages of guides and added documents that answer a question.

        Args:
            query: The question, in anybody's words.
            codes: Procedure codes it is about, besides those it names.
        """
        query = self._assistant.mask(checked(query)).text
        found = self._assistant.search(query, codes=codes or ())
        return [
            {"id": p.id, "title": p.title, "heading": p.heading, "text": p.text,
             "authority": p.authority.value}
            for p in found.passages
        ]  # fmt: skip


def build(assistant: Assistant) -> MCPServer[Any]:
    """The server over an assistant."""
    from mcp.server.mcpserver import MCPServer

    answers = Answers(assistant)
    given: list[Callable[..., Any]] = [answers.ask, answers.search_guides]
    server: MCPServer[Any] = MCPServer(
        "therapy-coding-assistant", instructions=INSTRUCTIONS, version=__version__,
        log_level="WARNING", tools=[_tool(one) for one in [*given, *offered(assistant.tools)]],
    )  # fmt: skip
    add_resources(server, assistant.knowledge)
    add_prompts(server)
    return server


def _tool(function: Callable[..., Any]) -> Tool:
    from mcp.server.mcpserver.tools.base import Tool
    from mcp_types import ToolAnnotations

    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
    tool = Tool.from_function(
        _described(function), description=_summary(function), annotations=reads
    )
    tool.parameters = complete(tool.name, tool.parameters)
    return tool


def _described(tool: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The tool with its docstring's arguments in the schema, answering in plain data."""
    from mcp.server.mcpserver.exceptions import ToolError

    @functools.wraps(tool)
    def call(**given: Any) -> dict[str, Any]:
        try:
            result = to_data(tool(**given))
        except CodingError as error:
            raise ToolError(str(error)) from error
        return result if isinstance(result, dict) else {"result": result}

    hints = typing.get_type_hints(tool, include_extras=True)
    told = _arguments(tool)
    known = inspect.signature(tool).parameters.values()
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            p.replace(annotation=Annotated[hints[p.name], Field(description=told[p.name])])
            for p in known
        ],
        return_annotation=dict[str, Any],
    )
    return call


def _summary(tool: Callable[..., Any]) -> str:
    return (inspect.getdoc(tool) or "").partition("\n\nArgs:")[0]


def _arguments(tool: Callable[..., Any]) -> dict[str, str]:
    told = (inspect.getdoc(tool) or "").partition("Args:\n")[2]
    return {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(told)}


def main() -> int:
    """Serve; 2 where it cannot be served."""
    parser = argparse.ArgumentParser(prog="python -m web.mcp_server")
    parser.add_argument("--http", action="store_true", help="streamable HTTP instead of stdio")
    parser.add_argument("--port", type=int, default=PORT, help=f"with --http; default {PORT}")
    options = parser.parse_args()
    try:
        assistant = Assistant.open(model=model_settings())
        assistant.check_model()
        server = build(assistant)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 2
    except ImportError as error:
        print(f"{error.name} is not installed: install the extra «mcp».", file=sys.stderr)
        return 2
    if not options.http:
        server.run("stdio")
        return 0
    try:
        _serve(server, options.port)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def guarded(server: MCPServer[Any], keys: Keys) -> ASGIApp:
    """The server over HTTP, for programs that send an API key of the page's accounts."""
    return KeyGate(server.streamable_http_app(host="127.0.0.1"), keys)


def _serve(server: MCPServer[Any], port: int) -> None:
    import uvicorn

    engine = open_database(from_environment(os.environ).database)
    told = f"MCP: http://127.0.0.1:{port}/mcp   (with an API key: Authorization: Bearer …)"
    print(told, file=sys.stderr, flush=True)
    app = guarded(server, Keys(engine, Audit(engine)))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
