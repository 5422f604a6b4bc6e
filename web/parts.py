"""What the application is made of, built once and handed to every route."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from starlette.requests import Request

from assistant.answering import Assistant
from web.access import person
from web.batch.batches import Batches
from web.chat.conversations import Conversations
from web.presenting import Presenter
from web.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Parts:
    """The assistant, what was said to it, and who shows it."""

    assistant: Assistant
    conversations: Conversations
    presenter: Presenter
    readiness: Readiness
    batches: Batches


def parts(request: Request) -> Parts:
    """The application's parts; of the conversations, those of the person who asks."""
    made = cast(Parts, request.app.state.parts)
    return replace(made, conversations=made.conversations.of(person(request)))
