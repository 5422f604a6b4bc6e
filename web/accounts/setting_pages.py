"""The admin's pages on this copy: its health and model, retention, payers of its own."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from assistant.errors import CodingError, KnowledgeError
from assistant.llm_agent import ModelSettings, Trouble, UseBook, model_settings
from web import access
from web.access import Person, safety
from web.accounts.cookies import go
from web.accounts.payer_files import MOST_CHARACTERS, PayerFiles
from web.accounts.retention import Retention
from web.erasing import ERASERS
from web.parts import parts
from web.rendering import templates

router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[Depends(access.admin)])

Text = Annotated[str, Form()]
Admin = Annotated[Person, Depends(access.admin)]


@router.get("")
def overview(request: Request) -> Response:
    """The state of this copy at a glance."""
    model = model_settings()
    page = {
        "health": parts(request).readiness.report(),
        "model": model,
        "used": _used_today(request, model),
        "retention_days": _retention(request).days,
        "database": safety(request).engine.dialect.name,
        "accounts": safety(request).accounts.all(),
    }
    return templates.TemplateResponse(request, "accounts/overview.html", page)


def _used_today(request: Request, model: ModelSettings | None) -> int | None:
    """Tokens that the model used today; None where nobody can count them."""
    if model is None:
        return 0
    try:
        return UseBook(parts(request).assistant.library.folder).of_day(date.today()).tokens
    except Trouble:
        return None


@router.get("/retention")
def retention(request: Request) -> Response:
    """After how many days what was said is deleted."""
    return _retention_page(request)


@router.post("/retention")
def set_retention(request: Request, by: Admin, days: Text = "") -> Response:
    """Set the days."""
    try:
        _retention(request).set_days(by, days)
    except CodingError as error:
        return _retention_page(request, error=str(error), typed=days, status=422)
    return go("/admin/retention?saved=1")


@router.post("/retention/run")
def run_retention(request: Request, by: Admin) -> Response:
    """Delete now what is too old."""
    return _retention_page(request, deleted=_retention(request).run(by))


def _retention(request: Request) -> Retention:
    return safety(request).retention(ERASERS)


def _retention_page(request: Request, *, status: int = 200, **more: Any) -> Response:
    days = _retention(request).days
    page = {
        "days": days,
        "typed": str(days or ""),
        "kinds": list(ERASERS),
        "saved": "saved" in request.query_params,
        "deleted": None,
        "error": "",
        "is_sqlite": safety(request).engine.dialect.name == "sqlite",
        **more,
    }
    return templates.TemplateResponse(request, "accounts/retention.html", page, status_code=status)


@router.get("/payers")
def payers(request: Request) -> Response:
    """The clinic's own payer profiles."""
    return _payers_page(request)


@router.get("/payers/{name}")
def payer(request: Request, name: str) -> Response:
    """One file of the clinic's, to read and replace."""
    return _payers_page(request, name=name, text=_files(request).read(name))


@router.post("/payers")
def save_payer(
    request: Request, by: Admin, name: Text = "", text: Text = "", check: Text = ""
) -> Response:
    """Check a file, and keep it where it is right and was not only to be checked."""
    try:
        if check:
            _files(request).check(name, text)
        else:
            _files(request).save(name, text)
            safety(request).audit.record(by, "payer.saved", f"payer/{name}")
    except (CodingError, KnowledgeError) as error:
        return _payers_page(request, name=name, text=text, error=str(error), status=422)
    return _payers_page(request, name=name, text=text, done="checked" if check else "saved")


def _files(request: Request) -> PayerFiles:
    return PayerFiles(parts(request).assistant.knowledge)


def _payers_page(request: Request, *, status: int = 200, **more: Any) -> Response:
    files = _files(request)
    page = {
        "folder": files.folder,
        "files": files.all(),
        "payers": parts(request).assistant.knowledge.payers,
        "name": "",
        "text": "",
        "error": "",
        "done": "",
        "most": MOST_CHARACTERS,
        **more,
    }
    return templates.TemplateResponse(request, "accounts/payers.html", page, status_code=status)
