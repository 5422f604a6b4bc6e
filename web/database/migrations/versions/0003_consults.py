"""The consult desk: mails, consults, drafts, decisions, replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from web.database.schema import Moment

revision = "0003_consults"
down_revision = "0002_accounts"

LIVE = sa.text("state IN ('pending', 'sending', 'unknown', 'sent')")
TABLES = (
    "consult_pulse",
    "reply_policy",
    "consult_looker",
    "outgoing",
    "decision",
    "draft",
    "consult",
    "mail_seen",
    "mail",
)


def upgrade() -> None:
    """Make the tables."""
    _mails()
    _consults()
    _drafts()
    _decisions()
    _outgoing()
    _beside()


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(table)


def _text(
    name: str, length: int | None = None, *, unique: bool = False, index: bool = False
) -> sa.Column[str]:
    kind = sa.String(length) if length else sa.Text()
    return sa.Column(name, kind, nullable=False, unique=unique, index=index)


def _lease() -> list[sa.Column[object]]:
    return [
        sa.Column("lease_token", sa.String(32)),
        sa.Column("lease_until", Moment),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("run_at", Moment, nullable=False),
        sa.Column("last_error", sa.Text, nullable=False),
    ]


def _of(table: str, name: str, *, required: bool = True, index: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Integer, key, nullable=not required, index=index)


def _mails() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("content_key", 64, unique=True),
        _text("channel", 8),
        _text("message_id", 1000, index=True),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("asked_by", sa.Integer),
        sa.Column("erased_at", Moment),
    )
    op.create_table(
        "mail_seen",
        sa.Column("mailbox", sa.String(300), primary_key=True),
        sa.Column("uidvalidity", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("uid", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("mail_id", sa.Integer, sa.ForeignKey("mail.id", ondelete="SET NULL"), index=True),
    )


def _consults() -> None:
    op.create_table(
        "consult",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mail_id", sa.Integer, sa.ForeignKey("mail.id"), nullable=False, unique=True),
        sa.Column("thread_id", sa.Integer, index=True),
        _text("state", 12),
        *_lease(),
        sa.Column("received_at", Moment, nullable=False, index=True),
        sa.Column("closed_at", Moment),
        _text("released_by", 200),
        _text("sender", 320),
        _text("sender_name", 320),
        _text("subject"),
        _text("fate", 12),
        _text("reason"),
        _text("kind", 16),
        _text("severity", 8),
        sa.Column("is_complete", sa.Boolean, nullable=False),
        _text("codes"),
        _text("payers"),
        _text("note"),
        _text("assigned_to", 200),
        sa.Column("snoozed_until", Moment),
        sa.Index("ix_consult_state", "state", "run_at"),
    )


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer, primary_key=True),
        _of("consult", "consult_id"),
        sa.Column("version", sa.Integer, nullable=False),
        _text("subject"),
        _text("body"),
        _text("text"),
        _text("html"),
        _text("body_hash", 64),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.Column("asked", sa.JSON, nullable=False),
        _text("made_by", 200),
        _text("kind", 16),
        sa.Column("is_complete", sa.Boolean, nullable=False),
        _text("severity", 8),
        sa.Column("payers", sa.JSON, nullable=False),
        sa.Column("codes", sa.JSON, nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.UniqueConstraint("consult_id", "version"),
    )


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        _of("consult", "consult_id", index=True),
        _of("draft", "draft_id", required=False),
        _text("body_hash", 64),
        _text("reviewer", 200, index=True),
        _text("verdict", 12),
        _text("reason"),
        sa.Column("made_at", Moment, nullable=False),
    )


def _outgoing() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer, primary_key=True),
        _of("consult", "consult_id", index=True),
        _of("draft", "draft_id"),
        _text("message_id", 1000, unique=True),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        _text("sender", 320),
        _text("recipient", 320),
        _text("closes_as", 12),
        _text("state", 12),
        *_lease(),
        _text("smtp_reply"),
        sa.Column("sent_at", Moment),
        sa.Index("ix_outgoing_state", "state", "run_at"),
        sa.Index(
            "uq_outgoing_live",
            "consult_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )


def _beside() -> None:
    op.create_table(
        "consult_looker",
        sa.Column(
            "consult_id",
            sa.Integer,
            sa.ForeignKey("consult.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("seen_at", Moment, nullable=False),
    )
    op.create_table(
        "reply_policy",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("sender", 320),
        _text("kind", 16),
        _text("set_by", 200),
        sa.Column("set_at", Moment, nullable=False),
        sa.UniqueConstraint("sender", "kind"),
    )
    op.create_table(
        "consult_pulse",
        sa.Column("part", sa.String(300), primary_key=True),
        sa.Column("said_at", Moment, nullable=False),
        sa.Column("is_well", sa.Boolean, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
    )
