"""Lists in pages: `limit` items from the one after `after`; each page says how to go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from assistant.errors import ImpossibleFact

T = TypeVar("T")
S = TypeVar("S")

USUAL, MOST = 50, 200


class Page(BaseModel, Generic[T]):
    """A part of a list.

    Attributes:
        items: in the list's own order.
        next: the value of `after` that gives the following page; null on the last one.
    """

    items: list[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which page is asked for."""

    limit: int
    after: str


def _place(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most")] = USUAL,
    after: Annotated[
        str, Query(max_length=200, description="`next` of the page before; empty for the first")
    ] = "",
) -> Place:
    return Place(limit, after)


At = Annotated[Place, Depends(_place)]


def page_of(
    items: Sequence[S], at: Place, key: Callable[[S], str], show: Callable[[S], T]
) -> Page[T]:
    """One page of a list whose items are known by a key.

    Raises:
        ImpossibleFact: no item has the key after which the page shall begin.
    """
    chosen, following = cut(items, at, key)
    return Page(items=[show(one) for one in chosen], next=following)


def cut(items: Sequence[S], at: Place, key: Callable[[S], str]) -> tuple[Sequence[S], str | None]:
    """The page's items, and the key after which the next page begins; None on the last.

    Raises:
        ImpossibleFact: no item has the key after which the page shall begin.
    """
    start = 0
    if at.after:
        found = next((n for n, one in enumerate(items) if key(one) == at.after), None)
        if found is None:
            raise ImpossibleFact(
                "after",
                at.after,
                "The item after which this page shall begin is not in the list (any more): begin "
                "without `after`.",
            )
        start = found + 1
    chosen = items[start : start + at.limit]
    return chosen, key(chosen[-1]) if start + at.limit < len(items) else None
