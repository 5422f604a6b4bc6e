"""The list of the latest conversations is read off an index, however many there are."""

from alembic import op

revision = "0006_latest_first"
down_revision = "0005_chat_marks"

FORMER, INDEX = "ix_conversation_owner_id", "ix_conversation_latest"


def upgrade() -> None:
    """Put the index that also sorts in place of the one that only finds the owner's."""
    op.create_index(INDEX, "conversation", ["owner_id", "pinned", "updated", "id"])
    op.drop_index(FORMER, "conversation")


def downgrade() -> None:
    """Put the former index back."""
    op.create_index(FORMER, "conversation", ["owner_id"])
    op.drop_index(INDEX, "conversation")
