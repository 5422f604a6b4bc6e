"""Errors as their reader wants them: a page for people, problem+json for programs."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.errors import CodingError
from web.chat.conversations import NoSuchConversation
from web.rendering import templates

NOT_FOUND = "There is nothing under this address. The conversation or passage may be deleted."
FAILED = (
    "Something failed here; it is not your wording, and nothing was kept. Send it again; if it "
    "fails again, say so to whoever looks after this copy: the log says where."
)

log = logging.getLogger("web")


def log_failure(error: BaseException) -> None:
    """Write where it failed; an error's own words may quote a message and stay out of the log."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-6:]))
    log.error("%s at %s", type(error).__name__, places or "?")


def wants_json(request: Request) -> bool:
    """Whether the reader is a program, our own script included."""
    return request.url.path.startswith("/api/") or "x-fragment" in request.headers


def reply_with_problem(request: Request, status: int, detail: str) -> Response:
    """The error's reply."""
    title = HTTPStatus(status).phrase
    if request.url.path.startswith("/v1/"):
        kind = "server_error" if status >= 500 else "invalid_request_error"
        return JSONResponse({"error": {"message": detail, "type": kind}}, status)
    if wants_json(request):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JSONResponse(body, status, media_type="application/problem+json")
    page = {"title": title, "detail": detail, "status": status}
    return templates.TemplateResponse(request, "problem.html", page, status_code=status)


def add_handlers(app: FastAPI) -> None:
    """Let the application answer every foreseen error this way."""

    @app.exception_handler(HTTPException)
    def by_status(request: Request, error: HTTPException) -> Response:
        detail = NOT_FOUND if error.status_code == 404 else str(error.detail)
        return reply_with_problem(request, error.status_code, detail)

    @app.exception_handler(RequestValidationError)
    def by_field(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return reply_with_problem(request, 422, f"{where or 'body'}: {first['msg']}.")

    @app.exception_handler(NoSuchConversation)
    def gone(request: Request, error: NoSuchConversation) -> Response:
        return reply_with_problem(request, 404, str(error))

    @app.exception_handler(CodingError)
    def unusable(request: Request, error: CodingError) -> Response:
        return reply_with_problem(request, 422, str(error))
