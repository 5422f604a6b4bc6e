"""Which role each route asks for, read off the application itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from web.access import GATES, Role

# What asks nobody: assets, and the description of the programs' routes. Both are public anyway.
OPEN = ("/static", "/api/openapi.json")


@dataclass(frozen=True, slots=True)
class Gate:
    """One route.

    Attributes:
        role: the least role that may use it; None where the route names none.
        module: where it stands.
    """

    method: str
    path: str
    role: Role | None
    module: str


def gates(app: FastAPI) -> Iterator[Gate]:
    """Every route of the application, one for each method."""
    for route in iter_route_contexts(app.routes):
        if route.path in OPEN:
            continue
        asked: set[object] = set()
        if isinstance(route.original_route, APIRoute):
            asked = _called(route.dependant)
        roles = [role for gate, role in GATES.items() if gate in asked]
        module = getattr(route.endpoint, "__module__", "?")
        for method in sorted((route.methods or {"*"}) - {"HEAD"}):
            yield Gate(method, route.path or "?", max(roles, default=None), module)


def refuse_ungated(app: FastAPI) -> None:
    """Nothing, where every route says who may use it.

    Raises:
        RuntimeError: one does not.
    """
    for gate in gates(app):
        if gate.role is None:
            raise RuntimeError(
                f"{gate.method} {gate.path} in {gate.module} does not say who may use it. Give its "
                "router dependencies=[Depends(access.member)], or visitor, reviewer or admin, and "
                "declare the route in tests/web/authorisation.yaml."
            )


def _called(dependant: Dependant) -> set[object]:
    """The dependencies of a route, those of its dependencies included."""
    found: set[object] = {dependant.call}
    return found.union(*(_called(inner) for inner in dependant.dependencies))
