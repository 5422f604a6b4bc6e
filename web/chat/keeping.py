"""Messages kept before they are answered.

So a restart in the middle of an answer loses nothing: the question stands there unanswered, and
whoever opens its page has it answered.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from assistant.answering import Assistant
from assistant.privacy import MaskedText
from web.accounts.person import Person
from web.chat import queries
from web.chat.history import History
from web.chat.nouns import (
    GONE,
    NoSuchConversation,
    Said,
    State,
    checked,
    new_id,
    plain,
    title_of,
)

TRIES = 20  # to find a free place while others write to the same conversation


class Keeping(History):
    """The conversations of one person, which can grow.

    Args:
        engine: the database.
        person: whose they are.
        assistant: masks what is kept.
    """

    def __init__(self, engine: Engine, person: Person, assistant: Assistant) -> None:
        super().__init__(engine, person)
        self._assistant = assistant

    def start(self, conversation_id: str, text: str) -> str:
        """Keep the first message of a conversation; its id.

        The id comes with the form, so that a form sent twice begins one conversation. A form
        that was gone back to, and now says something else, begins another.

        Raises:
            UnusableMessage: the text is empty or too long.
        """
        return self._start(conversation_id, text)[0]

    def _start(self, its: str, text: str) -> tuple[str, list[Said]]:
        masked = self._assistant.mask(checked(text))
        said = self._said(its)
        if said is None or (said and said[0].text != masked.text):
            its, said = new_id(), []
        return its, self._put(its, 0, masked, "", said, begin=True)

    def put(self, conversation_id: str, position: int, text: str, token: str = "") -> int:
        """Keep a message that continues a conversation; its place.

        The same text with the same token, or without one at the same place, is one message sent
        twice and kept once; another text at a place that is taken (a second tab) goes to the end.

        Raises:
            UnusableMessage: the text is empty or too long.
            NoSuchConversation: it was deleted meanwhile.
        """
        return self._next(conversation_id, position, text, token)[-1].position

    def _next(self, conversation_id: str, position: int, text: str, token: str) -> list[Said]:
        masked, its = self._assistant.mask(checked(text)), plain(conversation_id)
        return self._put(its, position, masked, plain(token), self._said(its), begin=False)

    def _put(
        self,
        its: str,
        position: int,
        masked: MaskedText,
        token: str,
        before: list[Said] | None,
        *,
        begin: bool,
    ) -> list[Said]:
        """What was said up to the message, which is kept now unless it was already."""
        for attempt in range(TRIES):
            if before is None or not (before or begin):
                raise NoSuchConversation(GONE)
            for place, one in enumerate(before):
                sent = one.token == token if token else place == position
                if sent and one.text == masked.text:
                    return before[: place + 1]
            if token in {one.token for one in before}:
                token = ""  # the form was gone back to and says something else now
            one = Said(len(before), masked.text, token, State.ASKED, new_id())
            try:
                self._keep(row_of(its, one, masked), begin=not before)
                return [*before, one]
            except IntegrityError:  # somebody was quicker: look again at what was said
                if attempt + 1 == TRIES:
                    raise
            before = self._said(its)
        raise AssertionError("unreachable")

    def _said(self, conversation_id: str) -> list[Said] | None:
        """Every message in order; None of another's conversation."""
        with self._reading() as connection:
            rows = connection.execute(queries.SAID, {"its": plain(conversation_id)}).all()
        if any(row.owner_id != self._person.id for row in rows):
            return None
        return [
            Said(row.position, row.text, row.token or "", State(row.state), row.ticket)
            for row in rows
            if row.text is not None
        ]

    def _keep(self, row: dict[str, Any], *, begin: bool) -> None:
        now, its = datetime.now(UTC), row["conversation_id"]
        with self._writing() as connection:
            if begin:
                first = {"id": its, "title": title_of(row["text"]), "created": now, "updated": now}
                first["owner_id"] = self._person.id
                connection.execute(queries.BEGUN, first)
            else:
                self._touch(connection, its)
            connection.execute(queries.ASKED, {**row, "created": now})
            self._note(connection, "begun" if begin else "asked", its, message=row["position"])

    @staticmethod
    def _touch(connection: Connection, conversation_id: str) -> None:
        connection.execute(queries.TOUCHED, {"its": conversation_id, "now": datetime.now(UTC)})


def row_of(its: str, one: Said, masked: MaskedText) -> dict[str, Any]:
    """A message as its table takes it, without the moment."""
    return {
        "conversation_id": its,
        "position": one.position,
        "text": one.text,
        "masked": list(masked.found),
        "answer": None,
        "token": one.token or None,
        "state": one.state,
        "ticket": one.ticket,
    }
