"""Conversations that are too old to keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from web.chat.tables import conversations, messages

AT_ONCE = 500  # ids in one statement


def erase_conversations(connection: Connection, before: datetime) -> list[str]:
    """The ids of the conversations deleted: nothing was said in them since that moment."""
    old = select(conversations.c.id).where(conversations.c.updated < before)
    gone = list(connection.scalars(old))
    for start in range(0, len(gone), AT_ONCE):
        remove(connection, gone[start : start + AT_ONCE])
    return gone


def remove(connection: Connection, ids: Sequence[str]) -> None:
    """Delete conversations and all that was said in them."""
    connection.execute(delete(messages).where(messages.c.conversation_id.in_(ids)))
    connection.execute(delete(conversations).where(conversations.c.id.in_(ids)))
