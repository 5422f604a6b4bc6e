"""Errors as their reader wants them: a page for people, problem+json for programs."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import compile_path

from assistant.apart import FailedApart
from assistant.errors import CodingError, LibraryError
from web.access import SignInNeeded, is_program
from web.errors import NotKept
from web.rendering import templates

NOT_FOUND = "There is nothing under this address. The conversation or passage may be deleted."
FAILED = (
    "Something failed here; it is not your wording, and nothing was kept. Send it again; if it "
    "fails again, say so to whoever looks after this copy: the log says where."
)

log = logging.getLogger("web")


def log_failure(error: BaseException) -> None:
    """Write where it failed; an error's own words may quote a message and stay out of the log."""
    if isinstance(error, FailedApart):
        log.error("%s at %s", error.kind, error.places)
        return
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
    if "hx-request" in request.headers:
        told = {"detail": detail}
        return templates.TemplateResponse(request, "parts/problem.html", told, status_code=status)
    page = {"title": title, "detail": detail, "status": status}
    return templates.TemplateResponse(request, "problem.html", page, status_code=status)


def add_handlers(app: FastAPI) -> None:
    """Let the application answer every foreseen error this way."""

    @app.exception_handler(SignInNeeded)
    def to_sign_in(request: Request, error: SignInNeeded) -> Response:
        return _reply_to_stranger(request, error)

    @app.exception_handler(HTTPException)
    def by_status(request: Request, error: HTTPException) -> Response:
        detail = NOT_FOUND if error.status_code == 404 else str(error.detail)
        reply = reply_with_problem(request, error.status_code, detail)
        reply.headers.update(error.headers or {})
        if error.status_code == 405:
            reply.headers["Allow"] = ", ".join(_methods(request))
        return reply

    @app.exception_handler(RequestValidationError)
    def by_field(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return reply_with_problem(request, 422, f"{where or 'body'}: {first['msg']}.")

    @app.exception_handler(NotKept)
    def gone(request: Request, error: NotKept) -> Response:
        return reply_with_problem(request, 404, str(error))

    @app.exception_handler(LibraryError)
    def unreadable(request: Request, error: LibraryError) -> Response:
        log_failure(error)
        return reply_with_problem(request, 503, str(error))

    @app.exception_handler(CodingError)
    def unusable(request: Request, error: CodingError) -> Response:
        return reply_with_problem(request, 422, str(error))


def _methods(request: Request) -> list[str]:
    """The methods that the address takes; several routes may share one."""
    path = request.url.path
    found = {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path and compile_path(route.path)[0].match(path)
        for method in route.methods or ()
    }
    return sorted(found)


def _reply_to_stranger(request: Request, error: SignInNeeded) -> Response:
    """A person is led to the log-in and back; a program or script is told."""
    if is_program(request) or "x-fragment" in request.headers:
        reply = reply_with_problem(request, 401, str(error.detail))
        reply.headers.update(error.headers or {})
        return reply
    address = f"/login?{urlencode({'next': _asked_for(request)})}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _asked_for(request: Request) -> str:
    """Where to go on after the log-in; what a form would have sent is not sent again."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
