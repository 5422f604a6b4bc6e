"""The templates, and what they may call."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from web.access import frame
from web.accounts import csrf
from web.citing import SourceCard
from web.navigation import navigation

SEVERITIES = {"error": "Not allowed", "warning": "At risk", "info": "Good to know"}
HERE = Path(__file__).parent
STATIC = HERE / "static"
# htmx's built scripts come with this package; nothing of it is imported.
SCRIPTS = ("django_htmx", "static/django_htmx")
CSRF_FIELD = Markup(f'<input type="hidden" name="{csrf.FIELD}" value="%s">')


@cache
def asset(name: str) -> str:
    """Address of a static file, another one whenever its content is another."""
    own = STATIC / name
    path = own if own.exists() else _scripts() / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _scripts() -> Path:
    spec = find_spec(SCRIPTS[0])
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / SCRIPTS[1]


def as_date(value: str | date | None) -> str:
    """A day in words that no country reads differently."""
    if not value:
        return ""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            return str(value)
    return f"{value.day} {value:%b %Y}"


def as_moment(value: datetime) -> str:
    """A moment for a machine to read; the page shows the day."""
    return value.isoformat(timespec="seconds")


def as_json(value: Any) -> str:
    """Plain data for a person to read."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


@pass_context
def csrf_field(context: Context) -> Markup:
    """The hidden field that every form with `method="post"` holds."""
    token: str = context["csrf_token"]
    return Markup(CSRF_FIELD % token)


@lru_cache(maxsize=2048)  # most answers cite the same few places
def source_item(card: SourceCard, turn_id: str) -> Markup:
    """One of an answer's sources, as the list beneath the answer holds it."""
    item = templates.env.get_template("parts/source_item.html")
    return Markup(item.render(card=card, turn_id=turn_id))


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # looking for changes takes a third of a page's time
    )
    made.globals.update(asset=asset, csrf_field=csrf_field, severities=SEVERITIES)
    made.globals.update(source_item=source_item)
    made.filters.update(day=as_date, moment=as_moment, pretty=as_json)
    return made


templates = Jinja2Templates(env=_environment(), context_processors=[navigation, frame])
