"""Accounts, sessions, keys and the audit log; each conversation belongs to an account."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from web.database.schema import Moment

revision = "0002_accounts"
down_revision = "0001_conversations"

SQLITE_GUARDS = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
    "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id OR hash = NEW.hash) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
)


def upgrade() -> None:
    """Make the tables, the owner, and the guards of the audit log."""
    _make_accounts()
    _make_tokens()
    _make_attempts_and_preferences()
    _make_audit()
    # Plain SQL: SQLite adds a column with a reference only so, and rebuilding the table instead
    # would take the messages with it.
    op.execute("ALTER TABLE conversation ADD COLUMN owner_id INTEGER REFERENCES account (id)")
    op.execute("UPDATE conversation SET owner_id = 0")
    op.create_index("ix_conversation_owner_id", "conversation", ["owner_id"])


def _make_accounts() -> None:
    made = op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("handle", sa.String(80), nullable=False, unique=True),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("password", sa.String(200)),
        sa.Column("created", Moment, nullable=False),
        sa.Column("closed", Moment),
    )
    owner = {"id": 0, "name": "owner", "handle": "owner", "role": "admin"}
    op.bulk_insert(made, [{**owner, "created": datetime.now(UTC)}])


def _account() -> sa.Column[int]:
    return sa.Column(
        "account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True
    )


def _make_tokens() -> None:
    op.create_table(
        "session",
        sa.Column("digest", sa.String(64), primary_key=True),
        _account(),
        sa.Column("created", Moment, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(64), primary_key=True),
        _account(),
        sa.Column("until", Moment, nullable=False),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        _account(),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("start", sa.String(12), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("used", Moment),
        sa.Column("until", Moment),
        sa.Column("revoked", Moment),
    )


def _make_attempts_and_preferences() -> None:
    op.create_table(
        "log_in_attempt",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last", Moment, nullable=False),
        sa.Column("locked", Moment),
    )
    op.create_table(
        "preference",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", Moment, nullable=False, index=True),
        sa.Column("account_id", sa.Integer, nullable=False, index=True),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False, index=True),
        sa.Column("object", sa.String(120), nullable=False, index=True),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS if is_sqlite else POSTGRES_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """Drop the tables; conversations lose their owner."""
    op.drop_index("ix_conversation_owner_id", "conversation")
    op.execute("ALTER TABLE conversation DROP COLUMN owner_id")
    tables = ("audit", "preference", "log_in_attempt", "api_key", "invitation", "session")
    for table in (*tables, "account"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")
