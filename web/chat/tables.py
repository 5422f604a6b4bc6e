"""The tables in which conversations are kept."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
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
    Column("owner_id", ForeignKey("account.id")),  # none: nobody sees it
    Column("pinned", Boolean, nullable=False, server_default=false()),
    # The list beside the page, in its order: it is read with every page.
    Index("ix_conversation_latest", "owner_id", "pinned", "updated", "id"),
)

# `masked`: kinds of identifiers taken out of the text before it came here. `token`: what its form
# carried, so that a form sent twice is one message. `ticket`: names one try to answer; a try
# that was overtaken (stopped, edited, asked again) finds its ticket gone and keeps nothing.
messages = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("masked", JSON, nullable=False),
    Column("answer", JSON(none_as_null=True)),
    Column("created", Moment, nullable=False),
    Column("token", String(64)),
    Column("state", String(8), nullable=False, server_default="answered"),
    Column("ticket", String(32), nullable=False, server_default=""),
    Column("thumb", String(4), nullable=False, server_default=""),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("note", String(1000), nullable=False, server_default=""),
    Column("consult_id", Integer),
    UniqueConstraint("conversation_id", "position"),
    UniqueConstraint("conversation_id", "token"),
)
