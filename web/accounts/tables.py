"""Accounts, sessions, keys, the audit log, and what an admin has set.

Tokens and keys stand here as hashes only: whoever reads the database cannot sign in with it.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from web.database.schema import Moment, metadata

DIGEST = 64  # hexadecimal characters of SHA-256

# Account 0 is the owner: the person at this computer, let in by the address printed at the start.
# An account is never deleted, only closed, so that the audit log's numbers keep their meaning.
accounts = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("handle", String(80), nullable=False, unique=True),  # the name without case
    Column("role", String(10), nullable=False),
    Column("password", String(200)),  # Argon2; none yet, or never for the owner
    Column("created", Moment, nullable=False),
    Column("closed", Moment),
)

sessions = Table(
    "session",
    metadata,
    Column("digest", String(DIGEST), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)

# A link with which a person sets a password, once.
invitations = Table(
    "invitation",
    metadata,
    Column("digest", String(DIGEST), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("until", Moment, nullable=False),
)

keys = Table(
    "api_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(DIGEST), nullable=False, unique=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("label", String(80), nullable=False),
    Column("start", String(12), nullable=False),  # its first characters, to tell keys apart
    Column("created", Moment, nullable=False),
    Column("used", Moment),
    Column("until", Moment),
    Column("revoked", Moment),
)

# Failed log-ins by the name that was typed, whether or not somebody has it.
attempts = Table(
    "log_in_attempt",
    metadata,
    Column("digest", String(DIGEST), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Moment, nullable=False),
    Column("locked", Moment),  # until then
)

preferences = Table(
    "preference",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
)

# Append-only: triggers refuse every change, and each row's hash covers the row before it.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
    Column("account_id", Integer, nullable=False, index=True),
    Column("person", String(80), nullable=False),
    Column("action", String(40), nullable=False, index=True),
    Column("object", String(120), nullable=False, index=True),
    Column("detail", JSON, nullable=False),
    Column("previous", String(DIGEST), nullable=False),
    Column("hash", String(DIGEST), nullable=False, unique=True),
)
