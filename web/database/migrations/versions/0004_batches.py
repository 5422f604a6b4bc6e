"""Files of visits and their reviews."""

import sqlalchemy as sa
from alembic import op

from web.database.schema import Moment

revision = "0004_batches"
down_revision = "0003_consults"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "batch",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person_id", sa.Integer, nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("source", sa.LargeBinary),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("seen", Moment, nullable=False),
    )
    op.create_table(
        "batch_visit",
        sa.Column(
            "batch_id",
            sa.String(32),
            sa.ForeignKey("batch.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("asks", sa.Boolean, nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("review", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "place"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("batch_visit")
    op.drop_table("batch")
