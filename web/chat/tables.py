"""The tables in which conversations are kept."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

import web.accounts.tables  # noqa: F401 -- a conversation belongs to an account
from web.database.schema import Moment, metadata

conversations = Table(
    "conversation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False, index=True),
    Column("owner_id", ForeignKey("account.id"), index=True),  # none: nobody sees it
)

# `masked` says what kinds of identifiers were taken out of the text before it came here.
messages = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("masked", JSON, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("conversation_id", "position"),
)
