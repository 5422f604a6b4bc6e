"""The guides' pages: all of them by topic, and one with every sentence's source."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.knowledge import Guide, Knowledge
from web import access
from web.knowledge.frame import page
from web.knowledge.guide_view import guide_view
from web.parts import parts

router = APIRouter(include_in_schema=False, dependencies=[Depends(access.member)])


@router.get("/knowledge/guides")
def guides(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    topic: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Every guide, or those whose title, ways of asking or codes hold the words."""
    knowledge = parts(request).assistant.knowledge
    words = " ".join(q.split())
    return page(
        request,
        "guides",
        words=words,
        topic=topic,
        topics=topics(knowledge),
        found=matching(knowledge, words, topic),
    )


@router.get("/knowledge/guides/{guide_id}")
def guide(request: Request, guide_id: str, passage: str = "") -> Response:
    """One guide: its sentences, each with what carries it; the passage asked for is marked."""
    knowledge = parts(request).assistant.knowledge
    return page(
        request,
        "guide",
        view=guide_view(guide_named(knowledge, guide_id), knowledge),
        cited=passage,
        sources=knowledge.sources,
    )


def guide_named(knowledge: Knowledge, guide_id: str) -> Guide:
    """The guide of that id.

    Raises:
        HTTPException: 404, there is none.
    """
    found = next((one for one in knowledge.guides if one.id == guide_id), None)
    if found is None:
        raise HTTPException(404)
    return found


def topics(knowledge: Knowledge) -> list[str]:
    """What guides are about, the most frequent topic first."""
    every = [topic for one in knowledge.guides for topic in one.topics]
    return sorted(set(every), key=lambda topic: (-every.count(topic), topic))


def matching(knowledge: Knowledge, words: str, topic: str = "") -> list[Guide]:
    """The guides that hold every word, on a topic where one is given, by title."""
    wanted = words.lower().split()
    found = [
        one
        for one in knowledge.guides
        if (not topic or topic in one.topics) and all(w in _searched(one) for w in wanted)
    ]
    return sorted(found, key=lambda one: one.title.lower())


def _searched(guide: Guide) -> str:
    return " ".join((guide.title, *guide.asked_as, *guide.codes, *guide.payers)).lower()
