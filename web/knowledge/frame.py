"""What the pages on knowledge share: their places, and the words for authority and certainty."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web.presenting import AUTHORITIES, CERTAINTIES
from web.rendering import templates

PLACES = (
    ("/knowledge", "Search"),
    ("/knowledge/guides", "Guides"),
    ("/knowledge/sources", "Sources"),
    ("/knowledge/documents", "Documents"),
    ("/knowledge/disputes", "Disputes"),
    ("/knowledge/flagged", "Flagged"),
    ("/knowledge/tables", "How old"),
)


def page(request: Request, name: str, *, status: int = 200, **content: Any) -> Response:
    """One of the pages on knowledge."""
    path = request.url.path
    shared = {
        "authorities": AUTHORITIES,
        "certainties": CERTAINTIES,
        "rooms": [(to, named, _holds(to, path)) for to, named in PLACES],
    }
    return templates.TemplateResponse(
        request, f"knowledge/{name}.html", shared | content, status_code=status
    )


def for_day_field(written: str) -> str:
    """A day as its field takes it; "" for what is none, of which a browser would complain."""
    try:
        return date.fromisoformat(written.strip()).isoformat()
    except ValueError:
        return ""


def _holds(place: str, path: str) -> bool:
    return path == place or (place != "/knowledge" and path.startswith(f"{place}/"))
