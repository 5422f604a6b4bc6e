"""What was said: conversations kept, found, continued, renamed and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.errors import CodingError
from web.accounts.audit import Audit
from web.accounts.person import OWNER, Person
from web.chat.retention import remove
from web.chat.tables import conversations, messages
from web.database.engine import is_sqlite, scrub
from web.errors import NotKept

LONGEST_MESSAGE = 20_000  # characters
TITLE = 80
HISTORY = 200
TRIES = 20  # to find a free place while others write to the same conversation

answers = TypeAdapter(Answer)


class UnusableMessage(CodingError):
    """The message cannot be taken; says what to do."""


class NoSuchConversation(NotKept):
    """No conversation is kept under that id."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of the user and its answer.

    Attributes:
        masked: kinds of identifiers taken out of the text before it was kept.
    """

    position: int
    text: str
    masked: tuple[str, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation as a list shows it."""

    id: str
    title: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all that was said."""

    id: str
    title: str
    exchanges: tuple[Exchange, ...]

    @property
    def next_position(self) -> int:
        """Where the next message goes."""
        return self.exchanges[-1].position + 1 if self.exchanges else 0


def new_id() -> str:
    """An id nobody can guess."""
    return uuid.uuid4().hex


def checked(text: str) -> str:
    """The message without surrounding space.

    Raises:
        UnusableMessage: it is empty or too long.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise UnusableMessage(
            "Nothing was written yet. Describe the visit: codes or activities, minutes, payer."
        )
    if len(text) > LONGEST_MESSAGE:
        raise UnusableMessage(
            f"This is {len(text):,} characters; one message takes up to {LONGEST_MESSAGE:,}. "
            "Keep the visit you ask about and send the rest as a second message."
        )
    return text


class Conversations:
    """The conversations of one person; nobody else's are found, whatever their id.

    Args:
        engine: the database.
        assistant: answers.
        today: what day it is.
        person: whose they are.
    """

    def __init__(
        self,
        engine: Engine,
        assistant: Assistant,
        today: Callable[[], date] = date.today,
        person: Person = OWNER,
    ) -> None:
        self._engine = engine
        self._assistant = assistant
        self._today = today
        self._person = person
        self._audit = Audit(engine)

    def of(self, person: Person) -> Conversations:
        """Those of another person."""
        return Conversations(self._engine, self._assistant, self._today, person)

    def _is_own(self) -> ColumnElement[bool]:
        return conversations.c.owner_id == self._person.id

    def _note(
        self, connection: Connection, action: str, conversation_id: str, **detail: Any
    ) -> None:
        about = f"conversation/{conversation_id}"
        self._audit.append(connection, self._person, f"conversation.{action}", about, **detail)

    def start(self, conversation_id: str, text: str) -> str:
        """Begin a conversation with its first message; its id.

        The id comes with the form, so that a form sent twice begins one conversation. A form
        that was gone back to, and now says something else, begins another.

        Raises:
            UnusableMessage: the text is empty or too long.
        """
        masked = self._assistant.mask(checked(text))
        kept = self.find(conversation_id)
        says_another = kept and kept.exchanges and kept.exchanges[0].text != masked.text
        if says_another or (kept is None and self._is_taken(conversation_id)):
            conversation_id = new_id()
        self.ask(conversation_id, 0, text, begin=True)
        return conversation_id

    def _is_taken(self, conversation_id: str) -> bool:
        query = select(exists().where(conversations.c.id == conversation_id))
        with self._engine.connect() as connection:
            return bool(connection.scalar(query))

    def ask(self, conversation_id: str, position: int, text: str, *, begin: bool = False) -> None:
        """Answer a message and keep both, in one transaction.

        The same text at the same place is one message sent twice and kept once; another text at
        a place that is taken (a second tab) goes to the end.

        Raises:
            UnusableMessage: the text is empty or too long.
            NoSuchConversation: it was deleted meanwhile.
        """
        masked = self._assistant.mask(checked(text))
        for attempt in range(TRIES):
            said = self._texts(conversation_id)
            if not said and not begin:
                raise NoSuchConversation("This conversation is not kept here (any more).")
            if 0 <= position < len(said) and said[position] == masked.text:
                return
            inquiry = Inquiry(messages=(*said, masked.text), today=self._today())
            row = {
                "conversation_id": conversation_id,
                "position": len(said),
                "text": masked.text,
                "masked": list(masked.found),
                "answer": answers.dump_python(self._assistant.answer(inquiry), mode="json"),
            }
            try:
                return self._keep(row, begin=not said)
            except IntegrityError:  # somebody was quicker: look again at what was said
                if attempt + 1 == TRIES:
                    raise

    def _texts(self, conversation_id: str) -> list[str]:
        query = select(messages.c.text).join(conversations).where(self._is_own())
        query = query.where(messages.c.conversation_id == conversation_id)
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(messages.c.position)))

    def _keep(self, row: dict[str, Any], *, begin: bool) -> None:
        now, its = datetime.now(UTC), row["conversation_id"]
        with self._engine.begin() as connection:
            if begin:
                first = {"id": its, "title": title_of(row["text"]), "created": now, "updated": now}
                first["owner_id"] = self._person.id
                connection.execute(insert(conversations).values(first))
            else:
                connection.execute(_change(its).values(updated=now))
            connection.execute(insert(messages).values(**row, created=now))
            self._note(connection, "begun" if begin else "asked", its, message=row["position"])

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation with all that was said, or None."""
        about = select(conversations.c.title).where(
            conversations.c.id == conversation_id, self._is_own()
        )
        said = select(messages).where(messages.c.conversation_id == conversation_id)
        with self._engine.connect() as connection:
            title = connection.scalar(about)
            if title is None:
                return None
            rows = connection.execute(said.order_by(messages.c.position)).mappings().all()
        exchanges = tuple(
            Exchange(
                row["position"],
                row["text"],
                tuple(row["masked"]),
                answers.validate_python(row["answer"]),
            )
            for row in rows
        )
        return Conversation(conversation_id, title, exchanges)

    def get(self, conversation_id: str) -> Conversation:
        """The conversation with all that was said.

        Raises:
            NoSuchConversation: there is none under that id.
        """
        found = self.find(conversation_id)
        if found is None:
            raise NoSuchConversation("This conversation is not kept here (any more).")
        self._audit.record(self._person, "conversation.read", f"conversation/{conversation_id}")
        return found

    def history(self, words: str = "", limit: int = HISTORY) -> list[Heading]:
        """The conversations whose title or messages hold the words, the latest first."""
        query = select(conversations.c.id, conversations.c.title, conversations.c.updated)
        query = query.where(self._is_own())
        if words:
            said = exists().where(
                messages.c.conversation_id == conversations.c.id,
                messages.c.text.icontains(words, autoescape=True),
            )
            titled = conversations.c.title.icontains(words, autoescape=True)
            query = query.where(or_(titled, said))
        query = query.order_by(conversations.c.updated.desc(), conversations.c.id).limit(limit)
        with self._engine.connect() as connection:
            return [Heading(*row) for row in connection.execute(query)]

    def rename(self, conversation_id: str, title: str) -> None:
        """Give the conversation another title; an empty one changes nothing.

        Raises:
            NoSuchConversation: there is none under that id.
        """
        title = title_of(self._assistant.mask(title).text)
        self.get(conversation_id)
        if title:
            with self._engine.begin() as connection:
                connection.execute(_change(conversation_id).values(title=title))
                self._note(connection, "renamed", conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Remove the conversation and all that was said in it."""
        its = select(conversations.c.id).where(conversations.c.id == conversation_id)
        with self._engine.begin() as connection:
            if connection.scalar(its.where(self._is_own())) is None:
                return
            remove(connection, [conversation_id])
            self._note(connection, "deleted", conversation_id)
        if is_sqlite(self._engine):
            scrub(self._engine)


def _change(conversation_id: str) -> Any:
    return update(conversations).where(conversations.c.id == conversation_id)


def title_of(text: str) -> str:
    """A title from a message's first words."""
    line = " ".join(text.split())
    if len(line) <= TITLE:
        return line
    return line[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
