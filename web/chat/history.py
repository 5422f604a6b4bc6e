"""Conversations kept: found, read, pinned, judged, sent on and deleted."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

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
from web.chat import queries
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
from web.database.writing import writing

HISTORY = 200
LONGEST_NOTE = 1000  # characters

answers = TypeAdapter(Answer)


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

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self._engine)

    def _reading(self) -> AbstractContextManager[Connection]:
        return reader(self._engine).connect()

    def _is_own(self) -> ColumnElement[bool]:
        return conversations.c.owner_id == self._person.id

    def _its(self, conversation_id: str) -> dict[str, Any]:
        return {"its": plain(conversation_id), "owner": self._person.id}

    def _note(self, connection: Connection, action: str, its: str, **detail: Any) -> None:
        about = f"conversation/{its}"
        self._audit.append(connection, self._person, f"conversation.{action}", about, **detail)

    def _record(self, action: str, its: str, **detail: Any) -> None:
        with self._writing() as connection:
            self._note(connection, action, its, **detail)

    def _scrub(self) -> None:
        if is_sqlite(self._engine):
            scrub(self._engine)

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation with all that was said, or None."""
        its = self._its(conversation_id)
        with self._reading() as connection:
            rows = connection.execute(queries.WHOLE, its).mappings().all()
        if not rows:
            return None
        exchanges = tuple(_exchange(row) for row in rows if row["position"] is not None)
        return Conversation(its["its"], rows[0]["title"], exchanges, rows[0]["pinned"])

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
        query = queries.HEADINGS
        if words:
            said = exists().where(
                messages.c.conversation_id == conversations.c.id,
                messages.c.text.icontains(words, autoescape=True),
            )
            titled = conversations.c.title.icontains(words, autoescape=True)
            query = query.where(or_(titled, said))
        query = query.limit(limit).offset(skip)
        with self._reading() as connection:
            rows = connection.execute(query, {"owner": self._person.id}).all()
        return [Heading(*row) for row in rows]

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
