"""A question is kept before its answer; conversations are pinned, answers judged and sent on."""

import sqlalchemy as sa
from alembic import op

revision = "0005_chat_marks"
down_revision = "0004_batches"

NEW = ("token", "state", "ticket", "thumb", "reason", "note", "consult_id")


def upgrade() -> None:
    """Let an answer be missing, and add the columns."""
    # SQLite rebuilds the table of messages, to which no other table refers.
    with op.batch_alter_table("message") as message:
        message.alter_column("answer", existing_type=sa.JSON, nullable=True)
        message.add_column(sa.Column("token", sa.String(64)))
        message.add_column(_text("state", 8, "answered"))
        message.add_column(_text("ticket", 32))
        message.add_column(_text("thumb", 4))
        message.add_column(_text("reason", 40))
        message.add_column(_text("note", 1000))
        message.add_column(sa.Column("consult_id", sa.Integer))
        message.create_unique_constraint(
            "uq_message_conversation_id_token", ["conversation_id", "token"]
        )
    # Plain: rebuilding this table would take the messages with it.
    pinned = sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("conversation", pinned)


def downgrade() -> None:
    """Take the columns away; questions without an answer go with them."""
    op.execute("DELETE FROM message WHERE answer IS NULL")
    with op.batch_alter_table("message") as message:
        message.drop_constraint("uq_message_conversation_id_token", type_="unique")
        for name in NEW:
            message.drop_column(name)
        message.alter_column("answer", existing_type=sa.JSON, nullable=False)
    op.drop_column("conversation", "pinned")


def _text(name: str, length: int, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)
