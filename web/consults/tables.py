"""The tables of the consult desk. The consult's own row is the queue."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from web.database.schema import Moment, metadata

# A mail as the server hands it out, kept before anything on the server changes. `raw` is empty
# once the retention setting has erased it; the key stays, so that it is not answered again.
mails = Table(
    "mail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("content_key", String(64), nullable=False, unique=True),
    Column("channel", String(8), nullable=False),  # mail | api | chat
    Column("message_id", String(1000), nullable=False, index=True),
    Column("raw", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),  # as the server says; `raw` is cut where it is more
    Column("received_at", Moment, nullable=False),
    Column("asked_by", Integer),  # account of who asked on the page or by the API
    Column("erased_at", Moment),
)

# Which places of a mailbox have been read. The database is the cursor.
mails_seen = Table(
    "mail_seen",
    metadata,
    Column("mailbox", String(300), primary_key=True),
    Column("uidvalidity", BigInteger, primary_key=True, autoincrement=False),
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    Column("mail_id", ForeignKey("mail.id", ondelete="SET NULL"), index=True),
)


def _lease() -> list[Column[object]]:
    """The columns by which a row is taken, held and tried again (`web.consults.leases`)."""
    return [
        Column("lease_token", String(32)),
        Column("lease_until", Moment),
        Column("attempts", Integer, nullable=False),  # failures that were told
        Column("taken", Integer, nullable=False),  # claims since the last orderly end
        Column("run_at", Moment, nullable=False),
        Column("last_error", Text, nullable=False),
    ]


consults = Table(
    "consult",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mail_id", ForeignKey("mail.id"), nullable=False, unique=True),
    Column("thread_id", Integer, index=True),  # id of the thread's first consult, once it was read
    Column("state", String(12), nullable=False),
    *_lease(),
    Column("received_at", Moment, nullable=False, index=True),
    Column("closed_at", Moment),
    Column("released_by", String(200), nullable=False),  # who said that a held mail is answered
    Column("sender", String(320), nullable=False),
    Column("sender_name", String(320), nullable=False),  # masked, as is the subject
    Column("subject", Text, nullable=False),
    Column("fate", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("codes", Text, nullable=False),  # " 97110 97530 ": each between spaces, to be found
    Column("payers", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("assigned_to", String(200), nullable=False),
    Column("snoozed_until", Moment),
    Index("ix_consult_state", "state", "run_at"),
)

drafts = Table(
    "draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("consult_id", ForeignKey("consult.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("payers", JSON, nullable=False),
    Column("codes", JSON, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("consult_id", "version"),
)

# Append only; a policy is a reviewer too.
decisions = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("consult_id", ForeignKey("consult.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("draft_id", ForeignKey("draft.id", ondelete="CASCADE")),
    Column("body_hash", String(64), nullable=False),
    Column("reviewer", String(200), nullable=False, index=True),
    Column("verdict", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)

# The finished message, written with the approval; a retry sends these very bytes.
outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("consult_id", ForeignKey("consult.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("draft_id", ForeignKey("draft.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(1000), nullable=False, unique=True),
    Column("raw", LargeBinary, nullable=False),
    Column("sender", String(320), nullable=False),
    Column("recipient", String(320), nullable=False),  # "": nobody to mail, read in the queue
    Column("closes_as", String(12), nullable=False),  # the consult's state once this is sent
    Column("state", String(12), nullable=False),
    *_lease(),
    Column("smtp_reply", Text, nullable=False),
    Column("sent_at", Moment),
    Index("ix_outgoing_state", "state", "run_at"),
    Index(
        "uq_outgoing_live",
        "consult_id",
        unique=True,
        sqlite_where=text("state IN ('pending', 'sending', 'unknown', 'sent')"),
        postgresql_where=text("state IN ('pending', 'sending', 'unknown', 'sent')"),
    ),
)

# Who has a consult open.
lookers = Table(
    "consult_looker",
    metadata,
    Column("consult_id", ForeignKey("consult.id", ondelete="CASCADE"), primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("seen_at", Moment, nullable=False),
)

# For which senders and kinds of answer an operator lets complete drafts go out by themselves.
policies = Table(
    "reply_policy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", String(320), nullable=False),  # an address, "@domain", or "*"
    Column("kind", String(16), nullable=False),  # a kind of answer, or "*"
    Column("set_by", String(200), nullable=False),
    Column("set_at", Moment, nullable=False),
    UniqueConstraint("sender", "kind"),
)

# What each part of the desk last said of itself: pollers and workers, wherever they run.
pulses = Table(
    "consult_pulse",
    metadata,
    Column("part", String(300), primary_key=True),
    Column("said_at", Moment, nullable=False),
    Column("is_well", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    Column("figures", JSON, nullable=False),
)
