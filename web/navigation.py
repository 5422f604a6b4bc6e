"""The places of the application, as the menu lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from web.access import Role, person


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the menu.

    Attributes:
        also: other addresses that belong to it.
        role: the least role that sees it.
    """

    name: str
    address: str
    also: tuple[str, ...] = ()
    role: Role = Role.MEMBER

    def holds(self, path: str) -> bool:
        """Whether an address lies in this place."""
        if self.address == "/":
            return path == "/" or path.startswith(self.also)
        return path.startswith((self.address, *self.also))


PLACES = (
    Place("Ask", "/", ("/conversations",)),
    Place("Worksheet", "/worksheet"),
    Place("Codes", "/codes"),
    Place("Pairs", "/pairs"),
    Place("Flowchart", "/flowchart"),
    Place("Check a note", "/notes"),
    Place("Batch", "/batch"),
    Place("Knowledge", "/knowledge", ("/sources", "/statements", "/disputes", "/values")),
    Place("Consults", "/consults", role=Role.REVIEWER),
)


def navigation(request: Request) -> dict[str, Any]:
    """What every page's frame shows: who is here, and which places are open to them."""
    who = person(request)
    path = request.url.path
    return {
        "person": who,
        "places": [(place, place.holds(path)) for place in PLACES if who.role >= place.role],
    }
