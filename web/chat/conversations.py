"""What was said: conversations begun, continued and answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from web.accounts.person import OWNER, Person
from web.chat import queries
from web.chat.answering import Answering, Work
from web.chat.history import answers
from web.chat.keeping import Keeping, row_of
from web.chat.nouns import (
    GONE,
    LONGEST_MESSAGE,
    Conversation,
    Exchange,
    Heading,
    NoSuchConversation,
    Said,
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

UNJUDGED = {"thumb": "", "reason": "", "note": ""}


class Conversations(Keeping):
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
        super().__init__(engine, person, assistant)
        self._today = today
        self._answering = answering or Answering(assistant)

    def of(self, person: Person) -> Conversations:
        """Those of another person."""
        return Conversations(self._engine, self._assistant, self._today, person, self._answering)

    def start_answer(self, conversation_id: str, text: str) -> tuple[str, Work]:
        """`start`, and at once the work that answers the message."""
        its, said = self._start(conversation_id, text)
        return its, self._answer(its, said)

    def put_answer(
        self, conversation_id: str, position: int, text: str, token: str = ""
    ) -> tuple[int, Work]:
        """`put`, and at once the work that answers the message."""
        said = self._next(conversation_id, position, text, token)
        return said[-1].position, self._answer(conversation_id, said)

    def ask(self, conversation_id: str, position: int, text: str) -> int:
        """Keep a message and answer it; its place."""
        place, work = self.put_answer(conversation_id, position, text)
        work.wait()
        return place

    def begin(self, conversation_id: str, position: int) -> Work:
        """The work that answers a message, begun where it waits and nobody is at it; else over.

        Raises:
            NoSuchConversation: the message is not there.
        """
        said = [one for one in self._said(conversation_id) or () if one.position <= position]
        if not said or said[-1].position != position:
            raise NoSuchConversation(GONE)
        return self._answer(conversation_id, said)

    def _answer(self, its: str, said: Sequence[Said]) -> Work:
        """The work that answers the last of the messages."""
        asked = said[-1]
        if asked.state is not State.ASKED:
            over = Work(asked.ticket)
            over.end()
            return over
        inquiry = Inquiry(messages=tuple(one.text for one in said), today=self._today())

        def keep(state: State, answer: Answer | None) -> None:
            self._settle(its, asked.position, asked.ticket, state, answer)

        return self._answering.begin(asked.ticket, inquiry, keep)

    def _settle(
        self, its: str, position: int, ticket: str, state: State, answer: Answer | None
    ) -> None:
        """Keep how a try to answer ended; nothing, where it was overtaken."""
        place = {"its": plain(its), "place": position, "try": ticket}
        kept = answers.dump_python(answer, mode="json") if answer else None
        with self._writing() as connection:
            connection.execute(queries.SETTLED, {**place, "ended": state, "made": kept})

    def stop(self, conversation_id: str, position: int) -> None:
        """Wait no longer for an answer. Where its claim is already certain, that is kept.

        Raises:
            NoSuchConversation: the message is not there.
        """
        ticket = self._ticket(conversation_id, position)
        certain = self._answering.stated(ticket)
        ended = State.ANSWERED if certain else State.STOPPED
        self._settle(conversation_id, position, ticket, ended, certain)
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
            one = Said(position, said.text, "", State.ASKED, new_id())
            row = row_of(conversation_id, one, said)
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


def _place(conversation_id: str, position: int) -> Sequence[Any]:
    its = messages.c.conversation_id == plain(conversation_id)
    return (its, messages.c.position == position)
