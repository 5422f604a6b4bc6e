"""The OpenAPI document: who may ask, and the one form that every error has."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from assistant import __version__
from web.rest.examples import add_examples
from web.rest.reviewing import Visits

ABOUT = (
    "Exact, cited answers on coding and billing of US outpatient therapy. Send an API key (page "
    "«Your account») as `Authorization: Bearer …`. Every error is `application/problem+json` "
    "(RFC 9457); its `detail` says what to do. Lists come in pages: send `next` of one as `after` "
    "of the following one. Figures of payment are estimates; nothing here is a decision of a payer."
)
PROBLEM = {
    "title": "Problem",
    "description": "An error (RFC 9457); `detail` says what to do.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "examples": [
        {
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "Give the day as 2026-11-21.",
        }
    ],
}
EVERYWHERE = {
    401: "No session, and no API key that works",
    403: "The role does not allow this, or the form's token is missing",
    422: "Something in the request cannot be used; `detail` says what and how to mend it",
    429: "Too many requests in a short time; `Retry-After` says when to come back",
}
WITH_PATH = {404: "There is nothing under this address"}
WITH_BODY = {
    400: "The body cannot be read",
    413: "The body is larger than the route takes",
    415: "The body is of a kind that the route does not read",
}
WITH_DESK = {503: "No consult desk is set up here"}
DESK = ("/api/consults", "/api/metrics")
METHODS = ("get", "post", "put", "patch", "delete")


def describe(app: FastAPI) -> None:
    """Let the application describe its JSON routes."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the JSON routes."""
    made = get_openapi(title=app.title, version=__version__, description=ABOUT, routes=app.routes)
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for generated in ("HTTPValidationError", "ValidationError"):
        schemas.pop(generated, None)
    schemas["Problem"] = PROBLEM
    _add_body_schemas(schemas)
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key"}
    }
    for path, operations in made["paths"].items():
        for method in METHODS:
            if method in operations:
                _finish(path, operations[method])
                add_examples(f"{method.upper()} {path}", operations[method])
    return made


def _add_body_schemas(schemas: dict[str, Any]) -> None:
    """The schemas of bodies that a route reads itself, because it takes them in two forms."""
    told = Visits.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(told.pop("$defs", {}))
    schemas["Visits"] = told


def _finish(path: str, operation: dict[str, Any]) -> None:
    """Say of an operation how it fails, and that it needs a key."""
    failing = dict(EVERYWHERE)
    if "{" in path:
        failing |= WITH_PATH
    if path.startswith(DESK):
        failing |= WITH_DESK
    if "requestBody" in operation:
        failing |= WITH_BODY
    if path == "/health":
        failing = {}
    else:
        operation["security"] = [{"key": []}]
    replies = operation["responses"]
    replies.pop("422", None)
    for status, said in sorted(failing.items()):
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        replies[str(status)] = {"description": said, "content": content}
