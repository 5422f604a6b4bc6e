"""The billing tools as LangChain tools, made from the very functions the reader calls."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.errors import CodingError
from assistant.plain_data import to_data
from assistant.tools import BillingTools

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool


def langchain_tools(tools: BillingTools) -> list[StructuredTool]:
    """Every billing tool for a chat model; name, description and arguments are the function's own.

    A tool answers in JSON. A question that it cannot answer as put comes back as
    ``{"error": …}``, so that the model can ask the user.
    """
    from langchain_core.tools import StructuredTool

    return [
        StructuredTool.from_function(_answering_json(tool), parse_docstring=True)
        for tool in offered(tools)
    ]


def offered(tools: BillingTools) -> list[Callable[..., Any]]:
    """The public functions of the tools, in the order in which they are defined."""
    return [
        getattr(tools, name)
        for name, member in vars(type(tools)).items()
        if inspect.isfunction(member) and not name.startswith("_")
    ]


def _answering_json(tool: Callable[..., Any]) -> Callable[..., str]:
    @functools.wraps(tool)
    def answer(*args: Any, **given: Any) -> str:
        try:
            return json.dumps(to_data(tool(*args, **given)), ensure_ascii=False)
        except CodingError as error:
            return json.dumps({"error": str(error)}, ensure_ascii=False)

    return answer
