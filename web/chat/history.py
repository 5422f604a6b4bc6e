"""Conversations kept: found, read, pinned, judged, sent on and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    exists,
    or_,
    select,
    update,
)

from assistant.conversation import Answer
from assistant.privacy import mask
from web.accounts.audit import Audit
from web.accounts.person import Person
from web.chat.nouns import (
    GONE,
    REASONS,
    Conversation,
    Exchange,
    Heading,
    NoSuchConversation,
    State,
    Thumb,
    plain,
)
from web.chat.retention import remove
from web.chat.tables import conversations, messages
from web.database.engine import is_sqlite, reader, scrub

HISTORY = 200
LONGEST_NOTE = 1000  # characters

answers = TypeAdapter(Answer)
_turns: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


class History:
    """The conversations of one person, as they stand.

    Args:
        engine: the database.
        person: whose they are.
    """

    def __init__(self, engine: Engine, person: Person) -> None:
        self._engine = engine
        self._person = person
        self._audit = Audit(engine)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that writes; one at a time, so that none waits in SQLite's slow polling."""
        with _turns.setdefault(self._engine, Lock()), self._engine.begin() as connection:
            yield connection

    def _reading(self) -> AbstractContextManager[Connection]:
        return reader(self._engine).connect()

    def _is_own(self) -> ColumnElement[bool]:
        return conversations.c.owner_id == self._person.id

    def _note(self, connection: Connection, action: str, its: str, **detail: Any) -> None:
        about = f"conversation/{its}"
        self._audit.append(connection, self._person, f"conversation.{action}", about, **detail)

    def _record(self, action: str, its: str, **detail: Any) -> None:
        with self._writing() as connection:
            self._note(connection, action, its, **detail)

    def _scrub(self) -> None:
        if is_sqlite(self._engine):
            scrub(self._engine)

    def is_taken(self, conversation_id: str) -> bool:
        """Whether anybody's conversation has that id."""
        query = select(exists().where(conversations.c.id == conversation_id))
        with self._reading() as connection:
            return bool(connection.scalar(query))

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation with all that was said, or None."""
        conversation_id = plain(conversation_id)
        about = select(conversations.c.title, conversations.c.pinned).where(
            conversations.c.id == conversation_id, self._is_own()
        )
        said = select(messages).where(messages.c.conversation_id == conversation_id)
        with self._reading() as connection:
            found = connection.execute(about).first()
            if found is None:
                return None
            rows = connection.execute(said.order_by(messages.c.position)).mappings().all()
        exchanges = tuple(_exchange(row) for row in rows)
        return Conversation(conversation_id, found.title, exchanges, found.pinned)

    def shown(self, conversation_id: str) -> Conversation:
        """The conversation, for a reply to what its owner just did, which the log holds already.

        Raises:
            NoSuchConversation: there is none under that id.
        """
        found = self.find(conversation_id)
        if found is None:
            raise NoSuchConversation(GONE)
        return found

    def get(self, conversation_id: str, action: str = "read") -> Conversation:
        """The conversation with all that was said; its reading is put into the audit log.

        Raises:
            NoSuchConversation: there is none under that id.
        """
        found = self.shown(conversation_id)
        self._record(action, conversation_id)
        return found

    def history(self, words: str = "", limit: int = HISTORY, skip: int = 0) -> list[Heading]:
        """The conversations with the words in title or messages: pinned first, then the latest."""
        its = conversations.c
        query = select(its.id, its.title, its.updated, its.pinned).where(self._is_own())
        if words:
            said = exists().where(
                messages.c.conversation_id == conversations.c.id,
                messages.c.text.icontains(words, autoescape=True),
            )
            titled = its.title.icontains(words, autoescape=True)
            query = query.where(or_(titled, said))
        query = (
            query.order_by(its.pinned.desc(), its.updated.desc(), its.id).limit(limit).offset(skip)
        )
        with self._reading() as connection:
            return [Heading(*row) for row in connection.execute(query)]

    def _change(self, conversation_id: str, action: str, **values: Any) -> None:
        its = conversations.c.id == conversation_id
        with self._writing() as connection:
            connection.execute(update(conversations).where(its).values(values))
            self._note(connection, action, conversation_id)

    def pin(self, conversation_id: str, pinned: bool) -> None:
        """Keep the conversation at the top of the list, or no longer.

        Raises:
            NoSuchConversation: there is none under that id.
        """
        self.shown(conversation_id)
        self._change(conversation_id, "pinned" if pinned else "unpinned", pinned=pinned)

    def judge(
        self, conversation_id: str, position: int, thumb: Thumb, reason: str = "", note: str = ""
    ) -> None:
        """Keep what the person thinks of an answer.

        Raises:
            NoSuchConversation: the message is not there.
        """
        self.shown(conversation_id).at(position)
        known = reason if reason in REASONS and thumb is Thumb.DOWN else ""
        said = mask(note.replace("\x00", "").strip()[:LONGEST_NOTE]).text[:LONGEST_NOTE]
        said = said if thumb is Thumb.DOWN else ""
        judged = {"thumb": thumb.value, "reason": known, "note": said}
        self._mark(conversation_id, position, "judged", judged, thumb=thumb.value, reason=known)

    def sent_on(self, conversation_id: str, position: int, consult_id: int) -> None:
        """Note the consult as which a message was put before the reviewers."""
        change = {"consult_id": consult_id}
        self._mark(conversation_id, position, "sent-to-reviewers", change, consult=consult_id)

    def _mark(self, its: str, position: int, action: str, values: Any, **detail: Any) -> None:
        place = (messages.c.conversation_id == its, messages.c.position == position)
        with self._writing() as connection:
            connection.execute(update(messages).where(*place).values(values))
            self._note(connection, action, its, message=position, **detail)

    def delete(self, conversation_id: str) -> None:
        """Remove the conversation and all that was said in it."""
        conversation_id = plain(conversation_id)
        its = select(conversations.c.id).where(conversations.c.id == conversation_id)
        with self._writing() as connection:
            if connection.scalar(its.where(self._is_own())) is None:
                return
            remove(connection, [conversation_id])
            self._note(connection, "deleted", conversation_id)
        self._scrub()


def _exchange(row: RowMapping) -> Exchange:
    return Exchange(
        row["position"],
        row["text"],
        tuple(row["masked"]),
        answers.validate_python(row["answer"]) if row["answer"] is not None else None,
        State(row["state"]),
        Thumb(row["thumb"]),
        row["reason"],
        row["note"],
        row["consult_id"],
    )
