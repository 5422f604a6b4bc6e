"""A real request and its real answer for each JSON route, for the OpenAPI document."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")  # tests/web/test_rest_examples.py says how

AS_CSV = " as CSV"  # ends the name of a route's second example, where it takes and gives CSV too


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By method and path: the parameters, the body and the answer, each with its kind."""
    held: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    return held


def add_examples(route: str, operation: dict[str, Any]) -> None:
    """Put a route's example into its description."""
    for name in (route, f"{route}{AS_CSV}"):
        if name in examples():
            _add(examples()[name], operation)


def _add(held: dict[str, Any], operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in held["parameters"]:
            parameter["example"] = held["parameters"][parameter["name"]]
    content = operation.get("requestBody", {}).get("content", {})
    if held["kind"] in content:
        content[held["kind"]]["example"] = held["body"]
    for status, reply in operation["responses"].items():
        if status.startswith("2") and held["answered_as"] in reply.get("content", {}):
            reply["content"][held["answered_as"]]["example"] = held["answer"]
