"""Each example of the OpenAPI document fits its schema and is what the server really answers.

After a rule, a fact or a noun has changed, write the examples anew, and read what has changed:

    REWRITE_EXAMPLES=1 python -m pytest tests/web/test_rest_examples.py
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from api_examples import REQUESTS, asked_of
from furnished import Furnished, furnished
from jsonschema import Draft202012Validator

from web.rest.examples import AS_CSV, FILE, examples

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("furnished")) as made:
        yield made


@pytest.fixture(scope="module")
def answered(copy: Furnished) -> dict[str, dict[str, Any]]:
    """Every example, asked anew; written down where that is wanted."""
    made = dict(asked_of(copy))
    if os.environ.get("REWRITE_EXAMPLES"):
        FILE.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        examples.cache_clear()
    return made


@pytest.fixture(scope="module")
def document(copy: Furnished, answered: object) -> dict[str, Any]:
    copy.app.openapi_schema = None
    return copy.app.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        if path.startswith("/api/"):
            for method in set(methods) & set(METHODS):
                yield f"{method.upper()} {path}", methods[method]


def test_every_route_has_examples_that_fit(document: dict[str, Any]) -> None:
    without, unfit = [], []
    for route, operation in operations(document):
        for where, part in parts(operation):
            if "example" not in part:
                without.append(f"{route}: {where}")
                continue
            schema = {**part["schema"], "components": document["components"]}
            found = Draft202012Validator(schema).iter_errors(part["example"])
            unfit += [f"{route}: {where}: {error.json_path} {error.message}" for error in found]
    assert without == []
    assert unfit == []


def parts(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What of an operation shall have an example: needed parameters, the body, what is answered."""
    for parameter in operation.get("parameters", ()):
        if parameter["required"] or "example" in parameter:
            yield parameter["name"], parameter
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"body as {kind}", content
    for status, reply in operation["responses"].items():
        for kind, content in reply.get("content", {}).items():
            if status.startswith("2"):
                yield f"{status} as {kind}", content


def test_every_route_is_asked(document: dict[str, Any]) -> None:
    assert {route for route, _ in operations(document)} == {
        one.removesuffix(AS_CSV) for one in REQUESTS
    }


@pytest.mark.parametrize("route", REQUESTS)
def test_an_example_is_what_is_answered(answered: dict[str, dict[str, Any]], route: str) -> None:
    held, now = examples()[route], answered[route]
    if REQUESTS[route].changes:
        held, now = _form(held), _form(now)
    assert _of_any_knowledge(held) == _of_any_knowledge(now), (
        "Write the examples anew (see the top of this file), and read the change."
    )


def _of_any_knowledge(example: Any) -> str:
    """The same without the stamp of the knowledge base, which every new fact changes."""
    said = json.dumps(example, indent=1, sort_keys=True)
    return re.sub(r"\bknowledge [0-9a-f]{12}\b", "knowledge", said)


def _form(example: dict[str, Any]) -> Any:
    """An example's request, and the names of what is answered."""
    answer = example["answer"]
    named = sorted(answer) if isinstance(answer, dict) else None
    return {name: value for name, value in example.items() if name != "answer"}, named
