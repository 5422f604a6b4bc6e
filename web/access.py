"""Who may do what: each router or route names the least role it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from starlette.requests import Request


class Role(IntEnum):
    """What a person may do; each role may do what the lower ones may."""

    VISITOR = 0
    MEMBER = 1
    REVIEWER = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Who sends a request."""

    id: int
    name: str
    role: Role


OWNER = Person(0, "owner", Role.ADMIN)


def person(request: Request) -> Person:
    """Who sends the request."""
    return OWNER


def visitor(request: Request) -> Person:
    """Anyone."""
    return person(request)


def member(request: Request) -> Person:
    """A person who may ask, look up and keep conversations."""
    return person(request)


def reviewer(request: Request) -> Person:
    """A person who may also review consults."""
    return person(request)


def admin(request: Request) -> Person:
    """A person who may also manage accounts, knowledge and settings."""
    return person(request)
