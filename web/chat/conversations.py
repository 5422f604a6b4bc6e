"""What was said: conversations begun, continued and answered. A question is kept before its answer.

So a restart in the middle of an answer loses nothing: the question stands there unanswered, and
whoever opens its page has it answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.privacy import MaskedText
from web.accounts.person import OWNER, Person
from web.chat import queries
from web.chat.answering import Answering, Work
from web.chat.history import History, answers
from web.chat.nouns import (
    GONE,
    LONGEST_MESSAGE,
    Conversation,
    Exchange,
    Heading,
    NoSuchConversation,
    State,
    UnusableMessage,
    checked,
    new_id,
    plain,
    title_of,
)
from web.chat.tables import conversations, messages

__all__ = [
    "LONGEST_MESSAGE",
    "Conversation",
    "Conversations",
    "Exchange",
    "Heading",
    "NoSuchConversation",
    "UnusableMessage",
    "checked",
    "new_id",
    "title_of",
]

TRIES = 20  # to find a free place while others write to the same conversation
UNJUDGED = {"thumb": "", "reason": "", "note": ""}


class Conversations(History):
    """The conversations of one person; nobody else's are found, whatever their id.

    Args:
        engine: the database.
        assistant: answers.
        today: what day it is.
        person: whose they are.
        answering: the answers being made, shared by all persons of one copy.
    """

    def __init__(
        self,
        engine: Engine,
        assistant: Assistant,
        today: Callable[[], date] = date.today,
        person: Person = OWNER,
        answering: Answering | None = None,
    ) -> None:
        super().__init__(engine, person)
        self._assistant = assistant
        self._today = today
        self._answering = answering or Answering(assistant)

    def of(self, person: Person) -> Conversations:
        """Those of another person."""
        return Conversations(self._engine, self._assistant, self._today, person, self._answering)

    def start(self, conversation_id: str, text: str) -> str:
        """Keep the first message of a conversation; its id.

        The id comes with the form, so that a form sent twice begins one conversation. A form
        that was gone back to, and now says something else, begins another.

        Raises:
            UnusableMessage: the text is empty or too long.
        """
        masked = self._assistant.mask(checked(text))
        said = self._said(conversation_id)
        if said is None or (said and said[0][0] != masked.text):
            conversation_id = new_id()
        self._put(conversation_id, 0, masked, "", begin=True)
        return conversation_id

    def put(self, conversation_id: str, position: int, text: str, token: str = "") -> int:
        """Keep a message that continues a conversation; its place.

        The same text with the same token, or without one at the same place, is one message sent
        twice and kept once; another text at a place that is taken (a second tab) goes to the end.

        Raises:
            UnusableMessage: the text is empty or too long.
            NoSuchConversation: it was deleted meanwhile.
        """
        masked = self._assistant.mask(checked(text))
        return self._put(plain(conversation_id), position, masked, plain(token), begin=False)

    def ask(self, conversation_id: str, position: int, text: str) -> int:
        """Keep a message and answer it; its place."""
        place = self.put(conversation_id, position, text)
        self.begin(conversation_id, place).wait()
        return place

    def _put(self, its: str, position: int, said: MaskedText, token: str, *, begin: bool) -> int:
        for attempt in range(TRIES):
            before = self._said(its)
            if before is None or not (before or begin):
                raise NoSuchConversation(GONE)
            for place, (text, used) in enumerate(before):
                if text == said.text and (used == token if token else place == position):
                    return place
            if token in {used for _, used in before}:
                token = ""  # the form was gone back to and says something else now
            row = _row(its, len(before), said, token)
            try:
                self._keep(row, begin=not before)
                return len(before)
            except IntegrityError:  # somebody was quicker: look again at what was said
                if attempt + 1 == TRIES:
                    raise
        raise AssertionError("unreachable")

    def _said(self, conversation_id: str) -> list[tuple[str, str]] | None:
        """Every message with the token of its form, in order; None of another's conversation."""
        with self._reading() as connection:
            rows = connection.execute(queries.SAID, {"its": plain(conversation_id)}).all()
        if any(owner != self._person.id for _, _, owner in rows):
            return None
        return [(text, token or "") for text, token, _ in rows if text is not None]

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

    def begin(self, conversation_id: str, position: int) -> Work:
        """The work that answers a message, begun where it waits and nobody is at it; else over.

        Raises:
            NoSuchConversation: the message is not there.
        """
        with self._reading() as connection:
            rows = connection.execute(queries.WAITING, self._its(conversation_id)).all()
        asked = next((row for row in rows if row.position == position), None)
        if asked is None:
            raise NoSuchConversation(GONE)
        if asked.state != State.ASKED:
            over = Work(asked.ticket)
            over.end()
            return over
        said = tuple(row.text for row in rows if row.position <= position)
        inquiry = Inquiry(messages=said, today=self._today())

        def keep(state: State, answer: Answer | None) -> None:
            self._settle(asked.ticket, state, answer)

        return self._answering.begin(asked.ticket, inquiry, keep)

    def _settle(self, ticket: str, state: State, answer: Answer | None) -> None:
        """Keep how a try to answer ended; nothing, where it was overtaken."""
        kept = answers.dump_python(answer, mode="json") if answer else None
        with self._writing() as connection:
            connection.execute(queries.SETTLED, {"its": ticket, "ended": state, "made": kept})

    def stop(self, conversation_id: str, position: int) -> None:
        """Wait no longer for an answer. Where its claim is already certain, that is kept.

        Raises:
            NoSuchConversation: the message is not there.
        """
        ticket = self._ticket(conversation_id, position)
        certain = self._answering.stated(ticket)
        self._settle(ticket, State.ANSWERED if certain else State.STOPPED, certain)
        self._answering.release(ticket)
        self._record("stopped", conversation_id, message=position)

    def retry(self, conversation_id: str, position: int) -> None:
        """Have a message answered anew; one that still waits is left as it is.

        Raises:
            NoSuchConversation: the message is not there.
        """
        self._ticket(conversation_id, position)
        place = _place(conversation_id, position)
        anew = {"state": State.ASKED, "ticket": new_id(), "answer": None, **UNJUDGED}
        with self._writing() as connection:
            waits = messages.c.state == State.ASKED
            changed = connection.execute(update(messages).where(*place, ~waits).values(anew))
            if changed.rowcount:
                self._touch(connection, conversation_id)
                self._note(connection, "retried", conversation_id, message=position)

    def edit(self, conversation_id: str, position: int, text: str) -> None:
        """Put another text in a message's place; what came after it goes. The same changes nothing.

        Raises:
            UnusableMessage: the text is empty or too long.
            NoSuchConversation: the message is not there.
        """
        said = self._assistant.mask(checked(text))
        before = self.shown(conversation_id).at(position).text
        if before == said.text:
            return
        later = messages.c.position >= position
        with self._writing() as connection:
            its = messages.c.conversation_id == conversation_id
            connection.execute(delete(messages).where(its, later))
            row = _row(conversation_id, position, said, "")
            connection.execute(insert(messages).values(**row, created=datetime.now(UTC)))
            title = {"title": title_of(said.text)} if position == 0 else {}
            titled = conversations.c.title == title_of(before)
            if title:  # one that the person gave stays
                change = update(conversations).where(conversations.c.id == conversation_id, titled)
                connection.execute(change.values(title))
            self._touch(connection, conversation_id)
            self._note(connection, "edited", conversation_id, message=position)
        self._scrub()

    def _ticket(self, conversation_id: str, position: int) -> str:
        query = select(messages.c.ticket).join(conversations)
        query = query.where(self._is_own(), *_place(conversation_id, position))
        with self._reading() as connection:
            ticket = connection.scalar(query)
        if ticket is None:
            raise NoSuchConversation(GONE)
        return str(ticket)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give the conversation another title; an empty one changes nothing.

        Raises:
            NoSuchConversation: there is none under that id.
        """
        title = title_of(self._assistant.mask(title.replace("\x00", "")).text)
        self.shown(conversation_id)
        if title:
            self._change(conversation_id, "renamed", title=title)

    @staticmethod
    def _touch(connection: Connection, conversation_id: str) -> None:
        its = conversations.c.id == conversation_id
        connection.execute(update(conversations).where(its).values(updated=datetime.now(UTC)))


def _place(conversation_id: str, position: int) -> Sequence[Any]:
    its = messages.c.conversation_id == plain(conversation_id)
    return (its, messages.c.position == position)


def _row(its: str, position: int, said: MaskedText, token: str) -> dict[str, Any]:
    return {
        "conversation_id": its,
        "position": position,
        "text": said.text,
        "masked": list(said.found),
        "answer": None,
        "token": token or None,
        "state": State.ASKED,
        "ticket": new_id(),
    }
